// Which kinds of jobs the hands of a worker may take: one hand is always left for every kind that has none in hand, so
// that a hundred thousand runs never keep the sweep waiting.

import type { JobKind } from "../ports/queue.ts";
import type { Head } from "./redis-jobs.ts";

export interface HandCount {
  /** How many more of this kind may be taken now. */
  room(kind: JobKind): number;
  take(kind: JobKind): void;
  letGo(kind: JobKind): void;
  /** Of what is ready, what to take now: with few hands what has been due the longest, of whatever kind. */
  choose(heads: Head[]): JobKind[];
}

/** At a time: while BullMQ sorts a great backlog in, each of them takes Redis some 20 ms, and others want it too. */
const MOST_AT_ONCE = 20;

export function createHandCount(kinds: JobKind[], concurrency: number): HandCount {
  const active = new Map(kinds.map((kind) => [kind, 0]));
  const inHand = (kind: JobKind) => active.get(kind) ?? 0;

  function room(kind: JobKind): number {
    const free = concurrency - kinds.reduce((sum, other) => sum + inHand(other), 0);
    const left = kinds.filter((other) => other !== kind && inHand(other) === 0).length;
    return Math.max(inHand(kind) === 0 ? Math.min(free, 1) : 0, free - left);
  }

  return {
    room,
    take: (kind) => void active.set(kind, inHand(kind) + 1),
    letGo: (kind) => void active.set(kind, inHand(kind) - 1),
    choose(heads) {
      const ready = heads
        .filter(({ kind, ready }) => ready > 0 && room(kind) > 0)
        .sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0));
      const [first] = ready;
      if (first && ready.length === 1) {
        const count = Math.min(first.ready, room(first.kind), MOST_AT_ONCE);
        return Array.from({ length: count }, () => first.kind);
      }
      const free = concurrency - kinds.reduce((sum, kind) => sum + inHand(kind), 0);
      return ready.slice(0, free).map(({ kind }) => kind);
    },
  };
}
