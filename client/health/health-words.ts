// What the figures mean, in sentences for people: whether all is well, and if not, what is wrong and the next move.

import type { HealthView } from "../../shared/health.ts";
import { bytesText, countText } from "../ui/time.ts";

const MINUTE = 60_000;
/** A run that has waited longer than this to be begun is worth a word. */
const LONG_WAIT_MS = 15_000;
const LITTLE_ROOM = 500_000_000;
const HARDLY_ROOM = 100_000_000;
const LATELY_MS = 10 * MINUTE;
/** With fewer runs than this a share says nothing. */
const ENOUGH_RUNS = 5;
const MANY_FAILED = 0.2;

export interface Finding {
  tone: "red" | "amber" | "violet";
  sentence: string;
  hint: string;
  /** Where to go on. */
  to?: { path: string; label: string };
}

export interface HourSums {
  accepted: number;
  refused: number;
  succeeded: number;
  failed: number;
}

export function lastHour({ minutes }: HealthView): HourSums {
  const sum = (name: keyof HourSums) => minutes.reduce((so, minute) => so + minute[name], 0);
  return {
    accepted: sum("accepted"),
    refused: sum("refused"),
    succeeded: sum("succeeded"),
    failed: sum("failed"),
  };
}

/** The sentence for when nothing is wrong. */
export function allIsWell(health: HealthView): string {
  const { accepted, failed } = lastHour(health);
  const events = accepted === 0 ? "No event" : countOf(accepted, "event");
  const { queued } = health.backlog;
  const waiting = queued === 0 ? "none waiting" : `${countText(queued)} about to begin`;
  const parts = [`${events} in the last hour`, accepted === 0 && queued === 0 ? "" : waiting];
  if (failed > 0) parts.push(`${countText(failed)} failed`);
  return `Everything is running. ${parts.filter(Boolean).join(", ")}.`;
}

/** What a person should know or do, the most pressing first. */
export function findings(health: HealthView): Finding[] {
  return [disk(health), store(health), late(health), asking(health), failing(health)].filter(
    (finding) => finding !== null,
  );
}

function disk({ disk: { freeBytes } }: HealthView): Finding | null {
  if (freeBytes === null || freeBytes >= LITTLE_ROOM) return null;
  return {
    tone: freeBytes < HARDLY_ROOM ? "red" : "amber",
    sentence: `The disk is nearly full: ${bytesText(freeBytes)} are left.`,
    hint: "When it is full no event can be taken any more. Make room on it, or keep old runs for a shorter time (the RETENTION setting).",
  };
}

function store({ lines, at }: HealthView): Finding | null {
  const errors = lines.filter((line) => line.level === "error" && at - line.at < LATELY_MS);
  const [newest] = errors;
  if (!newest) return null;
  return {
    tone: "red",
    sentence:
      errors.length === 1
        ? `The server had a problem lately: ${newest.sentence}.`
        : `The server had ${errors.length} problems in the last 10 minutes, the newest: ${newest.sentence}.`,
    hint: "The details are in its log. The lines below say when it began.",
    ...(newest.runId === null ? {} : { to: { path: `/runs/${newest.runId}`, label: "Open the run" } }),
  };
}

function late({ backlog: { queued }, oldestQueued, at }: HealthView): Finding | null {
  const waited = oldestQueued ? at - oldestQueued.createdAt : 0;
  if (!oldestQueued || waited < LONG_WAIT_MS) return null;
  return {
    tone: waited > 5 * MINUTE ? "red" : "amber",
    sentence:
      queued === 1
        ? `1 run is waiting to begin, for ${spanText(waited)}.`
        : `${countText(queued)} runs are waiting to begin; the oldest for ${spanText(waited)}.`,
    hint: "More came in than could be done at once. Nothing is lost, and they begin one after the other. If it gets more and more, look for a flow whose steps take long.",
    to: { path: `/runs/${oldestQueued.runId}`, label: "Open the oldest" },
  };
}

function asking({ backlog }: HealthView): Finding | null {
  const { asking: count } = backlog;
  if (count === 0) return null;
  return {
    tone: "violet",
    sentence: count === 1 ? "1 run needs you." : `${countText(count)} runs need you.`,
    hint: "A step was cut off and may have happened or not. Look at the other side, then say whether to repeat it, skip it or stop.",
    to: { path: "/runs?status=asking", label: count === 1 ? "Open it in the list" : "Show them" },
  };
}

function failing(health: HealthView): Finding | null {
  const { succeeded, failed } = lastHour(health);
  const ended = succeeded + failed;
  if (ended < ENOUGH_RUNS || failed / ended < MANY_FAILED) return null;
  return {
    tone: "amber",
    sentence: `${countText(failed)} of the last hour’s ${countText(ended)} runs failed.`,
    hint: "Open the newest of them: it says which step failed and why. When that is mended, a failed run can be run again.",
    to: { path: "/runs?status=failed&when=1h", label: "Show them" },
  };
}

/** 1 event · 1,240 events */
export function countOf(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** 12 seconds · 4 minutes · 3 hours · 2 days */
export function spanText(ms: number): string {
  if (ms < MINUTE) return countOf(Math.max(1, Math.floor(ms / 1_000)), "second");
  if (ms < 60 * MINUTE) return countOf(Math.floor(ms / MINUTE), "minute");
  if (ms < 24 * 60 * MINUTE) return countOf(Math.floor(ms / (60 * MINUTE)), "hour");
  return countOf(Math.floor(ms / (24 * 60 * MINUTE)), "day");
}

/** A line of the log begins small; on the screen it is a sentence. */
export function asSentence(text: string): string {
  const trimmed = text.trim();
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}${/[.!?…]$/.test(trimmed) ? "" : "."}`;
}
