// What an AbortController does, and the same at the same moment.

import { expect, test } from "vitest";
import { createStop } from "../../../server/engine/stop.ts";

test("who listens is told once, unless he went before", () => {
  const stop = createStop();
  const told: string[] = [];
  const gone = () => told.push("gone");
  stop.listen(() => told.push("one"));
  stop.listen(gone);
  stop.listen(() => told.push("two"));
  stop.unlisten(gone);
  expect(stop.isStopped()).toBe(false);
  stop.stop("why");
  stop.stop("again");
  expect(told).toEqual(["one", "two"]);
  expect([stop.isStopped(), stop.reason()]).toEqual([true, "why"]);
  stop.listen(() => told.push("late"));
  expect(told).toEqual(["one", "two"]);
});

test("the signal is aborted with the reason, whether it was asked for before or after", () => {
  const reason = new Error("taken away");
  const before = createStop();
  const signal = before.signal();
  expect(signal.aborted).toBe(false);
  expect(before.signal()).toBe(signal);
  const after = createStop();
  for (const stop of [before, after]) stop.stop(reason);
  for (const one of [signal, after.signal()]) {
    expect(one.aborted).toBe(true);
    expect(one.reason).toBe(reason);
  }
});

test("a listener that goes while others are told is not skipped over", () => {
  const stop = createStop();
  const told: number[] = [];
  const first = () => {
    told.push(1);
    stop.unlisten(first);
  };
  stop.listen(first);
  stop.listen(() => told.push(2));
  stop.stop();
  expect(told).toEqual([1, 2]);
});
