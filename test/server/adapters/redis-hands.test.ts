// Who of several kinds gets the free hands of a worker.

import { expect, it } from "vitest";
import { createHandCount, type HandCount } from "../../../server/adapters/redis-hands.ts";
import type { Head } from "../../../server/adapters/redis-jobs.ts";
import type { JobKind } from "../../../server/ports/queue.ts";

const KINDS: JobKind[] = ["advance", "tick", "sweep", "prune"];

function head(kind: JobKind, ready: number, dueAt = 0): Head {
  return { kind, ready, waiting: ready, dueAt: ready > 0 ? dueAt : null };
}

/** Takes until no more may be taken; how many that are. */
function fill(hands: HandCount, heads: Head[]): number {
  let taken = 0;
  for (let chosen = hands.choose(heads); chosen.length > 0; chosen = hands.choose(heads)) {
    for (const kind of chosen) hands.take(kind);
    taken += chosen.length;
  }
  return taken;
}

it("leaves one hand to every kind that has none, and gives all to one that is alone", () => {
  expect(fill(createHandCount(KINDS, 100), [head("advance", 100_000)])).toBe(97);
  expect(fill(createHandCount(["advance"], 100), [head("advance", 100_000)])).toBe(100);
});

it("lets a kind with nothing in hand begin, when the others have all but one", () => {
  const hands = createHandCount(KINDS, 4);
  hands.take("advance");
  expect(KINDS.map(hands.room)).toEqual([0, 1, 1, 1]);
  for (const kind of ["tick", "sweep"] as const) hands.take(kind);
  expect(KINDS.map(hands.room)).toEqual([0, 0, 0, 1]);
  hands.take("prune");
  expect(KINDS.map(hands.room)).toEqual([0, 0, 0, 0]);
  hands.letGo("sweep");
  expect(hands.room("sweep")).toBe(1);
});

it("never has more in hand than it may, however few those are", () => {
  for (const concurrency of [1, 2, 3, 5]) {
    const hands = createHandCount(KINDS, concurrency);
    const heads = KINDS.map((kind, i) => head(kind, 10, i));
    expect(fill(hands, heads)).toBe(concurrency);
  }
});

it("takes what has been due the longest where there is one hand", () => {
  const hands = createHandCount(KINDS, 1);
  expect(hands.choose([head("advance", 5, 30), head("tick", 1, 20), head("sweep", 1, 40)])).toEqual(["tick"]);
  expect(hands.choose([head("advance", 5, 30), head("tick", 0)])).toEqual(["advance"]);
  hands.take("advance");
  expect(hands.choose([head("tick", 1, 20)])).toEqual([]);
});
