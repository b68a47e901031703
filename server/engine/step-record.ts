// How an attempt is written down: outcomes as StepRuns, marks before risky steps, and what a crash left behind.

import { type Step, stepOf } from "../../shared/graph.ts";
import type { Problem } from "../../shared/problem.ts";
import { type StepRun, splitPath } from "../../shared/run.ts";
import { errorPort, plan, type RunState, settle } from "./plan.ts";
import { retryDelay } from "./retry.ts";
import { mayRepeat, repeatOf, retryOf, type StepDone } from "./step.ts";

/** The step of the version's graph that a path stands for. */
export function stepAt(state: RunState, path: string): Step {
  const { stepId } = splitPath(path);
  const step = stepOf(state.shape.graph, stepId);
  if (!step) throw new Error(`the run names the step ${stepId}, which its version does not have`);
  return step;
}

/** What an attempt came to, as it is recorded. Times are milliseconds since 1970. */
export function recordOf(
  state: RunState,
  path: string,
  startedAt: number,
  now: number,
  done: StepDone,
): StepRun {
  const before = state.steps.get(path);
  const { input, outcome } = done;
  const base: StepRun = {
    ...unstarted(path),
    status: "done",
    attempt: attemptOf(before),
    input,
    startedAt,
    finishedAt: now,
    attempts: before?.attempts ?? [],
  };
  switch (outcome.kind) {
    case "done":
      return { ...base, output: outcome.output, port: outcome.port };
    case "wait":
      return { ...base, status: "waiting", output: outcome.output, until: outcome.until, finishedAt: null };
    case "each": {
      const { items, concurrency, onItemError } = outcome;
      return { ...base, status: "looping", output: { items, concurrency, onItemError }, finishedAt: null };
    }
    case "end":
      return {
        ...base,
        status: outcome.status === "failed" ? "failed" : "done",
        output: outcome.output,
        problem: outcome.problem ?? null,
      };
    case "failed": {
      const step = stepAt(state, path);
      const { problem, retryable, retryAfterMs, maybeDone } = outcome;
      const attempts = [...base.attempts, { attempt: base.attempt, startedAt, finishedAt: now, problem }];
      if (maybeDone && !mayRepeat(step)) {
        return { ...base, status: "asking", problem: unsure(step, problem), attempts, finishedAt: null };
      }
      const delay = retryable ? retryDelay(retryOf(step), base.attempt, retryAfterMs) : null;
      if (delay !== null)
        return { ...base, status: "waiting", problem, until: now + delay, attempts, finishedAt: null };
      return { ...base, status: "failed", problem, port: errorPort(state.shape, step.id) };
    }
  }
}

function unstarted(path: string): StepRun {
  return {
    path,
    status: "running",
    attempt: 0,
    input: null,
    output: null,
    port: null,
    problem: null,
    startedAt: null,
    finishedAt: null,
    until: null,
    attempts: [],
  };
}

function attemptOf(before: StepRun | undefined): number {
  if (!before) return 1;
  return before.status === "running" ? before.attempt : before.attempt + 1;
}

/**
 * Written before a step begins that must not be repeated unasked: a crash then finds that it may have happened, and
 * with what `input`.
 */
export function markOf(state: RunState, path: string, now: number, input: unknown): StepRun {
  const before = state.steps.get(path);
  const attempts = before?.attempts ?? [];
  return { ...unstarted(path), attempt: attemptOf(before), input, startedAt: now, attempts };
}

/**
 * The last holder never let go of the run. Steps that it marked may have happened: a person is asked. Steps that
 * send a key and whose turn it was may have been sent, too: they are done again, and their history says so.
 * What is returned is taken into the state, and is to be recorded.
 */
export function cutOff(state: RunState, now: number): StepRun[] {
  const marked = [...state.steps.values()].filter((step) => step.status === "running");
  const asking = marked.map((step): StepRun => {
    const problem = unsure(stepAt(state, step.path), null);
    const attempt = { attempt: step.attempt, startedAt: step.startedAt ?? now, finishedAt: null, problem };
    return { ...step, status: "asking", problem, attempts: [...step.attempts, attempt] };
  });
  settle(state, asking);
  const next = plan(state, now);
  const again = next.ready
    .filter(({ path }) => !state.steps.has(path) && repeatOf(stepAt(state, path)) === "with key")
    .map(({ path }): StepRun => {
      const problem = interrupted(stepAt(state, path));
      const attempts = [{ attempt: 1, startedAt: now, finishedAt: null, problem }];
      return { ...unstarted(path), status: "waiting", attempt: 1, problem, until: now, attempts };
    });
  settle(state, again);
  return [...asking, ...next.settled, ...again];
}

function unsure(step: Step, cause: Problem | null): Problem {
  return {
    code: "outcome-unknown",
    sentence: `“${step.name}” may have happened: ${cause ? cause.sentence : "the server stopped in the middle of it."}`,
    hint: "Look at the other side. Then repeat the step, skip it with a value, or stop the run.",
  };
}

function interrupted(step: Step): Problem {
  return {
    code: "interrupted",
    sentence: `The server stopped when it was the turn of “${step.name}”; it may have been sent once already.`,
    hint: "It is sent again with the same idempotency key.",
  };
}

/** A run that ended leaves nothing open: what still waited or looped is marked as skipped. */
export function leftOver(state: RunState, now: number): StepRun[] {
  return [...state.steps.values()]
    .filter(({ status }) => ["waiting", "looping", "asking", "running"].includes(status))
    .map((step) => ({ ...step, status: "skipped", output: null, until: null, finishedAt: now }));
}

/** The last word on each path. */
export function latest(steps: StepRun[]): StepRun[] {
  return [...new Map(steps.map((step) => [step.path, step])).values()];
}
