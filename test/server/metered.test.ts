// What the figures say after real events, on the whole server: each thing counted once, where it happened.

import { afterEach, expect, test } from "vitest";
import { createAddressGuard, parseAllowList } from "../../server/adapters/address-guard.ts";
import { createGuardedHttp } from "../../server/adapters/guarded-http.ts";
import { createSystemClock } from "../../server/adapters/system-clock.ts";
import { StoreUnavailable } from "../../server/ports/store.ts";
import type { FlowView, RunView } from "../../shared/api-views.ts";
import { aRun, aStep, T0 } from "../contracts/builders.ts";
import { startTestApp, type TestApp, type TestAppOptions } from "../kit/app.ts";
import { liveFlow } from "../kit/flows.ts";
import { type HttpTarget, startHttpTarget } from "../kit/targets.ts";

let app: TestApp;
let target: HttpTarget | undefined;
afterEach(async () => {
  await app.close();
  await target?.close();
  target = undefined;
});

/** The server with the real outbound door, and something behind it. */
async function startWithTarget(options: TestAppOptions = {}): Promise<HttpTarget> {
  target = await startHttpTarget();
  const guard = createAddressGuard({ allow: parseAllowList("127.0.0.0/8") });
  const http = createGuardedHttp({ guard, clock: createSystemClock() });
  app = await startTestApp({ worker: true, http, ...options });
  return target;
}

function ask(path: string) {
  return {
    uses: "http.request",
    input: { method: "POST", url: `${target?.url}/${path}`, bodyType: "none" },
  };
}

function post(flow: FlowView, body: unknown = { n: 1 }, headers: Record<string, string> = {}) {
  return app.anonymous("POST", new URL(flow.catchUrl).pathname, { body, headers });
}

async function ended(flow: FlowView, body?: unknown): Promise<RunView> {
  const { runId } = (await post(flow, body)).body as { runId: string };
  for (let look = 0; look < 300; look++) {
    const run = (await app.owner("GET", `/api/runs/${runId}`)).body as RunView;
    if (run.finishedAt !== null) return run;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error(`${runId} does not end`);
}

/** The figure with this name and these labels; undefined when there is none. */
async function figure(name: string, labels: Record<string, string> = {}): Promise<number | undefined> {
  const { text } = await app.program("GET", "/metrics");
  const line = text
    .split("\n")
    .find(
      (one) =>
        (one.startsWith(`${name} `) || one.startsWith(`${name}{`)) &&
        Object.entries(labels).every(([key, value]) => one.includes(`${key}="${value}"`)),
    );
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(" ") + 1));
}

async function minute() {
  await app.deps.watch.minutes.flush();
  const rows = await app.deps.store.stats.since(0);
  const sum = (
    name: "accepted" | "refused" | "succeeded" | "failed" | "canceled" | "steps" | "timed" | "runMs",
  ) => rows.reduce((so, row) => so + row[name], 0);
  return { sum };
}

test("events, runs, steps and requests are counted by what became of them", async () => {
  const answers = await startWithTarget();
  answers.answer = ({ path }) => (path === "/refuse" ? { status: 422, body: "no" } : { body: "{}" });
  const good = await liveFlow(app, {
    ask: ask("ok"),
    set: { uses: "logic.setFields", input: { fields: [] } },
  });
  const bad = await liveFlow(app, { ask: ask("refuse") });
  for (let n = 0; n < 3; n++) expect((await ended(good)).status).toBe("succeeded");
  expect((await ended(bad)).status).toBe("failed");

  expect(await figure("flowcatch_events_accepted_total", { source: "webhook" })).toBe(4);
  expect(await figure("flowcatch_runs_ended_total", { status: "succeeded" })).toBe(3);
  expect(await figure("flowcatch_runs_ended_total", { status: "failed" })).toBe(1);
  expect(await figure("flowcatch_runs", { status: "succeeded" })).toBe(3);
  expect(await figure("flowcatch_runs", { status: "queued" })).toBe(0);
  const steps = "flowcatch_step_duration_seconds_count";
  expect(await figure(steps, { uses: "http.request", outcome: "done" })).toBe(3);
  expect(await figure(steps, { uses: "http.request", outcome: "failed" })).toBe(1);
  expect(await figure(steps, { uses: "logic.setFields", outcome: "done" })).toBe(3);
  expect(await figure("flowcatch_outbound_requests_total", { outcome: "ok", status: "2xx" })).toBe(3);
  expect(await figure("flowcatch_outbound_requests_total", { outcome: "refused", status: "4xx" })).toBe(1);
  expect(await figure("flowcatch_outbound_request_seconds_count", { outcome: "ok" })).toBe(3);
  expect(await figure("flowcatch_commit_writes_count")).toBeGreaterThan(0);
  expect(await figure("flowcatch_commit_seconds_count")).toBe(await figure("flowcatch_commit_writes_count"));

  const { sum } = await minute();
  expect([sum("accepted"), sum("succeeded"), sum("failed"), sum("steps")]).toEqual([4, 3, 1, 7]);
  expect(sum("timed")).toBe(4);
  expect(sum("runMs")).toBeGreaterThan(0);
  // No label may have as many values as there are addresses.
  expect((await app.program("GET", "/metrics")).text).not.toContain("127.0.0.1");
});

test("an attempt that is tried again is one of its own", async () => {
  const answers = await startWithTarget();
  // The second attempt is let go when the run has been canceled: however soon it came, it changes nothing.
  const canceled = Promise.withResolvers<void>();
  let asked = 0;
  answers.answer = async () => {
    if (++asked === 1) return { status: 503 };
    await canceled.promise;
    return { body: "{}" };
  };
  const shaky = await liveFlow(app, { ask: ask("shaky") });
  const { runId } = (await post(shaky)).body as { runId: string };
  await expect
    .poll(() => figure("flowcatch_step_duration_seconds_count", { uses: "http.request", outcome: "retry" }))
    .toBe(1);
  expect(await figure("flowcatch_outbound_requests_total", { outcome: "later", status: "5xx" })).toBe(1);
  expect((await app.owner("POST", `/api/runs/${runId}/cancel`)).status).toBe(200);
  canceled.resolve();
  expect(await figure("flowcatch_runs_ended_total", { status: "canceled" })).toBe(1);
  const { sum } = await minute();
  expect([sum("canceled"), sum("timed")]).toEqual([1, 0]);
});

test("a request without an answer has no status", async () => {
  await startWithTarget();
  const flow = await liveFlow(app, {
    ask: { uses: "http.request", input: { method: "GET", url: "http://10.0.0.1/", bodyType: "none" } },
  });
  expect((await ended(flow)).status).toBe("failed");
  expect(await figure("flowcatch_outbound_requests_total", { outcome: "refused", status: "none" })).toBe(1);
});

test("a run that somebody starts again is an event of its own source", async () => {
  await startWithTarget();
  const flow = await liveFlow(app);
  const { id } = await ended(flow);
  expect((await app.owner("POST", `/api/runs/${id}/replay`)).status).toBe(201);
  expect(await figure("flowcatch_events_accepted_total", { source: "webhook" })).toBe(1);
  expect(await figure("flowcatch_events_accepted_total", { source: "again" })).toBe(1);
});

test("what starts nothing is counted by its reason, and what a sender did wrong as refused", async () => {
  app = await startTestApp({ settings: { maxBodyBytes: 1_000 } });
  const flow = await liveFlow(app);
  const path = new URL(flow.catchUrl).pathname;
  const json = { "content-type": "application/json" };
  await app.anonymous("POST", path, { body: "{broken", headers: json });
  await app.anonymous("POST", path, { body: `"${"x".repeat(2_000)}"`, headers: json });
  await app.anonymous("POST", path, { body: "x", headers: { ...json, "content-encoding": "gzip" } });
  await app.anonymous("POST", "/catch/no-such-key-no-such-key", { body: {} });
  await app.anonymous("POST", "/catch/too.short", { body: {} });
  await app.owner("POST", `/api/flows/${flow.id}/pause`);
  await post(flow);
  const reasons = (await app.program("GET", "/metrics")).text.match(/^flowcatch_events_refused_total\{.*$/gm);
  expect(reasons?.map((line) => line.replace(/^.*reason="(.*)"\}/, "$1")).toSorted()).toEqual(
    ["asleep 1", "malformed-json 1", "malformed-encoding 1", "too-large 1", "unknown 2"].toSorted(),
  );
  const { sum } = await minute();
  expect([sum("accepted"), sum("refused")]).toEqual([0, 5]);
});

test("an event that comes twice is accepted once, and its sender did nothing wrong", async () => {
  app = await startTestApp();
  const { store, onReceived } = app.deps;
  const dedupeKey = "order-1001";
  expect((await store.runs.accept(aRun({ dedupeKey }))).kind).toBe("accepted");
  const again = await store.runs.accept(aRun({ dedupeKey }));
  if (again.kind === "duplicate") onReceived?.(again);
  expect(await figure("flowcatch_events_accepted_total", { source: "webhook" })).toBe(1);
  expect(await figure("flowcatch_events_refused_total", { reason: "duplicate" })).toBe(1);
  const { sum } = await minute();
  expect([sum("accepted"), sum("refused")]).toEqual([1, 0]);
});

test("what a holder writes who has lost the run is counted as refused, and as nothing else", async () => {
  app = await startTestApp();
  const { runs } = app.deps.store;
  const run = aRun();
  await runs.accept(run);
  await runs.claim(run.id, T0, T0 + 1);
  await runs.claim(run.id, T0 + 2, T0 + 30_000);
  const end = { steps: [aStep("a")], run: { status: "succeeded" as const, finishedAt: run.createdAt + 400 } };
  expect(await figure("flowcatch_writes_refused_total")).toBe(0);
  expect(await runs.record(run.id, 1, end)).toBe("fenced");
  expect(await figure("flowcatch_writes_refused_total")).toBe(1);
  expect(await figure("flowcatch_runs_ended_total", { status: "succeeded" })).toBe(0);
  expect((await minute()).sum("steps")).toBe(0);
  await runs.claim(run.id, T0 + 40_000, T0 + 70_000);
  expect(await runs.record(run.id, 3, end)).toBe("saved");
  expect(await figure("flowcatch_writes_refused_total")).toBe(1);
  expect(await figure("flowcatch_runs_ended_total", { status: "succeeded" })).toBe(1);
  const { sum } = await minute();
  expect([sum("succeeded"), sum("steps"), sum("timed"), sum("runMs")]).toEqual([1, 1, 1, 400]);
});

test("a store that cannot be written is a problem of its own, and the event is refused", async () => {
  let full = false;
  app = await startTestApp({
    mayLogErrors: true,
    wrapStore: (store) => ({
      ...store,
      runs: {
        ...store.runs,
        accept: (run) =>
          full ? Promise.reject(new StoreUnavailable("The disk is full.")) : store.runs.accept(run),
      },
    }),
  });
  const flow = await liveFlow(app);
  full = true;
  expect((await post(flow)).status).toBe(503);
  expect(await figure("flowcatch_background_problems_total", { kind: "store" })).toBe(1);
  expect(await figure("flowcatch_events_refused_total", { reason: "store-unavailable" })).toBe(1);
  expect(await figure("flowcatch_events_accepted_total", { source: "webhook" })).toBe(0);
  full = false;
  expect((await post(flow)).status).toBe(202);
  expect(await figure("flowcatch_background_problems_total", { kind: "store" })).toBe(1);
});

test("a job that has to be done again is counted", async () => {
  let broken = true;
  app = await startTestApp({
    mayLogErrors: true,
    worker: true,
    wrapStore: (store) => ({
      ...store,
      runs: {
        ...store.runs,
        prune: (...about) => {
          if (broken) throw new Error("out of order");
          return store.runs.prune(...about);
        },
      },
    }),
  });
  await app.deps.queue.push({ id: "prune@now", kind: "prune", ref: "prune", dueAt: 0 });
  await expect.poll(() => figure("flowcatch_background_problems_total", { kind: "job" })).toBe(1);
  broken = false;
});

test("the queue says how many jobs it has, and for how long the oldest has been due", async () => {
  app = await startTestApp();
  await app.deps.queue.push({ id: "a", kind: "sweep", ref: "sweep", dueAt: Date.now() - 60_000 });
  await app.deps.queue.push({ id: "b", kind: "sweep", ref: "sweep", dueAt: Date.now() + 60_000 });
  expect(await figure("flowcatch_queue_jobs")).toBe(2);
  expect(await figure("flowcatch_queue_oldest_due_seconds")).toBeGreaterThanOrEqual(60);
});
