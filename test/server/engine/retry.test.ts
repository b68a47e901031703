// Waits grow, stay under the cap, are drawn from the whole range, and give in to what the other side asks for.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { retryDelay, USUAL_RETRY } from "../../../server/engine/retry.ts";

describe("the wait before the next attempt", () => {
  test("doubles, up to the cap", () => {
    const most = [1, 2, 3, 4].map((attempt) => retryDelay(USUAL_RETRY, attempt, undefined, () => 0.999_999));
    expect(most).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(retryDelay({ attempts: 20, baseMs: 1_000, capMs: 300_000 }, 15, undefined, () => 0.999_999)).toBe(
      300_000,
    );
  });

  test("can be nothing: full jitter", () => {
    expect(retryDelay(USUAL_RETRY, 4, undefined, () => 0)).toBe(0);
  });

  test("ends after the last attempt", () => {
    expect(retryDelay(USUAL_RETRY, 5, undefined)).toBeNull();
    expect(retryDelay({ ...USUAL_RETRY, attempts: 1 }, 1, 5_000)).toBeNull();
  });

  test("is never shorter than Retry-After, which counts from 1 s to 24 h", () => {
    const zero = () => 0;
    expect(retryDelay(USUAL_RETRY, 1, 120_000, zero)).toBe(120_000);
    expect(retryDelay(USUAL_RETRY, 1, 1, zero)).toBe(1_000);
    expect(retryDelay(USUAL_RETRY, 1, 1e15, zero)).toBe(86_400_000);
    expect(retryDelay(USUAL_RETRY, 1, Number.NaN, zero)).toBe(0);
    expect(retryDelay(USUAL_RETRY, 4, 1_000, () => 0.999_999)).toBe(8_000);
  });

  test("for any policy and answer it is null or a whole number from 0 to a day", () => {
    const policy = fc.record({
      attempts: fc.integer({ min: 1, max: 20 }),
      baseMs: fc.integer({ min: 100, max: 3_600_000 }),
      capMs: fc.integer({ min: 100, max: 86_400_000 }),
    });
    fc.assert(
      fc.property(
        policy,
        fc.integer({ min: 1, max: 20 }),
        fc.option(fc.double()),
        (retry, attempt, after) => {
          const delay = retryDelay(retry, attempt, after ?? undefined);
          if (attempt >= retry.attempts) return delay === null;
          return delay !== null && Number.isFinite(delay) && delay >= 0 && delay <= 86_400_000;
        },
      ),
    );
  });
});
