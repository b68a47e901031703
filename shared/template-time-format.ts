// Writing and reading dates by a format of fixed tokens, such as `yyyy-MM-dd HH:mm`.

import {
  fromWallTime,
  isWallTime,
  MONTHS,
  midnight,
  offsetAt,
  readOffset,
  toWallTime,
  utcOf,
  type WallTime,
  weekdayOf,
} from "./template-time.ts";

interface Moment {
  ms: number;
  wall: WallTime;
  zone: string;
  language: string;
}

interface Token {
  /** For the docs. */
  means: string;
  write: (moment: Moment) => string;
  /** The pattern of its text and the field of a date it sets; tokens without one cannot be read. */
  read?: { pattern: RegExp; set: (date: ReadDate, text: string) => void };
}

interface ReadDate extends WallTime {
  afternoon?: boolean;
  offset?: number;
}

/** Every token of a format, in the order of the docs. */
export const DATE_TOKENS: ReadonlyMap<string, Token> = new Map<string, Token>([
  ["yyyy", digits("the year, `2026`", "year", 4, /\d{4}/y)],
  [
    "yy",
    {
      means: "the year, `26`",
      write: ({ wall }) => pad(wall.year % 100, 2),
      read: { pattern: /\d{2}/y, set: (date, text) => Object.assign(date, { year: 2_000 + Number(text) }) },
    },
  ],
  ["MMMM", { means: "the month, `March`", write: (moment) => writeName(moment, { month: "long" }) }],
  [
    "MMM",
    {
      means: "the month, `Mar`",
      write: (moment) => writeName(moment, { month: "short" }),
      read: {
        pattern: /[A-Za-z]{3}/y,
        set: (date, text) => Object.assign(date, { month: MONTHS.indexOf(text.toLowerCase()) + 1 }),
      },
    },
  ],
  ["MM", digits("the month, `03`", "month", 2, /\d{2}/y)],
  ["M", digits("the month, `3`", "month", 1, /\d{1,2}/y)],
  ["dd", digits("the day, `09`", "day", 2, /\d{2}/y)],
  ["d", digits("the day, `9`", "day", 1, /\d{1,2}/y)],
  [
    "EEEE",
    { means: "the day of the week, `Monday`", write: (moment) => writeName(moment, { weekday: "long" }) },
  ],
  [
    "EEE",
    { means: "the day of the week, `Mon`", write: (moment) => writeName(moment, { weekday: "short" }) },
  ],
  ["HH", digits("the hour of 24, `07`", "hour", 2, /\d{2}/y)],
  ["H", digits("the hour of 24, `7`", "hour", 1, /\d{1,2}/y)],
  [
    "hh",
    { ...digits("the hour of 12, `07`", "hour", 2, /\d{2}/y), write: ({ wall }) => pad(halfDay(wall), 2) },
  ],
  [
    "h",
    { ...digits("the hour of 12, `7`", "hour", 1, /\d{1,2}/y), write: ({ wall }) => String(halfDay(wall)) },
  ],
  ["mm", digits("the minute, `05`", "minute", 2, /\d{2}/y)],
  ["m", digits("the minute, `5`", "minute", 1, /\d{1,2}/y)],
  ["ss", digits("the second, `05`", "second", 2, /\d{2}/y)],
  ["s", digits("the second, `5`", "second", 1, /\d{1,2}/y)],
  ["SSS", digits("the millisecond, `042`", "millisecond", 3, /\d{3}/y)],
  [
    "a",
    {
      means: "`AM` or `PM`",
      write: ({ wall }) => (wall.hour < 12 ? "AM" : "PM"),
      read: {
        pattern: /[AaPp][Mm]/y,
        set: (date, text) => Object.assign(date, { afternoon: text.toLowerCase() === "pm" }),
      },
    },
  ],
  ["ww", { means: "the week of the year (ISO 8601), `09`", write: ({ wall }) => pad(weekOf(wall), 2) }],
  [
    "xxx",
    {
      means: "how far ahead of UTC, `+01:00`",
      write: writeOffset,
      read: {
        pattern: /Z|[+-]\d{2}:?\d{2}/y,
        set: (date, text) => Object.assign(date, { offset: readOffset(text) }),
      },
    },
  ],
  ["VV", { means: "the time zone, `Europe/Berlin`", write: ({ zone }) => zone }],
]);

/** What is wrong with a format, or undefined. */
export function checkDateFormat(format: string): string | undefined {
  if (format.length > 200) return "needs a format of up to 200 characters";
  const unknown = splitFormat(format).find((piece) => "unknown" in piece);
  if (unknown === undefined) return undefined;
  return `knows no “${unknown.unknown}” in a format; write dates as in yyyy-MM-dd HH:mm, and words in 'single quotes'`;
}

/** A moment by a format that has been checked. */
export function formatMoment(ms: number, format: string, zone: string, language: string): string {
  const moment = { ms, wall: toWallTime(ms, zone), zone, language };
  return splitFormat(format)
    .map((piece) => ("token" in piece ? piece.token.write(moment) : "text" in piece ? piece.text : ""))
    .join("");
}

/** The moment that a text written by a format names; undefined when it is not written so, or there is no such day. */
export function readByFormat(text: string, format: string, zone: string): number | undefined {
  const date: ReadDate = midnight(1970, 1, 1);
  let at = 0;
  for (const piece of splitFormat(format)) {
    if ("unknown" in piece) return undefined;
    if ("text" in piece) {
      if (!text.startsWith(piece.text, at)) return undefined;
      at += piece.text.length;
      continue;
    }
    const { read } = piece.token;
    if (read === undefined) return undefined;
    read.pattern.lastIndex = at;
    const found = read.pattern.exec(text)?.[0];
    if (found === undefined) return undefined;
    read.set(date, found);
    at += found.length;
  }
  if (at !== text.length) return undefined;
  const { afternoon, offset, ...wall } = date;
  if (afternoon !== undefined) {
    if (wall.hour < 1 || wall.hour > 12) return undefined;
    wall.hour = (wall.hour % 12) + (afternoon ? 12 : 0);
  }
  if (!isWallTime(wall)) return undefined;
  return offset === undefined ? fromWallTime(wall, zone) : utcOf(wall) - offset;
}

/** A piece of a format: a token, or text to be written as it is. A token that does not exist is `unknown`. */
type Piece = { token: Token } | { text: string } | { unknown: string };

/** A format in runs of one letter, quoted texts (`''` in them is one quote) and everything else. */
function splitFormat(format: string): Piece[] {
  const runs = format.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+|'/g);
  return [...runs].map(([run, quoted, letter]) => {
    if (quoted !== undefined) return { text: quoted === "" ? "'" : quoted.replaceAll("''", "'") };
    if (letter === undefined) return { text: run };
    const token = DATE_TOKENS.get(run);
    return token === undefined ? { unknown: run } : { token };
  });
}

function digits(means: string, field: keyof WallTime, places: number, pattern: RegExp): Token {
  return {
    means,
    write: ({ wall }) => pad(wall[field], places),
    read: { pattern, set: (date, text) => Object.assign(date, { [field]: Number(text) }) },
  };
}

function pad(number: number, places: number): string {
  return String(number).padStart(places, "0");
}

function halfDay(wall: WallTime): number {
  return wall.hour % 12 || 12;
}

const nameFormats = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter takes longer than using it, so the last ones are kept. */
function writeName({ wall, language }: Moment, options: Intl.DateTimeFormatOptions): string {
  const key = `${language} ${JSON.stringify(options)}`;
  let format = nameFormats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC", calendar: "gregory" });
    if (nameFormats.size >= 100) nameFormats.clear();
    nameFormats.set(key, format);
  }
  return format.format(utcOf(wall));
}

function writeOffset({ ms, zone }: Moment): string {
  const minutes = Math.round(offsetAt(ms, zone) / 60_000);
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60), 2)}:${pad(size % 60, 2)}`;
}

/** The week that has the year's first Thursday is week 1. */
function weekOf(wall: WallTime): number {
  const thursday = new Date(utcOf({ ...wall, day: wall.day + 4 - (weekdayOf(wall) || 7) }));
  const newYear = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return Math.ceil(((thursday.getTime() - newYear) / 86_400_000 + 1) / 7);
}
