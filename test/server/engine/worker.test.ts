// A worker takes up at once what the last process left, and lets go of what was taken away from it.

import { afterEach, expect, test } from "vitest";
import { openSqliteMemory } from "../../../server/adapters/sqlite-file.ts";
import { createSqliteQueue } from "../../../server/adapters/sqlite-queue.ts";
import { cancel } from "../../../server/engine/run-control.ts";
import { createShapes } from "../../../server/engine/shapes.ts";
import { SWEEP_EVERY_MS } from "../../../server/engine/sweep.ts";
import { startWorker } from "../../../server/engine/worker.ts";
import { StoreUnavailable } from "../../../server/ports/store.ts";
import { createTestEngine, type TestEngine } from "../../kit/engine.ts";
import { graph } from "../../kit/graph.ts";

let engine: TestEngine;
afterEach(() => engine.stop());

const ONE_CALL = graph("trigger -> call", {
  call: { uses: "http.request", input: { method: "POST", url: "https://api.example.com/x" } },
});

test("a run that the last process was in the middle of goes on at the start, though the queue is empty", async () => {
  let hangs = true;
  engine = await createTestEngine(() => (hangs ? new Promise(() => {}) : {}));
  const id = await engine.start(await engine.live(ONE_CALL));
  await engine.rest();
  hangs = false;
  await engine.crash({ emptyQueue: true });
  // The time stands still: no sweep has come round.
  await engine.rest();
  expect((await engine.run(id)).status).toBe("succeeded");
});

test("a step whose run was taken away is told to stop, within the time of a lease", async () => {
  engine = await createTestEngine(() => new Promise(() => {}));
  const id = await engine.start(await engine.live(ONE_CALL));
  await engine.rest();
  await engine.clock.advance(29_000);
  expect(engine.sent[0]?.signal?.aborted).toBe(false);
  await cancel(engine.deps, id);
  await engine.clock.advance(30_000);
  expect(engine.sent[0]?.signal?.aborted).toBe(true);
});

test("a store that is busy when a worker starts does not end it: the next sweep is soon", async () => {
  engine = await createTestEngine();
  const file = openSqliteMemory();
  const queue = createSqliteQueue(file, engine.clock);
  const { store } = engine;
  const overdue = () => Promise.reject(new StoreUnavailable("It has not answered in time."));
  const busy = { ...store, runs: { ...store.runs, overdue } };
  const deps = { ...engine.deps, queue, store: busy, shapeOf: createShapes(store) };
  const worker = await startWorker(deps, { concurrency: 1, retentionMs: 86_400_000 });
  await engine.clock.advance(10_000);
  expect(await queue.depth()).toMatchObject({ waiting: 2 });
  await worker.stop(0);
  await file.close();
});

test("a queue that lost everything has the next sweep and the next pruning again", async () => {
  engine = await createTestEngine();
  const file = openSqliteMemory();
  const queue = createSqliteQueue(file, engine.clock);
  const deps = { ...engine.deps, queue, shapeOf: createShapes(engine.store) };
  const worker = await startWorker(deps, { concurrency: 1, retentionMs: 86_400_000 });
  await file.run("DELETE FROM jobs");
  expect(await queue.depth()).toEqual({ waiting: 0, oldestDueAt: null });
  await engine.clock.advance(SWEEP_EVERY_MS);
  const now = engine.clock.now();
  expect(await queue.depth()).toEqual({ waiting: 2, oldestDueAt: now + SWEEP_EVERY_MS });
  await engine.clock.advance(SWEEP_EVERY_MS + 5_000);
  // that sweep was done, and pushed the one after it
  expect(await queue.depth()).toEqual({ waiting: 2, oldestDueAt: now + 2 * SWEEP_EVERY_MS });
  await worker.stop(0);
  await file.close();
});
