// Decides what happens next in a run; knows nothing of time passing, storing or sending.
//
// One rule: a step may run when every incoming edge is settled (its source ended or was skipped) and at least one is
// live (its source left by that port). All settled and none live: it is skipped. Filters, branches, joins and error
// paths all fall out of it. A loop carries each item through a scope of its own, `loop[3]`, by the same rule.

import { type Edge, stepOf, TRIGGER_ID } from "../../shared/graph.ts";
import type { Problem } from "../../shared/problem.ts";
import { itemScope, type StepRun, splitPath, splitScope, stepPath } from "../../shared/run.ts";
import { bodyOf, entersLoop, loopOfScope, type Shape, standsIn } from "./shape.ts";

/** Everything known of a run while it is in hand. */
export interface RunState {
  shape: Shape;
  /** What is recorded, by path. */
  steps: Map<string, StepRun>;
  /** Paths that are being executed right now. */
  running: Set<string>;
  /** How far the loops are; all of it can be worked out again from `steps`. */
  loops: Map<string, Loop>;
  /** Scopes in which a step failed with no error edge: nothing new begins in them. */
  failing: Map<string, StepRun>;
}

interface Loop {
  items: unknown[];
  concurrency: number;
  onItemError: "stop" | "continue";
  next: number;
  active: Set<number>;
  results: unknown[];
  failed: { index: number; problem: Problem }[];
}

export interface Plan {
  /** Steps that settled by themselves and are to be recorded: skipped, waited long enough, loops that are through. */
  settled: StepRun[];
  /** Steps to execute now. */
  ready: StepRef[];
  /** The earliest time at which a waiting step goes on. */
  wakeAt: number | null;
  /** Steps that a person has to decide about. */
  asking: StepRun[];
  /** How the run ended, when it did. */
  verdict: { status: "succeeded" } | { status: "failed"; cause: StepRun } | null;
}

export interface StepRef {
  path: string;
  scope: string;
  stepId: string;
}

/** What a looping step keeps as its output until it is through. */
export interface LoopOutput {
  items: unknown[];
  concurrency: number;
  onItemError: "stop" | "continue";
}

/** A run as it was recorded; nothing of it is being executed. */
export function load(shape: Shape, steps: StepRun[]): RunState {
  const state: RunState = {
    shape,
    steps: new Map(),
    running: new Set(),
    loops: new Map(),
    failing: new Map(),
  };
  settle(state, steps);
  // Items begin in order, so every item before one that left a trace has begun, too.
  for (const path of state.steps.keys()) {
    for (let { scope } = splitPath(path); scope !== ""; ) {
      const { loopPath, index } = splitScope(scope);
      const loop = state.loops.get(loopPath);
      while (loop && loop.next <= index) loop.active.add(loop.next++);
      ({ scope } = splitPath(loopPath));
    }
  }
  return state;
}

/** Takes over what is (about to be) recorded. */
export function settle(state: RunState, steps: StepRun[]): void {
  for (const step of steps) {
    state.steps.set(step.path, step);
    if (step.status !== "running") state.running.delete(step.path);
    const { scope } = splitPath(step.path);
    if (step.status === "looping" && !state.loops.has(step.path))
      state.loops.set(step.path, newLoop(step.output));
    if (step.status === "failed" && step.port === null && !state.failing.has(scope))
      state.failing.set(scope, step);
  }
}

/** Notes that the step is being executed from now on, until `settle` tells how it ended. */
export function begin(state: RunState, path: string): void {
  state.running.add(path);
}

function newLoop(output: unknown): Loop {
  const { items, concurrency, onItemError } = output as LoopOutput;
  return {
    items,
    concurrency: Math.max(1, concurrency),
    onItemError,
    next: 0,
    active: new Set(),
    results: items.map(() => null),
    failed: [],
  };
}

/** What happens next. The same state and time give the same plan; what settles by itself is taken into the state. */
export function plan(state: RunState, now: number): Plan {
  const settled: StepRun[] = [];
  for (;;) {
    const round: Round = { settled: [], ready: [], wakeAt: null, asking: [], moved: false };
    const top = look(state, "", true, now, round);
    settle(state, round.settled);
    settled.push(...round.settled);
    if (round.settled.length > 0 || round.moved) continue;
    const cause = state.failing.get("");
    const verdict = !top.closed
      ? null
      : cause
        ? { status: "failed" as const, cause }
        : { status: "succeeded" as const };
    return { settled, ready: round.ready, wakeAt: round.wakeAt, asking: round.asking, verdict };
  }
}

interface Round extends Omit<Plan, "verdict"> {
  /** A loop began or ended an item. */
  moved: boolean;
}

/** Looks through one scope and the loops in it. `closed`: nothing is left to do there; `busy`: steps are in mid-flight. */
function look(
  state: RunState,
  scope: string,
  mayBegin: boolean,
  now: number,
  round: Round,
): { closed: boolean; busy: boolean } {
  const may = mayBegin && !state.failing.has(scope);
  const fresh = new Map<string, StepRun>();
  let open = false;
  let busy = false;
  const settleNow = (step: StepRun) => {
    fresh.set(step.path, step);
    round.settled.push(step);
  };
  for (const { id, disabled } of bodyOf(state.shape, scope).steps) {
    const path = stepPath(scope, id);
    if (state.running.has(path)) {
      open = true;
      busy = true;
      continue;
    }
    const step = state.steps.get(path);
    if (!step) {
      const turn = turnOf(state, scope, id, fresh);
      if (turn === "skip") settleNow(skipped(path, null, now));
      else if (turn === "run" && disabled) settleNow(skipped(path, passingPort(state.shape, id), now));
      else {
        open = true;
        if (turn === "run" && may) round.ready.push({ path, scope, stepId: id });
      }
      continue;
    }
    if (step.status === "looping") {
      const loop = lookIntoLoop(state, step, may, now, round);
      if (loop.done) settleNow(loop.done);
      else open = true;
      busy ||= loop.busy;
    } else if (step.status === "waiting") {
      const due = (step.until ?? 0) <= now;
      const retries = step.problem !== null;
      if (due && !retries) settleNow({ ...step, status: "done", port: "main", finishedAt: now, until: null });
      else {
        open = true;
        if (!due) round.wakeAt = Math.min(step.until ?? 0, round.wakeAt ?? Number.POSITIVE_INFINITY);
        else if (may) round.ready.push({ path, scope, stepId: id });
      }
    } else if (step.status === "asking" || step.status === "running") {
      open = true;
      if (step.status === "asking") round.asking.push(step);
    }
  }
  return { closed: may ? !open : !busy, busy };
}

/** Whose turn it is by the one rule. `fresh` are steps that settled in this very look. */
function turnOf(
  state: RunState,
  scope: string,
  stepId: string,
  fresh: Map<string, StepRun>,
): "run" | "skip" | "later" {
  let live = false;
  for (const edge of state.shape.incoming.get(stepId) ?? []) {
    const at = edgeState(state, scope, edge, fresh);
    if (at === "open") return "later";
    if (at === "live") live = true;
  }
  return live ? "run" : "skip";
}

function edgeState(
  state: RunState,
  scope: string,
  edge: Edge,
  fresh: Map<string, StepRun>,
): "open" | "live" | "dead" {
  if (edge.from === TRIGGER_ID) return edge.port === "main" ? "live" : "dead";
  const loop = loopOfScope(scope);
  if (loop !== "" && entersLoop(edge, loop)) return "live";
  const path = stepPath(scope, edge.from);
  const source = fresh.get(path) ?? state.steps.get(path);
  if (source?.status === "done" || source?.status === "failed" || source?.status === "skipped") {
    return source.port === edge.port ? "live" : "dead";
  }
  // An edge across the border of a loop is refused before publishing; should one be there, it never holds a run up.
  return standsIn(state.shape, edge.from, loop) ? "open" : "dead";
}

/** Carries the loop's items on: ends those that are through, begins the next ones, and ends the loop after the last. */
function lookIntoLoop(
  state: RunState,
  step: StepRun,
  may: boolean,
  now: number,
  round: Round,
): { busy: boolean; done: StepRun | null } {
  const loop = state.loops.get(step.path);
  if (!loop) throw new Error(`the loop ${step.path} was recorded without its items`);
  let busy = false;
  for (const index of loop.active) {
    const stopping = stops(loop);
    const before = round.settled.length;
    const item = look(state, itemScope(step.path, index), may && !stopping, now, round);
    busy ||= item.busy;
    if (!item.closed || round.settled.length > before) continue;
    loop.active.delete(index);
    round.moved = true;
    // Something around the loop failed: what its items came to so far is no result.
    if (!may) continue;
    const failure = state.failing.get(itemScope(step.path, index));
    if (failure?.problem) loop.failed.push({ index, problem: failure.problem });
    else if (!stopping) loop.results[index] = itemResult(state, itemScope(step.path, index));
  }
  while (may && !stops(loop) && loop.next < loop.items.length && loop.active.size < loop.concurrency) {
    loop.active.add(loop.next++);
    round.moved = true;
  }
  if (!may && loop.active.size === 0) return { busy, done: { ...step, ...CUT_SHORT, finishedAt: now } };
  const through = loop.active.size === 0 && (stops(loop) || loop.next === loop.items.length);
  return { busy, done: through ? endLoop(state, step, loop, now) : null };
}

const CUT_SHORT = { status: "skipped", port: null, output: null } as const;

function stops(loop: Loop): boolean {
  return loop.onItemError === "stop" && loop.failed.length > 0;
}

/** What an item came to: the output of the body's last step; of its last steps by id, when it ends in several. */
function itemResult(state: RunState, scope: string): unknown {
  const { ends } = bodyOf(state.shape, scope);
  const outputs = ends.flatMap((id) => {
    const end = state.steps.get(stepPath(scope, id));
    return end?.status === "done" ? [[id, end.output] as const] : [];
  });
  if (ends.length <= 1) return outputs[0]?.[1] ?? null;
  return Object.fromEntries(outputs);
}

function endLoop(state: RunState, step: StepRun, loop: Loop, now: number): StepRun {
  const first = loop.failed.sort((a, b) => a.index - b.index)[0];
  if (first && loop.onItemError === "stop") {
    const problem: Problem = {
      ...first.problem,
      sentence: `Item ${first.index + 1} of ${loop.items.length} failed: ${first.problem.sentence}`,
    };
    const { stepId } = splitPath(step.path);
    return {
      ...step,
      status: "failed",
      port: errorPort(state.shape, stepId),
      problem,
      output: null,
      finishedAt: now,
    };
  }
  const output = { results: loop.results, count: loop.items.length, failed: loop.failed };
  return { ...step, status: "done", port: "done", output, finishedAt: now };
}

/** The port a failed step leaves by: `error` if somebody drew that edge, else none. */
export function errorPort(shape: Shape, stepId: string): "error" | null {
  return (shape.outgoing.get(stepId) ?? []).some((e) => e.port === "error") ? "error" : null;
}

/** A switched-off step is passed straight through: by its first ordinary port that leads on. */
function passingPort(shape: Shape, stepId: string): string | null {
  const drawn = new Set((shape.outgoing.get(stepId) ?? []).map((e) => e.port));
  return ["main", "done", "no"].find((port) => drawn.has(port)) ?? null;
}

export function skipped(path: string, port: string | null, now: number): StepRun {
  return {
    path,
    status: "skipped",
    attempt: 0,
    input: null,
    output: null,
    port,
    problem: null,
    startedAt: null,
    finishedAt: now,
    until: null,
    attempts: [],
  };
}

/**
 * What a step's templates see, for the step ids asked for: outputs of ended steps, seen from within the step's own
 * scope outwards; a failed step gives `{ error }`; a loop, from inside, gives its current item.
 */
export function scopeFor(
  state: RunState,
  scope: string,
  stepIds: Iterable<string>,
  trigger: unknown,
): Record<string, unknown> {
  const values = new Map<string, unknown>();
  for (const id of stepIds) {
    if (id === TRIGGER_ID) values.set(id, trigger);
    else {
      const found = lookUp(state, scope, id);
      if (found) values.set(id, found.value);
    }
  }
  return Object.fromEntries(values);
}

function lookUp(state: RunState, scope: string, stepId: string): { value: unknown } | null {
  if (!stepOf(state.shape.graph, stepId)) return null;
  for (let here = scope; ; ) {
    const step = state.steps.get(stepPath(here, stepId));
    if (step?.status === "done") return { value: step.output };
    if (step?.status === "failed") return { value: { error: step.problem } };
    if (here === "") return null;
    const { loopPath, index } = splitScope(here);
    if (loopOfScope(here) === stepId) {
      const loop = state.loops.get(loopPath);
      return loop ? { value: itemView(loop, index) } : null;
    }
    here = splitPath(loopPath).scope;
  }
}

function itemView(loop: Loop, index: number) {
  const count = loop.items.length;
  return {
    item: loop.items[index],
    index,
    number: index + 1,
    count,
    first: index === 0,
    last: index === count - 1,
  };
}
