// Retry-After: what is read from it and that nothing else is.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRetryAfter } from "../../../server/adapters/retry-after.ts";

const SECOND = 1_000;
const DAY = 24 * 60 * 60 * SECOND;
const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);

describe("retry-after", () => {
  test.each([
    ["2", 2 * SECOND],
    [" 120 ", 120 * SECOND],
    ["1.5", 1_500],
    ["0", SECOND],
    ["1000000000", DAY],
    ["9".repeat(400), DAY],
    ["Sun, 22 Nov 2026 12:00:30 GMT", 30 * SECOND],
    ["Sunday, 22-Nov-26 12:00:30 GMT", 30 * SECOND],
    ["Sun Nov 22 12:00:30 2026", 30 * SECOND],
    ["Tue Dec  1 00:00:00 2026", DAY],
    ["Sun, 22 Nov 2026 11:00:00 GMT", SECOND],
    ["Sunday, 06-Nov-94 08:49:37 GMT", SECOND],
    ["Sun, 22 Nov 2099 12:00:00 GMT", DAY],
  ])("%j waits %d ms", (header, wait) => {
    expect(parseRetryAfter(header, NOW)).toBe(wait);
  });

  test.each([
    undefined,
    "",
    "soon",
    "-5",
    "+5",
    "1e3",
    "0x10",
    "5 seconds",
    "2, 3",
    "1.",
    ".5",
    "NaN",
    "Infinity",
    "2026-11-22T12:00:30Z",
    "Sun, 31 Feb 2026 12:00:00 GMT",
    "Sun, 22 Nov 2026 25:00:00 GMT",
    "Sun, 22 Nov 2026 12:61:00 GMT",
    "Sun, 00 Nov 2026 12:00:00 GMT",
    "Sun, 22 Nov 2026 12:00:00 CET",
    "Sun, 22 Nov 2026 12:00:00 GMT; x",
    "１０",
  ])("%j is ignored", (header) => {
    expect(parseRetryAfter(header, NOW)).toBeUndefined();
  });

  test("whatever the header says, the wait is nothing or between a second and a day", () => {
    const nearly = fc
      .tuple(
        fc.constantFrom("Sun, 22 Nov 2026 12:00:30 GMT", "120", "Sun Nov 22 12:00:30 2026"),
        fc.nat(30),
        fc.string(),
      )
      .map(([text, at, noise]) => text.slice(0, at) + noise + text.slice(at + 1));
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: "binary" }), nearly),
        fc.integer(),
        (header, now) => {
          const wait = parseRetryAfter(header, now);
          if (wait === undefined) return;
          expect(Number.isInteger(wait)).toBe(true);
          expect(wait).toBeGreaterThanOrEqual(SECOND);
          expect(wait).toBeLessThanOrEqual(DAY);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  test("seconds come back as milliseconds, within the limits", () => {
    fc.assert(
      fc.property(fc.nat(200_000), (seconds) => {
        expect(parseRetryAfter(`${seconds}`, NOW)).toBe(Math.min(Math.max(seconds * SECOND, SECOND), DAY));
      }),
    );
  });

  test("a date of today comes back as the time until then", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 86_400 }), (seconds) => {
        const date = new Date(NOW + seconds * SECOND).toUTCString();
        expect(parseRetryAfter(date, NOW)).toBe(seconds * SECOND);
      }),
    );
  });
});
