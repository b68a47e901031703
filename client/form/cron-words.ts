// A schedule in words, for the ones that people mostly write; others are told by their next times.

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

export const CRON_PRESETS = [
  { label: "Every hour", cron: "0 * * * *" },
  { label: "Every day at 9:00", cron: "0 9 * * *" },
  { label: "Weekdays at 9:00", cron: "0 9 * * 1-5" },
  { label: "Mondays at 9:00", cron: "0 9 * * 1" },
  { label: "First of the month at 9:00", cron: "0 9 1 * *" },
];

/** “Every weekday at 9:00”; undefined when it takes more than a short sentence. */
export function cronWords(cron: string): string | undefined {
  const parts = cron.trim().split(/\s+/);
  if (parts.length !== 5) return undefined;
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = parts;
  if (month !== "*" || tooBig(minute, 59) || tooBig(hour, 23) || tooBig(day, 31)) return undefined;
  if (hour === "*" && day === "*" && weekday === "*") return minuteWords(minute);
  if (!isNumber(minute) || !isNumber(hour)) return undefined;
  const at = `at ${Number(hour)}:${minute.padStart(2, "0")}`;
  if (day === "*") {
    const days = weekdayWords(weekday);
    return days && `${days} ${at}`;
  }
  if (weekday !== "*") return undefined;
  if (day === "L") return `On the last day of every month ${at}`;
  return isNumber(day) ? `On day ${Number(day)} of every month ${at}` : undefined;
}

function minuteWords(minute: string): string | undefined {
  if (minute === "*") return "Every minute";
  const step = /^\*\/(\d+)$/.exec(minute)?.[1];
  if (step) return Number(step) === 1 ? "Every minute" : `Every ${Number(step)} minutes`;
  if (!isNumber(minute)) return undefined;
  return Number(minute) === 0 ? "Every hour, on the hour" : `Every hour, at minute ${Number(minute)}`;
}

function weekdayWords(weekday: string): string | undefined {
  if (weekday === "*") return "Every day";
  if (weekday === "1-5") return "Every weekday (Monday to Friday)";
  const days = weekday.split(",").map((one) => (/^[0-7]$/.test(one) ? DAYS[Number(one) % 7] : undefined));
  if (days.some((one) => one === undefined)) return undefined;
  return `Every ${days.join(", ").replace(/, ([^,]*)$/, " and $1")}`;
}

const tooBig = (text: string, most: number) => isNumber(text) && Number(text) > most;
const isNumber = (text: string) => /^\d{1,2}$/.test(text);
