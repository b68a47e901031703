// What a step does when it fails or is cut off, in words.

import type { Retry } from "../../../shared/graph.ts";
import type { Repeat } from "../../../shared/manifest.ts";

/** What holds for a step that says nothing else. */
export const USUAL_RETRY: Retry = { attempts: 5, baseMs: 1_000, capMs: 300_000 };
export const USUAL_TIMEOUT_MS = 60_000;

export function retryWords({ attempts, baseMs, capMs }: Retry): string {
  if (attempts <= 1) return "It is tried once. If that does not work, the step has failed.";
  const waits = Array.from({ length: attempts - 1 }, (_, index) => Math.min(capMs, baseMs * 2 ** index));
  const shown =
    waits.length > 5
      ? [...waits.slice(0, 3).map(lengthWords), "…", lengthWords(waits.at(-1) ?? 0)]
      : waits.map(lengthWords);
  const all = waits.reduce((sum, wait) => sum + wait, 0);
  return (
    `It is tried up to ${attempts} times. In between it waits, at random, up to ${shown.join(", ")}: ` +
    `${lengthWords(all)} in all at most.`
  );
}

/** 800 ms · 4 s · 5 min · 2 h */
export function lengthWords(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 120_000) return `${round(ms / 1_000)} s`;
  if (ms < 7_200_000) return `${round(ms / 60_000)} min`;
  return `${round(ms / 3_600_000)} h`;
}

const round = (value: number) => Math.round(value * 10) / 10;

/** What the action itself says of being cut off in the middle. */
export function repeatWords(repeat: Repeat): string {
  switch (repeat) {
    case "safe":
      return "This action can be done twice without harm, so it is simply done again.";
    case "with key":
      return "It is done again with the same key, so that a service that knows such keys does the work only once.";
    case "ask":
      return "Doing it twice could be seen (two e-mails, two messages), so the run stops here and asks you.";
  }
}
