// The arithmetic of the benchmark.

import { expect, test } from "vitest";
import { median, percentile, ratio, round } from "./statistics.ts";

test("a percentile is the smallest value that so many do not exceed", () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(percentile(hundred, 0.5)).toBe(50);
  expect(percentile(hundred, 0.99)).toBe(99);
  expect(percentile(hundred, 1)).toBe(100);
  expect(percentile(hundred, 0)).toBe(1);
  expect(percentile([7], 0.99)).toBe(7);
});

test("numbers are ordered by size, not as text, and the list given stays as it is", () => {
  const values = [10, 9, 100];
  expect(percentile(values, 0.5)).toBe(10);
  expect(values).toEqual([10, 9, 100]);
});

test("of nothing there is no percentile and no median", () => {
  expect(percentile([], 0.5)).toBeNull();
  expect(median([])).toBeNull();
  expect(median([null, null])).toBeNull();
});

test("the median is the middle one, or between the two in the middle; what is absent does not count", () => {
  expect(median([30, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([null, 5, null])).toBe(5);
});

test("a ratio to nothing is none", () => {
  expect(ratio(1, 4)).toBe(0.25);
  expect(ratio(1, 0)).toBeNull();
  expect(ratio(null, 2)).toBeNull();
});

test("rounding keeps as many digits as asked for, and null", () => {
  expect(round(1.2345, 2)).toBe(1.23);
  expect(round(1.5)).toBe(2);
  expect(round(null, 2)).toBeNull();
});
