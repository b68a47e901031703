// The arithmetic of the benchmark: percentiles, medians, rounding.

/** The value that `share` (0 to 1) of the values do not exceed: the nearest rank. Null of nothing. */
export function percentile(values: ArrayLike<number>, share: number): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

/** The middle one, or the mean of the two in the middle. Absent values are left out; null of nothing. */
export function median(values: (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

export function round(value: number, digits?: number): number;
export function round(value: number | null, digits?: number): number | null;
export function round(value: number | null, digits = 0): number | null {
  return value === null ? null : Math.round(value * 10 ** digits) / 10 ** digits;
}

/** One by the other; null when either is absent or it makes no sense. */
export function ratio(value: number | null, to: number | null): number | null {
  return value === null || to === null || to === 0 ? null : value / to;
}
