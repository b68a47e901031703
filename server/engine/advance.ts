// Carries a run on: claims it, then plans, executes and records, until it ends or has to wait.
//
//   claim → [ plan → record what settled → execute what is ready → wait for one of them ] → record the end, or park
//
// A result is recorded before anything that follows from it begins. Every write carries the claim's fence; a refused
// one means that somebody else has the run, and this holder lets everything fall. Only what can be worked out again
// from what is recorded (a pure step's result, a skipped step) is held back, to be written with the next result.

import { type Problem, TryLater } from "../../shared/problem.ts";
import { isFinal, type Run, type RunResponse, type StepRun, splitPath } from "../../shared/run.ts";
import { eventData } from "../formats/event-data.ts";
import type { Claim, RunChange } from "../ports/store.ts";
import type { EngineDeps } from "./deps.ts";
import { type Hands, LEASE_MS } from "./hands.ts";
import { isCalled, leaveLines } from "./lines.ts";
import { begin, load, type Plan, plan, type RunState, type StepRef, scopeFor, settle } from "./plan.ts";
import { moved, pushAdvance } from "./push.ts";
import { doStep, mayRepeat, type StepDone, shownInput } from "./step.ts";
import { cutOff, latest, leftOver, markOf, recordOf, stepAt } from "./step-record.ts";
import { createStop, type Stop } from "./stop.ts";

/** For so long at most: those who watch the run want to see it. */
const HOLD_BACK_MS = 100;
/** So many at most: each write gives the others a turn. */
const HOLD_BACK_STEPS = 100;

/** For so long after the store said so, a run is taken for ours. */
const TRUST_MS = 1_000;

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
  lost: Stop;
  /** Results that came in and were not looked at yet. */
  results: Result[];
  /** What is settled and not recorded yet. */
  unwritten: StepRun[];
  /** There is something among the unwritten that could not be worked out again, or it was held back long enough. */
  mustWrite: boolean;
  /** When the store said last that the run is still ours. */
  oursAt: number;
  /** Wakes the loop when a result comes in. */
  ring: () => void;
  /** A step said that the run is over: nothing new begins, and what is in mid-flight may end. */
  ending: { status: "succeeded" | "failed"; problem: Problem | null } | null;
}

/** Carries the run on as far as it goes now. Does nothing when somebody has it in hand already, or it has ended. */
export async function advance(deps: EngineDeps, hands: Hands, runId: string): Promise<void> {
  // A lease can seem over, to a clock that was set, though its holder is right here.
  if (hands.held.has(runId)) return;
  const now = deps.clock.now();
  const claim = await deps.store.runs.claim(runId, now, now + LEASE_MS);
  if (!claim) return;
  if (await isCalled(deps, claim.run)) return carryOn(deps, hands, claim);
  const { id, fence } = claim.run;
  await deps.store.runs.record(id, fence, { run: { status: "waiting", wakeAt: null } });
}

/** The same with a run that is claimed already, and the event's data if somebody has worked it out. */
export async function carryOn(
  deps: EngineDeps,
  hands: Hands,
  claim: Claim,
  trigger?: unknown,
): Promise<void> {
  const { run } = claim;
  const now = deps.clock.now();
  const lost = createStop();
  let hand: Hand | undefined;
  const ring = () => hand?.ring();
  hands.held.set(run.id, { fence: run.fence, lost });
  try {
    moved(deps, run);
    const state = load(await hands.shapeOf(run.versionId), claim.steps);
    const unwritten = claim.clean ? [] : cutOff(state, now);
    hand = {
      run,
      state,
      trigger: trigger ?? eventData(run.event),
      lost,
      results: [],
      unwritten,
      mustWrite: unwritten.length > 0,
      oursAt: now,
      ring: () => {},
      ending: null,
    };
    lost.listen(ring);
    await carry(deps, hands, hand);
  } catch (error) {
    if (error instanceof TryLater) throw error;
    await giveUp(deps, run, error);
  } finally {
    // After a refused write, what is still under way is nobody's any more.
    if (hand && hand.state.running.size > 0) lost.stop();
    // What a map lets go of lives on for a while, in the tables that it grew out of: it must not lead to the whole run.
    lost.unlisten(ring);
    hands.held.delete(run.id);
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
  await leaveLines(deps, run);
  moved(deps, run);
}

async function carry(deps: EngineDeps, hands: Hands, hand: Hand): Promise<void> {
  const { state, run, lost } = hand;
  while (!lost.isStopped()) {
    const response = takeResults(deps, hand);
    const now = deps.clock.now();
    const next = plan(state, now);
    const ready = hands.draining || hand.ending ? [] : next.ready;
    const marks = ready
      .filter(({ path }) => !mayRepeat(stepAt(state, path)))
      .map((ref) =>
        markOf(state, ref.path, now, shownInput(stepAt(state, ref.path), scopeOf(hand, ref), now)),
      );
    const rest = state.running.size === 0 && ready.length === 0 ? restOf(hand, next, now) : null;
    hand.unwritten.push(...next.settled, ...marks, ...(rest?.steps ?? []));
    if (rest || response || marks.length > 0 || hand.mustWrite || hand.unwritten.length >= HOLD_BACK_STEPS) {
      const change = {
        steps: latest(hand.unwritten.splice(0)),
        run: { ...rest?.run, ...(response ? { response } : {}) },
      };
      hand.mustWrite = false;
      if ((await record(deps, hand, change)) === "fenced") return;
      hand.oursAt = now;
      moved(deps, run);
    }
    if (rest) return park(deps, run, rest);
    if (ready.length > 0 && !(await isOurs(deps, hand, now))) return;
    settle(state, marks);
    for (const ref of ready) execute(deps, hand, ref);
    await somethingHappens(deps, hand, next.wakeAt);
  }
}

/** A step that comes late (a retry beside another that takes its time) asks first: the run may be canceled by now. */
async function isOurs(deps: EngineDeps, hand: Hand, now: number): Promise<boolean> {
  if (Math.abs(now - hand.oursAt) < TRUST_MS) return true;
  const { id, fence } = hand.run;
  const lost = await insist(deps, hand, () => deps.store.runs.renew([{ id, fence }], now + LEASE_MS));
  hand.oursAt = now;
  return lost.length === 0;
}

/** Takes what came in into the state and to the unwritten; gives the answer for the caller, if a step made the first. */
function takeResults(deps: EngineDeps, hand: Hand): RunResponse | null {
  const { state, run } = hand;
  let response: RunResponse | null = null;
  for (const { path, startedAt, done } of hand.results.splice(0)) {
    const step = recordOf(state, path, startedAt, deps.clock.now(), done);
    settle(state, [step]);
    hand.unwritten.push(step);
    const { stepId } = splitPath(path);
    hand.mustWrite ||= !state.shape.pure.has(stepId);
    const { outcome } = done;
    if (outcome.kind === "end" && !hand.ending) {
      const problem = outcome.problem ? { ...outcome.problem, stepId } : null;
      hand.ending = { status: outcome.status, problem };
    }
    if (outcome.kind === "done" && outcome.response && !run.response) {
      response = outcome.response;
      run.response = response;
    }
  }
  return response;
}

function record(deps: EngineDeps, hand: Hand, change: RunChange): Promise<"saved" | "fenced"> {
  const { id, fence } = hand.run;
  return insist(deps, hand, () => deps.store.runs.record(id, fence, change));
}

/** While the store cannot be written, keeps trying: what has happened must not happen again. */
async function insist<T>(deps: EngineDeps, { run, lost }: Hand, write: () => Promise<T>): Promise<T> {
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 5_000)) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof TryLater) || lost.isStopped()) throw error;
      deps.log.warn({ err: error, runId: run.id }, "a run could not be written; trying again");
      await deps.clock.sleep(waitMs, lost.signal());
    }
  }
}

function execute(deps: EngineDeps, hand: Hand, ref: StepRef): void {
  const { path } = ref;
  const { state, run, lost } = hand;
  begin(state, path);
  const step = stepAt(state, path);
  const startedAt = deps.clock.now();
  doStep(deps, {
    workspaceId: run.workspaceId,
    runId: run.id,
    step,
    key: `${run.id}:${path}`,
    scope: scopeOf(hand, ref),
    stop: lost,
  }).then((done) => {
    hand.results.push({ path, startedAt, done });
    hand.ring();
  });
}

/** What the step's templates can see, no more than they ask for. */
function scopeOf({ state, trigger }: Hand, { scope, stepId }: StepRef) {
  return scopeFor(state, scope, state.shape.references.get(stepId) ?? [], trigger);
}

/** Resolves when a result is there, a wait is over, the run was taken away, or something was held back long enough. */
function somethingHappens(deps: EngineDeps, hand: Hand, wakeAt: number | null): Promise<void> {
  return new Promise((resolve) => {
    if (hand.results.length > 0 || hand.lost.isStopped()) return resolve();
    const awake = wakeAt === null ? null : new AbortController();
    const writeSoon = () => {
      hand.mustWrite = true;
      wake();
    };
    const callOff = hand.unwritten.length > 0 ? deps.clock.after(HOLD_BACK_MS, writeSoon) : null;
    const wake = () => {
      callOff?.();
      awake?.abort();
      resolve();
    };
    hand.ring = wake;
    if (awake && wakeAt !== null) void deps.clock.sleepUntil(wakeAt, awake.signal).then(wake);
  });
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
  { run: { wakeAt, status } }: RunChange & { run: { wakeAt: number | null } },
): Promise<void> {
  if (status && isFinal(status)) await leaveLines(deps, run);
  if (wakeAt !== null) await pushAdvance(deps, run.id, `${run.fence}`, wakeAt);
}
