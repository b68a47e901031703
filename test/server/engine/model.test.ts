// Whatever comes in, whatever people, world and machine do, in any order: the promises hold, and every run ends.
//
// A failure prints its seed and path; `MODEL_RUNS=1000` looks further than usual.

import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { answer } from "../../../server/engine/run-control.ts";
import { Refused, TryLater } from "../../../shared/problem.ts";
import { isFinal } from "../../../shared/run.ts";
import { createTestEngine } from "../../kit/engine.ts";
import { graph, type StepChange } from "../../kit/graph.ts";
import { attempt, commands, hasDied, type Model, type Real, restart, settle } from "./model-commands.ts";
import { createWitness, type Mood } from "./model-witness.ts";

const RUNS = Number(process.env.MODEL_RUNS ?? 60);

// The waits between attempts are drawn; a failure must be one again with the same seed.
beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0.5));
afterEach(() => void vi.restoreAllMocks());

const call = (stepId: string, more: StepChange = {}): StepChange => ({
  uses: "http.request",
  input: { method: "POST", url: `https://api.example.com/${stepId}/x` },
  ...more,
});
const set = (value: unknown): StepChange => ({
  uses: "logic.setFields",
  input: { fields: [{ name: "value", value }] },
});
const STEPS: Record<string, StepChange> = {
  a: call("a"),
  b: call("b", { retry: { attempts: 3, baseMs: 1_000, capMs: 5_000 } }),
  c: set("{{trigger.body.lines}}"),
  d: call("d"),
  say: call("say", { ifInterrupted: "ask" }),
  item: call("item"),
  pause: { uses: "logic.wait", input: { mode: "duration", duration: { amount: 30, unit: "seconds" } } },
  each: { uses: "logic.each", input: { items: "{{trigger.body.lines}}", concurrency: 2 } },
};

/** One step after another, ways side by side, a step that asks, and a loop. */
const FLOWS = [
  graph("trigger -> c -> a -> pause -> b; b:error -> d", STEPS),
  graph("trigger -> a; trigger -> b; a -> c; b -> c", STEPS),
  graph("trigger -> say -> b; trigger -> c", STEPS),
  graph("trigger -> each; each:each -> item; each:done -> say", STEPS),
];

test("in any order of events, answers, deaths and delays, every promise is kept and every run ends", async () => {
  const property = fc.asyncProperty(commands(30), async (moves) => {
    const real = await begin();
    const model: Model = {
      runs: new Map(),
      unanswered: 0,
      ended: new Map(),
      recorded: new Map(),
      asking: [],
      still: false,
      several: false,
    };
    try {
      await fc.asyncModelRun(() => ({ model, real }), moves);
      await toTheEnd(model, real);
      for (const id of model.runs.values()) expect(model.ended.has(id)).toBe(true);
    } finally {
      if (hasDied(real)) await restart(real, false);
      await real.engine.stop();
    }
  });
  await fc.assert(property, {
    numRuns: RUNS,
    endOnFailure: process.env.MODEL_RUNS === undefined,
    interruptAfterTimeLimit: 3_600_000,
  });
}, 3_600_000);

async function begin(): Promise<Real> {
  const moods = new Map<string, Mood>();
  const moodOf = (stepId: string) => moods.get(stepId) ?? "ok";
  let now = () => 0;
  const deaths: Real["deaths"] = [];
  const witness = createWitness({
    now: () => now(),
    moodFor: moodOf,
    asks: (stepId) => stepId === "say",
    hasDied: (life) => deaths.some((death) => death.life === life && death.died()),
  });
  const engine = await createTestEngine(
    async ({ url }) => {
      const stepId = new URL(url).pathname.split("/")[1] ?? "";
      switch (moodOf(stepId)) {
        case "ok":
          return {};
        case "slow":
          await engine.clock.sleep(20_000);
          return {};
        case "hang":
          return new Promise(() => {});
        case "busy":
          throw new TryLater({ code: "http-status", sentence: "It is busy." });
        case "lost":
          throw new TryLater({ code: "http-network", sentence: "It was lost." }, { maybeDone: true });
        case "gone":
          throw new Refused({ code: "http-status", sentence: "There is no such thing." });
      }
    },
    20,
    { watch: witness.watch },
  );
  now = engine.clock.now;
  const flows = [];
  for (const [i, each] of FLOWS.entries()) flows.push(await engine.live(each, `Flow ${i}`));
  return { engine, witness, flows, moods, deaths, wake: null, lives: 1 };
}

/** The world behaves and people answer: whatever was accepted comes to its end. */
async function toTheEnd(model: Model, real: Real): Promise<void> {
  const { engine, moods, witness } = real;
  await real.wake?.();
  real.wake = null;
  moods.clear();
  Object.assign(engine.faults, { record: 0, push: 0 });
  for (let i = 0; i < 60; i++) {
    await settle(model, real);
    const runs = await Promise.all([...model.runs.values()].map(engine.run));
    if (runs.every(({ status }) => isFinal(status))) return;
    for (const { runId, path } of model.asking) {
      const key = `${runId}:${path}`;
      witness.repeats.set(key, (witness.repeats.get(key) ?? 0) + 1);
      await attempt(real, () => answer(engine.deps, runId, { path, choice: "repeat" }));
    }
    await engine.clock.advance(15_000);
  }
}
