// What every store must do with the figures of each minute: added up whoever adds, given in order, forgotten in time.

import { expect, it } from "vitest";
import type { MinuteCounts, Store } from "../../server/ports/store.ts";

const MINUTE = 29_454_480;

function counts(change: Partial<MinuteCounts>): MinuteCounts {
  return {
    accepted: 0,
    refused: 0,
    succeeded: 0,
    failed: 0,
    canceled: 0,
    steps: 0,
    timed: 0,
    runMs: 0,
    ...change,
  };
}

export function describeStats(store: () => Store): void {
  it("has no figures at first", async () => {
    expect(await store().stats.since(0)).toEqual([]);
  });

  it("keeps every figure of a minute", async () => {
    const all = {
      accepted: 1,
      refused: 2,
      succeeded: 3,
      failed: 4,
      canceled: 5,
      steps: 6,
      timed: 7,
      runMs: 8.5,
    };
    await store().stats.add(MINUTE, all);
    expect(await store().stats.since(MINUTE)).toEqual([{ minute: MINUTE, ...all }]);
  });

  it("adds to what a minute has, whoever adds and at the same moment", async () => {
    const adds = Array.from({ length: 20 }, () =>
      store().stats.add(MINUTE, counts({ accepted: 2, failed: 1, timed: 1, runMs: 10 })),
    );
    await Promise.all(adds);
    expect(await store().stats.since(MINUTE)).toEqual([
      { minute: MINUTE, ...counts({ accepted: 40, failed: 20, timed: 20, runMs: 200 }) },
    ]);
  });

  it("gives the minutes from one on, oldest first, and none in which nothing happened", async () => {
    for (const minute of [MINUTE + 5, MINUTE, MINUTE - 1, MINUTE + 2]) {
      await store().stats.add(minute, counts({ steps: minute - MINUTE + 10 }));
    }
    const rows = await store().stats.since(MINUTE);
    expect(rows.map(({ minute, steps }) => [minute - MINUTE, steps])).toEqual([
      [0, 10],
      [2, 12],
      [5, 15],
    ]);
  });

  it("forgets the minutes before one, and no other", async () => {
    for (const minute of [MINUTE - 2, MINUTE - 1, MINUTE, MINUTE + 1]) {
      await store().stats.add(minute, counts({ accepted: 1 }));
    }
    expect(await store().stats.prune(MINUTE)).toBe(2);
    expect((await store().stats.since(0)).map(({ minute }) => minute)).toEqual([MINUTE, MINUTE + 1]);
    expect(await store().stats.prune(MINUTE)).toBe(0);
  });
}
