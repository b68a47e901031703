// Time from the machine's own clock.

import type { Clock } from "../ports/clock.ts";

// A timer counts elapsed time and cannot be longer than 2^31 ms. Looking at the wall clock once a minute lifts that
// limit, and after the machine slept or its clock was set, a sleep ends at most a minute late.
const LONGEST_TIMER = 60_000;

/** The clock of a real installation. */
export function createSystemClock(): Clock {
  return { now: () => Date.now(), sleepUntil, sleep, after };
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const wake = () => {
      callOff();
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const callOff = after(ms, wake);
    signal?.addEventListener("abort", wake, { once: true });
  });
}

function after(ms: number, ring: () => void): () => void {
  const end = performance.now() + ms;
  let timer: NodeJS.Timeout;
  const wait = (left: number) => {
    // a timer may ring a millisecond early
    const look = () => (performance.now() >= end - 1 ? ring() : wait(end - performance.now()));
    timer = setTimeout(look, Math.min(Math.max(left, 0), LONGEST_TIMER));
    timer.unref();
  };
  wait(ms);
  return () => clearTimeout(timer);
}

function sleepUntil(time: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    let timer: NodeJS.Timeout | undefined;
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const sleep = () => {
      const left = Math.max(0, time - Date.now());
      timer = setTimeout(() => (Date.now() < time ? sleep() : wake()), Math.min(left, LONGEST_TIMER));
      timer.unref();
    };
    signal?.addEventListener("abort", wake, { once: true });
    sleep();
  });
}
