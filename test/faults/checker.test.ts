// The checker sees what it is there to see: in a database and two ledgers that fit, one thing is wrong at a time.

import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSqliteFile } from "../../server/adapters/sqlite-file.ts";
import { createSqliteStore } from "../../server/adapters/sqlite-store.ts";
import type { Store } from "../../server/ports/store.ts";
import type { StepRun } from "../../shared/run.ts";
import { aRun, aStep, aWebhook, T0 } from "../contracts/builders.ts";
import { type CheckOptions, check, openRuns, runsInHand } from "./checker.ts";
import { type Called, openLedger, readLedger, type Sent } from "./ledger.ts";

let folder: string;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flowcatch-checker-"));
  store = createSqliteStore(openSqliteFile(folder));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** A run that carried event `event` through the steps one and two. */
async function storedRun(
  event = "e1",
  change: Partial<StepRun> = {},
  ends = true,
  attempt = 1,
): Promise<string> {
  const run = aRun({ event: aWebhook(JSON.stringify({ id: event, try: attempt })) });
  await store.runs.accept(run);
  const claim = await store.runs.claim(run.id, T0, T0 + 30_000);
  const fence = claim?.run.fence ?? 0;
  const steps = [aStep("one", { finishedAt: T0 + 10, ...change }), aStep("two", { finishedAt: T0 + 20 })];
  await store.runs.record(run.id, fence, { steps });
  if (ends) await store.runs.record(run.id, fence, { run: { status: "succeeded", finishedAt: T0 + 20 } });
  return run.id;
}

function acked(runId: string, change: Partial<Sent> = {}): Sent {
  return {
    id: "e1",
    try: 1,
    dedupeKey: null,
    status: 202,
    error: null,
    runId,
    sentAt: T0,
    at: T0,
    ...change,
  };
}

function call(run: string, step: string, at: number): Called {
  return { key: `${run}:${step}`, run, step, path: `/${step}`, at };
}

const calls = (run: string) => [call(run, "one", T0 + 5), call(run, "two", T0 + 15)];

function missedBy(change: Partial<CheckOptions>): string {
  const options = { folder, sent: [], called: [], order: ["one", "two"], output: "", ...change };
  return check(options).missed.join("\n");
}

test("what fits misses no mark", async () => {
  const id = await storedRun();
  const { figures, missed } = check({ folder, sent: [acked(id)], called: calls(id), output: "ready" });
  expect(missed).toEqual([]);
  expect(figures).toMatchObject({ acked: 1, stored: 1, lost: 0, calls: 2, repeated: 0, integrity: "ok" });
});

test("runs that are counted wrong are seen", async () => {
  await storedRun();
  const database = new DatabaseSync(join(folder, "flowcatch.db"));
  database.exec("UPDATE run_counts SET runs = runs + 1 WHERE status = 'succeeded'");
  database.close();
  expect(missedBy({})).toContain("counted wrong");
});

test("an acknowledged event that is not stored is lost", () => {
  expect(missedBy({ sent: [acked("run_gone")] })).toContain("are not stored");
});

test("a run that carries another event than the acknowledged one is seen", async () => {
  const id = await storedRun("e2");
  expect(missedBy({ sent: [acked(id)], called: calls(id) })).toContain("another event");
});

test("an acknowledged run that never ends is seen, and counts as open and in hand", async () => {
  const id = await storedRun("e1", {}, false);
  expect(missedBy({ sent: [acked(id)], called: calls(id) })).toContain("never ended");
  expect(openRuns(folder)).toBe(1);
  expect(runsInHand(folder)).toBe(1);
});

test("one try that became two runs is seen; without a dedupe key two tries may be two runs", async () => {
  const first = await storedRun("e1");
  const second = await storedRun("e1", {}, true, 2);
  const sent = [acked(first), acked(second, { try: 2 })];
  expect(missedBy({ sent, called: [...calls(first), ...calls(second)] })).toBe("");
  const third = await storedRun("e1");
  const called = [first, second, third].flatMap(calls);
  expect(missedBy({ sent, called })).toContain("2 runs");
});

test("two tries with one dedupe key that became two runs are seen", async () => {
  const first = await storedRun();
  const second = await storedRun();
  const called = [...calls(first), ...calls(second)];
  const sent = [acked(first, { dedupeKey: "k" }), acked(second, { dedupeKey: "k", try: 2 })];
  expect(missedBy({ sent, called })).toContain("2 runs");
});

test("more repeated calls than were cut off are too many", async () => {
  const id = await storedRun();
  const called = [call(id, "one", T0 + 4), ...calls(id)];
  expect(missedBy({ sent: [acked(id)], called, cutOff: 1 })).toBe("");
  expect(missedBy({ sent: [acked(id)], called, cutOff: 0 })).toContain("repeated");
});

test("attempts that failed are no repeats, and those that were interrupted are", async () => {
  const problem = { code: "http-server-error", sentence: "It answered 500." };
  const attempt = { attempt: 1, startedAt: T0, finishedAt: T0 + 4, problem };
  const failed = await storedRun("e1", { attempt: 2, attempts: [attempt] });
  const called = [call(failed, "one", T0 + 3), ...calls(failed)];
  expect(missedBy({ sent: [acked(failed)], called })).toBe("");
  const interrupted = { ...attempt, problem: { ...problem, code: "interrupted" } };
  const again = await storedRun("e2", { attempt: 2, attempts: [interrupted] });
  const twice = [...called, call(again, "one", T0 + 3), ...calls(again)];
  expect(missedBy({ sent: [acked(failed)], called: twice })).toContain("repeated");
});

test("a step that is called after its result was recorded is seen", async () => {
  const id = await storedRun();
  const called = [call(id, "one", T0 + 5), call(id, "one", T0 + 12), call(id, "two", T0 + 15)];
  expect(missedBy({ sent: [acked(id)], called, cutOff: 9 })).toContain("after their result was recorded");
});

test("a step that is called again after the next one is seen, whatever the record says", async () => {
  const id = await storedRun("e1", { finishedAt: T0 + 99 });
  const called = [...calls(id), call(id, "one", T0 + 18)];
  expect(missedBy({ sent: [acked(id)], called, cutOff: 9 })).toContain("after a step that follows them");
});

test("a call without a key, and a step that is done and never reached the target, are seen", async () => {
  const id = await storedRun();
  const other = await storedRun("e2");
  const keyless: Called = { key: "", run: "", step: "", path: "/one", at: T0 };
  const missed = missedBy({ sent: [acked(id)], called: [...calls(id), call(other, "one", T0), keyless] });
  expect(missed).toContain("name no step of a stored run");
  expect(missed).toContain("never reached the target");
});

test("a defect that the program printed is seen", () => {
  expect(missedBy({ output: "ok\nFlowcatch ends because of a defect.\n" })).toContain("defect");
});

test("a ledger is read up to the last whole line, and written on behind what it has", async () => {
  const file = join(folder, "ledger.jsonl");
  for (const numbers of [[1, 2, 3], [4]]) {
    const ledger = openLedger<{ n: number }>(file);
    await Promise.all(numbers.map((n) => ledger.write({ n })));
    await ledger.close();
  }
  appendFileSync(file, '{"n":');
  expect(readLedger(file)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
});
