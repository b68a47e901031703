// How runs are written: accepted, claimed, recorded, moved, deleted. Made in the thread that has the database.

import type { SQLInputValue } from "node:sqlite";
import type { Run, RunStatus } from "../../shared/run.ts";
import { leaveAllLines } from "./sqlite-line-changes.ts";
import { type RunColumns, SEARCHED_BYTES, WHOLE_RUN, type WholeRun } from "./sqlite-run-rows.ts";
import { marks } from "./sqlite-values.ts";
import type { Reader, Writer } from "./sqlite-writer.ts";

/** A run that is to be accepted, as its columns. */
export interface NewRunRow {
  id: string;
  flowId: string;
  status: RunStatus;
  /** See `packText`; null stands for its own id. */
  dedupeKey: string | Uint8Array | null;
  /** In the order of REST. */
  rest: SQLInputValue[];
  event: string;
  raw: Uint8Array;
}

/** The other columns of a new run. */
const REST =
  "workspace_id, version_id, fence, lease_until, created_at, started_at, finished_at, wake_at, replay_of, problem, response, lines";
/** Its rowid is `seq`. */
const NEW_RUN = `INSERT INTO runs (id, flow_id, status, dedupe_key, ${REST}) VALUES (?, ?, ?, ?, ${marks(REST.split(","))})
  ON CONFLICT DO NOTHING`;

/** The columns that change, and the steps with their paths, as JSON. */
export interface RunRowChange {
  sets: { status?: RunStatus } & Partial<
    Record<"finished_at" | "wake_at" | "problem" | "response", SQLInputValue>
  >;
  steps: [path: string, step: string][];
}

const FINAL = { succeeded: true, failed: true, canceled: true } satisfies Partial<Record<RunStatus, true>>;
/** For `IN (…)`. */
export const ENDED = Object.keys(FINAL)
  .map((status) => `'${status}'`)
  .join(", ");

const LET_GO = ["lease_until = NULL"];

/** How many runs are in each status: counting a million rows takes too long. */
const COUNTED = `INSERT INTO run_counts (runs, flow_id, status) VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET runs = runs + excluded.runs`;

/**
 * Every change of a status is told here, or the counts are wrong. Null for a run that was not there before, or is not
 * any more. Those in hand are few and are counted by looking: nearly every run comes from there.
 */
function countMove(db: Writer, flowId: string, from: RunStatus | null, to: RunStatus | null): void {
  if (from === to) return;
  if (from !== null && from !== "running") db.tally(COUNTED, -1, flowId, from);
  if (to !== null && to !== "running") db.tally(COUNTED, 1, flowId, to);
}

export const RUN_CHANGES = {
  acceptRun,
  claimRun,
  recordRun,
  renewRuns,
  moveRun,
  pruneRuns,
};

function acceptRun(
  db: Writer,
  { id, flowId, status, dedupeKey, rest, event, raw }: NewRunRow,
): { kind: "accepted" } | { kind: "duplicate"; of: { runId: string; at: number } } {
  const seq = db.insert(NEW_RUN, id, flowId, status, dedupeKey, ...rest);
  if (seq !== null) {
    countMove(db, flowId, null, status);
    const start = raw.byteLength > SEARCHED_BYTES ? raw.subarray(0, SEARCHED_BYTES) : null;
    db.run("INSERT INTO run_events VALUES (?, ?, ?, ?)", seq, event, start, raw);
    return { kind: "accepted" };
  }
  const first = db.get<{ id: string; created_at: number }>(
    "SELECT id, created_at FROM runs WHERE flow_id = ? AND dedupe_key = ?",
    flowId,
    dedupeKey,
  );
  if (!first) throw new Error(`There is a run ${id} already, with another dedupe key.`);
  return { kind: "duplicate", of: { runId: first.id, at: first.created_at } };
}

function claimRun(
  db: Writer,
  id: Run["id"],
  now: number,
  until: number,
): { row: WholeRun; steps: string[]; clean: boolean } | null {
  const row = db.get<WholeRun>(WHOLE_RUN, id);
  if (!row || !["queued", "waiting", "running"].includes(row.status)) return null;
  if (row.lease_until !== null && row.lease_until > now) return null;
  const clean = row.status !== "running";
  countMove(db, row.flow_id, row.status, "running");
  row.status = "running";
  row.fence += 1;
  row.lease_until = until;
  row.started_at ??= now;
  db.run(
    "UPDATE runs SET status = 'running', fence = ?, lease_until = ?, started_at = ? WHERE seq = ?",
    row.fence,
    until,
    row.started_at,
    row.seq,
  );
  return { row, steps: stepsOf(db, row.seq), clean };
}

/** False when the run has another holder, or has ended. */
function recordRun(db: Writer, id: Run["id"], fence: number, change: RunRowChange): boolean {
  const { status } = change.sets;
  const also = status !== undefined && status !== "running" ? LET_GO : [];
  const where = `id = ? AND fence = ? AND status NOT IN (${ENDED})`;
  return changeRun(db, { where, values: [id, fence] }, change, also);
}

/** Gives those that somebody else has by now. */
function renewRuns(db: Writer, held: { id: string; fence: number }[], until: number): string[] {
  return held.flatMap(({ id, fence }) => {
    const run = db.get<RunColumns>("SELECT seq, fence, status FROM runs WHERE id = ?", id);
    if (run?.fence !== fence) return [id];
    // let go of by its holder just now: still theirs, but nobody must wait for a lease
    if (run.status === "running") db.run("UPDATE runs SET lease_until = ? WHERE seq = ?", until, run.seq);
    return [];
  });
}

function moveRun(
  db: Writer,
  id: Run["id"],
  from: RunStatus[],
  change: RunRowChange,
  ifFence: number | undefined,
): boolean {
  const fence = ifFence === undefined ? [] : [ifFence];
  const where = `id = ? AND status IN (${marks(from)})${ifFence === undefined ? "" : " AND fence = ?"}`;
  const which = { where, values: [id, ...from, ...fence] };
  return changeRun(db, which, change, ["fence = fence + 1", ...LET_GO]);
}

/** Deletes at most `limit` runs that had ended and were accepted before then; gives how many. */
function pruneRuns(db: Writer, before: number, limit: number): number {
  let deleted = 0;
  for (const workspace of workspacesOf(db)) {
    for (const status of Object.keys(FINAL)) {
      const old = db.all<Gone>(
        `SELECT seq, flow_id, status FROM runs INDEXED BY runs_of_workspace_by_status
         WHERE workspace_id = ? AND status = ? AND created_at < ? LIMIT ?`,
        workspace,
        status,
        before,
        limit - deleted,
      );
      deleted += deleteRuns(db, old);
    }
  }
  return deleted;
}

/** Of all runs: from one to the next in the index, without looking at what is between. */
export function workspacesOf(db: Reader): string[] {
  const next =
    "SELECT min(workspace_id) AS id FROM runs INDEXED BY runs_of_workspace_by_status WHERE workspace_id > ?";
  const found: string[] = [];
  for (let id: string | null | undefined = ""; ; found.push(id)) {
    id = db.get<{ id: string | null }>(next, id)?.id;
    if (typeof id !== "string") return found;
  }
}

/** Deletes at most `limit` runs of the flow, those in hand last; gives how many. */
export function deleteRunsOfFlow(db: Writer, flowId: string, limit: number): number {
  const atRest = db.all<Gone>(
    `SELECT seq, flow_id, status FROM runs INDEXED BY runs_of_flow_at_rest
     WHERE flow_id = ? AND status <> 'running' LIMIT ?`,
    flowId,
    limit,
  );
  const inHand = workspacesOf(db).flatMap((workspace) =>
    db.all<Gone>(
      `SELECT seq, flow_id, status FROM runs INDEXED BY runs_of_workspace_by_status
       WHERE workspace_id = ? AND status = 'running' AND flow_id = ? LIMIT ?`,
      workspace,
      flowId,
      limit - atRest.length,
    ),
  );
  return deleteRuns(db, [...atRest, ...inHand]);
}

/** Changes the run that the condition finds, and writes its steps; false when it finds none. */
function changeRun(
  db: Writer,
  which: { where: string; values: SQLInputValue[] },
  { sets, steps }: RunRowChange,
  also: string[],
): boolean {
  // Two statements are quicker than one with RETURNING.
  const found = db.get<Pick<RunColumns, "seq" | "flow_id" | "status">>(
    `SELECT seq, flow_id, status FROM runs WHERE ${which.where}`,
    ...which.values,
  );
  if (!found) return false;
  countMove(db, found.flow_id, found.status, sets.status ?? found.status);
  const assignments = [...also, ...Object.keys(sets).map((column) => `${column} = ?`)].join(", ");
  if (assignments !== "")
    db.run(`UPDATE runs SET ${assignments} WHERE seq = ?`, ...Object.values(sets), found.seq);
  for (const [path, step] of steps) {
    db.run(
      `INSERT INTO step_runs (run_seq, path, step) VALUES (?, ?, ?)
       ON CONFLICT (run_seq, path) DO UPDATE SET step = excluded.step`,
      found.seq,
      path,
      step,
    );
  }
  return true;
}

type Gone = Pick<RunColumns, "seq" | "flow_id" | "status">;

function deleteRuns(db: Writer, runs: Gone[]): number {
  for (const { seq, flow_id, status } of runs) {
    countMove(db, flow_id, status, null);
    db.run("DELETE FROM step_runs WHERE run_seq = ?", seq);
    db.run("DELETE FROM run_events WHERE run_seq = ?", seq);
    leaveAllLines(db, seq);
    db.run("DELETE FROM runs WHERE seq = ?", seq);
  }
  return runs.length;
}

/** The steps of a run as JSON, in the order of their first recording. */
export function stepsOf(db: Reader, seq: number): string[] {
  return db
    .all<{ step: string }>("SELECT step FROM step_runs WHERE run_seq = ? ORDER BY seq", seq)
    .map(({ step }) => step);
}
