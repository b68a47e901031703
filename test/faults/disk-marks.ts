// What both faults of the disk watch: how the program answers while it cannot write, and how it is afterwards.

import { setTimeout as pause } from "node:timers/promises";
import type { Client } from "../kit/api.ts";
import { untilSettled } from "./checker.ts";
import type { Stage } from "./stage.ts";

/** Answers of a catch URL while the disk takes nothing: 503 with whole seconds, and never a success that is none. */
export interface Refusals {
  refused: number;
  accepted: number;
  missed: string[];
}

/** Sends events one by one, each looked at closely, for so long. */
export async function lookAtRefusals(url: string, forMs: number): Promise<Refusals> {
  const seen: Refusals = { refused: 0, accepted: 0, missed: [] };
  const wrong = new Set<string>();
  const ends = performance.now() + forMs;
  while (performance.now() < ends) {
    const answer = await fetch(url, oneMore()).catch((error: unknown) => String(error));
    if (typeof answer === "string") {
      wrong.add(`An event got no answer: ${answer}.`);
    } else if (answer.status === 503) {
      const after = answer.headers.get("retry-after") ?? "";
      if (!/^[1-9]\d*$/.test(after)) wrong.add(`A 503 came with the Retry-After “${after}”.`);
      seen.refused++;
    } else if (answer.status === 202) {
      seen.accepted++;
    } else {
      wrong.add(`An event was answered ${answer.status}.`);
    }
    if (typeof answer !== "string") await answer.arrayBuffer();
    await pause(50);
  }
  seen.missed.push(...wrong);
  return seen;
}

/**
 * `/readyz` says no, and why; gives the sentences of what is wrong with that. What it tries to write is small, and may
 * find a place now and then where an event does not: it is asked for some seconds.
 */
export async function lookAtReadiness(url: string, why: RegExp): Promise<string[]> {
  let answer = await fetch(`${url}/readyz`);
  for (let asked = 1; asked < 50 && answer.status !== 503; asked++) {
    await pause(100);
    answer = await fetch(`${url}/readyz`);
  }
  const text = await answer.text();
  if (answer.status !== 503) return [`/readyz answered ${answer.status} while nothing could be written.`];
  return why.test(text) ? [] : [`/readyz does not say why: ${text.slice(0, 300)}`];
}

/** Saving a draft gives a problem that a person can read, not the 500 of a defect. */
export async function lookAtSaving(client: Client, flowId: string, why: RegExp): Promise<string[]> {
  const { revision, draft } = await client("flow", { params: { id: flowId } });
  try {
    const steps = Object.values(draft.steps).map((step) => [step.id, { ...step, note: "x".repeat(2_000) }]);
    const graph = { ...draft, steps: Object.fromEntries(steps) };
    await client("saveDraft", { params: { id: flowId }, body: { graph, revision } });
    return [];
  } catch (error) {
    const text = String(error);
    if (!/answered 503/.test(text)) return [`Saving a draft ended with: ${text.slice(0, 300)}`];
    return why.test(text) ? [] : [`The answer to saving a draft does not say why: ${text.slice(0, 300)}`];
  }
}

/** Once the disk is well again: ready, taking events, and every run carried to its end. */
export async function recover(
  { program }: Stage,
  folder: string,
  catchUrl: string,
  deadlineMs: number,
): Promise<{ figures: Record<string, number>; missed: string[] }> {
  const from = performance.now();
  const missed: string[] = [];
  let readyMs: number | null = null;
  while (readyMs === null && performance.now() - from < 60_000) {
    const ready = await fetch(`${program.url}/readyz`).catch(() => undefined);
    const took = ready?.ok ? await fetch(catchUrl, oneMore()).catch(() => undefined) : undefined;
    if (took?.status === 202) readyMs = Math.round(performance.now() - from);
    else await pause(100);
  }
  if (readyMs === null || readyMs > deadlineMs)
    missed.push(
      `It took ${readyMs ?? "more than 60000"} ms until events were taken again, and ${deadlineMs} are allowed.`,
    );
  const settledMs = await untilSettled(folder, 60_000);
  if (settledMs === null) missed.push("After a minute some runs were still open.");
  return { figures: { readyAgainMs: readyMs ?? -1, settledMs: settledMs ?? -1 }, missed };
}

let sentSoFar = 0;

/** An event like no other. */
function oneMore() {
  return {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ id: `closely-${++sentSoFar}`, padding: "x".repeat(16_000) }),
  };
}
