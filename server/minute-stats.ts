// Counts what happens in each minute, and adds it to the store ten seconds later: so the figures outlive the process.

import type { Log } from "./engine/deps.ts";
import type { Clock } from "./ports/clock.ts";
import type { MinuteCounts, StatStore } from "./ports/store.ts";

export const MINUTE_MS = 60_000;
const FLUSH_AFTER_MS = 10_000;

export interface MinuteStats {
  count(what: keyof MinuteCounts, by?: number): void;
  /** Writes what was counted so far. What the store does not take is kept for the next time; it never rejects. */
  flush(): Promise<void>;
  /** The last flush. Counting goes on, and comes to nothing. */
  stop(): Promise<void>;
}

export function startMinuteStats(deps: {
  stats: Pick<StatStore, "add">;
  clock: Pick<Clock, "now" | "sleep">;
  log: Log;
}): MinuteStats {
  const { stats, clock, log } = deps;
  const pending = new Map<number, MinuteCounts>();
  const stopped = new AbortController();
  let writing = Promise.resolve();
  /** Set while there is something to be written later. */
  let later: Promise<void> | undefined;

  function at(minute: number): MinuteCounts {
    const known = pending.get(minute);
    if (known) return known;
    const fresh = nothing();
    pending.set(minute, fresh);
    return fresh;
  }

  async function write(): Promise<void> {
    const taken = [...pending];
    pending.clear();
    for (const [minute, counts] of taken) {
      try {
        await stats.add(minute, counts);
      } catch (error) {
        addTo(at(minute), counts);
        log.warn({ err: error }, "the figures of a minute could not be stored; trying again");
      }
    }
  }

  /** One after the other: what failed is back before the next begins. */
  function flush(): Promise<void> {
    writing = writing.then(write);
    return writing;
  }

  async function flushLater(): Promise<void> {
    await clock.sleep(FLUSH_AFTER_MS, stopped.signal);
    later = undefined;
    if (!stopped.signal.aborted) await flush();
    if (pending.size > 0) wake();
  }

  /** A server with nothing to do has no timer. */
  function wake(): void {
    if (!stopped.signal.aborted) later ??= flushLater();
  }

  return {
    count(what, by = 1) {
      at(Math.floor(clock.now() / MINUTE_MS))[what] += by;
      wake();
    },
    flush,
    async stop() {
      stopped.abort();
      await later;
      await flush();
    },
  };
}

function nothing(): MinuteCounts {
  return { accepted: 0, refused: 0, succeeded: 0, failed: 0, canceled: 0, steps: 0, timed: 0, runMs: 0 };
}

function addTo(sum: MinuteCounts, more: MinuteCounts): void {
  sum.accepted += more.accepted;
  sum.refused += more.refused;
  sum.succeeded += more.succeeded;
  sum.failed += more.failed;
  sum.canceled += more.canceled;
  sum.steps += more.steps;
  sum.timed += more.timed;
  sum.runMs += more.runMs;
}
