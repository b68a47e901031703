import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { giveBackMemory } from "../../server/spare-memory.ts";

describe("memory is given back", () => {
  let spentMs: number;
  let rssMb: number;
  let given: number;
  let end: () => void;

  beforeEach(() => {
    vi.useFakeTimers();
    [spentMs, rssMb, given] = [0, 150, 0];
    vi.spyOn(process, "cpuUsage").mockImplementation(() => ({ user: spentMs * 1_000, system: 0 }));
    vi.spyOn(process.memoryUsage, "rss").mockImplementation(() => rssMb * 1e6);
    end = giveBackMemory(
      () => {
        given += 1;
        rssMb = 100;
      },
      () => {},
    );
  });
  afterEach(() => {
    end();
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  function pass(seconds: number, busy: boolean): void {
    for (let i = 0; i < seconds; i++) {
      if (busy) spentMs += 500;
      vi.advanceTimersByTime(1_000);
    }
  }

  test("what starting took, as soon as that is over", () => {
    pass(1, true);
    pass(2, false);
    expect(given).toBe(1);
  });

  test("not in a pause of work that began with the start: the next burst would have to ask for it again", () => {
    pass(10, true);
    pass(59, false);
    expect(given).toBe(0);
    pass(1, false);
    expect(given).toBe(1);
  });

  test("after a burst, when a minute was quiet", () => {
    pass(3, false);
    pass(5, true);
    rssMb = 200;
    pass(59, false);
    expect(given).toBe(1);
    pass(1, false);
    expect(given).toBe(2);
  });

  test("only where there is something to get", () => {
    pass(3, false);
    pass(5, true);
    rssMb = 110;
    pass(200, false);
    expect(given).toBe(1);
  });

  test("and not between events that come every few seconds", () => {
    pass(3, false);
    rssMb = 200;
    for (let i = 0; i < 40; i++) {
      pass(1, true);
      pass(5, false);
    }
    expect(given).toBe(1);
  });
});
