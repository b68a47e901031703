// Durations, moments and sizes as people read them.

import { expect, test } from "vitest";
import { agoText, bytesText, countText, durationText } from "../../../client/ui/time.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [-5, "0 ms"],
  [0, "0 ms"],
  [38.4, "38 ms"],
  [999, "999 ms"],
  [1_240, "1.24 s"],
  [9_994, "9.99 s"],
  [9_996, "10 s"],
  [59_400, "59 s"],
  [59_600, "1 min 00 s"],
  [3 * MINUTE + 5 * SECOND, "3 min 05 s"],
  [2 * HOUR + 10 * MINUTE, "2 h 10 min"],
  [4 * DAY + 3 * HOUR, "4 d 3 h"],
])("%d ms reads “%s”", (ms, text) => expect(durationText(ms)).toBe(text));

test.each([
  [0, "just now"],
  [4 * SECOND, "just now"],
  [12 * SECOND, "12 s ago"],
  [5 * MINUTE + 59 * SECOND, "5 min ago"],
  [23 * HOUR, "23 h ago"],
  [30 * HOUR, "yesterday"],
  [4 * DAY, "4 days ago"],
  [-(5 * MINUTE), "in 5 min"],
  [-(2 * DAY - 40 * SECOND), "in 2 d"],
])("%d ms past reads “%s”", (past, text) => {
  const now = Date.UTC(2026, 10, 22, 12);
  expect(agoText(now - past, now)).toBe(text);
});

test("longer ago is a date", () => {
  expect(agoText(Date.UTC(2026, 2, 3, 12), Date.UTC(2026, 10, 22))).toBe("3 Mar 2026");
});

test("sizes and counts are short", () => {
  expect([860, 12_340, 999_940, 4_120_000, 2_340_000_000].map(bytesText)).toEqual([
    "860 B",
    "12.3 kB",
    "999.9 kB",
    "4.1 MB",
    "2.3 GB",
  ]);
  expect([7, 1_204, 12_300, 4_100_000].map(countText)).toEqual(["7", "1,204", "12.3k", "4.1M"]);
});
