// Two workers and a person at the same run: every order in which their calls reach the store and the world is tried.
//
// Each call waits for its turn twice, on its way there and on its way back, so that whoever has decided something can
// find the world changed when it acts. A failure prints its seed, its path, and the order of the turns.

import fc from "fast-check";
import { expect, test } from "vitest";
import { createMemoryBus } from "../../../server/adapters/memory-bus.ts";
import { openSqliteMemory } from "../../../server/adapters/sqlite-file.ts";
import { createSqliteQueue } from "../../../server/adapters/sqlite-queue.ts";
import { createSqliteStore } from "../../../server/adapters/sqlite-store.ts";
import { advance } from "../../../server/engine/advance.ts";
import type { EngineDeps } from "../../../server/engine/deps.ts";
import { type Hands, LEASE_MS } from "../../../server/engine/hands.ts";
import { answer, cancel } from "../../../server/engine/run-control.ts";
import { shapeOf } from "../../../server/engine/shape.ts";
import { sweep } from "../../../server/engine/sweep.ts";
import type { RunChange, RunStore } from "../../../server/ports/store.ts";
import { createVault, newVaultKey } from "../../../server/vault.ts";
import type { Graph } from "../../../shared/graph.ts";
import { isFinal, type StepRun } from "../../../shared/run.ts";
import { aRun } from "../../contracts/builders.ts";
import { createFakeClock } from "../../kit/clock.ts";
import { graph, type StepChange } from "../../kit/graph.ts";

const RUNS = Number(process.env.MODEL_RUNS ?? 60);

const call = (stepId: string, more: StepChange = {}): StepChange => ({
  uses: "http.request",
  input: { method: "POST", url: `https://api.example.com/${stepId}` },
  ...more,
});
const STEPS = { a: call("a"), b: call("b"), c: call("c"), say: call("say", { ifInterrupted: "ask" }) };
const GRAPHS = [
  graph("trigger -> a -> b", STEPS),
  graph("trigger -> say -> b", STEPS),
  graph("trigger -> a; trigger -> say; a -> b; say -> b; trigger -> c", STEPS),
];

/** What happens beside the first worker. */
const MOVES = ["worker", "late worker", "cancel", "repeat", "skip", "skip later", "sweep", "renew"] as const;
type Move = (typeof MOVES)[number];

test("whoever comes first, each result is recorded once, the run ends once, and no late write is taken", async () => {
  const property = fc.asyncProperty(
    fc.scheduler(),
    fc.constantFrom(...GRAPHS),
    fc.array(fc.constantFrom(...MOVES), { minLength: 1, maxLength: 5 }),
    async (turns, g, moves) => {
      const table = createTable(g, turns);
      await table.play(moves);
      expect(table.broken).toEqual([]);
      await table.close();
    },
  );
  await fc.assert(property, { numRuns: RUNS, interruptAfterTimeLimit: 3_600_000 });
}, 3_600_000);

interface Sent {
  who: string;
  late: boolean;
}

/** One run and everybody who wants something of it. */
function createTable(g: Graph, turns: fc.Scheduler) {
  const clock = createFakeClock();
  const file = openSqliteMemory();
  const store = createSqliteStore(file);
  const queue = createSqliteQueue(file, clock);
  const shape = shapeOf(g);
  const vault = createVault(newVaultKey());
  const run = aRun({ createdAt: clock.now() });
  const broken: string[] = [];
  const sent = new Map<string, Sent[]>();
  const recorded = new Map<string, string>();
  let [fence, ends, takenAway, repeats] = [0, 0, 0, 0];
  /** Off at the end, when everything takes its course. */
  let racing = true;

  /** A turn on the way there, and one on the way back. */
  async function inTurn<T>(label: string, go: () => Promise<T>): Promise<T> {
    if (racing) await turns.schedule(Promise.resolve(), `${label} →`);
    const result = await go();
    if (racing) await turns.schedule(Promise.resolve(), `← ${label}`);
    return result;
  }

  function written({ run: patch, steps = [] }: RunChange, who: string): void {
    for (const step of steps) {
      const now = essence(step);
      const before = recorded.get(step.path) ?? now;
      if (before !== now) broken.push(`${who}: ${step.path} was ${before}, then ${now}`);
      if (["done", "failed", "skipped"].includes(step.status)) recorded.set(step.path, now);
    }
    if (patch?.status && isFinal(patch.status) && ++ends > 1) broken.push(`${who} ended the run again`);
  }

  /** The engine of one worker, or the hands of one person. */
  function depsOf(who: string): EngineDeps {
    let [mine, refused] = [0, false];
    const runs: RunStore = {
      ...store.runs,
      get: (id) => inTurn(`${who} get`, () => store.runs.get(id)),
      steps: (id) => inTurn(`${who} steps`, () => store.runs.steps(id)),
      claim: (id, _, until) =>
        inTurn(`${who} claim`, async () => {
          const claim = await store.runs.claim(id, clock.now(), until);
          if (!claim) return claim;
          if (claim.run.fence <= fence) broken.push(`${who}'s claim did not raise the fence`);
          if (fence > 0) takenAway++;
          mine = fence = claim.run.fence;
          refused = false;
          return claim;
        }),
      record: (id, with_, change) =>
        inTurn(`${who} record`, async () => {
          const before = fence;
          const result = await store.runs.record(id, with_, change);
          if (result === "fenced") refused = true;
          else {
            if (with_ < before) broken.push(`${who} wrote with fence ${with_} when it had come to ${before}`);
            written(change, who);
          }
          return result;
        }),
      move: (id, from, change, ifFence) =>
        inTurn(`${who} move`, async () => {
          const won = await store.runs.move(id, from, change, ifFence);
          if (won) {
            fence++;
            takenAway++;
            written(change, who);
          }
          return won;
        }),
      renew: (held, until) => inTurn(`${who} renew`, () => store.runs.renew(held, until)),
    };
    return {
      store: { ...store, runs },
      queue,
      bus: createMemoryBus(),
      clock,
      vault,
      log: { debug() {}, info() {}, warn() {}, error: (about) => broken.push(JSON.stringify(about)) },
      mailer: { send: () => Promise.reject(new Error("no mail here")), verify: async () => {} },
      http: {
        send: (request) => {
          const told = refused;
          return inTurn(`${who} send ${request.url.slice(-3)}`, async () => {
            const key = request.headers?.["idempotency-key"] ?? "";
            const path = key.slice(key.indexOf(":") + 1);
            if (key !== `${run.id}:${path}` || !request.url.endsWith(path))
              broken.push(`${request.url} went out with the key ${key}`);
            if (told) broken.push(`${who} sent ${path} though it had been told that the run is not its own`);
            const late = mine !== fence;
            if (!late && recorded.has(path)) broken.push(`${who} sent ${path}, which was recorded`);
            sent.set(path, [...(sent.get(path) ?? []), { who, late }]);
            const headers = { "content-type": "application/json" };
            return { status: 200, headers, body: new TextEncoder().encode("{}"), url: request.url };
          });
        },
      },
    };
  }

  const handsOf = (): Hands => ({ held: new Map(), draining: false, shapeOf: async () => shape });

  async function work(who: string): Promise<void> {
    await advance(depsOf(who), handsOf(), run.id);
  }

  async function go(move: Move, nth: number): Promise<void> {
    const who = `${move} ${nth}`;
    const deps = depsOf(who);
    switch (move) {
      case "worker":
        return work(who);
      case "late worker":
        // The lease ran out though its holder is at work.
        await turns.schedule(Promise.resolve(), "time goes by");
        await clock.leap(LEASE_MS + 1);
        return work(who);
      case "cancel":
        return void (await cancel(deps, run.id));
      case "repeat":
        repeats++;
        return void (await answer(deps, run.id, { path: "say", choice: "repeat" }));
      case "skip":
        return void (await answer(deps, run.id, { path: "say", choice: "skip", value: nth }));
      case "skip later":
        await turns.schedule(Promise.resolve(), "a person thinks");
        await turns.schedule(Promise.resolve(), "and thinks");
        return void (await answer(deps, run.id, { path: "say", choice: "skip", value: nth }));
      case "sweep":
        await sweep({ ...deps, shapeOf: async () => shape }, 0);
        return work(who);
      case "renew":
        return void (await deps.store.runs.renew([{ id: run.id, fence }], clock.now() + LEASE_MS));
    }
  }

  /** The first worker and all the moves at once, in the scheduler's order; then on until the run has ended. */
  async function play(moves: Move[]): Promise<void> {
    await store.runs.accept(run);
    const all = Promise.all([work("first"), ...moves.map(go)]);
    await clock.settle();
    while (turns.count() > 0) {
      await turns.waitOne();
      await clock.settle();
    }
    racing = false;
    await all;
    for (let i = 0; i < 20 && !(await ended()); i++) {
      if ((await store.runs.get(run.id))?.status === "asking") {
        repeats++;
        await answer(depsOf("person"), run.id, { path: "say", choice: "repeat" });
      }
      await clock.leap(LEASE_MS + 1);
      await work(`rest ${i}`);
    }
    await check();
  }

  const ended = async () => isFinal((await store.runs.get(run.id))?.status ?? "queued");

  async function check(): Promise<void> {
    if (ends !== 1) broken.push(`the run ended ${ends} times`);
    for (const step of await store.runs.steps(run.id)) {
      const settled = ["done", "failed", "skipped"].includes(step.status);
      if (!settled) broken.push(`the run has ended, and ${step.path} is ${step.status}`);
      if (settled && essence(step) !== recorded.get(step.path))
        broken.push(`${step.path} is not what was recorded`);
    }
    for (const [path, all] of sent) {
      const most = path === "say" ? 1 + repeats : 1 + takenAway;
      if (all.length > most) broken.push(`${path} was sent ${all.length} times; ${most} is the most`);
    }
  }

  return { play, broken, close: () => store.close() };
}

function essence({ status, output, port }: StepRun): string {
  return JSON.stringify({ status, output, port });
}
