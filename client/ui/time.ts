// Times and durations as people read them. Pure: the moment “now” is given.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** 38 ms · 1.24 s · 12 s · 3 min 05 s · 2 h 10 min · 4 d 3 h */
export function durationText(ms: number): string {
  if (ms < 0) return durationText(0);
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < 9_995) return `${(ms / SECOND).toFixed(2)} s`;
  if (ms < MINUTE - 500) return `${Math.round(ms / SECOND)} s`;
  const seconds = Math.round(ms / SECOND);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
  const minutes = Math.round(ms / MINUTE);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(ms / HOUR);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** just now · 12 s ago · 5 min ago · 3 h ago · yesterday · 4 days ago · 3 Mar 2026; in 5 min for what is to come. */
export function agoText(at: number, now: number): string {
  const past = now - at;
  if (past < -5 * SECOND) return `in ${shortText(-past, Math.round)}`;
  if (past < 5 * SECOND) return "just now";
  if (past < DAY) return `${shortText(past, Math.floor)} ago`;
  if (past < 2 * DAY) return "yesterday";
  if (past < 7 * DAY) return `${Math.floor(past / DAY)} days ago`;
  return dayText(at);
}

function shortText(ms: number, whole: (amount: number) => number): string {
  if (ms < MINUTE) return `${whole(ms / SECOND)} s`;
  if (ms < HOUR) return `${whole(ms / MINUTE)} min`;
  if (ms < DAY) return `${whole(ms / HOUR)} h`;
  return `${whole(ms / DAY)} d`;
}

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const moment = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

export function dayText(at: number): string {
  return day.format(at);
}

export function momentText(at: number): string {
  return moment.format(at);
}

/** 860 B · 12.3 kB · 4.1 MB · 2.3 GB */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 999_950) return `${(bytes / 1_000).toFixed(1)} kB`;
  if (bytes < 999_950_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}

/** 7 · 1,204 · 12.3k · 4.1M */
export function countText(count: number): string {
  if (count < 10_000) return count.toLocaleString("en-GB");
  if (count < 999_950) return `${(count / 1_000).toFixed(1)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
}
