// How the installation says it is doing, after real events.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { HealthView } from "../../../shared/health.ts";
import { startTestApp, type TestApp } from "../../kit/app.ts";
import { createFakeClock } from "../../kit/clock.ts";
import { liveFlow } from "../../kit/flows.ts";

let app: TestApp;
afterEach(() => app.close());

async function health(): Promise<HealthView> {
  const answer = await app.owner("GET", "/api/health");
  expect(answer.status).toBe(200);
  return answer.body as HealthView;
}

async function send(flow: { catchUrl: string }): Promise<string> {
  const { body } = await app.anonymous("POST", new URL(flow.catchUrl).pathname, { body: { n: 1 } });
  return (body as { runId: string }).runId;
}

test("an empty installation is at rest: sixty quiet minutes, and nothing that waits or went wrong", async () => {
  app = await startTestApp();
  const report = await health();
  expect(report).toMatchObject({
    version: "1.2.3",
    store: "SQLite",
    queue: "SQLite",
    backlog: { queued: 0, running: 0, waiting: 0, asking: 0 },
    oldestQueued: null,
    jobs: { waiting: 0, oldestDueAt: null },
    disk: { databaseBytes: null, freeBytes: null, flows: [] },
    failedRuns: [],
    lines: [],
  });
  expect(report.minutes).toHaveLength(60);
  expect(report.minutes.every(({ accepted, failed }) => accepted + failed === 0)).toBe(true);
  expect(report.lastDay.averageRunMs).toBeNull();
  expect(report.since).toBeLessThanOrEqual(report.at);
});

test("what came and ended is in its minute, and in the day's sum", async () => {
  app = await startTestApp({ worker: true });
  const good = await liveFlow(app);
  const bad = await liveFlow(app, {
    stop: { uses: "logic.stop", input: { mode: "error", message: "Sold out" } },
  });
  await send(good);
  await send(good);
  const failed = await send(bad);
  await expect
    .poll(async () => (await health()).lastDay)
    .toMatchObject({ accepted: 3, succeeded: 2, failed: 1, refused: 0, canceled: 0 });
  const report = await health();
  const last = report.minutes.slice(-2);
  expect(last.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(3);
  expect(report.lastDay.averageRunMs).toBeGreaterThanOrEqual(0);
  expect(report.failedRuns).toMatchObject([
    {
      runId: failed,
      flowId: bad.id,
      flowName: "A flow",
      problem: { sentence: expect.stringContaining("Sold out") },
    },
  ]);
});

test("what waits to be begun is counted, with the oldest of it and its flow", async () => {
  app = await startTestApp();
  const flow = await liveFlow(app);
  const first = await send(flow);
  await send(flow);
  const report = await health();
  expect(report.backlog).toMatchObject({ queued: 2, running: 0 });
  expect(report.oldestQueued).toMatchObject({ runId: first, flowId: flow.id, flowName: "A flow" });
  expect(report.jobs.waiting).toBe(2);
  expect(report.disk.flows).toMatchObject([{ flowId: flow.id, flowName: "A flow", runs: 2 }]);
  expect(report.disk.flows[0]?.bytes).toBeGreaterThan(100);
});

test("the figures move along: after an hour a minute is out of sight, after a day it is forgotten", async () => {
  const clock = createFakeClock();
  app = await startTestApp({ clock });
  await send(await liveFlow(app));
  await clock.leap(59 * 60_000);
  expect((await health()).minutes.map(({ accepted }) => accepted)).toEqual([1, ...Array(59).fill(0)]);
  await clock.leap(60_000);
  expect((await health()).minutes.every(({ accepted }) => accepted === 0)).toBe(true);
  expect((await health()).lastDay.accepted).toBe(1);
  await clock.leap(23 * 3_600_000);
  expect((await health()).lastDay.accepted).toBe(0);
});

test("a database on disk has a size, its disk has room, and the figures outlive the process", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "flowcatch-health-"));
  try {
    app = await startTestApp({ dataDir });
    await send(await liveFlow(app));
    const { disk } = await health();
    expect(disk.databaseBytes).toBeGreaterThan(4_096);
    expect(disk.freeBytes).toBeGreaterThan(0);
    await app.close();
    app = await startTestApp({ dataDir, owner: false });
    const again = await app.program("GET", "/api/health");
    expect(again.body).toMatchObject({ lastDay: { accepted: 1 } });
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});

test("the last lines of the log are told without what stood beside them", async () => {
  app = await startTestApp({ mayLogErrors: true });
  app.deps.log.error(
    { runId: "run_1", err: new Error("CANARY"), url: "https://CANARY" },
    "a step went wrong",
  );
  const answer = await app.owner("GET", "/api/health");
  expect(answer.body).toMatchObject({
    lines: [{ level: "error", sentence: "a step went wrong", runId: "run_1" }],
  });
  expect(answer.text).not.toContain("CANARY");
});
