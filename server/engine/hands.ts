// The hands of this process: which runs it carries on right now, and whether one is free for a run just coming in.
//
// A run that is accepted where it can be carried on at once is written as already in hand: it needs no job and no
// claim, and so two writes less. With every hand taken, or nobody to carry runs on in this process, it is queued.

import type { Run } from "../../shared/run.ts";
import type { Clock } from "../ports/clock.ts";
import type { Claim } from "../ports/store.ts";
import type { Shape } from "./shape.ts";
import type { Stop } from "./stop.ts";

/** How long a run is one holder's own without a word from it, in milliseconds. */
export const LEASE_MS = 30_000;
/** How many runs that were just accepted are carried on at a time, and how many of them may be of one flow. */
const HANDS = 600;
const HANDS_PER_FLOW = 300;
/** A larger event waits in the database for its turn rather than in memory. */
const MOST_BYTES = 256 * 1024;
/** With every hand taken it is waited this long for one, unless the last wait was in vain within the last second. */
const PATIENCE_MS = 25;

export interface Hands {
  /** Runs in hand by id; the worker keeps up their leases, and stops those that were taken away. */
  held: Map<string, { fence: number; lost: Stop }>;
  /** When set, nothing new begins: runs are parked as soon as what is in mid-flight has ended. */
  draining: boolean;
  shapeOf(versionId: string): Promise<Shape>;
}

/** A hand kept free for a run that is being written. One of the two is called, once. */
export interface FreeHand {
  /** The run is on disk, with fence 1 and a lease: it is carried on. `trigger` is what its steps see of the event. */
  begin(run: Run, trigger: unknown): void;
  /** It was not written after all. */
  letGo(): void;
}

export interface FreeHands {
  /**
   * A hand for an event of this flow and size in bytes, or null: the run is to be queued. Waits a moment when hands
   * come free quickly: so a flood is slowed down to what can be carried on, and slow targets hold up nobody.
   */
  reserve(flowId: string, bytes: number): Promise<FreeHand | null>;
  /** Resolves when everything that began here has ended or was parked, at the latest after `deadlineMs`. */
  rest(deadlineMs: number): Promise<void>;
}

interface Waiting {
  flowId: string;
  resolve: (hand: FreeHand | null) => void;
}

/** `carryOn` takes a run as it was claimed; it must not reject. */
export function createFreeHands(
  hands: Hands,
  carryOn: (claim: Claim, trigger: unknown) => Promise<void>,
  clock: Pick<Clock, "now" | "sleep">,
): FreeHands {
  const taken = new Map<string, number>();
  const waiting: Waiting[] = [];
  const underWay = new Set<Promise<void>>();
  let turn: Promise<void> | undefined;
  let all = 0;
  let inVainAt = Number.NEGATIVE_INFINITY;

  /** Of the event loop, one for all that begin in the same. */
  function nextTurn(): Promise<void> {
    turn ??= new Promise((resolve) =>
      setImmediate(() => {
        turn = undefined;
        resolve();
      }),
    );
    return turn;
  }

  const isFree = (flowId: string) => all < HANDS && (taken.get(flowId) ?? 0) < HANDS_PER_FLOW;

  function grasp(flowId: string): FreeHand {
    all++;
    taken.set(flowId, (taken.get(flowId) ?? 0) + 1);
    return {
      begin(run, trigger) {
        // those who wait for their answer come first
        const work = nextTurn()
          .then(() => carryOn({ run, steps: [], clean: true }, trigger))
          .finally(() => {
            underWay.delete(work);
            free(flowId);
          });
        underWay.add(work);
      },
      letGo: () => free(flowId),
    };
  }

  function free(flowId: string): void {
    all--;
    const left = (taken.get(flowId) ?? 1) - 1;
    if (left > 0) taken.set(flowId, left);
    else taken.delete(flowId);
    const next = waiting.findIndex((one) => isFree(one.flowId));
    if (next < 0) return;
    const [first] = waiting.splice(next, 1);
    first?.resolve(grasp(first.flowId));
  }

  async function waitForOne(flowId: string): Promise<FreeHand | null> {
    const over = new AbortController();
    return new Promise((resolve) => {
      const mine: Waiting = {
        flowId,
        resolve: (hand) => {
          over.abort();
          resolve(hand);
        },
      };
      waiting.push(mine);
      void clock.sleep(PATIENCE_MS, over.signal).then(() => {
        const at = waiting.indexOf(mine);
        if (at < 0) return;
        waiting.splice(at, 1);
        inVainAt = clock.now();
        resolve(null);
      });
    });
  }

  return {
    async reserve(flowId, bytes) {
      if (hands.draining || bytes > MOST_BYTES) return null;
      if (isFree(flowId)) return grasp(flowId);
      return clock.now() - inVainAt < 1_000 ? null : waitForOne(flowId);
    },
    async rest(deadlineMs) {
      const over = new AbortController();
      const late = clock.sleep(deadlineMs, over.signal);
      await Promise.race([Promise.all(underWay), late]);
      over.abort();
    },
  };
}
