// What a person may do to a run: cancel it, answer its question, run its event again.

import { DEFAULT_CATCH_SETTINGS } from "../../shared/catching.ts";
import { newId } from "../../shared/id.ts";
import type { Problem } from "../../shared/problem.ts";
import { FINAL_STATUSES, isFinal, RunStatus, type StepRun } from "../../shared/run.ts";
import { eventData } from "../formats/event-data.ts";
import type { RunChange } from "../ports/store.ts";
import { startNow } from "./begin-run.ts";
import type { EngineDeps } from "./deps.ts";
import { leaveLines, linesFor } from "./lines.ts";
import { moved, pushAdvance } from "./push.ts";

const OPEN = RunStatus.options.filter((status) => !FINAL_STATUSES.includes(status));

/** Ends the run now. A step in mid-flight is cut off, and its result is refused. */
export async function cancel(deps: EngineDeps, runId: string): Promise<"canceled" | "ended" | "unknown"> {
  for (;;) {
    const run = await deps.store.runs.get(runId);
    if (!run) return "unknown";
    if (isFinal(run.status)) return "ended";
    // First out of its holder's hands, so that what is read of its steps is what they came to; then the end. Somebody
    // may take it in between: then it is taken away again.
    const { fence } = run;
    if (!(await deps.store.runs.move(runId, OPEN, {}, fence))) continue;
    const end = await endOf(deps, runId);
    if (!(await deps.store.runs.move(runId, OPEN, end, fence + 1))) continue;
    await leaveLines(deps, run);
    moved(deps, run);
    return "canceled";
  }
}

async function endOf(deps: EngineDeps, runId: string): Promise<RunChange> {
  const now = deps.clock.now();
  const steps = (await deps.store.runs.steps(runId))
    .filter(({ status }) => ["running", "waiting", "looping", "asking"].includes(status))
    .map((step): StepRun => ({ ...step, status: "skipped", output: null, until: null, finishedAt: now }));
  const problem: Problem = { code: "canceled", sentence: "Somebody canceled this run." };
  return { steps, run: { status: "canceled", finishedAt: now, wakeAt: null, problem } };
}

export interface Answer {
  path: string;
  choice: "repeat" | "skip" | "stop";
  /** With `skip`: what later steps see as the step's output. */
  value?: unknown;
}

/** Decides about a step that may or may not have happened. */
export async function answer(
  deps: EngineDeps,
  runId: string,
  { path, choice, value }: Answer,
): Promise<"answered" | "not-asking" | "unknown"> {
  const run = await deps.store.runs.get(runId);
  if (!run) return "unknown";
  const step = (await deps.store.runs.steps(runId)).find((s) => s.path === path);
  if (run.status !== "asking" || step?.status !== "asking") return "not-asking";
  const now = deps.clock.now();
  const decided = decide(step, choice, value, now);
  const go = { status: "queued" as const, problem: null, wakeAt: now };
  const stop = { status: "failed" as const, finishedAt: now, problem: step.problem, wakeAt: null };
  const change = { steps: [decided], run: choice === "stop" ? stop : go };
  const won = await deps.store.runs.move(runId, ["asking"], change, run.fence);
  if (!won) return "not-asking";
  if (choice === "stop") await leaveLines(deps, run);
  else await pushAdvance(deps, runId, `answer-${now}`, now);
  moved(deps, run);
  return "answered";
}

function decide(step: StepRun, choice: Answer["choice"], value: unknown, now: number): StepRun {
  switch (choice) {
    case "repeat":
      // A wait with a problem is an attempt to come: due at once.
      return { ...step, status: "waiting", until: now };
    case "skip":
      return { ...step, status: "done", output: value ?? null, port: "main", finishedAt: now };
    case "stop":
      return { ...step, status: "failed", finishedAt: now };
  }
}

/** A new run of the same event, from the start, through the version that is live now. */
export async function replay(
  deps: EngineDeps,
  runId: string,
): Promise<
  { kind: "accepted"; runId: string } | { kind: "refused"; problem: Problem } | { kind: "unknown" }
> {
  const run = await deps.store.runs.get(runId);
  const flow = run && (await deps.store.flows.get(run.flowId));
  if (!flow) return { kind: "unknown" };
  if (flow.liveVersionId === null) {
    const sentence = `“${flow.name}” has no published version.`;
    return {
      kind: "refused",
      problem: { code: "not-published", sentence, hint: "Publish it, then run this again." },
    };
  }
  const now = deps.clock.now();
  const event = { ...run.event, id: newId("evt", now) };
  // In the lines that its own event stands in now: the flow's settings may be others than they were.
  const { settings = DEFAULT_CATCH_SETTINGS } = (await deps.store.flows.catching(flow.id)) ?? {};
  const lines = linesFor(flow.id, settings, eventData(event));
  const versionId = flow.liveVersionId;
  return startNow(deps, { flow, versionId, event, lines, replayOf: run.id });
}
