// The filters of a list of runs: kept in the address, so that a filtered list can be sent to somebody.

import { RunStatus } from "../../shared/run.ts";
import type { RunFilter } from "../api/runs.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export const PERIODS = [
  { value: "any", label: "Any time", ms: 0 },
  { value: "1h", label: "Last hour", ms: 60 * MINUTE },
  { value: "24h", label: "Last 24 hours", ms: DAY },
  { value: "7d", label: "Last 7 days", ms: 7 * DAY },
  { value: "30d", label: "Last 30 days", ms: 30 * DAY },
  { value: "days", label: "Choose days…", ms: 0 },
] as const;

/** Where, what and when: what every list of things that came can be filtered by. */
export interface Placed {
  flowId: string;
  text: string;
  period: string;
  /** "2026-11-22", with the period `days`. */
  from: string;
  to: string;
}

export const NOT_PLACED: Placed = { flowId: "", text: "", period: "any", from: "", to: "" };

/** What the controls show. */
export interface Chosen extends Placed {
  statuses: RunStatus[];
}

export function readFilters(search: URLSearchParams): Chosen {
  const statuses = (search.get("status") ?? "").split(",").flatMap((word) => {
    const status = RunStatus.safeParse(word);
    return status.success ? [status.data] : [];
  });
  const period = PERIODS.find((one) => one.value === search.get("when"))?.value ?? "any";
  return {
    flowId: search.get("flow") ?? "",
    statuses,
    text: search.get("text") ?? "",
    period,
    from: search.get("from") ?? "",
    to: search.get("to") ?? "",
  };
}

/** The address's search with a change; what is empty is left out. */
export function writeFilters(search: URLSearchParams, change: Partial<Chosen>): URLSearchParams {
  const chosen = { ...readFilters(search), ...change };
  const byDays = chosen.period === "days";
  const next = new URLSearchParams();
  const entries = {
    flow: chosen.flowId,
    status: chosen.statuses.join(","),
    text: chosen.text.trim(),
    when: chosen.period === "any" ? "" : chosen.period,
    from: byDays ? chosen.from : "",
    to: byDays ? chosen.to : "",
  };
  for (const [key, value] of Object.entries(entries)) if (value !== "") next.set(key, value);
  return next;
}

/** Is any of the filters set that every list has? */
export function isPlaced({ flowId, text, period }: Placed): boolean {
  return flowId !== "" || text !== "" || period !== "any";
}

export function isFiltered({ statuses, ...placed }: Chosen): boolean {
  return statuses.length > 0 || isPlaced(placed);
}

/** As the API takes it. Periods begin at a full minute, so that the question stays the same for a while. */
export function toRunFilter(chosen: Chosen, now: number): RunFilter {
  const span = PERIODS.find((one) => one.value === chosen.period)?.ms ?? 0;
  const from =
    chosen.period === "days"
      ? dayStart(chosen.from)
      : span > 0
        ? Math.floor((now - span) / MINUTE) * MINUTE
        : undefined;
  const lastDay = chosen.period === "days" ? dayStart(chosen.to) : undefined;
  return {
    flowId: chosen.flowId || undefined,
    status: chosen.statuses.join(",") || undefined,
    text: chosen.text || undefined,
    from,
    // The chosen day belongs to it.
    to: lastDay === undefined ? undefined : nextDay(lastDay) - 1,
  };
}

/** The start of a day ("2026-11-22") where the person is; undefined for no day. */
function dayStart(day: string): number | undefined {
  const [year, month, date] = day.split("-").map(Number);
  if (!year || !month || !date) return undefined;
  return new Date(year, month - 1, date).getTime();
}

function nextDay(start: number): number {
  const day = new Date(start);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime();
}
