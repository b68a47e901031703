// Runs that stand in line: a flow may carry on only so many at a time, or one at a time of those with the same value.
//
// A run stands in its lines from the moment it is accepted until it has ended, and goes on while it is among the first
// of each. The line is one record of the store, so both hold for any number of processes. What a dead process did not
// get to do (stand in line, leave it, call the next one) the sweep does.
//
// Where a run stands in two lines, it joins the second only when the first one calls it: so nobody in the second waits
// for somebody who waits for them.

import type { CatchSettings } from "../../shared/catching.ts";
import { madeAt } from "../../shared/id.ts";
import { type Problem, TryLater } from "../../shared/problem.ts";
import { isFinal, type Run } from "../../shared/run.ts";
import { atOnceIn, lineName } from "../../shared/run-line.ts";
import { valueAt } from "../formats/data-path.ts";
import type { EngineDeps } from "./deps.ts";
import { pushAdvance } from "./push.ts";

type LineDeps = Pick<EngineDeps, "store" | "queue" | "log" | "clock">;
type InLine = Pick<Run, "id" | "lines">;

/** More than this is no order any more but a backlog, and on MongoDB a line is one document. */
const LONGEST = 10_000;
/** A run stands in line before it is on disk: for so long one that is not there may still come. */
const ARRIVING_MS = 60_000;
/** Lines that the sweep looks at in one go. */
const PAGE = 500;

/** The lines that a run of this event has to stand in, in the order of joining. */
export function linesFor(
  flowId: string,
  { atOnce, oneAtATimeBy }: Pick<CatchSettings, "atOnce" | "oneAtATimeBy">,
  data: unknown,
): string[] {
  const lines: string[] = [];
  const key = oneAtATimeBy === null ? undefined : valueAt(data, oneAtATimeBy);
  // Those that have no such value have nothing in common.
  if (key !== undefined && key !== null && key !== "") lines.push(lineName(flowId, 1, JSON.stringify(key)));
  if (atOnce !== null) lines.push(lineName(flowId, atOnce, null));
  return lines;
}

/** Why nobody can stand in line now; null when there is room in all of them. */
export async function whyLineFull(
  { store }: Pick<EngineDeps, "store">,
  lines: string[],
): Promise<Problem | null> {
  for (const line of lines) if ((await store.lines.length(line, LONGEST)) >= LONGEST) return FULL;
  return null;
}

const FULL: Problem = {
  code: "queue-full",
  sentence: `${LONGEST} events of this flow stand in line already, which is the most.`,
  hint: "Nothing was stored: send it again later. The flow's settings say how many runs go on at a time.",
};

/** Puts a run that is on disk into its lines, and lets it begin if it is called. What fails here the sweep makes good. */
export async function joinLines(deps: LineDeps, run: InLine, when = "line"): Promise<void> {
  try {
    if (await isCalled(deps, run)) await pushAdvance(deps, run.id, when, deps.clock.now());
  } catch (error) {
    if (!(error instanceof TryLater)) throw error;
    deps.log.warn({ err: error, runId: run.id }, "a run could not stand in line; the sweep will see to it");
  }
}

/** Is it among the first of each of its lines? Joins those that it does not stand in yet, as far as it is called. */
export async function isCalled(
  { store }: Pick<EngineDeps, "store">,
  { id, lines = [] }: InLine,
): Promise<boolean> {
  for (const line of lines) if ((await store.lines.join(line, id)) >= atOnceIn(line)) return false;
  return true;
}

/** It has ended: the next one is called. What fails here the sweep makes good. */
export async function leaveLines(deps: LineDeps, { id, lines = [] }: InLine): Promise<void> {
  for (const line of lines.toReversed()) {
    try {
      const next = await deps.store.lines.leave(line, id, atOnceIn(line));
      const run = next === null ? null : await deps.store.runs.get(next);
      if (run) await joinLines(deps, run, `after-${id}`);
    } catch (error) {
      if (!(error instanceof TryLater)) throw error;
      deps.log.warn({ err: error, runId: id }, "a run could not leave its line; the sweep will see to it");
    }
  }
}

/** Takes out of all lines who has ended, and calls whoever should have been. */
export async function sweepLines(deps: LineDeps): Promise<void> {
  for (let after = ""; ; ) {
    const lines = await deps.store.lines.list(after, PAGE);
    for (const line of lines) await sweepLine(deps, line);
    const last = lines.at(-1);
    if (last === undefined || lines.length < PAGE) return;
    after = last;
  }
}

async function sweepLine(deps: LineDeps, line: string): Promise<void> {
  for (const id of await deps.store.lines.first(line, atOnceIn(line))) {
    const run = await deps.store.runs.get(id);
    const isGone = run ? isFinal(run.status) : !(deps.clock.now() - madeAt(id) < ARRIVING_MS);
    if (isGone) await leaveLines(deps, { id, lines: run?.lines ?? [line] });
    else if (run && isInLine(run)) await joinLines(deps, run, `sweep-${deps.clock.now()}`);
  }
}

/** Has it never been called? */
export function isInLine({ status, wakeAt, lines = [] }: Pick<Run, "status" | "wakeAt" | "lines">): boolean {
  return status === "waiting" && wakeAt === null && lines.length > 0;
}
