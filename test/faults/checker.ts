// Joins the two ledgers with the database of the program, and says what was lost, repeated or left open.
// The database is a SQLite file, or what mongo-reader.ts has read of a MongoDB.

import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isFinal, type RunStatus, type StepRun } from "../../shared/run.ts";
import type { FaultReport } from "./fault.ts";
import type { Called, Sent } from "./ledger.ts";

export interface LedgerOptions {
  sent: Sent[];
  called: Called[];
  /** Steps that call the target, in the order in which they must come. */
  order?: string[];
  /** How often the program was killed while it worked, and how many steps it then had in flight at most. */
  kills?: number;
  inFlight?: number;
  /** Where it is known: the runs that were in hand at the kills, all together. Else it is taken as the two multiplied. */
  cutOff?: number;
  /** What the program printed. */
  output: string;
}

export interface CheckOptions extends LedgerOptions {
  /** The program's data folder. The program may still be running. */
  folder: string;
}

/** A run as it is stored, whichever database has it. */
export interface StoredRun {
  id: string;
  status: RunStatus;
  dedupeKey: string;
  /** Of the event that it carries: what the load sent as `id` and `try`. */
  event: string;
  try: number;
  steps: Map<string, StepRun>;
}

/** The usual marks, for every fault that sends events to a program on a SQLite file. */
export function check(options: CheckOptions): FaultReport {
  const database = new DatabaseSync(join(options.folder, "flowcatch.db"), { readOnly: true });
  try {
    return joinReports(checkRuns(readRuns(database), options), checkIntegrity(database));
  } finally {
    database.close();
  }
}

/** The same marks on runs that were read already, by their id. */
export function checkRuns(runs: Map<string, StoredRun>, options: LedgerOptions): FaultReport {
  return joinReports(
    checkEvents(runs, options),
    checkCalls(runs, options),
    checkOrder(options),
    checkOutput(options.output),
  );
}

/** One report of several: all figures, all missed marks. */
export function joinReports(...reports: FaultReport[]): FaultReport {
  return {
    figures: Object.assign({}, ...reports.map(({ figures }) => figures)),
    missed: reports.flatMap(({ missed }) => missed),
  };
}

/** Runs that have not come to an end and ask nobody: those that are still to be carried on. */
export function openRuns(folder: string): number {
  return countIn(
    join(folder, "flowcatch.db"),
    "SELECT count(*) AS runs FROM runs WHERE status IN ('queued', 'running', 'waiting')",
  );
}

/**
 * Runs that the program had in hand when it was killed: each of them may have been in the middle of a call. Looks at
 * a copy, so that the next start finds the files as the kill left them.
 */
export function runsInHand(folder: string): number {
  const copy = mkdtempSync(join(tmpdir(), "flowcatch-killed-"));
  for (const file of ["flowcatch.db", "flowcatch.db-wal"]) {
    if (existsSync(join(folder, file))) copyFileSync(join(folder, file), join(copy, file));
  }
  try {
    return countIn(join(copy, "flowcatch.db"), "SELECT count(*) AS runs FROM runs WHERE status = 'running'");
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** Waits until no run is left to be carried on. Gives how long it took, or null when `deadlineMs` was not enough. */
export function untilSettled(folder: string, deadlineMs: number): Promise<number | null> {
  return untilNone(() => openRuns(folder), deadlineMs);
}

/** Waits until somebody has every run in hand that was cut off by the last kill. As `untilSettled`. */
export function untilTakenUp(folder: string, deadlineMs: number): Promise<number | null> {
  const sql = "SELECT count(*) AS runs FROM runs WHERE status = 'running' AND lease_until IS NULL";
  return untilNone(() => countIn(join(folder, "flowcatch.db"), sql), deadlineMs);
}

/** Asks until there is none. As `untilSettled`. */
export async function untilNone(
  count: () => number | Promise<number>,
  deadlineMs: number,
  everyMs = 100,
): Promise<number | null> {
  const from = performance.now();
  while (performance.now() - from < deadlineMs) {
    if ((await count()) === 0) return Math.round(performance.now() - from);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return null;
}

function countIn(file: string, sql: string): number {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    return Number(database.prepare(sql).get()?.runs ?? 0);
  } finally {
    database.close();
  }
}

function readRuns(database: DatabaseSync): Map<string, StoredRun> {
  const rows = database
    .prepare(
      `SELECT id, status, coalesce(dedupe_key, id) AS dedupe_key, seq,
         CASE WHEN json_valid(raw) THEN raw ->> '$.id' END AS event,
         CASE WHEN json_valid(raw) THEN raw ->> '$.try' END AS try
       FROM runs JOIN run_events ON run_seq = seq`,
    )
    .all();
  const bySeq = new Map<number, StoredRun>();
  for (const row of rows) {
    bySeq.set(Number(row.seq), {
      id: String(row.id),
      // the column's text is one of these: nothing else is written there
      status: row.status as RunStatus,
      dedupeKey: String(row.dedupe_key),
      event: String(row.event ?? ""),
      try: Number(row.try ?? 0),
      steps: new Map(),
    });
  }
  for (const row of database.prepare("SELECT run_seq, path, step FROM step_runs").iterate()) {
    bySeq.get(Number(row.run_seq))?.steps.set(String(row.path), JSON.parse(String(row.step)));
  }
  return new Map([...bySeq.values()].map((run) => [run.id, run]));
}

/** Everything acknowledged is stored, as what was sent, once, and came to an end. */
function checkEvents(runs: Map<string, StoredRun>, { sent }: LedgerOptions): FaultReport {
  const acked = sent.filter(({ status, runId }) => status >= 200 && status < 300 && runId !== null);
  const ackedIds = new Set(acked.map(({ runId }) => runId ?? ""));
  const lost = [...ackedIds].filter((id) => !runs.has(id));
  const mixedUp = acked.filter(({ id, runId }) => {
    const run = runs.get(runId ?? "");
    return run !== undefined && run.event !== id;
  });
  const open = [...ackedIds].filter((id) => {
    const run = runs.get(id);
    return run !== undefined && !isFinal(run.status);
  });
  // Events without a key: each try that arrived is an event of its own.
  const keyOf = new Map(sent.map(({ id, dedupeKey }) => [id, dedupeKey]));
  const perKey = new Map<string, number>();
  for (const run of runs.values()) {
    const key = keyOf.get(run.event) ?? `${run.event} ${run.try}`;
    if (run.event !== "") perKey.set(key, (perKey.get(key) ?? 0) + 1);
  }
  const mostPerKey = Math.max(0, ...perKey.values());
  const missed = [];
  if (lost.length > 0)
    missed.push(`${lost.length} acknowledged events are not stored, ${lost[0]} among them.`);
  if (mixedUp.length > 0)
    missed.push(`${mixedUp.length} runs carry another event than the one acknowledged.`);
  if (open.length > 0)
    missed.push(
      `${open.length} acknowledged runs never ended: ${open[0]} is ${runs.get(open[0] ?? "")?.status}.`,
    );
  if (mostPerKey > 1) missed.push(`One event became ${mostPerKey} runs.`);
  const unanswered = sent.filter(({ status }) => status === 0);
  const statuses = [...runs.values()].map(({ status }) => status);
  return {
    figures: {
      tries: sent.length,
      unanswered: unanswered.length,
      ...(unanswered[0] ? { unansweredBecause: mostOften(unanswered) } : {}),
      refused: sent.filter(({ status }) => status >= 400).length,
      acked: ackedIds.size,
      stored: ackedIds.size - lost.length,
      lost: lost.length,
      runs: runs.size,
      succeeded: statuses.filter((status) => status === "succeeded").length,
      failed: statuses.filter((status) => status === "failed").length,
      open: open.length,
      mostRunsPerKey: mostPerKey,
    },
    missed,
  };
}

function mostOften(unanswered: Sent[]): string {
  const byError = [...Map.groupBy(unanswered, ({ error }) => error ?? "")];
  const [error, tries] = byError.toSorted(([, a], [, b]) => b.length - a.length)[0] ?? ["", []];
  return `${error} (${tries.length})`;
}

/** Every call has a key and is repeated only when it had to be: it failed, or it was cut off by a kill. */
function checkCalls(
  runs: Map<string, StoredRun>,
  { called, kills = 0, inFlight = 0, cutOff = kills * inFlight }: LedgerOptions,
): FaultReport {
  const perKey = Map.groupBy(called, ({ key }) => key);
  const stray = called.filter(({ run, step }) => !runs.get(run)?.steps.has(step));
  let repeated = 0;
  let mostPerKey = 0;
  const afterRecord: string[] = [];
  for (const [key, calls] of perKey) {
    const { run = "", step = "" } = calls[0] ?? {};
    const record = runs.get(run)?.steps.get(step);
    const failed = record?.attempts.filter(({ problem }) => problem?.code !== "interrupted").length ?? 0;
    repeated += Math.max(0, calls.length - 1 - failed);
    mostPerKey = Math.max(mostPerKey, calls.length);
    const recordedAt = record?.status === "done" ? record.finishedAt : null;
    if (recordedAt !== null && calls.some(({ at }) => at > recordedAt)) afterRecord.push(key);
  }
  const done = [...runs.values()].flatMap(({ id, steps }) =>
    [...steps.values()]
      .filter(({ status, path }) => status === "done" && called.length > 0 && path !== "trigger")
      .map(({ path }) => `${id}:${path}`),
  );
  const names = new Set(called.map(({ step }) => step));
  const unheard = done.filter((key) => names.has(key.slice(key.indexOf(":") + 1)) && !perKey.has(key));
  const missed = [];
  if (stray.length > 0)
    missed.push(`${stray.length} calls name no step of a stored run, “${stray[0]?.key}” among them.`);
  if (unheard.length > 0)
    missed.push(`${unheard.length} steps are recorded as done and never reached the target.`);
  if (repeated > cutOff)
    missed.push(`${repeated} calls were repeated, and only ${cutOff} were cut off at most.`);
  if (afterRecord.length > 0)
    missed.push(
      `${afterRecord.length} steps were called again after their result was recorded, ${afterRecord[0]} among them.`,
    );
  return {
    figures: {
      calls: called.length,
      keys: perKey.size,
      repeated,
      mostCallsPerKey: mostPerKey,
      calledAfterRecord: afterRecord.length,
    },
    missed,
  };
}

/**
 * A result is recorded before the next step begins: whoever sees a step again after one that follows it sees a
 * record that did not hold, even where a later record has replaced it.
 */
function checkOrder({ called, order = [] }: LedgerOptions): FaultReport {
  const reached = new Map<string, number>();
  let back = 0;
  for (const { run, step } of called) {
    const place = order.indexOf(step);
    if (place < 0) continue; // the caller says nothing of this step
    if (place < (reached.get(run) ?? 0)) back++;
    else reached.set(run, place);
  }
  return {
    figures: { calledBackwards: back },
    missed: back > 0 ? [`${back} calls were made again after a step that follows them.`] : [],
  };
}

/** Of each flow and status, where what is kept beside the runs is not what they come to. */
const WRONG_COUNTS = `
  SELECT flow_id, status, sum(counted) AS counted, sum(there) AS there FROM (
    SELECT flow_id, status, runs AS counted, 0 AS there FROM run_counts
    UNION ALL SELECT flow_id, status, 0, 1 FROM runs WHERE status <> 'running'
  ) GROUP BY flow_id, status HAVING sum(counted) <> sum(there)`;

function checkIntegrity(database: DatabaseSync): FaultReport {
  const integrity = String(database.prepare("PRAGMA integrity_check").get()?.integrity_check);
  const wrong = database.prepare(WRONG_COUNTS).all();
  return {
    figures: { integrity, wrongCounts: wrong.length },
    missed: [
      ...(integrity === "ok" ? [] : [`The integrity check of the database says: ${integrity}.`]),
      ...wrong.map((row) => `The runs of a flow are counted wrong: ${JSON.stringify(row)}.`),
    ],
  };
}

/** What the program printed names no defect that nobody caught. */
export function checkOutput(output: string): FaultReport {
  const line = output.split("\n").find((text) => /unhandled|uncaught|because of a defect/i.test(text));
  return {
    figures: { uncaught: line !== undefined },
    missed: line === undefined ? [] : [`The program printed: ${line.slice(0, 300)}`],
  };
}
