// Starts a flow when the clock says so: by a cron expression, or every so often.

import { Cron } from "croner";
import { z } from "zod";
import { field } from "../../shared/field.ts";
import { Refused } from "../../shared/problem.ts";
import { checkTimeZone } from "../../shared/template-time.ts";
import { connector, trigger } from "./kit.ts";

/** When it was due, and when the flow really began; they differ when the server was busy or off. */
const times = { scheduledFor: "2026-01-15T08:00:00.000Z", at: "2026-01-15T08:00:00.184Z" };

const cron = trigger({
  name: "At certain times",
  description: "Starts by the clock, such as every weekday at 9:00.",
  icon: "calendar-time",
  input: z.object({
    cron: field.cron({
      label: "When",
      help:
        "Five parts: minute, hour, day of the month, month, day of the week. “0 9 * * 1-5” is every weekday at 9:00, " +
        "“*/15 * * * *” every quarter of an hour, “0 0 L * *” the last day of each month.",
      placeholder: "0 9 * * 1-5",
    }),
    timeZone: field.timeZone({
      label: "Time zone",
      help:
        "The clock that the times are read from. When clocks change, a time that is skipped runs right after the " +
        "change, and a time that comes twice runs once.",
      default: "UTC",
    }),
  }),
  sample: { ...times, schedule: { cron: "0 9 * * 1-5", timeZone: "Europe/Berlin" } },
  next: (input, after) => readCron(input.cron, input.timeZone).nextRun(new Date(after))?.getTime() ?? null,
});

const UNIT_MS = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 };

const interval = trigger({
  name: "Every so often",
  description: "Starts again and again, such as every 10 minutes.",
  icon: "refresh",
  input: z.object({
    every: field.number({
      label: "Every",
      help: "How many of the units below lie between two starts.",
      placeholder: "10",
      min: 1,
      max: 1_000,
      whole: true,
      default: 10,
    }),
    unit: field.select(["minutes", "hours", "days"], {
      label: "Unit",
      help: "Whole hours and days are counted in UTC. For a time of day in your own time zone, use “At certain times”.",
      default: "minutes",
    }),
  }),
  sample: { ...times, schedule: { every: 10, unit: "minutes" } },
  // Multiples of the interval since 1970: no drift, and the same times again after a restart.
  next({ every, unit }, after) {
    const step = every * UNIT_MS[unit];
    return (Math.floor(after / step) + 1) * step;
  },
});

export const schedule = connector({
  id: "schedule",
  name: "Schedule",
  description: "Start a flow at certain times.",
  color: "#0b7285",
  icon: "clock",
  triggers: { cron, interval },
});

function readCron(expression: string, timeZone: string): Cron {
  const text = expression.trim();
  const shown = text.slice(0, 60);
  refuseTimeZone(timeZone);
  const parts = text.split(/\s+/).length;
  if (parts !== 5 && !/^@\w+$/.test(text)) {
    throw badCron(
      `“${shown}” has ${parts} ${parts === 1 ? "part" : "parts"}; a schedule has five: minute, hour, day, month, weekday.`,
      parts === 6 ? "Leave the seconds out: a minute is the shortest step." : "Write it such as 0 9 * * 1-5.",
    );
  }
  try {
    return new Cron(text, { timezone: timeZone, mode: "5-part", fixedTimeRule: "no-wildcard", paused: true });
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/^CronPattern: /, "") : "";
    throw badCron(`“${shown}” is not a schedule.`, said.slice(0, 200) || "Write it such as 0 9 * * 1-5.");
  }
}

function badCron(sentence: string, hint: string): Refused {
  return new Refused({ code: "cron-invalid", sentence, hint, field: "cron" });
}

/** Names such as Europe/Berlin only: an offset would be wrong for half of the year. */
function refuseTimeZone(timeZone: string): void {
  if (!/^[+-]/.test(timeZone) && checkTimeZone(timeZone) === undefined) return;
  throw new Refused({
    code: "time-zone-unknown",
    sentence: `“${timeZone}” is not a time zone.`,
    hint: "Choose a name such as Europe/Berlin or UTC.",
    field: "timeZone",
  });
}
