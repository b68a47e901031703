// Token buckets: what a flow takes in a second, what all take together, and how much of a flood is kept.

import { expect, test } from "vitest";
import { createPressure } from "../../../server/engine/pressure.ts";

function at(start = 1_790_000_000_000) {
  let now = start;
  return {
    clock: { now: () => now },
    pass(ms: number) {
      now += ms;
    },
  };
}

const FLOW = { perSecond: 2, burst: 3 };
const PLENTY = { perSecond: 1_000, burst: 1_000 };

test("a flow has its burst at once, and then its rate", () => {
  const time = at();
  const pressure = createPressure(time.clock, PLENTY);
  const take = () => pressure.waitSeconds("flow_1", FLOW);
  expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 1]);
  time.pass(500);
  expect([take(), take()]).toEqual([0, 1]);
  time.pass(60_000);
  expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 1]);
});

test("one that waits is told how many whole seconds", () => {
  const pressure = createPressure(at().clock, PLENTY);
  const slow = { perSecond: 0.1, burst: 1 };
  expect([pressure.waitSeconds("flow_1", slow), pressure.waitSeconds("flow_1", slow)]).toEqual([0, 10]);
});

test("a flood at one flow leaves the others theirs, and costs the limit of all nothing once it is refused", () => {
  const time = at();
  const pressure = createPressure(time.clock, { perSecond: 1, burst: 5 });
  for (let i = 0; i < 100; i++) pressure.waitSeconds("flooded", FLOW);
  expect([pressure.waitSeconds("calm", FLOW), pressure.waitSeconds("calm", FLOW)]).toEqual([0, 0]);
});

test("all together have a limit, too", () => {
  const pressure = createPressure(at().clock, { perSecond: 1, burst: 4 });
  const waits = ["a", "b", "c", "d", "e"].map((flow) => pressure.waitSeconds(flow, FLOW));
  expect(waits).toEqual([0, 0, 0, 0, 1]);
});

test("a clock that is set back neither fills nor empties a bucket", () => {
  const time = at();
  const pressure = createPressure(time.clock, PLENTY);
  for (let i = 0; i < 3; i++) pressure.waitSeconds("flow_1", FLOW);
  time.pass(-86_400_000);
  expect(pressure.waitSeconds("flow_1", FLOW)).toBe(1);
  time.pass(500);
  expect(pressure.waitSeconds("flow_1", FLOW)).toBe(0);
});

test("of a flood of refused requests only some are kept", () => {
  const time = at();
  const pressure = createPressure(time.clock, PLENTY);
  const kept = Array.from({ length: 1_000 }, () => pressure.mayKeepRefused("flow_1")).filter(Boolean).length;
  expect(kept).toBe(100);
  time.pass(1_000);
  expect([1, 2, 3, 4, 5, 6].map(() => pressure.mayKeepRefused("flow_1"))).toEqual([
    true,
    true,
    true,
    true,
    true,
    false,
  ]);
});

test("more flows than it remembers are all served", () => {
  const pressure = createPressure(at().clock, { perSecond: 1e6, burst: 1e6 });
  for (let i = 0; i < 25_000; i++) expect(pressure.waitSeconds(`flow_${i}`, FLOW)).toBe(0);
});
