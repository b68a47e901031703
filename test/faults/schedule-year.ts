// A year of schedules against a second reading of what they mean: every time of day that the clocks there show, or
// skip, is due exactly once. Those that are due many times a day are followed on the days on which clocks change.

import { findTrigger } from "../../server/connectors/registry.ts";
import type { FaultReport } from "./fault.ts";

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const DAY = 24 * 60 * MINUTE;
const ZONES = ["America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"];
const FROM = Date.UTC(2026, 0, 1);
const TO = Date.UTC(2027, 0, 1);

interface Schedule {
  cron: string;
  due: (hour: number, minute: number, weekday: number) => boolean;
  /** Times of day: skipped ones are due right after the change, repeated ones once. The others go by elapsed time. */
  fixed: boolean;
}

const SCHEDULES: Schedule[] = [
  { cron: "0 9 * * 1-5", due: (h, m, d) => h === 9 && m === 0 && d > 0 && d < 6, fixed: true },
  { cron: "0 0 * * *", due: (h, m) => h === 0 && m === 0, fixed: true },
  { cron: "30 1 * * *", due: (h, m) => h === 1 && m === 30, fixed: true },
  { cron: "45 1 * * *", due: (h, m) => h === 1 && m === 45, fixed: true },
  { cron: "0 2 * * *", due: (h, m) => h === 2 && m === 0, fixed: true },
  { cron: "15 2 * * *", due: (h, m) => h === 2 && m === 15, fixed: true },
  { cron: "30 2 * * 0", due: (h, m, d) => h === 2 && m === 30 && d === 0, fixed: true },
  { cron: "5,35 1,2,3 * * *", due: (h, m) => h > 0 && h < 4 && (m === 5 || m === 35), fixed: true },
  { cron: "*/15 * * * *", due: (_, m) => m % 15 === 0, fixed: false },
  { cron: "20 * * * *", due: (_, m) => m === 20, fixed: false },
];

/** Compares every schedule in every zone, minute by minute. */
export function checkYear(): FaultReport {
  const missed: string[] = [];
  let times = 0;
  for (const zone of ZONES) {
    const wall = readClocks(zone);
    for (const schedule of SCHEDULES) {
      for (const span of schedule.fixed ? [{ from: FROM, to: TO }] : spansOfChange(wall)) {
        const found = follow(schedule.cron, zone, span);
        times += found.length;
        const wrong = firstDifference(scan(schedule, wall, span), found);
        if (wrong !== undefined) missed.push(`“${schedule.cron}” in ${zone}: ${wrong}.`);
      }
    }
  }
  return { figures: { schedules: ZONES.length * SCHEDULES.length, timesOfAYear: times }, missed };
}

interface Span {
  from: number;
  to: number;
}

/** A day before and after each change of the clocks there; two days of January where there is none. */
function spansOfChange(wall: (at: number) => number): Span[] {
  const spans: Span[] = [];
  for (let at = FROM + QUARTER; at < TO; at += QUARTER) {
    if (wall(at) - wall(at - QUARTER) !== QUARTER) spans.push({ from: at - DAY, to: at + DAY });
  }
  return spans.length > 0 ? spans : [{ from: FROM, to: FROM + 2 * DAY }];
}

/** As the queue follows it: each time asks for the next. */
function follow(cron: string, timeZone: string, { from, to }: Span): number[] {
  const trigger = findTrigger("schedule.cron");
  if (!trigger || !("next" in trigger)) throw new Error("There is no schedule by cron.");
  const found: number[] = [];
  let at = trigger.next({ cron, timeZone }, from - 1);
  while (at !== null && at < to) {
    found.push(at);
    at = trigger.next({ cron, timeZone }, at);
  }
  return found;
}

/** What the clock shows at a time, as if it were UTC. Clocks change at a quarter of an hour: one look per quarter. */
function readClocks(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    dateStyle: "short",
    timeStyle: "short",
    hourCycle: "h23",
  });
  const offsets = new Map<number, number>();
  return (at) => {
    const quarter = at - (at % QUARTER);
    let offset = offsets.get(quarter);
    if (offset === undefined) {
      const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = format
        .format(quarter)
        .split(/\D+/)
        .map(Number);
      offset = Date.UTC(2000 + year, month - 1, day, hour, minute) - quarter;
      offsets.set(quarter, offset);
    }
    return at + offset;
  };
}

function scan({ due, fixed }: Schedule, wall: (at: number) => number, { from, to }: Span): number[] {
  const isDue = (shown: number) => {
    const time = new Date(shown);
    return due(time.getUTCHours(), time.getUTCMinutes(), time.getUTCDay());
  };
  const found: number[] = [];
  let reached = wall(from - MINUTE);
  for (let at = from; at < to; at += MINUTE) {
    const shown = wall(at);
    if (!fixed) {
      if (isDue(shown)) found.push(at);
      continue;
    }
    // What the clock has not shown before: nothing while it repeats itself, more than one minute where it jumps.
    let any = false;
    for (let minute = reached + MINUTE; minute <= shown; minute += MINUTE) any ||= isDue(minute);
    if (any) found.push(at);
    reached = Math.max(reached, shown);
  }
  return found;
}

function firstDifference(expected: number[], found: number[]): string | undefined {
  const i = expected.findIndex((at, index) => at !== found[index]);
  if (i < 0 && expected.length === found.length) return undefined;
  const at = i < 0 ? expected.length : i;
  return `time ${at + 1} of the year is ${show(found[at])} and should be ${show(expected[at])}`;
}

function show(time: number | undefined): string {
  return time === undefined ? "none" : new Date(time).toISOString();
}
