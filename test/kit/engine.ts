// The engine on SQLite in memory, a clock that the test moves, and a world that the test plays.

import { createMemoryBus } from "../../server/adapters/memory-bus.ts";
import { openSqliteMemory } from "../../server/adapters/sqlite-file.ts";
import { createSqliteQueue } from "../../server/adapters/sqlite-queue.ts";
import { clearLeases } from "../../server/adapters/sqlite-runs.ts";
import { createSqliteStore } from "../../server/adapters/sqlite-store.ts";
import type { CatchRequest } from "../../server/engine/catch-request.ts";
import type { EngineDeps, Log } from "../../server/engine/deps.ts";
import { type IntakeDeps, receive } from "../../server/engine/intake.ts";
import { createPressure } from "../../server/engine/pressure.ts";
import { publish } from "../../server/engine/publish.ts";
import { createShapes } from "../../server/engine/shapes.ts";
import { startWorker, type Worker } from "../../server/engine/worker.ts";
import type { Http, HttpRequest, HttpResponse } from "../../server/ports/http.ts";
import type { Mail, Mailer } from "../../server/ports/mailer.ts";
import { type RunStore, type Store, StoreUnavailable } from "../../server/ports/store.ts";
import { createVault, newVaultKey } from "../../server/vault.ts";
import { createVerifier } from "../../server/verify/verify.ts";
import type { Received } from "../../shared/delivery.ts";
import type { Flow } from "../../shared/flow.ts";
import type { Graph } from "../../shared/graph.ts";
import { newId, newSecret } from "../../shared/id.ts";
import { isFinal, type Run, type StepRun } from "../../shared/run.ts";
import { createFakeClock, createOwnClock, type FakeClock } from "./clock.ts";

export type Answer = (
  request: HttpRequest,
  nth: number,
) => Partial<HttpResponse> | Promise<Partial<HttpResponse>>;

/** What a life of the process asks of store and world. */
export interface Calls {
  runs: RunStore;
  http: Http;
}

export interface EngineOptions {
  /** Stands between a life of the process (the first is 1) and store and world: sees every call that really happens. */
  watch?: (calls: Calls, life: number) => Calls;
}

export interface TestEngine {
  deps: IntakeDeps;
  /** The data, whatever becomes of the process. */
  store: Store;
  clock: FakeClock;
  sent: HttpRequest[];
  mails: Mail[];
  /** What the log was told at warn and above. */
  complaints: string[];
  /** How many of the next results the store refuses to take, as on a full disk; how many jobs of runs the queue loses. */
  faults: { record: number; push: number };
  /** Set to leave every run to the queue, as a process does that only accepts. */
  queued: boolean;
  live(graph: Graph, name?: string): Promise<Flow>;
  draft(graph: Graph, name?: string): Promise<Flow>;
  post(flow: Flow, body: unknown): Promise<Received>;
  /** Posts, and gives the run's id; fails when it was not accepted. */
  start(flow: Flow, body?: unknown): Promise<string>;
  /** Lets everything that can happen now happen. */
  rest(): Promise<void>;
  run(id: string): Promise<Run>;
  steps(id: string): Promise<Record<string, StepRun>>;
  /** The process dies: whatever is under way never comes back. Then a new one starts on the same data. */
  crash(options?: { emptyQueue?: boolean }): Promise<void>;
  /**
   * The process stands still, its clock too, and another one starts beside it, on the same data. What is given back
   * wakes it up: first what it was in the middle of goes on, then its clock.
   */
  freeze(): Promise<() => Promise<void>>;
  /** The number of the life that `deps` belongs to. */
  lives(): number;
  /** Everything that the engine asks of store and world from now on is counted; at the `k`th call it dies. */
  dieAt(k: number, when: "before" | "after"): { calls(): number; died(): boolean };
  stop(): Promise<void>;
}

const WORKSPACE = "ws_default";

/** A POST of `{}` as JSON, from nobody in particular. */
export function aCatchRequest(more: Partial<CatchRequest> & Pick<CatchRequest, "key">): CatchRequest {
  return {
    method: "POST",
    url: `http://localhost:3000/catch/${more.key}`,
    query: {},
    headers: {},
    repeated: new Set(),
    contentType: "application/json",
    raw: new TextEncoder().encode("{}"),
    from: "127.0.0.1",
    ...more,
  };
}

/** `answer` plays the world: it may throw `TryLater` or `Refused`; without it every request is answered 200 `{}`. */
export async function createTestEngine(
  answer: Answer = () => ({}),
  concurrency = 10,
  { watch = (calls) => calls }: EngineOptions = {},
): Promise<TestEngine> {
  const clock = createFakeClock();
  const file = openSqliteMemory();
  const store = createSqliteStore(file);
  const sent: HttpRequest[] = [];
  const mails: Mail[] = [];
  const complaints: string[] = [];
  const faults = { record: 0, push: 0 };
  const complain = (about: object, message: string) =>
    complaints.push(
      `${message}${"err" in about && about.err instanceof Error ? `: ${about.err.stack}` : ""}`,
    );
  const log: Log = { debug: () => {}, info: () => {}, warn: complain, error: complain };
  const vault = createVault(newVaultKey());
  const http: Http = {
    async send(request) {
      sent.push(request);
      const {
        status = 200,
        headers = { "content-type": "application/json" },
        body,
        url,
      } = await answer(request, sent.length);
      return { status, headers, body: body ?? new TextEncoder().encode("{}"), url: url ?? request.url };
    },
  };
  const mailer: Mailer = {
    async send(_, mail) {
      mails.push(mail);
      return { messageId: `<${mail.messageKey}>`, accepted: mail.to, rejected: [], response: "250 OK" };
    },
    async verify() {},
  };

  const recordOrFail: typeof store.runs.record = async (...args) => {
    if (faults.record-- > 0) throw new StoreUnavailable("The disk is full.");
    return store.runs.record(...args);
  };

  let life = newLife(1);
  let worker: Worker;
  /** Those that have not died. */
  const alive = new Map<typeof life, Worker>();

  /** One life of the process: when it has died, none of its calls ever comes back. */
  function newLife(number: number) {
    const own = createOwnClock(clock);
    const queue = createSqliteQueue(file, own);
    const state = { dead: false, calls: 0, dieAt: Number.POSITIVE_INFINITY, when: "before" };
    /** While it stands still: resolves when it goes on. */
    let still: { over: Promise<void>; end: () => void } | null = null;
    const guarded = <T extends object>(target: T): T =>
      new Proxy(target, {
        get(of, name, receiver) {
          const value = Reflect.get(of, name, receiver);
          if (typeof value !== "function") return value;
          return (...args: unknown[]) => call(() => Reflect.apply(value, of, args));
        },
      });
    function call(go: () => unknown): unknown {
      const never = new Promise<never>(() => {});
      if (state.dead) return never;
      if (still) return still.over.then(() => call(go));
      const mine = ++state.calls === state.dieAt;
      if (mine && state.when === "before") {
        state.dead = true;
        return never;
      }
      const result = go();
      if (mine) state.dead = true;
      if (!(result instanceof Promise)) return result;
      const arrived = async () => {
        while (still) await still.over;
        if (state.dead) await never;
      };
      return result.then(
        (value) => arrived().then(() => value),
        (error) => arrived().then(() => Promise.reject(error)),
      );
    }
    const calls = watch({ runs: { ...store.runs, record: recordOrFail }, http }, number);
    const deps: EngineDeps = {
      store: { ...store, runs: guarded(calls.runs) },
      queue: {
        ...queue,
        push: async (job) => {
          if (job.kind === "advance" && faults.push-- > 0) return;
          await (call(() => queue.push(job)) as Promise<void>);
        },
      },
      bus: createMemoryBus(),
      clock: own,
      http: guarded(calls.http),
      mailer: guarded(mailer),
      vault,
      log,
    };
    return {
      number,
      deps: {
        ...deps,
        shapeOf: createShapes(store),
        pressure: createPressure(deps.clock, { perSecond: 100_000, burst: 1_000_000 }),
        verifier: createVerifier(deps),
      },
      queue,
      state,
      freeze() {
        const { promise, resolve } = Promise.withResolvers<void>();
        still = { over: promise, end: resolve };
        own.stop();
      },
      async thaw() {
        const was = still;
        still = null;
        was?.end();
        await clock.settle();
        own.go();
      },
    };
  }

  async function begin(): Promise<void> {
    engine.deps = life.deps;
    worker = await startWorker(life.deps, { concurrency, retentionMs: 30 * 86_400_000 });
    alive.set(life, worker);
  }

  async function crash({ emptyQueue = false } = {}): Promise<void> {
    for (const { state, queue } of alive.keys()) {
      state.dead = true;
      queue.abandon();
    }
    alive.clear();
    await clock.settle();
    await clearLeases(file);
    if (emptyQueue) await file.run("DELETE FROM jobs");
    life = newLife(life.number + 1);
    await begin();
  }

  const engine: TestEngine = {
    deps: life.deps,
    store,
    clock,
    sent,
    mails,
    complaints,
    faults,
    queued: false,
    async draft(graph, name = "A flow") {
      const now = clock.now();
      const id = newId("flow", now);
      const flow: Flow = {
        id,
        workspaceId: WORKSPACE,
        name,
        draft: graph,
        revision: 1,
        status: "draft",
        liveVersionId: null,
        catchKey: newSecret(),
        createdAt: now,
        updatedAt: now,
      };
      await store.flows.insert(flow);
      return flow;
    },
    async live(graph, name) {
      const published = await publish(life.deps, await engine.draft(graph, name), { note: "" });
      if (published.kind !== "published") throw new Error(`not published: ${JSON.stringify(published)}`);
      return published.flow;
    },
    post(flow, body) {
      const raw = new TextEncoder().encode(JSON.stringify(body));
      const { freeHands } = worker;
      return receive(
        engine.queued ? life.deps : { ...life.deps, freeHands },
        aCatchRequest({ key: flow.catchKey, raw }),
      );
    },
    async start(flow, body = {}) {
      const received = await engine.post(flow, body);
      if (received.kind !== "accepted") throw new Error(`not accepted: ${received.kind}`);
      return received.run.id;
    },
    async rest() {
      for (let i = 0; i < 200; i++) {
        await clock.settle();
        const { waiting, oldestDueAt } = await life.queue.depth();
        if (waiting === 0 || oldestDueAt === null || oldestDueAt > clock.now()) break;
      }
      await clock.settle();
    },
    async run(id) {
      const run = await store.runs.get(id);
      if (!run) throw new Error(`no run ${id}`);
      return run;
    },
    async steps(id) {
      return Object.fromEntries((await store.runs.steps(id)).map((step) => [step.path, step]));
    },
    crash,
    async freeze() {
      const still = life;
      still.freeze();
      life = newLife(still.number + 1);
      await begin();
      return still.thaw;
    },
    lives: () => life.number,
    dieAt(k, when) {
      Object.assign(life.state, { calls: 0, dieAt: k, when });
      const { state } = life;
      return { calls: () => state.calls, died: () => state.dead };
    },
    async stop() {
      for (const [one, its] of alive) {
        await one.thaw();
        await its.stop(0);
      }
      await clock.settle();
      await store.close();
    },
  };
  await begin();
  return engine;
}

/** Moves the clock on, a second or up to the next alarm at a time, until the run has ended. */
export async function untilEnded(engine: TestEngine, runId: string, mostMs = 86_400_000): Promise<Run> {
  const end = engine.clock.now() + mostMs;
  for (;;) {
    await engine.rest();
    const run = await engine.run(runId);
    if (isFinal(run.status) || run.status === "asking") return run;
    if (engine.clock.now() >= end)
      throw new Error(`the run is still ${run.status}: ${JSON.stringify(await engine.steps(runId))}`);
    const next = engine.clock.sleeping()[0] ?? end;
    await engine.clock.advanceTo(Math.min(end, Math.max(next, engine.clock.now() + 1_000)));
  }
}
