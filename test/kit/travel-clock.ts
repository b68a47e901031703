// A clock for what goes by the real time and takes too long: it stands still until the test moves it, but whoever sleeps
// for a number of milliseconds also wakes when they have really gone by.

import type { Clock } from "../../server/ports/clock.ts";

export interface TravelClock extends Clock {
  /** It is this late at once; never backwards. Whoever wanted to be woken by then wakes. */
  travelTo(time: number): void;
}

export function createTravelClock(): TravelClock {
  let time = Date.now();
  const sleepers = new Set<() => void>();

  /** Rings once, at `at` or after `realMs`. */
  function ringAt(at: number, realMs: number, ring: () => void): () => void {
    const off = () => {
      clearTimeout(timer);
      sleepers.delete(look);
    };
    const wake = () => {
      off();
      ring();
    };
    const look = () => {
      if (time >= at) wake();
    };
    const timer = setTimeout(wake, realMs).unref();
    sleepers.add(look);
    return off;
  }

  function sleepFor(at: number, realMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        off();
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const off = ringAt(at, realMs, wake);
      signal?.addEventListener("abort", wake, { once: true });
    });
  }

  return {
    now: () => time,
    sleepUntil: (at, signal) => sleepFor(at, at <= time ? 0 : NEVER_MS, signal),
    sleep: (ms, signal) => sleepFor(time + ms, ms, signal),
    after: (ms, ring) => ringAt(time + ms, ms, ring),
    travelTo(to) {
      time = Math.max(time, to);
      for (const look of [...sleepers]) look();
    },
  };
}

const NEVER_MS = 2 ** 31 - 1;
