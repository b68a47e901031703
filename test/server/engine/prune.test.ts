// What is too old is deleted: ended runs after their time, and the figures of minutes after a week.

import { afterEach, expect, test } from "vitest";
import { prune } from "../../../server/engine/sweep.ts";
import { MINUTE_MS } from "../../../server/minute-stats.ts";
import { aRun } from "../../contracts/builders.ts";
import { startTestApp, type TestApp } from "../../kit/app.ts";

const DAY_MS = 86_400_000;

let app: TestApp;
afterEach(() => app.close());

test("figures are kept for a week, however long runs are kept", async () => {
  app = await startTestApp();
  const { store, clock } = app.deps;
  const now = clock.now();
  const counts = {
    accepted: 1,
    refused: 0,
    succeeded: 0,
    failed: 0,
    canceled: 0,
    steps: 0,
    timed: 0,
    runMs: 0,
  };
  const minuteOf = (daysAgo: number) => Math.floor((now - daysAgo * DAY_MS) / MINUTE_MS);
  for (const daysAgo of [30, 7.1, 6.9, 0]) await store.stats.add(minuteOf(daysAgo), counts);
  await prune(app.deps, 1);
  expect((await store.stats.since(0)).map(({ minute }) => minute)).toEqual([minuteOf(6.9), minuteOf(0)]);
});

test("ended runs are deleted when they are older than they are kept, and open ones are not", async () => {
  app = await startTestApp();
  const { store, clock } = app.deps;
  const createdAt = clock.now() - 2 * DAY_MS;
  const runs = {
    old: aRun({ createdAt }),
    open: aRun({ createdAt }),
    young: aRun({ createdAt: clock.now() }),
  };
  for (const run of Object.values(runs)) await store.runs.accept(run);
  for (const run of [runs.old, runs.young]) {
    await store.runs.claim(run.id, clock.now(), clock.now() + 30_000);
    await store.runs.record(run.id, 1, { run: { status: "succeeded", finishedAt: clock.now() } });
  }
  await prune(app.deps, DAY_MS);
  expect(await store.runs.get(runs.old.id)).toBeNull();
  for (const run of [runs.open, runs.young]) expect(await store.runs.get(run.id)).not.toBeNull();
});
