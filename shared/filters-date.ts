// Filters for dates and times.

import { example, type Filter, type FilterContext, type FilterParameter, textArg } from "./filters-kit.ts";
import { checkLanguage, tidy } from "./filters-number.ts";
import {
  addTime,
  checkTimeZone,
  isMoment,
  readMoment,
  startOf,
  TIME_UNITS,
  UNIT_MS,
} from "./template-time.ts";
import { checkDateFormat, formatMoment, readByFormat } from "./template-time-format.ts";

const ZONE: FilterParameter = { name: "time zone", kind: "text", optional: true, check: checkTimeZone };

/** Calendars take that much longer than other filters. */
const DATE_STEPS = 20;

export const dateFilters: readonly Filter[] = [
  {
    name: "date",
    group: "date",
    takes: [
      { name: "format", kind: "text", optional: true, check: checkDateFormat },
      ZONE,
      { name: "language", kind: "text", optional: true, check: checkLanguage },
    ],
    summary: "A date and time in a format of your own, `yyyy-MM-dd HH:mm` unless you say.",
    examples: [
      example('{{trigger.at | date: "dd.MM.yyyy"}}', { at: "2026-03-01T09:05:00Z" }, "01.03.2026"),
      example('{{now | date: "EEE d MMM, h:mm a", "Europe/Berlin"}}', {}, "Sun 1 Mar, 10:05 AM"),
      example(
        `{{trigger.at | date: "EEEE 'der' d. MMMM", "UTC", "de"}}`,
        { at: 1772355900 },
        "Sonntag der 1. März",
      ),
    ],
    run(input, args, ctx) {
      ctx.meter.step(DATE_STEPS);
      const zone = textArg(args, 1, ctx.timeZone);
      const format = textArg(args, 0, "yyyy-MM-dd HH:mm");
      return formatMoment(momentOf(input, zone, ctx), format, zone, textArg(args, 2, "en-US"));
    },
  },
  {
    name: "parse_date",
    group: "date",
    takes: [{ name: "format", kind: "text", optional: true, check: checkDateFormat }, ZONE],
    summary:
      "A date and time as ISO 8601 text. Without a format it reads ISO 8601, the date of an e-mail, and seconds or milliseconds since 1970.",
    examples: [
      example("{{trigger.at | parse_date}}", { at: 1772355900 }, "2026-03-01T09:05:00.000Z"),
      example(
        "{{trigger.at | parse_date}}",
        { at: "Sun, 01 Mar 2026 10:05:00 +0100" },
        "2026-03-01T09:05:00.000Z",
      ),
      example(
        '{{trigger.day | parse_date: "dd/MM/yyyy", "Europe/Berlin"}}',
        { day: "01/03/2026" },
        "2026-02-28T23:00:00.000Z",
      ),
    ],
    run(input, args, ctx) {
      const zone = textArg(args, 1, ctx.timeZone);
      if (args[0] === undefined) return toIso(momentOf(input, zone, ctx), ctx);
      ctx.meter.step(DATE_STEPS);
      const format = textArg(args, 0);
      const ms = typeof input === "string" ? readByFormat(input.trim(), format, zone) : undefined;
      if (ms === undefined) throw ctx.needs(`a date written as ${format}`, input);
      return toIso(ms, ctx);
    },
  },
  {
    name: "add_time",
    group: "date",
    takes: [{ name: "amount", kind: "text", check: checkAmount }, ZONE],
    summary:
      "A later time, or an earlier one with a minus sign, as ISO 8601 text. Days, weeks, months and years go by the calendar of the time zone.",
    examples: [
      example(
        '{{trigger.at | add_time: "2 days"}}',
        { at: "2026-03-01T09:05:00Z" },
        "2026-03-03T09:05:00.000Z",
      ),
      example('{{now | add_time: "-1 hour 30 minutes"}}', {}, "2026-03-01T07:35:00.000Z"),
      example(
        '{{trigger.at | add_time: "1 month"}}',
        { at: "2026-01-31T12:00:00Z" },
        "2026-02-28T12:00:00.000Z",
      ),
    ],
    run(input, args, ctx) {
      ctx.meter.step(DATE_STEPS);
      const zone = textArg(args, 1, ctx.timeZone);
      let ms = momentOf(input, zone, ctx);
      for (const { amount, unit } of readAmounts(textArg(args, 0)) ?? []) {
        const later = addTime(ms, amount, unit, zone);
        if (later === undefined || !isMoment(later))
          throw ctx.refuse("leads to a date outside the years 1 to 9999");
        ms = later;
      }
      return toIso(ms, ctx);
    },
  },
  {
    name: "start_of",
    group: "date",
    takes: [{ name: "unit", kind: "text", choices: ["hour", "day", "week", "month", "year"] }, ZONE],
    summary: "When the hour, day, week (from Monday), month or year began, as ISO 8601 text.",
    examples: [
      example(
        '{{trigger.at | start_of: "month"}}',
        { at: "2026-03-18T09:05:00Z" },
        "2026-03-01T00:00:00.000Z",
      ),
      example(
        '{{trigger.at | start_of: "day", "Europe/Berlin"}}',
        { at: "2026-03-18T09:05:00Z" },
        "2026-03-17T23:00:00.000Z",
      ),
    ],
    run(input, args, ctx) {
      ctx.meter.step(DATE_STEPS);
      const zone = textArg(args, 1, ctx.timeZone);
      const unit = (["hour", "day", "week", "month"] as const).find((name) => name === args[0]) ?? "year";
      return toIso(startOf(momentOf(input, zone, ctx), unit, zone), ctx);
    },
  },
  {
    name: "diff",
    group: "date",
    takes: [
      { name: "other date", kind: "any" },
      { name: "unit", kind: "text", choices: [...UNIT_MS.keys()] },
    ],
    summary: "How much later a time is than another, as a number, with decimals.",
    examples: [
      example(
        '{{trigger.end | diff: trigger.start, "hours"}}',
        { start: "2026-03-01T09:00:00Z", end: "2026-03-01T10:30:00Z" },
        1.5,
      ),
      example('{{trigger.due | diff: now, "days" | floor}}', { due: "2026-03-10" }, 8),
    ],
    run(input, args, ctx) {
      const later = momentOf(input, ctx.timeZone, ctx);
      const other = momentOf(args[0], ctx.timeZone, ctx);
      return tidy((later - other) / (UNIT_MS.get(textArg(args, 1)) ?? 1_000), ctx);
    },
  },
  {
    name: "timestamp",
    group: "date",
    takes: [{ name: "unit", kind: "text", optional: true, choices: ["seconds", "milliseconds"] }],
    summary: "A date and time as whole seconds (or milliseconds) since 1970.",
    examples: [
      example("{{trigger.at | timestamp}}", { at: "2026-03-01T09:05:00Z" }, 1772355900),
      example('{{trigger.at | timestamp: "milliseconds"}}', { at: "2026-03-01T09:05:00Z" }, 1772355900000),
    ],
    run(input, args, ctx) {
      const ms = momentOf(input, ctx.timeZone, ctx);
      return args[0] === "milliseconds" ? ms : Math.floor(ms / 1_000) || 0;
    },
  },
];

function momentOf(value: unknown, zone: string, ctx: FilterContext): number {
  const problem = checkTimeZone(zone);
  if (problem !== undefined) throw ctx.refuse(`${problem}, and got “${zone}”`);
  const ms = readMoment(value, zone);
  if (ms === undefined)
    throw ctx.needs(
      "a date and time",
      value,
      "It reads 2026-03-01T10:00:00Z, 2026-03-01 and seconds since 1970; for others use “parse_date” with a format.",
    );
  return ms;
}

function toIso(ms: number, ctx: FilterContext): string {
  if (!isMoment(ms)) throw ctx.refuse("leads to a date outside the years 1 to 9999");
  return new Date(ms).toISOString();
}

interface Amount {
  amount: number;
  unit: (typeof TIME_UNITS)[number];
}

/** `2 days`, `-1 hour 30 minutes`: the sign of the first amount holds for those after it that have none. */
function readAmounts(text: string): Amount[] | undefined {
  const amounts: Amount[] = [];
  if (text.length > 100) return undefined;
  const one = /\s*([+-]?)\s*(\d{1,9}(?:\.\d{1,3})?)\s*([a-z]+)/iy;
  let sign = 1;
  for (let at = 0; at < text.trimEnd().length; at = one.lastIndex) {
    one.lastIndex = at;
    const [, mark, number = "", name = ""] = one.exec(text) ?? [];
    const unit = TIME_UNITS.find((unit) => unit === `${name.toLowerCase().replace(/s$/, "")}s`);
    if (mark === undefined || unit === undefined) return undefined;
    if (mark !== "") sign = mark === "-" ? -1 : 1;
    const amount = sign * Number(number);
    const isWholeUnit = (UNIT_MS.get(unit) ?? Number.POSITIVE_INFINITY) >= 86_400_000;
    if (isWholeUnit && !Number.isInteger(amount)) return undefined;
    amounts.push({ amount, unit });
  }
  return amounts.length > 0 ? amounts : undefined;
}

function checkAmount(text: string): string | undefined {
  return readAmounts(text) === undefined
    ? "needs an amount such as “2 days” or “-1 hour 30 minutes”"
    : undefined;
}
