// Measures the SQLite store: `node test/bench/store.ts [runs for the list, default 1000000] [folder]`. Prints JSON lines.

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteFile, type SqliteFile } from "../../server/adapters/sqlite-file.ts";
import { createSqliteQueue } from "../../server/adapters/sqlite-queue.ts";
import { createSqliteStore } from "../../server/adapters/sqlite-store.ts";
import { createSystemClock } from "../../server/adapters/system-clock.ts";
import type { Store } from "../../server/ports/store.ts";
import { newId } from "../../shared/id.ts";
import type { Run, RunStatus, StepRun } from "../../shared/run.ts";
import { runAt, stepAt } from "./rows.ts";
import { percentile, round } from "./statistics.ts";

const many = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(process.argv[3] ?? tmpdir(), "flowcatch-bench-"));
const body = Buffer.from(JSON.stringify({ order: 1001, note: "x".repeat(900), customer: { name: "Ada" } }));
let at = Date.UTC(2026, 0, 1);

const file = openSqliteFile(folder);
const store = createSqliteStore(file);
try {
  await accepting(store, 50, 20_000);
  await accepting(store, 1, 3_000);
  await cycling(store, 50, 10_000);
  await queueing(file, 20_000);
  if (many > 0) await listing(file, store);
} finally {
  await store.close();
  rmSync(folder, { recursive: true });
}

async function accepting(store: Store, callers: number, runs: number): Promise<void> {
  const began = performance.now();
  const waits: number[] = [];
  await concurrently(callers, runs, async () => {
    const from = performance.now();
    await store.runs.accept(aRun());
    waits.push(performance.now() - from);
  });
  say("accept", { callers, "runs/s": perSecond(runs, began), ...percentiles(waits) });
}

/** What the engine does for a run with two steps: accept, claim, two saves, the end. */
async function cycling(store: Store, callers: number, runs: number): Promise<void> {
  const began = performance.now();
  await concurrently(callers, runs, async () => {
    const run = aRun();
    await store.runs.accept(run);
    const claim = await store.runs.claim(run.id, run.createdAt, run.createdAt + 30_000);
    if (!claim) throw new Error("not claimed");
    const { fence } = claim.run;
    await store.runs.record(run.id, fence, { steps: [aStep("trigger")] });
    await store.runs.record(run.id, fence, { steps: [aStep("notify")] });
    await store.runs.record(run.id, fence, { run: { status: "succeeded", finishedAt: run.createdAt + 100 } });
  });
  say("accept + claim + 2 steps + finish", { callers, "runs/s": perSecond(runs, began) });
}

/** Jobs pushed by 50 callers, each handled at once. */
async function queueing(file: SqliteFile, jobs: number): Promise<void> {
  const queue = createSqliteQueue(file, createSystemClock());
  let handled = 0;
  const all = Promise.withResolvers<void>();
  const handler = async () => {
    if (++handled === jobs) all.resolve();
  };
  queue.work(["advance"], handler, { concurrency: 50 });
  const began = performance.now();
  let number = 0;
  await concurrently(50, jobs, () =>
    queue.push({ id: `advance:${number++}`, kind: "advance", ref: "run_1", dueAt: Date.now() }),
  );
  await all.promise;
  say("push + handle + done", { "jobs/s": perSecond(jobs, began) });
  await queue.close(10_000);
}

async function listing(file: SqliteFile, store: Store): Promise<void> {
  const flows = Array.from({ length: 20 }, () => newId("flow", at));
  const statuses: RunStatus[] = ["succeeded", "succeeded", "succeeded", "failed", "canceled"];
  let began = performance.now();
  const portion = 5_000;
  for (let made = 0; made < many; made += portion) {
    const runs = Array.from({ length: portion }, (_, i) =>
      aRun({
        flowId: (made + i) % 10 === 0 ? flows[19] : flows[0],
        status: (made + i) % 50_000 === 7 ? "asking" : (statuses[i % 5] ?? "failed"),
      }),
    );
    await Promise.all(runs.map((run) => store.runs.accept(run)));
  }
  say("filled", {
    runs: many,
    "runs/s": perSecond(many, began),
    megabytes: Math.round(statSync(join(folder, "flowcatch.db")).size / 1e6),
  });
  const workspaceId = "ws_1";
  const flowId = flows[0];
  const middle = Date.UTC(2026, 0, 1) + (at - Date.UTC(2026, 0, 1)) / 2;
  const queries = {
    newest: {},
    "a flow": { flowId },
    "a rare flow": { flowId: flows[19] },
    "a rare status": { status: ["asking" as const] },
    "a flow's failed": { flowId, status: ["failed" as const] },
    "a flow's asking": { flowId, status: ["asking" as const] },
    "three statuses": { status: ["failed" as const, "canceled" as const, "asking" as const] },
    "from, to": { from: middle, to: middle + 60_000 },
    "status, from, to": { status: ["canceled" as const], from: middle, to: middle + 60_000 },
    "text, common": { text: "ada" },
    "text, absent (20,000 scanned)": { text: "nowhere to be found" },
  };
  for (const [what, query] of Object.entries(queries)) {
    began = performance.now();
    const page = await store.runs.list({ workspaceId, limit: 50, ...query });
    say("list", { what, ms: since(began), rows: page.items.length });
  }
  began = performance.now();
  let cursor: string | null = null;
  let longest = 0;
  for (let page = 0; page < 200; page++) {
    const from = performance.now();
    const got = await store.runs.list({ workspaceId, limit: 200, ...(cursor ? { cursor } : {}) });
    longest = Math.max(longest, performance.now() - from);
    cursor = got.next;
  }
  say("200 pages of 200", { ms: since(began), longest: Math.round(longest * 10) / 10 });
  began = performance.now();
  say("count", { all: await store.runs.count(), ms: since(began) });
  began = performance.now();
  await store.runs.count(flowId);
  await store.runs.recentEvents(flowId ?? "", 20);
  await store.runs.overdue(at, 100);
  say("count of a flow, recent events, overdue", { ms: since(began) });
  const [row] = (await store.runs.list({ workspaceId, limit: 1, from: middle, to: middle + 9_000 })).items;
  began = performance.now();
  await store.runs.get(row?.id ?? "");
  await store.runs.steps(row?.id ?? "");
  say("open", { ms: since(began) });
  await accepting(store, 50, 20_000);
  await cycling(store, 50, 10_000);
  began = performance.now();
  say("prune", { runs: await store.runs.prune(middle, 1_000), ms: since(began) });
  began = performance.now();
  await file.close();
  say("close", { ms: since(began) });
  began = performance.now();
  const again = openSqliteFile(folder);
  await createSqliteStore(again).check();
  say("open the file", { ms: since(began) });
  await again.close();
}

function aRun(change: Partial<Run> = {}): Run {
  at += 10;
  return runAt(at, body, change);
}

function aStep(path: string): StepRun {
  return stepAt(at, path);
}

async function concurrently(callers: number, times: number, what: () => Promise<void>): Promise<void> {
  let left = times;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (left-- > 0) await what();
    }),
  );
}

function percentiles(values: number[]) {
  return { p50: round(percentile(values, 0.5), 2), p99: round(percentile(values, 0.99), 2) };
}

function perSecond(count: number, began: number): number {
  return Math.round((count / (performance.now() - began)) * 1000);
}

function since(began: number): number {
  return Math.round((performance.now() - began) * 10) / 10;
}

function say(what: string, numbers: object): void {
  console.log(JSON.stringify({ what, ...numbers }));
}
