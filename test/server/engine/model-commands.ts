// The moves of the model: what comes in, what people do, what the world does, and what becomes of the process.

import fc from "fast-check";
import { beginRun } from "../../../server/engine/begin-run.ts";
import { answer, cancel, replay } from "../../../server/engine/run-control.ts";
import type { Flow } from "../../../shared/flow.ts";
import { newId } from "../../../shared/id.ts";
import { isFinal, type Run, type StepRun } from "../../../shared/run.ts";
import type { TestEngine } from "../../kit/engine.ts";
import type { Mood, Witness } from "./model-witness.ts";

/** What must be so, as plain maps. */
export interface Model {
  /** Accepted runs by dedupe key. */
  runs: Map<string, string>;
  /** Events whose sender got no answer: they may be runs. */
  unanswered: number;
  /** Ended runs, as they were when they had ended, with their steps. */
  ended: Map<string, string>;
  /** Results that were seen, by run and path. */
  recorded: Map<string, string>;
  /** Questions that are open now. */
  asking: { runId: string; path: string }[];
  /** A process stands still. */
  still: boolean;
  /** Another process goes on beside it, or beside one that stood still before. */
  several: boolean;
}

export interface Real {
  engine: TestEngine;
  witness: Witness;
  flows: Flow[];
  moods: Map<string, Mood>;
  /** The deaths that the processes go towards. */
  deaths: { life: number; died(): boolean }[];
  wake: (() => Promise<void>) | null;
  /** How many processes are alive. */
  lives: number;
}

export type Command = fc.AsyncCommand<Model, Real>;

const MOODS: Mood[] = ["ok", "busy", "gone", "hang", "lost", "slow"];

/** Steps that call out, in any of the flows. */
export const CALLING = ["a", "b", "d", "say", "item"];

/** All moves, each as often as it is useful. */
export function commands(maxCommands: number) {
  const nth = fc.nat(20);
  const post = fc.record({ flow: nth, queued: fc.boolean() }).map(({ flow, queued }) => event(flow, queued));
  const keyed = fc.tuple(nth, fc.nat(3), fc.boolean()).map((given) => keyedEvent(...given));
  const ticks = fc.constantFrom(1_000, 10_000, 60_000).map(tick);
  const moods = fc
    .tuple(fc.constantFrom(...CALLING), fc.constantFrom(...MOODS))
    .map((given) => mood(...given));
  const choices = fc.tuple(nth, fc.constantFrom("repeat" as const, "skip" as const, "stop" as const));
  const deaths = fc.tuple(
    fc.integer({ min: 1, max: 12 }),
    fc.constantFrom("before" as const, "after" as const),
  );
  return fc.commands(
    [
      post,
      keyed,
      ticks,
      ticks,
      moods,
      moods,
      choices.map((given) => answering(...given)),
      nth.map(canceling),
      nth.map(replaying),
      fc.boolean().map(crash),
      deaths.map((given) => dying(...given)),
      fc.constant(freeze),
      fc.constant(wake),
      nth.map(overtaken),
      fc.integer({ min: 1, max: 3 }).map(fullDisk),
      fc.constant(loseJob),
      fc.constant(leap),
    ],
    { maxCommands, size: "max" },
  );
}

function event(nth: number, queued: boolean): Command {
  return command(`event(flow ${nth}${queued ? ", queued" : ""})`, async (model, real) => {
    const flow = pick(real.flows, nth);
    real.engine.queued = queued;
    const received = await attempt(real, () => real.engine.post(flow, BODY));
    if (!received) model.unanswered++;
    else if (received.value.kind === "accepted")
      model.runs.set(received.value.run.dedupeKey, received.value.run.id);
    else throw new Error(`not accepted: ${received.value.kind}`);
  });
}

const BODY = { lines: [1, 2] };

/** The sender comes again with the same event until it is answered; `twice`: two of its tries arrive together. */
function keyedEvent(nth: number, number: number, twice: boolean): Command {
  return command(`keyedEvent(flow ${nth}, ${number}${twice ? ", twice" : ""})`, async (model, real) => {
    const flow = pick(real.flows, nth);
    const dedupeKey = `event ${number}`;
    const known = `${flow.id} ${dedupeKey}`;
    const send = async (): Promise<string> => {
      const { deps, clock } = real.engine;
      const raw = new TextEncoder().encode(JSON.stringify(BODY));
      const request = { method: "POST", query: {}, headers: {}, contentType: "application/json" };
      const now = clock.now();
      const caught = { kind: "webhook" as const, id: newId("evt", now), at: now, request, raw };
      const versionId = flow.liveVersionId ?? "";
      const begun = await beginRun(deps, { flow, versionId, event: caught, dedupeKey });
      if (begun.kind === "duplicate") return begun.of.runId;
      if (begun.kind !== "accepted") throw new Error(`an event was not accepted: ${begun.kind}`);
      return begun.run.id;
    };
    let ids = await attempt(real, () => Promise.all(twice ? [send(), send()] : [send()]));
    if (!ids) {
      await restart(real, false);
      ids = await attempt(real, () => Promise.all([send()]));
    }
    for (const id of ids?.value ?? []) {
      const first = model.runs.get(known) ?? id;
      if (first !== id) throw new Error(`${dedupeKey} made two runs: ${first} and ${id}`);
      model.runs.set(known, id);
    }
  });
}

function tick(ms: number): Command {
  return command(`tick(${ms / 1_000} s)`, async (_, { engine }) => engine.clock.advance(ms));
}

const leap = command("leap(1 h)", async (model, { engine, witness }) => {
  // Of two processes, one may find the other's leases over before that one wakes.
  if (model.several) witness.interruptions++;
  await engine.clock.leap(3_600_000);
});

function mood(stepId: string, what: Mood): Command {
  return command(`mood(${stepId}: ${what})`, async (_, { moods }) => void moods.set(stepId, what));
}

function answering(nth: number, choice: "repeat" | "skip" | "stop"): Command {
  const go = async (model: Model, real: Real) => {
    const { runId, path } = pick(model.asking, nth);
    const key = `${runId}:${path}`;
    const { repeats } = real.witness;
    if (choice === "repeat") repeats.set(key, (repeats.get(key) ?? 0) + 1);
    await attempt(real, () => answer(real.engine.deps, runId, { path, choice, value: { status: 299 } }));
  };
  return command(`answer(${nth}, ${choice})`, go, (model) => model.asking.length > 0);
}

function canceling(nth: number): Command {
  const go = async (model: Model, real: Real) => {
    await attempt(real, () => cancel(real.engine.deps, pick([...model.runs.values()], nth)));
  };
  return command(`cancel(${nth})`, go, (model) => model.runs.size > 0);
}

function replaying(nth: number): Command {
  const go = async (model: Model, real: Real) => {
    const again = await attempt(real, () => replay(real.engine.deps, pick([...model.runs.values()], nth)));
    if (!again) model.unanswered++;
    else if (again.value.kind === "accepted") model.runs.set(again.value.runId, again.value.runId);
  };
  return command(`replay(${nth})`, go, (model) => model.runs.size > 0 && model.runs.size < 10);
}

function crash(emptyQueue: boolean): Command {
  return command(emptyQueue ? "crash(empty queue)" : "crash", async (_, real) => restart(real, emptyQueue));
}

function dying(k: number, when: "before" | "after"): Command {
  const go = async (_: Model, real: Real) => {
    real.deaths.push({ life: real.engine.lives(), ...real.engine.dieAt(k, when) });
  };
  return command(`dieAt(${k}, ${when})`, go);
}

const freeze = command(
  "freeze",
  async (model, real) => {
    real.witness.interruptions++;
    real.witness.stoodStill(real.engine.lives());
    real.wake = await real.engine.freeze();
    real.lives++;
    model.still = true;
    model.several = true;
  },
  (model) => !model.still,
);

const wake = command(
  "wake",
  async (model, real) => {
    await real.wake?.();
    real.wake = null;
    model.still = false;
  },
  (model) => model.still,
);

/** A process stands still in the middle of a run, another one takes the run over, and then the first one wakes. */
function overtaken(nth: number): Command {
  const go = async (model: Model, real: Real) => {
    for (const stepId of CALLING) real.moods.set(stepId, "slow");
    await event(nth, false).run(model, real);
    await freeze.run(model, real);
    await real.engine.clock.advance(60_000);
    await wake.run(model, real);
  };
  return command(`overtaken(flow ${nth})`, go, (model) => !model.still);
}

function fullDisk(writes: number): Command {
  return command(`fullDisk(${writes})`, async (_, { engine }) => {
    engine.faults.record = writes;
  });
}

const loseJob = command("loseJob", async (_, { engine }) => {
  engine.faults.push = 1;
});

function command(
  name: string,
  go: (model: Model, real: Real) => Promise<void>,
  may: (model: Readonly<Model>) => boolean = () => true,
): Command {
  return {
    check: may,
    toString: () => name,
    async run(model, real) {
      await go(model, real);
      await settle(model, real);
    },
  };
}

function pick<T>(from: T[], nth: number): T {
  const one = from[nth % from.length];
  if (one === undefined) throw new Error("nothing to pick from");
  return one;
}

/** Does what somebody asks of the process; undefined when it died instead of answering. */
export async function attempt<T>(real: Real, go: () => Promise<T>): Promise<{ value: T } | undefined> {
  const { clock } = real.engine;
  let came: { value: T } | { error: unknown } | undefined;
  go().then(
    (value) => {
      came = { value };
    },
    (error) => {
      came = { error };
    },
  );
  for (let i = 0; i < 20 && !came; i++) {
    await clock.settle();
    if (hasDied(real)) return undefined;
  }
  if (!came) throw new Error("the process did not answer");
  if ("error" in came) throw came.error;
  return came;
}

export function hasDied({ deaths }: Real): boolean {
  return deaths.some((death) => death.died());
}

export async function restart(real: Real, emptyQueue: boolean): Promise<void> {
  real.witness.interruptions++;
  real.deaths.length = 0;
  real.wake = null;
  real.lives = 1;
  await real.engine.crash({ emptyQueue });
}

/** Lets everything happen that can, starts what died again, and compares. */
export async function settle(model: Model, real: Real): Promise<void> {
  await real.engine.rest();
  if (hasDied(real)) {
    await restart(real, false);
    await real.engine.rest();
  }
  if (real.lives === 1) Object.assign(model, { still: false, several: false });
  await compare(model, real);
}

/** The promises, as far as they can be seen from outside. */
async function compare(model: Model, { engine, witness }: Real): Promise<void> {
  const [first] = witness.broken;
  if (first !== undefined) throw new Error(first);
  const { items } = await engine.store.runs.list({ workspaceId: "ws_default", limit: 200 });
  const known = new Set(model.runs.values());
  for (const { id, dedupeKey } of items.filter((run) => !known.has(run.id))) {
    if (model.unanswered-- === 0) throw new Error(`nobody sent the event of ${id}`);
    model.runs.set(dedupeKey, id);
  }
  if (items.length !== new Set(model.runs.values()).size) throw new Error("an accepted run is gone");
  model.asking = [];
  for (const id of model.runs.values()) {
    const run = await engine.run(id);
    const steps = Object.values(await engine.steps(id));
    compareRun(model, run, steps);
    for (const step of steps) compareStep(model, witness, id, step);
    if (run.status !== "asking") continue;
    const open = steps.filter(({ status }) => status === "asking");
    if (open.length === 0) throw new Error(`${id} asks, but none of its steps does`);
    model.asking.push(...open.map(({ path }) => ({ runId: id, path })));
  }
}

function compareRun(model: Model, run: Run, steps: StepRun[]): void {
  if (!isFinal(run.status)) {
    if (model.ended.has(run.id)) throw new Error(`${run.id} had ended, and is ${run.status} again`);
    return;
  }
  if (run.problem && ["unexpected", "stuck"].includes(run.problem.code))
    throw new Error(`a defect ended ${run.id}: ${run.problem.sentence}`);
  const open = steps.filter(({ status }) => !["done", "failed", "skipped"].includes(status));
  if (open.length > 0 || run.leaseUntil !== null || run.finishedAt === null)
    throw new Error(`${run.id} has ended, but something of it is open: ${open.map((s) => s.path)}`);
  const now = JSON.stringify({ run, steps });
  const before = model.ended.get(run.id) ?? now;
  if (before !== now) throw new Error(`${run.id} changed after its end: ${before} became ${now}`);
  model.ended.set(run.id, now);
}

function compareStep(model: Model, witness: Witness, id: string, step: StepRun): void {
  const key = `${id}:${step.path}`;
  const before = model.recorded.get(key);
  const now = JSON.stringify(step);
  if (before !== undefined && before !== now) throw new Error(`${key} was ${before}, and is ${now}`);
  if (["done", "failed", "skipped"].includes(step.status)) model.recorded.set(key, now);
  const most = (step.path === "b" ? 3 : 5) + witness.interruptions + (witness.repeats.get(key) ?? 0);
  if (step.attempt > most) throw new Error(`${key} was tried ${step.attempt} times; ${most} is the most`);
}
