// Runs carried through by the real engine, store and queue, with a clock and a world that the test plays.

import { afterEach, describe, expect, test } from "vitest";
import { publish } from "../../../server/engine/publish.ts";
import { answer, cancel, replay } from "../../../server/engine/run-control.ts";
import { tick } from "../../../server/engine/tick.ts";
import { StoreUnavailable } from "../../../server/ports/store.ts";
import { Refused, TryLater } from "../../../shared/problem.ts";
import { type Answer, createTestEngine, type TestEngine, untilEnded } from "../../kit/engine.ts";
import { graph, type StepChange } from "../../kit/graph.ts";

let engine: TestEngine;
async function start(world?: Answer) {
  engine = await createTestEngine(world);
  return engine;
}
afterEach(async () => {
  await engine.stop();
  expect(engine.complaints).toEqual([]);
});

const call = (path: string, more: StepChange = {}): StepChange => ({
  uses: "http.request",
  input: {
    method: "POST",
    url: `https://api.example.com/${path}`,
    bodyType: "json",
    json: "{{trigger.body}}",
  },
  ...more,
});
const set = (value: unknown): StepChange => ({
  uses: "logic.setFields",
  input: { fields: [{ name: "value", value }] },
});
const minutes = (amount: number): StepChange => ({
  uses: "logic.wait",
  input: { mode: "duration", duration: { amount, unit: "minutes" } },
});
const json = (value: unknown) => ({ body: new TextEncoder().encode(JSON.stringify(value)) });
const later = (sentence: string, retryAfterMs?: number) =>
  new TryLater({ code: "http-status", sentence }, retryAfterMs === undefined ? {} : { retryAfterMs });

describe("a run", () => {
  test("carries an event through its steps, each seeing what came before", async () => {
    const { live, start: post } = await start(() => json({ id: 77 }));
    const flow = await live(
      graph("trigger -> order -> call -> last", {
        order: set("{{trigger.body.total}}"),
        call: call("{{order.value}}"),
        last: set("{{call.body.id}}"),
      }),
    );
    const run = await untilEnded(engine, await post(flow, { total: 12 }));
    expect(run).toMatchObject({ status: "succeeded", problem: null, leaseUntil: null });
    expect(engine.sent.map((r) => r.url)).toEqual(["https://api.example.com/12"]);
    const steps = await engine.steps(run.id);
    expect(steps.order?.output).toEqual({ value: 12 });
    expect(steps.last).toMatchObject({ status: "done", attempt: 1, output: { value: 77 } });
  });

  test("sends the same idempotency key with every attempt", async () => {
    await start((_, nth) => {
      if (nth < 3) throw later("It is busy.");
      return {};
    });
    const flow = await engine.live(graph("trigger -> call", { call: call("x") }));
    const run = await untilEnded(engine, await engine.start(flow));
    expect(run.status).toBe("succeeded");
    const keys = engine.sent.map((r) => r.headers?.["idempotency-key"] ?? r.headers?.["Idempotency-Key"]);
    expect(keys).toEqual([`${run.id}:call`, `${run.id}:call`, `${run.id}:call`]);
    const { call: step } = await engine.steps(run.id);
    expect(step).toMatchObject({ attempt: 3, attempts: [{ attempt: 1 }, { attempt: 2 }] });
  });

  test("gives up after five attempts, and says what the last one said", async () => {
    await start(() => {
      throw later("api.example.com answered 503.");
    });
    const flow = await engine.live(graph("trigger -> call -> never", { call: call("x"), never: set(1) }));
    const run = await untilEnded(engine, await engine.start(flow));
    expect(engine.sent).toHaveLength(5);
    expect(run).toMatchObject({
      status: "failed",
      problem: { sentence: "api.example.com answered 503.", stepId: "call" },
    });
    expect((await engine.steps(run.id)).never).toMatchObject({ status: "skipped", attempt: 0 });
  });

  test("does not try again what was refused", async () => {
    await start(() => {
      throw new Refused({ code: "http-status", sentence: "api.example.com answered 422." });
    });
    const flow = await engine.live(graph("trigger -> call", { call: call("x") }));
    expect(await untilEnded(engine, await engine.start(flow))).toMatchObject({ status: "failed" });
    expect(engine.sent).toHaveLength(1);
  });

  test("waits as long as the other side asks for, and holds no worker meanwhile", async () => {
    await start((_, nth) => {
      if (nth === 1) throw later("Slow down.", 600_000);
      return {};
    });
    const flow = await engine.live(graph("trigger -> call", { call: call("x") }));
    const id = await engine.start(flow);
    await engine.rest();
    const waiting = await engine.run(id);
    expect(waiting).toMatchObject({ status: "waiting", leaseUntil: null });
    expect((waiting.wakeAt ?? 0) - engine.clock.now()).toBeGreaterThanOrEqual(600_000);
    await engine.clock.advance(599_000);
    expect(engine.sent).toHaveLength(1);
    expect((await untilEnded(engine, id)).status).toBe("succeeded");
  });

  test("a step's own retry policy is kept", async () => {
    await start(() => {
      throw later("No.");
    });
    const flow = await engine.live(
      graph("trigger -> call", { call: call("x", { retry: { attempts: 2, baseMs: 100, capMs: 100 } }) }),
    );
    await untilEnded(engine, await engine.start(flow));
    expect(engine.sent).toHaveLength(2);
  });

  test("a failed step's error edge sees the problem", async () => {
    await start((request) => {
      if (request.url.endsWith("/x")) throw new Refused({ code: "http-status", sentence: "It said no." });
      return {};
    });
    const flow = await engine.live(
      graph("trigger -> call -> ok; call:error -> rescue", {
        call: call("x"),
        ok: set(1),
        rescue: set("{{call.error.sentence}}"),
      }),
    );
    const run = await untilEnded(engine, await engine.start(flow));
    expect(run.status).toBe("succeeded");
    expect(await engine.steps(run.id)).toMatchObject({
      call: { status: "failed", port: "error" },
      ok: { status: "skipped" },
      rescue: { output: { value: "It said no." } },
    });
  });

  test("a missing reference fails the step and names what is missing", async () => {
    await start();
    const flow = await engine.live(graph("trigger -> a", { a: set("{{trigger.body.custmer}}") }));
    const run = await untilEnded(engine, await engine.start(flow, { customer: 1 }));
    expect(run.status).toBe("failed");
    expect(run.problem?.sentence).toContain("custmer");
  });

  test("a template in the data stays text", async () => {
    await start();
    const flow = await engine.live(
      graph("trigger -> a -> b", { a: set("{{trigger.body.x}}"), b: set("got {{a.value}}") }),
    );
    const run = await untilEnded(engine, await engine.start(flow, { x: "{{7*7}} {{trigger.body}}" }));
    expect((await engine.steps(run.id)).b?.output).toEqual({ value: "got {{7*7}} {{trigger.body}}" });
  });

  test("waits for a time, and is parked until then", async () => {
    await start();
    const flow = await engine.live(
      graph("trigger -> wait -> after", {
        wait: { uses: "logic.wait", input: { mode: "duration", duration: { amount: 2, unit: "minutes" } } },
        after: set("{{wait}}"),
      }),
    );
    const id = await engine.start(flow);
    await engine.rest();
    const from = engine.clock.now();
    expect(await engine.run(id)).toMatchObject({
      status: "waiting",
      wakeAt: from + 120_000,
      leaseUntil: null,
    });
    const run = await untilEnded(engine, id);
    expect(run.status).toBe("succeeded");
    expect(engine.clock.now() - from).toBeGreaterThanOrEqual(120_000);
  });

  test("goes through a loop, with the item in reach", async () => {
    await start();
    const flow = await engine.live(
      graph("trigger -> each; each:each -> call; each:done -> sum", {
        each: { uses: "logic.each", input: { items: "{{trigger.body.lines}}", concurrency: 2 } },
        call: call("{{each.item.sku}}/{{each.index}}"),
        sum: set("{{each.count}}"),
      }),
    );
    const run = await untilEnded(
      engine,
      await engine.start(flow, { lines: [{ sku: "a" }, { sku: "b" }, { sku: "c" }] }),
    );
    expect(run.status).toBe("succeeded");
    expect(engine.sent.map((r) => r.url.slice(24))).toEqual(["a/0", "b/1", "c/2"]);
    expect((await engine.steps(run.id)).sum?.output).toEqual({ value: 3 });
  });

  test("stops with an error when it is told to, and quietly when it is told that", async () => {
    await start();
    const loud = await engine.live(
      graph("trigger -> stop; trigger -> wait -> never", {
        wait: minutes(5),
        stop: { uses: "logic.stop", input: { mode: "error", message: "No stock." } },
      }),
    );
    expect(await untilEnded(engine, await engine.start(loud))).toMatchObject({
      status: "failed",
      problem: { sentence: expect.stringContaining("No stock."), stepId: "stop" },
    });
    const quiet = await engine.live(
      graph("trigger -> stop; trigger -> wait -> never", {
        wait: minutes(5),
        stop: { uses: "logic.stop", input: { mode: "quietly" } },
      }),
    );
    const run = await untilEnded(engine, await engine.start(quiet));
    expect(run).toMatchObject({ status: "succeeded", problem: null });
    expect(await engine.steps(run.id)).not.toHaveProperty("never");
  });

  test("can be canceled while it waits, and stays so", async () => {
    await start();
    const wait: StepChange = {
      uses: "logic.wait",
      input: { mode: "duration", duration: { amount: 5, unit: "minutes" } },
    };
    const flow = await engine.live(graph("trigger -> wait -> call", { wait, call: call("x") }));
    const id = await engine.start(flow);
    await engine.rest();
    expect(await cancel(engine.deps, id)).toBe("canceled");
    await engine.clock.advance(600_000);
    expect(await engine.run(id)).toMatchObject({ status: "canceled", problem: { code: "canceled" } });
    expect(engine.sent).toEqual([]);
    expect(await cancel(engine.deps, id)).toBe("ended");
  });

  test("canceled in mid-flight, its late result is refused", async () => {
    let release = () => {};
    await start(
      () =>
        new Promise((resolve) => {
          release = () => resolve({});
        }),
    );
    const flow = await engine.live(graph("trigger -> call -> after", { call: call("x"), after: call("y") }));
    const id = await engine.start(flow);
    await engine.rest();
    await cancel(engine.deps, id);
    release();
    await engine.rest();
    expect((await engine.run(id)).status).toBe("canceled");
    expect(await engine.steps(id)).toEqual({});
    // And nothing that would have come after it was begun.
    expect(engine.sent).toHaveLength(1);
  });

  test("canceled while one step is in mid-flight does not begin another's retry", async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await start(async ({ url }) => {
      if (url.endsWith("/slow")) await released;
      else throw later("Not now.", 2_000);
      return {};
    });
    const steps = { slow: call("slow"), retried: call("r") };
    const id = await engine.start(await engine.live(graph("trigger -> slow; trigger -> retried", steps)));
    await engine.clock.settle();
    await cancel(engine.deps, id);
    // Before leases are renewed, which would tell as well.
    await engine.clock.advance(4_000);
    expect(engine.sent).toHaveLength(2);
    release();
    await engine.rest();
    expect((await engine.run(id)).status).toBe("canceled");
  });

  test("whose lease could not be renewed in time gets no second holder beside the first one", async () => {
    let release = () => {};
    await start(
      () =>
        new Promise((resolve) => {
          release = () => resolve({});
        }),
    );
    const id = await engine.start(await engine.live(graph("trigger -> call", { call: call("x") })));
    await engine.clock.settle();
    const { store } = engine.deps;
    store.runs = { ...store.runs, renew: () => Promise.reject(new StoreUnavailable("Gone.")) };
    await engine.clock.advance(55_000);
    await engine.deps.queue.push({ id: "again", kind: "advance", ref: id, dueAt: engine.clock.now() });
    await engine.rest();
    expect(engine.sent).toHaveLength(1);
    release();
    expect((await untilEnded(engine, id)).status).toBe("succeeded");
    expect((await engine.steps(id)).call).toMatchObject({ attempt: 1, attempts: [] });
    expect(engine.complaints.splice(0).length).toBeGreaterThan(0);
  });

  test("whose result cannot be stored for a while is not done again, and goes on when it can", async () => {
    await start();
    const flow = await engine.live(graph("trigger -> call -> after", { call: call("x"), after: call("y") }));
    engine.faults.record = 4;
    const run = await untilEnded(engine, await engine.start(flow));
    expect(run.status).toBe("succeeded");
    expect(engine.sent.map((r) => r.url.slice(-1))).toEqual(["x", "y"]);
    expect((await engine.steps(run.id)).call).toMatchObject({ attempt: 1, attempts: [] });
    expect(engine.complaints.splice(0)).toHaveLength(4);
  });

  test("with a retry due while the store is away lets nothing fall that is in mid-flight", async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let tries = 0;
    await start(async ({ url }) => {
      if (url.endsWith("/slow")) await released;
      else if (++tries === 1) throw later("Not now.", 10_000);
      return {};
    });
    const id = await engine.start(
      await engine.live(
        graph("trigger -> slow; trigger -> retried", { slow: call("slow"), retried: call("r") }),
      ),
    );
    await engine.clock.settle();
    const { store } = engine.deps;
    const { renew } = store.runs;
    let away = true;
    store.runs = {
      ...store.runs,
      renew: (...args) => (away ? Promise.reject(new StoreUnavailable("Gone.")) : renew(...args)),
    };
    await engine.clock.advance(20_000);
    expect(engine.sent).toHaveLength(2);
    away = false;
    await engine.clock.advance(6_000);
    expect(engine.sent).toHaveLength(3);
    release();
    expect((await untilEnded(engine, id)).status).toBe("succeeded");
    expect((await engine.steps(id)).slow).toMatchObject({ status: "done", attempt: 1, attempts: [] });
    expect(engine.sent).toHaveLength(3);
    expect(engine.complaints.splice(0).length).toBeGreaterThan(0);
  });

  test("whose job the queue lost is found by the sweep", async () => {
    await start();
    const flow = await engine.live(graph("trigger -> call", { call: call("x") }));
    engine.queued = true;
    engine.faults.push = 1;
    const id = await engine.start(flow);
    await engine.rest();
    expect((await engine.run(id)).status).toBe("queued");
    await engine.clock.advance(60_000);
    expect((await untilEnded(engine, id)).status).toBe("succeeded");
    expect(engine.sent).toHaveLength(1);
  });

  test("that was parked goes on though the queue lost its job", async () => {
    await start();
    const flow = await engine.live(graph("trigger -> wait -> call", { wait: minutes(1), call: call("x") }));
    const id = await engine.start(flow);
    await engine.clock.settle();
    await engine.rest();
    // What lost everything is a new process with an empty queue.
    await engine.crash({ emptyQueue: true });
    await engine.rest();
    expect((await engine.run(id)).status).toBe("waiting");
    await engine.clock.advance(120_000);
    expect((await untilEnded(engine, id)).status).toBe("succeeded");
    expect(engine.sent).toHaveLength(1);
  });

  test("can be run again, from the start", async () => {
    await start();
    const flow = await engine.live(graph("trigger -> call", { call: call("{{trigger.body.n}}") }));
    const first = await engine.start(flow, { n: 5 });
    await untilEnded(engine, first);
    const again = await replay(engine.deps, first);
    if (again.kind !== "accepted") throw new Error(again.kind);
    expect(await untilEnded(engine, again.runId)).toMatchObject({ status: "succeeded", replayOf: first });
    expect(engine.sent.map((r) => r.url)).toEqual(["https://api.example.com/5", "https://api.example.com/5"]);
  });
});

describe("a step that must not be repeated unasked", () => {
  const slack = call("x", { ifInterrupted: "ask" });

  test("is asked about when the process died in the middle of it", async () => {
    let hang = true;
    await start(() => (hang ? new Promise(() => {}) : {}));
    const flow = await engine.live(
      graph("trigger -> say -> after", { say: slack, after: set("{{say.status | default: 0}}") }),
    );
    const id = await engine.start(flow);
    await engine.rest();
    hang = false;
    await engine.crash();
    await engine.rest();
    expect(await engine.run(id)).toMatchObject({ status: "asking", problem: { code: "outcome-unknown" } });
    expect(engine.sent).toHaveLength(1);
    // Whoever decides sees what may have been sent.
    expect((await engine.steps(id)).say).toMatchObject({
      input: { url: "https://api.example.com/x", json: {} },
    });
    await engine.clock.advance(300_000);
    expect(engine.sent).toHaveLength(1);

    expect(await answer(engine.deps, id, { path: "say", choice: "repeat" })).toBe("answered");
    expect((await untilEnded(engine, id)).status).toBe("succeeded");
    expect(engine.sent).toHaveLength(2);
    expect((await engine.steps(id)).say).toMatchObject({
      attempt: 2,
      attempts: [{ attempt: 1, problem: { code: "outcome-unknown" } }],
    });
    expect(await answer(engine.deps, id, { path: "say", choice: "repeat" })).toBe("not-asking");
  });

  test("can be skipped with a value that later steps see", async () => {
    await start(() => new Promise(() => {}));
    const flow = await engine.live(
      graph("trigger -> say -> after", { say: slack, after: set("{{say.status}}") }),
    );
    const id = await engine.start(flow);
    await engine.rest();
    await engine.crash();
    await engine.rest();
    await answer(engine.deps, id, { path: "say", choice: "skip", value: { status: "it was there" } });
    expect((await untilEnded(engine, id)).status).toBe("succeeded");
    expect((await engine.steps(id)).after?.output).toEqual({ value: "it was there" });
  });

  test("can stop the run", async () => {
    await start(() => new Promise(() => {}));
    const flow = await engine.live(graph("trigger -> after; trigger -> say", { say: slack, after: set(1) }));
    const id = await engine.start(flow);
    await engine.rest();
    await engine.crash();
    await engine.rest();
    expect(await answer(engine.deps, id, { path: "after", choice: "repeat" })).toBe("not-asking");
    expect(await answer(engine.deps, id, { path: "constructor", choice: "repeat" })).toBe("not-asking");
    expect((await engine.run(id)).status).toBe("asking");
    await answer(engine.deps, id, { path: "say", choice: "stop" });
    expect(await engine.run(id)).toMatchObject({ status: "failed" });
  });

  test("is asked about when the connection was lost after it was sent, and only then", async () => {
    const lost = { code: "http-network", sentence: "The connection was lost." };
    await start((_, nth) => {
      throw new TryLater(lost, { maybeDone: nth === 2 });
    });
    const flow = await engine.live(graph("trigger -> say", { say: slack }));
    const id = await engine.start(flow);
    expect(await untilEnded(engine, id)).toMatchObject({ status: "asking" });
    // The first one never reached the other side, so it was tried again without a question.
    expect(engine.sent).toHaveLength(2);
    expect((await engine.steps(id)).say?.problem?.sentence).toContain("The connection was lost.");
  });

  test("is not asked about when the process died before it began", async () => {
    await start();
    const flow = await engine.live(
      graph("trigger -> wait -> say", {
        wait: { uses: "logic.wait", input: { mode: "duration", duration: { amount: 5, unit: "minutes" } } },
        say: slack,
      }),
    );
    const id = await engine.start(flow);
    await engine.rest();
    await engine.crash();
    expect((await untilEnded(engine, id)).status).toBe("succeeded");
    expect(engine.sent).toHaveLength(1);
  });
});

test("a keyed step that was cut off is done again with the same key, and its history says so", async () => {
  let hang = true;
  await start(() => (hang ? new Promise(() => {}) : {}));
  const flow = await engine.live(graph("trigger -> call", { call: call("x") }));
  const id = await engine.start(flow);
  await engine.rest();
  hang = false;
  await engine.crash();
  expect((await untilEnded(engine, id)).status).toBe("succeeded");
  expect(new Set(engine.sent.map((r) => JSON.stringify(r.headers))).size).toBe(1);
  expect((await engine.steps(id)).call).toMatchObject({
    attempt: 2,
    attempts: [{ problem: { code: "interrupted" } }],
  });
});

describe("a schedule", () => {
  const every = (cron: string): StepChange => ({ uses: "schedule.cron", input: { cron, timeZone: "UTC" } });

  test("that was changed does not keep its old times", async () => {
    await start();
    const ping = call("tick", { input: { method: "POST", url: "https://api.example.com/tick" } });
    const flow = await engine.live(graph("trigger -> call", { trigger: every("*/5 * * * *"), call: ping }));
    await engine.clock.advance(60_000);
    const slower = {
      ...flow,
      draft: graph("trigger -> call", { trigger: every("*/20 * * * *"), call: ping }),
    };
    expect((await publish(engine.deps, slower, { note: "" })).kind).toBe("published");
    await engine.clock.advance(15 * 60_000);
    expect(engine.sent).toHaveLength(0);
    await engine.clock.advance(5 * 60_000);
    expect(engine.sent).toHaveLength(1);
  });

  test("makes one run of a time, however often its job is delivered", async () => {
    await start();
    const flow = await engine.live(
      graph("trigger -> a", { trigger: every("*/5 * * * *"), a: set("{{trigger.scheduledFor}}") }),
    );
    await engine.clock.advance(5 * 60_000);
    const dueAt = engine.clock.now();
    for (let i = 0; i < 3; i++) await tick(engine.deps, { id: "again", kind: "tick", ref: flow.id, dueAt });
    await engine.rest();
    const { items } = await engine.deps.store.runs.list({ workspaceId: flow.workspaceId, limit: 10 });
    expect(items).toHaveLength(1);
    expect((await engine.steps(items[0]?.id ?? "")).a?.output).toEqual({
      value: new Date(dueAt).toISOString(),
    });
  });

  test("starts a run at each of its times, and once for those it missed", async () => {
    await start();
    const flow = await engine.live(
      graph("trigger -> call", {
        trigger: { uses: "schedule.cron", input: { cron: "*/5 * * * *", timeZone: "UTC" } },
        call: { uses: "http.request", input: { method: "POST", url: "https://api.example.com/tick" } },
      }),
    );
    await engine.clock.advance(3 * 300_000);
    await engine.rest();
    expect(engine.sent).toHaveLength(3);
    const before = engine.sent.length;
    // Switched off for five hours, then on: one run for what was missed.
    await engine.deps.store.flows.patch(flow.id, { status: "paused" });
    await engine.clock.advance(5 * 300_000);
    expect(engine.sent).toHaveLength(before);
  });
});
