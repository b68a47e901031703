// The system's clock: when a sleep ends.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createSystemClock } from "../../../server/adapters/system-clock.ts";

const clock = createSystemClock();
const DAY = 24 * 60 * 60 * 1_000;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A sleep whose end can be looked at. */
function sleep(time: number, signal?: AbortSignal): { over: boolean } {
  const state = { over: false };
  clock.sleepUntil(time, signal).then(() => {
    state.over = true;
  });
  return state;
}

describe("the system clock", () => {
  test("tells the wall clock's time", () => {
    expect(clock.now()).toBe(Date.UTC(2026, 0, 1));
  });

  test("a sleep ends at its time, not before", async () => {
    const state = sleep(clock.now() + 1_500);
    await vi.advanceTimersByTimeAsync(1_499);
    expect(state.over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(state.over).toBe(true);
  });

  test("a sleep of 60 days, longer than a timer can be, ends at its time", async () => {
    const state = sleep(clock.now() + 60 * DAY);
    await vi.advanceTimersByTimeAsync(60 * DAY - 1);
    expect(state.over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(state.over).toBe(true);
  });

  test("a clock set forward ends a sleep within a minute", async () => {
    const state = sleep(clock.now() + DAY);
    vi.setSystemTime(clock.now() + 2 * DAY);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state.over).toBe(true);
  });

  test("a time in the past ends in a later turn of the loop", async () => {
    const state = sleep(clock.now() - DAY);
    await Promise.resolve();
    expect(state.over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(state.over).toBe(true);
  });

  test("an abort ends it at once and leaves no timer behind", async () => {
    const controller = new AbortController();
    const state = sleep(clock.now() + DAY, controller.signal);
    expect(vi.getTimerCount()).toBe(1);
    controller.abort();
    await Promise.resolve();
    expect(state.over).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a signal that was aborted before ends it at once", async () => {
    const state = sleep(clock.now() + DAY, AbortSignal.abort());
    await Promise.resolve();
    expect(state.over).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a pending sleep does not keep the process alive", () => {
    vi.useRealTimers();
    const unref = vi.spyOn(Object.getPrototypeOf(setTimeout(() => {}, 0)), "unref");
    const controller = new AbortController();
    const done = clock.sleepUntil(Date.now() + DAY, controller.signal);
    expect(unref).toHaveBeenCalledOnce();
    controller.abort();
    unref.mockRestore();
    return done;
  });
});
