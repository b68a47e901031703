// What can be measured of a running process from outside, and what a row of measurements comes to.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Megabytes of memory that the process has in use. */
export function rssMb(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1_024;
}

/** Files and sockets that the process has open. */
export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** For how long the process had work and no processor so far: what it took without its neighbours is the rest. */
export function queuedMs(pid: number): number {
  const [, nanoseconds] = readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ");
  return Math.round(Number(nanoseconds) / 1_000_000);
}

/** Megabytes of the database's write-ahead log. */
export function walMb(folder: string): number {
  const found = statSync(join(folder, "flowcatch.db-wal"), { throwIfNoEntry: false });
  return (found?.size ?? 0) / 1_048_576;
}

/** The smallest value that this part (0 to 1) of all values does not exceed; 0 of none. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

/**
 * By how much `value` grows per minute: the median of the slopes between all pairs, so that one collection of garbage
 * turns nothing. `at` is in milliseconds.
 */
export function growthPerMinute(points: readonly { at: number; value: number }[]): number {
  const slopes = points.flatMap((a, i) =>
    points.slice(i + 1).map((b) => ((b.value - a.value) / (b.at - a.at)) * 60_000),
  );
  return percentile(slopes, 0.5);
}

/** To two places, for the report. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
