// Moments and time zones for the date filters: only Intl, so that summer time is right everywhere.

/** A moment as a calendar and a clock in some time zone show it. `month` is 1 to 12. */
export interface WallTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
}

export const TIME_UNITS = ["seconds", "minutes", "hours", "days", "weeks", "months", "years"] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

/** Milliseconds of the units that always have as many. */
export const UNIT_MS = new Map<string, number>([
  ["seconds", 1_000],
  ["minutes", 60_000],
  ["hours", 3_600_000],
  ["days", 86_400_000],
  ["weeks", 604_800_000],
]);

const FIRST_MS = Date.parse("0001-01-03T00:00:00Z"); // two days to spare, for any time zone
const LAST_MS = Date.parse("9999-12-29T23:59:59.999Z");

/** Whether the moment is in the years 1 to 9999, which four digits can write. */
export function isMoment(ms: number): boolean {
  return ms >= FIRST_MS && ms <= LAST_MS;
}

/** What is wrong with the name of a time zone, or undefined. */
export function checkTimeZone(zone: string): string | undefined {
  return clockOf(zone) === undefined ? "needs a time zone such as “Europe/Berlin” or “UTC”" : undefined;
}

/** What clocks in a zone show at a moment. The zone has been checked. */
export function toWallTime(ms: number, zone: string): WallTime {
  const wall = midnight(1, 1, 1);
  for (const { type, value } of clockOf(zone)?.formatToParts(ms) ?? [])
    if (type in wall) Object.assign(wall, { [type]: Number(value) });
  return { ...wall, millisecond: ((ms % 1_000) + 1_000) % 1_000 };
}

/** How far a zone is ahead of UTC at a moment, in milliseconds. */
export function offsetAt(ms: number, zone: string): number {
  return utcOf(toWallTime(ms, zone)) - ms;
}

/**
 * The moment at which clocks in a zone show this. An hour that is skipped in spring is read as if clocks had not
 * changed yet; of an hour that comes twice in autumn it is the first.
 */
export function fromWallTime(wall: WallTime, zone: string): number {
  const guess = utcOf(wall);
  const before = offsetAt(guess - 86_400_000, zone);
  const after = offsetAt(guess + 86_400_000, zone);
  const fits = [before, after].find((offset) => offsetAt(guess - offset, zone) === offset);
  return guess - (fits ?? before);
}

/** Reads a date and time: ISO 8601, an e-mail’s date, or seconds or milliseconds since 1970. */
export function readMoment(value: unknown, zone: string): number | undefined {
  const ms =
    typeof value === "number"
      ? readUnixTime(value)
      : typeof value === "string" && value.length <= 60
        ? (readIso(value.trim(), zone) ?? readMailDate(value.trim()) ?? readDigits(value.trim()))
        : undefined;
  return ms !== undefined && isMoment(ms) ? ms : undefined;
}

/** Adds an amount of a unit, undefined if that leaves the years 1 to 9999. Days and longer go by the calendar of the zone, the last day of a month at most. */
export function addTime(ms: number, amount: number, unit: TimeUnit, zone: string): number | undefined {
  const unitMs = UNIT_MS.get(unit);
  if (unitMs !== undefined && unitMs < 86_400_000) return ms + Math.round(amount * unitMs);
  if (!Number.isInteger(amount)) return undefined;
  const wall = toWallTime(ms, zone);
  const inDays = unit === "days" || unit === "weeks";
  const target = inDays
    ? { ...wall, day: wall.day + amount * (unit === "weeks" ? 7 : 1) }
    : { ...wall, month: wall.month + amount * (unit === "years" ? 12 : 1), day: 1 };
  const { year, month, day } = normalize(target);
  if (!(year >= 1 && year <= 9_999)) return undefined;
  return fromWallTime(
    { ...wall, year, month, day: inDays ? day : Math.min(wall.day, daysIn(year, month)) },
    zone,
  );
}

/** The first moment of the day, week (from Monday), month or year that a moment is in. */
export function startOf(ms: number, unit: "hour" | "day" | "week" | "month" | "year", zone: string): number {
  const wall = toWallTime(ms, zone);
  if (unit === "hour") return ms - ((((ms + offsetAt(ms, zone)) % 3_600_000) + 3_600_000) % 3_600_000);
  const day = midnight(
    wall.year,
    unit === "year" ? 1 : wall.month,
    unit === "day" || unit === "week" ? wall.day : 1,
  );
  if (unit === "week") day.day -= (weekdayOf(day) + 6) % 7;
  return fromWallTime(normalize(day), zone);
}

/** 0 for Sunday to 6 for Saturday. */
export function weekdayOf(wall: WallTime): number {
  return new Date(utcOf(wall)).getUTCDay();
}

/** The time as if the clock showed UTC. */
export function utcOf(wall: WallTime): number {
  const date = new Date(0);
  date.setUTCFullYear(wall.year, wall.month - 1, wall.day);
  date.setUTCHours(wall.hour, wall.minute, wall.second, wall.millisecond);
  return date.getTime();
}

/** Whether there is such a day and such a time of day. */
export function isWallTime(wall: WallTime): boolean {
  const { year, month, day, hour, minute, second } = wall;
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return false;
  return hour <= 23 && minute <= 59 && second <= 59;
}

export function midnight(year: number, month: number, day: number): WallTime {
  return { year, month, day, hour: 0, minute: 0, second: 0, millisecond: 0 };
}

function normalize(wall: WallTime): WallTime {
  const date = new Date(utcOf(wall));
  return { ...wall, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

function daysIn(year: number, month: number): number {
  return new Date(utcOf(midnight(year, month + 1, 0))).getUTCDate();
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;
const MAIL_DATE =
  /^(?:[a-z]{3},\s?)?(\d{1,2})\s([a-z]{3})\s(\d{4})\s(\d{2}):(\d{2})(?::(\d{2}))?\s(GMT|UTC?|Z|[+-]\d{4})(?:\s?\([a-z]{1,6}\))?$/i;
/** In English, as e-mails and formats write them. */
export const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

function readIso(text: string, zone: string): number | undefined {
  const [, year, month, day, hour, minute, second, fraction, offset] = ISO.exec(text) ?? [];
  if (year === undefined) return undefined;
  const wall: WallTime = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
    millisecond: Number((fraction ?? "").padEnd(3, "0").slice(0, 3)),
  };
  if (!isWallTime(wall)) return undefined;
  return offset === undefined ? fromWallTime(wall, zone) : utcOf(wall) - readOffset(offset);
}

function readMailDate(text: string): number | undefined {
  const [, day, monthName, year, hour, minute, second, offset] = MAIL_DATE.exec(text) ?? [];
  if (monthName === undefined || offset === undefined) return undefined;
  const wall: WallTime = {
    ...midnight(Number(year), MONTHS.indexOf(monthName.toLowerCase()) + 1, Number(day)),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second ?? 0),
  };
  return isWallTime(wall) ? utcOf(wall) - readOffset(offset) : undefined;
}

/** `+02:00`, `+0200` or `+02` in milliseconds; a name means UTC. */
export function readOffset(text: string): number {
  const sign = text.startsWith("-") ? -1 : text.startsWith("+") ? 1 : 0;
  return sign * (Number(text.slice(1, 3)) * 60 + Number(text.slice(3).replace(":", ""))) * 60_000 || 0;
}

function readDigits(text: string): number | undefined {
  return /^-?\d{9,14}(?:\.\d{1,9})?$/.test(text) ? readUnixTime(Number(text)) : undefined;
}

/** Seconds until the year 5138, milliseconds beyond (and since 1973). */
function readUnixTime(number: number): number {
  return Math.round(Math.abs(number) < 100_000_000_000 ? number * 1_000 : number);
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter takes longer than all else here, so the last ones are kept. */
function clockOf(zone: string): Intl.DateTimeFormat | undefined {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  if (zone.length > 60) return undefined;
  try {
    const clock = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    if (clocks.size >= 100) clocks.clear();
    clocks.set(zone, clock);
    return clock;
  } catch {
    return undefined;
  }
}
