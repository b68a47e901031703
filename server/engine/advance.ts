// Carries a run on: claims it, then plans, executes and records, until it ends or has to wait.
//
//   claim → [ plan → record what settled → execute what is ready → wait for one of them ] → record the end, or park
//
// A result is recorded before anything that follows from it begins. Every write carries the claim's fence; a refused
// one means that somebody else has the run, and this holder lets everything fall.

import { eventData } from "../../shared/event.ts";
import { type Problem, TryLater } from "../../shared/problem.ts";
import { type Run, type RunResponse, type StepRun, splitPath } from "../../shared/run.ts";
import { referencesIn } from "../../shared/template.ts";
import type { RunChange } from "../ports/store.ts";
import type { EngineDeps } from "./deps.ts";
import { begin, load, type Plan, plan, type RunState, type StepRef, scopeFor, settle } from "./plan.ts";
import { moved, pushAdvance } from "./push.ts";
import type { Shape } from "./shape.ts";
import { doStep, mayRepeat, type StepDone, shownInput } from "./step.ts";
import { cutOff, latest, leftOver, markOf, recordOf, stepAt } from "./step-record.ts";

export const LEASE_MS = 30_000;

/** What a worker shares with the runs that it has in hand. */
export interface Hands {
  /** Runs in hand by id; the worker keeps up their leases, and aborts those that were taken away. */
  held: Map<string, { fence: number; lost: AbortController }>;
  /** When set, nothing new begins: runs are parked as soon as what is in mid-flight has ended. */
  draining: boolean;
  shapeOf(versionId: string): Promise<Shape>;
}

interface Result {
  path: string;
  startedAt: number;
  done: StepDone;
}

/** Everything about the run in hand. */
interface Hand {
  run: Run;
  state: RunState;
  trigger: unknown;
  lost: AbortController;
  /** Results that came in and are not recorded yet. */
  results: Result[];
  /** Wakes the loop when a result comes in. */
  ring: () => void;
  /** A step said that the run is over: nothing new begins, and what is in mid-flight may end. */
  ending: { status: "succeeded" | "failed"; problem: Problem | null } | null;
}

/** Carries the run on as far as it goes now. Does nothing when somebody else has it or it has ended. */
export async function advance(deps: EngineDeps, hands: Hands, runId: string): Promise<void> {
  const now = deps.clock.now();
  const claim = await deps.store.runs.claim(runId, now, now + LEASE_MS);
  if (!claim) return;
  const { run } = claim;
  const lost = new AbortController();
  hands.held.set(runId, { fence: run.fence, lost });
  try {
    moved(deps, run);
    const state = load(await hands.shapeOf(run.versionId), claim.steps);
    const hand: Hand = {
      run,
      state,
      trigger: eventData(run.event),
      lost,
      results: [],
      ring: () => {},
      ending: null,
    };
    await carry(deps, hands, hand, claim.clean ? [] : cutOff(state, now));
  } catch (error) {
    if (error instanceof TryLater) throw error;
    await giveUp(deps, run, error);
  } finally {
    lost.abort();
    hands.held.delete(runId);
  }
}

/** A defect of ours ends the run, visibly, rather than trying for ever. */
async function giveUp(deps: EngineDeps, run: Run, error: unknown): Promise<void> {
  deps.log.error({ err: error, runId: run.id }, "a run could not be carried on");
  const problem: Problem = {
    code: "unexpected",
    sentence: `Flowcatch could not carry this run on: ${error instanceof Error ? error.message : String(error)}`,
    hint: "The server's log has the details. The run can be started again.",
  };
  const end = { status: "failed" as const, finishedAt: deps.clock.now(), wakeAt: null, problem };
  await deps.store.runs.record(run.id, run.fence, { run: end });
  moved(deps, run);
}

async function carry(deps: EngineDeps, hands: Hands, hand: Hand, first: StepRun[]): Promise<void> {
  const { state, run, lost } = hand;
  for (let changes = first; !lost.signal.aborted; changes = []) {
    const response = takeResults(deps, hand, changes);
    const now = deps.clock.now();
    const next = plan(state, now);
    const ready = hands.draining || hand.ending ? [] : next.ready;
    const marks = ready
      .filter(({ path }) => !mayRepeat(stepAt(state, path)))
      .map((ref) =>
        markOf(state, ref.path, now, shownInput(stepAt(state, ref.path), scopeOf(hand, ref), now)),
      );
    const rest = state.running.size === 0 && ready.length === 0 ? restOf(hand, next, now) : null;
    const steps = latest([...changes, ...next.settled, ...marks, ...(rest?.steps ?? [])]);
    if (steps.length > 0 || rest) {
      const change = { steps, run: { ...rest?.run, ...(response ? { response } : {}) } };
      if ((await record(deps, hand, change)) === "fenced") return;
      moved(deps, run);
    }
    if (rest) return park(deps, run, rest);
    settle(state, marks);
    for (const ref of ready) execute(deps, hand, ref);
    await somethingHappens(deps, hand, next.wakeAt);
  }
}

/** Takes what came in into the state and adds it to `changes`; gives the answer for the caller, if a step made the first. */
function takeResults(deps: EngineDeps, hand: Hand, changes: StepRun[]): RunResponse | null {
  const { state, run } = hand;
  let response: RunResponse | null = null;
  for (const { path, startedAt, done } of hand.results.splice(0)) {
    const step = recordOf(state, path, startedAt, deps.clock.now(), done);
    settle(state, [step]);
    changes.push(step);
    const { outcome } = done;
    if (outcome.kind === "end" && !hand.ending) {
      const problem = outcome.problem ? { ...outcome.problem, stepId: splitPath(path).stepId } : null;
      hand.ending = { status: outcome.status, problem };
    }
    if (outcome.kind === "done" && outcome.response && !run.response) {
      response = outcome.response;
      run.response = response;
    }
  }
  return response;
}

/** Writes it, and while the store cannot be written keeps trying: what has happened must not happen again. */
async function record(deps: EngineDeps, { run, lost }: Hand, change: RunChange): Promise<"saved" | "fenced"> {
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 5_000)) {
    try {
      return await deps.store.runs.record(run.id, run.fence, change);
    } catch (error) {
      if (!(error instanceof TryLater) || lost.signal.aborted) throw error;
      deps.log.warn({ err: error, runId: run.id }, "a result could not be stored; trying again");
      await deps.clock.sleepUntil(deps.clock.now() + waitMs, lost.signal);
    }
  }
}

function execute(deps: EngineDeps, hand: Hand, { path, scope }: StepRef): void {
  const { state, run, lost } = hand;
  begin(state, path);
  const step = stepAt(state, path);
  const startedAt = deps.clock.now();
  doStep(deps, {
    workspaceId: run.workspaceId,
    step,
    key: `${run.id}:${path}`,
    scope: scopeOf(hand, { path, scope }),
    signal: lost.signal,
  }).then((done) => {
    hand.results.push({ path, startedAt, done });
    hand.ring();
  });
}

/** What the step's templates can see, no more than they ask for. */
function scopeOf({ state, trigger }: Hand, { path, scope }: Pick<StepRef, "path" | "scope">) {
  const ids = referencesIn(stepAt(state, path).input).map((reference) => reference.stepId);
  return scopeFor(state, scope, ids, trigger);
}

/** Resolves when a result is there, a wait is over, or the run was taken away. */
async function somethingHappens(deps: EngineDeps, hand: Hand, wakeAt: number | null): Promise<void> {
  if (hand.results.length > 0 || hand.lost.signal.aborted) return;
  const awake = new AbortController();
  const rung = new Promise<void>((resolve) => {
    hand.ring = resolve;
    hand.lost.signal.addEventListener("abort", () => resolve(), { once: true, signal: awake.signal });
  });
  const waits = wakeAt === null ? [] : [deps.clock.sleepUntil(wakeAt, awake.signal)];
  await Promise.race([rung, ...waits]);
  awake.abort();
}

/** What is recorded when nothing is left to do now: the end, a question, a wait, or that others may go on. */
function restOf(
  { state, ending }: Hand,
  next: Plan,
  now: number,
): RunChange & { run: { wakeAt: number | null } } {
  if (ending) return { run: { ...ending, finishedAt: now, wakeAt: null }, steps: leftOver(state, now) };
  if (next.verdict?.status === "succeeded")
    return { run: { status: "succeeded", finishedAt: now, wakeAt: null } };
  if (next.verdict) {
    const { cause } = next.verdict;
    const problem = cause.problem && { ...cause.problem, stepId: splitPath(cause.path).stepId };
    return { run: { status: "failed", finishedAt: now, wakeAt: null, problem }, steps: leftOver(state, now) };
  }
  if (next.ready.length > 0) return { run: { status: "queued", wakeAt: now } };
  const question = next.asking[0];
  if (question) return { run: { status: "asking", wakeAt: null, problem: question.problem } };
  if (next.wakeAt === null)
    return { run: { status: "failed", finishedAt: now, wakeAt: null, problem: STUCK } };
  return { run: { status: "waiting", wakeAt: next.wakeAt } };
}

const STUCK: Problem = {
  code: "stuck",
  sentence: "Nothing in this run can go on, and nothing ended it.",
  hint: "This is a defect of Flowcatch: please report it with the flow's graph.",
};

async function park(
  deps: EngineDeps,
  run: Run,
  { run: { wakeAt } }: { run: { wakeAt: number | null } },
): Promise<void> {
  if (wakeAt !== null) await pushAdvance(deps, run.id, `${run.fence}`, wakeAt);
}
