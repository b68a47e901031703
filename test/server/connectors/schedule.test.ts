// Schedules against a second, slow reading of what cron means: a scan over every minute.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findTrigger } from "../../../server/connectors/registry.ts";
import { Refused } from "../../../shared/problem.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ZONES = ["UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"];

function next(uses: string, input: object, after: string | number): number | null {
  const trigger = findTrigger(uses);
  if (!trigger) throw new Error(`no trigger ${uses}`);
  return trigger.next(input, typeof after === "number" ? after : Date.parse(after));
}

/** The next `count` times as ISO text. */
function times(cron: string, timeZone: string, after: string, count: number): string[] {
  const found: string[] = [];
  for (let at = Date.parse(after); found.length < count; ) {
    const time = next("schedule.cron", { cron, timeZone }, at);
    if (time === null) break;
    found.push(new Date(time).toISOString().replace(":00.000Z", "Z"));
    at = time;
  }
  return found;
}

describe("cron", () => {
  test.each([
    ["0 9 * * 1-5", "Asia/Kolkata", "2026-01-16T03:30Z 2026-01-19T03:30Z"],
    ["*/15 * * * *", "UTC", "2026-01-15T12:15Z 2026-01-15T12:30Z"],
    ["0 0 L * *", "UTC", "2026-01-31T00:00Z 2026-02-28T00:00Z"],
    ["0 0 29 2 *", "UTC", "2028-02-29T00:00Z 2032-02-29T00:00Z"],
    ["0 12 13 * 5", "UTC", "2026-01-16T12:00Z 2026-01-23T12:00Z"],
    ["30 8 * * mon", "Europe/Berlin", "2026-01-19T07:30Z 2026-01-26T07:30Z"],
    ["@daily", "UTC", "2026-01-16T00:00Z 2026-01-17T00:00Z"],
    ["  0  9 * *  * ", "UTC", "2026-01-16T09:00Z 2026-01-17T09:00Z"],
  ])("%s in %s", (cron, timeZone, expected) => {
    expect(times(cron, timeZone, "2026-01-15T12:00:00Z", 2).join(" ")).toBe(expected);
  });

  test("the next time is later than `after`, also when that is a time of the schedule", () => {
    expect(times("0 12 * * *", "UTC", "2026-01-15T12:00:00Z", 1)).toEqual(["2026-01-16T12:00Z"]);
    expect(times("0 12 * * *", "UTC", "2026-01-15T11:59:59.999Z", 1)).toEqual(["2026-01-15T12:00Z"]);
  });

  test("a date that never comes gives null, and quickly", () => {
    expect(next("schedule.cron", { cron: "0 0 30 2 *" }, "2026-01-15T12:00:00Z")).toBeNull();
  });

  test("without a time zone it is UTC, whatever the server's own is", () => {
    expect(next("schedule.cron", { cron: "0 9 * * *" }, "2026-01-15T12:00:00Z")).toBe(
      Date.UTC(2026, 0, 16, 9),
    );
    expect(next("schedule.cron", { cron: "0 9 * * *", timeZone: "" }, "2026-01-15T12:00:00Z")).toBe(
      Date.UTC(2026, 0, 16, 9),
    );
  });

  // Clocks in New York: forward on 8 March at 2:00, back on 1 November at 2:00. On Lord Howe by half an hour only:
  // forward on 4 October at 2:00, back on 5 April at 2:00.
  test.each([
    [
      "a time that is skipped runs right after",
      "30 2 * * *",
      "America/New_York",
      "2026-03-08T05:00:00Z",
      "2026-03-08T07:00Z 2026-03-09T06:30Z",
    ],
    [
      "so do the times of a list, as one",
      "0,30 2 * * *",
      "America/New_York",
      "2026-03-08T05:00:00Z",
      "2026-03-08T07:00Z 2026-03-09T06:00Z",
    ],
    [
      "a time that comes twice runs once",
      "30 1 * * *",
      "America/New_York",
      "2026-11-01T04:00:00Z",
      "2026-11-01T05:30Z 2026-11-02T06:30Z",
    ],
    [
      "every quarter of an hour goes on evenly through a repeated hour",
      "*/30 * * * *",
      "America/New_York",
      "2026-11-01T05:00:00Z",
      "2026-11-01T05:30Z 2026-11-01T06:00Z 2026-11-01T06:30Z",
    ],
    [
      "and through a skipped one",
      "*/30 * * * *",
      "America/New_York",
      "2026-03-08T06:00:00Z",
      "2026-03-08T06:30Z 2026-03-08T07:00Z 2026-03-08T07:30Z",
    ],
    [
      "half an hour skipped",
      "15 2 * * *",
      "Australia/Lord_Howe",
      "2026-10-03T00:00:00Z",
      "2026-10-03T15:30Z 2026-10-04T15:15Z",
    ],
    [
      "half an hour twice",
      "45 1 * * *",
      "Australia/Lord_Howe",
      "2026-04-04T00:00:00Z",
      "2026-04-04T14:45Z 2026-04-05T15:15Z",
    ],
  ])("%s: %s in %s", (_, cron, timeZone, after, expected) => {
    const wanted = expected.split(" ");
    expect(times(cron, timeZone, after, wanted.length)).toEqual(wanted);
  });

  test.each([
    ["", "is not right|empty|missing"],
    ["* * *", "3 parts"],
    ["0 9 * * * *", "6 parts"],
    ["60 * * * *", "60"],
    ["0 24 * * *", "24"],
    ["0 0 0 * *", "day"],
    ["0 0 1 13 *", "13"],
    ["*/0 * * * *", "stepping"],
    ["5/15 * * * *", "stepping"],
    ["0 9 * * 5-1", "larger"],
    ["0 9 * * funday", "not a schedule|illegal"],
    ["@reboot", "not a schedule"],
    ["every day", "2 parts"],
    ["0 0 1 1 * 2030", "6 parts"],
  ])("“%s” is refused, and says why", (cron, why) => {
    const error = thrown(() => next("schedule.cron", { cron }, 0));
    expect(`${error.sentence} ${error.hint}`).toMatch(new RegExp(why, "i"));
    expect(error.field).toBe("cron");
  });

  test.each(["Mars/Olympus", "+02:00", "Berlin"])("the time zone “%s” is refused", (timeZone) => {
    expect(thrown(() => next("schedule.cron", { cron: "0 9 * * *", timeZone }, 0)).field).toBe("timeZone");
  });

  test("gives the same times as a scan over every minute", () => {
    fc.assert(
      fc.property(schedules, fc.constantFrom(...ZONES), starts, (schedule, zone, from) => {
        const found: number[] = [];
        for (let at: number | null = from; at !== null; ) {
          at = next("schedule.cron", { cron: schedule.text, timeZone: zone }, at);
          if (at === null || at > from + 2 * DAY) break;
          found.push(at);
        }
        // A tick asks from just before its time, to see whether it still is one.
        const some = found.slice(0, 20);
        const asked = some.map((at) =>
          next("schedule.cron", { cron: schedule.text, timeZone: zone }, at - 1),
        );
        expect(asked).toEqual(some);
        expect(found).toEqual(scan(schedule, zone, from, from + 2 * DAY));
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});

describe("interval", () => {
  test.each([
    [10, "minutes", "2026-01-15T12:03:00Z", "2026-01-15T12:10:00Z"],
    [10, "minutes", "2026-01-15T12:10:00Z", "2026-01-15T12:20:00Z"],
    [6, "hours", "2026-01-15T12:00:01Z", "2026-01-15T18:00:00Z"],
    [1, "days", "2026-01-15T12:00:00Z", "2026-01-16T00:00:00Z"],
    ["1", "minutes", "2026-01-15T12:00:59.999Z", "2026-01-15T12:01:00Z"],
  ])("every %s %s after %s", (every, unit, after, expected) => {
    expect(next("schedule.interval", { every, unit }, after)).toBe(Date.parse(expected));
  });

  test("does not drift: wherever one looks from, the times are the same", () => {
    const amount = fc.integer({ min: 1, max: 1_000 });
    const unit = fc.constantFrom("minutes", "hours", "days");
    fc.assert(
      fc.property(amount, unit, starts, fc.nat(), (every, name, from, late) => {
        const step = every * { minutes: MINUTE, hours: HOUR, days: DAY }[name];
        const first = next("schedule.interval", { every, unit: name }, from) ?? 0;
        expect(first).toBeGreaterThan(from);
        expect(first - from).toBeLessThanOrEqual(step);
        // A tick that comes late asks from later on.
        expect(next("schedule.interval", { every, unit: name }, first + (late % step))).toBe(first + step);
      }),
    );
  });

  test.each([0, -5, 0.5, 1.5, "often", 1_001])("every %s minutes is refused", (every) => {
    expect(() => next("schedule.interval", { every, unit: "minutes" }, 0)).toThrow(Refused);
  });
});

function thrown(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    throw error;
  }
  throw new Error("it was not refused");
}

interface Schedule {
  text: string;
  minutes: Set<number>;
  hours: Set<number>;
  weekdays: Set<number>;
  /** Minutes and hours are plain numbers and lists, so that a clock change must neither drop nor double a time. */
  isFixed: boolean;
}

const some = (from: number, to: number) =>
  fc.uniqueArray(fc.integer({ min: from, max: to }), { minLength: 1, maxLength: 3 });
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

interface Part {
  text: string;
  values: number[];
  isFixed: boolean;
}

const part = (from: number, to: number, steps: number[]): fc.Arbitrary<Part> =>
  fc.oneof(
    some(from, to).map((values) => ({ text: values.join(","), values, isFixed: true })),
    fc.constant({ text: "*", values: range(from, to), isFixed: false }),
    fc.constantFrom(...steps).map((step) => ({
      text: `*/${step}`,
      values: range(from, to).filter((n) => n % step === 0),
      isFixed: false,
    })),
  );

const schedules = fc
  .tuple(part(0, 59, [5, 15, 30]), part(0, 23, [2, 6]), fc.oneof(fc.constant(range(0, 6)), some(0, 6)))
  .map(
    ([minute, hour, weekdays]): Schedule => ({
      text: `${minute.text} ${hour.text} * * ${weekdays.length === 7 ? "*" : weekdays.join(",")}`,
      minutes: new Set(minute.values),
      hours: new Set(hour.values),
      weekdays: new Set(weekdays),
      isFixed: minute.isFixed && hour.isFixed,
    }),
  );

/** Any minute of 2026, and often one of the days on which a clock changes. */
const starts = fc
  .oneof(
    fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 30) }),
    fc
      .tuple(
        fc.constantFrom("2026-03-08", "2026-11-01", "2026-04-04", "2026-10-03"),
        fc.integer({ min: -DAY, max: DAY }),
      )
      .map(([day, offset]) => Date.parse(day) + offset),
  )
  .map((time) => time - (time % MINUTE));

/** All times in (from, to], read off the clock minute by minute. */
function scan(schedule: Schedule, zone: string, from: number, to: number): number[] {
  const { minutes, hours, weekdays, isFixed } = schedule;
  const due = (wall: number) =>
    minutes.has(new Date(wall).getUTCMinutes()) &&
    hours.has(new Date(wall).getUTCHours()) &&
    weekdays.has(new Date(wall).getUTCDay());
  const found = new Set<number>();
  let reached = Number.NEGATIVE_INFINITY;
  // Half a day before, so that what the clock showed until then is known.
  for (let at = from - DAY / 2; at <= to; at += MINUTE) {
    const wall = wallTime(at, zone);
    if (!isFixed) {
      if (due(wall)) found.add(at);
      continue;
    }
    // Times of day that are new: none while a clock repeats itself, several where it jumps.
    for (let time = Number.isFinite(reached) ? reached + MINUTE : wall; time <= wall; time += MINUTE) {
      if (due(time)) found.add(at);
    }
    reached = Math.max(reached, wall);
  }
  return [...found].filter((at) => at > from && at <= to);
}

const clocks = new Map(
  ZONES.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat("en-US", { timeZone, dateStyle: "short", timeStyle: "short", hourCycle: "h23" }),
  ]),
);

/** What a clock there shows, as if it were UTC. Clocks change at a quarter of an hour, so one look per quarter will do. */
function wallTime(at: number, zone: string): number {
  const quarter = at - (at % (15 * MINUTE));
  const key = `${zone} ${quarter}`;
  const offset = offsets.get(key) ?? readClock(quarter, zone) - quarter;
  offsets.set(key, offset);
  return at + offset;
}

const offsets = new Map<string, number>();

function readClock(at: number, zone: string): number {
  const text = clocks.get(zone)?.format(at) ?? "";
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = text.split(/\D+/).map(Number);
  return Date.UTC(2000 + year, month - 1, day, hour, minute);
}
