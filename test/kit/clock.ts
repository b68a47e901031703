// A clock that stands still until the test moves it.

import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../server/ports/clock.ts";

export interface FakeClock extends Clock {
  /** Goes on by `ms`, waking the sleepers on the way in order of their time, each at its own time. */
  advance(ms: number): Promise<void>;
  /** The same, to a time; never backwards. */
  advanceTo(time: number): Promise<void>;
  /** The machine slept: it is `ms` later all at once, and whoever wanted to be woken in between wakes now. */
  leap(ms: number): Promise<void>;
  /** Lets what is under way (microtasks, I/O, commits) come to rest without moving the time. */
  settle(): Promise<void>;
  /** When the sleepers want to be woken, earliest first: to find out who has left one behind. */
  sleeping(): number[];
}

interface Sleeper {
  time: number;
  wake: () => void;
}

/** Begins at noon, 1 January 2026, UTC. */
export function createFakeClock(start = Date.UTC(2026, 0, 1, 12)): FakeClock {
  let now = start;
  const sleepers = new Set<Sleeper>();

  async function advanceTo(time: number): Promise<void> {
    await settle();
    for (let first = earliest(time); first; first = earliest(time)) {
      now = Math.max(now, first.time);
      first.wake();
      await settle();
    }
    now = Math.max(now, time);
    await settle();
  }

  function earliest(until: number): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of sleepers) {
      if (sleeper.time <= until && (first === undefined || sleeper.time < first.time)) first = sleeper;
    }
    return first;
  }

  async function sleepUntil(time: number, signal?: AbortSignal): Promise<void> {
    if (time <= now || signal?.aborted) {
      await nextTurn();
      return;
    }
    await new Promise<void>((resolve) => {
      const wake = () => {
        sleepers.delete(sleeper);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const sleeper: Sleeper = { time, wake };
      sleepers.add(sleeper);
      signal?.addEventListener("abort", wake);
    });
  }

  return {
    now: () => now,
    sleepUntil,
    sleep: (ms, signal) => sleepUntil(now + ms, signal),
    after(ms, ring) {
      const sleeper: Sleeper = {
        time: now + ms,
        wake: () => {
          sleepers.delete(sleeper);
          ring();
        },
      };
      sleepers.add(sleeper);
      return () => void sleepers.delete(sleeper);
    },
    advance: (ms) => advanceTo(now + ms),
    advanceTo,
    async leap(ms) {
      now += ms;
      await advanceTo(now);
    },
    settle,
    sleeping: () => [...sleepers].map(({ time }) => time).sort((a, b) => a - b),
  };
}

/** The clock of one process among several: it can stand still while the time goes on. */
export interface OwnClock extends Clock {
  stop(): void;
  /** Shows the right time again, and wakes those who should have been woken meanwhile. */
  go(): void;
}

export function createOwnClock(clock: Clock): OwnClock {
  let stopped: { at: number; going: Promise<void>; go: () => void } | null = null;
  const going = async () => {
    while (stopped) await stopped.going;
  };
  const now = () => stopped?.at ?? clock.now();
  return {
    now,
    sleepUntil: (time, signal) => clock.sleepUntil(time, signal).then(going),
    sleep: (ms, signal) => clock.sleep(ms, signal).then(going),
    after(ms, ring) {
      let isOff = false;
      const callOff = clock.after(ms, () => void going().then(() => isOff || ring()));
      return () => {
        isOff = true;
        callOff();
      };
    },
    stop() {
      const { promise, resolve } = Promise.withResolvers<void>();
      stopped = { at: now(), going: promise, go: resolve };
    },
    go() {
      const was = stopped;
      stopped = null;
      was?.go();
    },
  };
}

/** Long enough for a chain of some dozen commits, each of which takes a turn of the event loop. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn++) await nextTurn();
}
