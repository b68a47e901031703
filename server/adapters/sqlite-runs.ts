// Runs in SQLite: accepted, claimed, recorded, moved. Lists are in sqlite-run-list.ts.

import { FINAL_STATUSES, type Run, type RunStatus, type StepRun } from "../../shared/run.ts";
import type { RunChange, RunStore } from "../ports/store.ts";
import { packEvent, unpackEvent } from "./event-columns.ts";
import type { Reader, SqliteFile, Writer } from "./sqlite-file.ts";
import { leaveAllLines } from "./sqlite-lines.ts";
import { listRuns } from "./sqlite-run-list.ts";
import { type RunColumns, SEARCHED_BYTES, toRun, WHOLE_RUN, type WholeRun } from "./sqlite-run-rows.ts";
import { oldestRun, runSizes } from "./sqlite-run-sizes.ts";
import { fromJson, marks, packText, toJson, toJsonOrNull } from "./sqlite-values.ts";

const ENDED = FINAL_STATUSES.map((status) => `'${status}'`).join(", ");

/** Runs on an opened file. */
export function createRunStore(file: SqliteFile): RunStore {
  return {
    accept: (run) => file.write((db) => acceptRun(db, run)),

    async get(id) {
      const row = file.get<WholeRun>(WHOLE_RUN, id);
      return row ? toRun(row) : null;
    },

    async steps(id) {
      const run = file.get<{ seq: number }>("SELECT seq FROM runs WHERE id = ?", id);
      return run ? stepsOf(file, run.seq) : [];
    },

    list: (query) => listRuns(file, query),

    claim: (id, now, until) =>
      file.write((db) => {
        const row = db.get<WholeRun>(WHOLE_RUN, id);
        if (!row || !["queued", "waiting", "running"].includes(row.status)) return null;
        if (row.lease_until !== null && row.lease_until > now) return null;
        const clean = row.status !== "running";
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
        return { run: toRun(row), steps: stepsOf(db, row.seq), clean };
      }),

    record: (id, fence, change) =>
      file.write((db) => {
        const status = change.run?.status;
        const also = status !== undefined && status !== "running" ? LET_GO : [];
        const where = `id = ? AND fence = ? AND status NOT IN (${ENDED})`;
        return changeRun(db, { where, values: [id, fence] }, change, also) ? "saved" : "fenced";
      }),

    renew: (held, until) =>
      file.write((db) =>
        held.flatMap(({ id, fence }) => {
          const run = db.get<RunColumns>("SELECT seq, fence, status FROM runs WHERE id = ?", id);
          if (run?.fence !== fence) return [id];
          // let go of by its holder just now: still theirs, but nobody must wait for a lease
          if (run.status === "running") {
            db.run("UPDATE runs SET lease_until = ? WHERE seq = ?", until, run.seq);
          }
          return [];
        }),
      ),

    move: (id, from, change, ifFence) =>
      file.write((db) => {
        const fence = ifFence === undefined ? [] : [ifFence];
        const where = `id = ? AND status IN (${marks(from)})${ifFence === undefined ? "" : " AND fence = ?"}`;
        const which = { where, values: [id, ...from, ...fence] };
        return changeRun(db, which, change, ["fence = fence + 1", ...LET_GO]);
      }),

    async overdue(before, limit) {
      return file
        .all<{ id: string }>("SELECT id FROM runs WHERE due_at < ? ORDER BY due_at LIMIT ?", before, limit)
        .map(({ id }) => id);
    },

    prune: (before, limit) =>
      file.write((db) =>
        deleteRuns(
          db,
          db.all(
            `SELECT seq FROM runs INDEXED BY runs_ended
             WHERE status IN (${ENDED}) AND created_at < ? ORDER BY created_at LIMIT ?`,
            before,
            limit,
          ),
        ),
      ),

    async recentEvents(flowId, limit) {
      return file
        .all<{ id: string; event: string; raw: Uint8Array }>(
          `SELECT id, event, raw FROM runs INDEXED BY runs_of_flow JOIN run_events ON run_seq = seq
           WHERE flow_id = ? ORDER BY created_at DESC, seq DESC LIMIT ?`,
          flowId,
          limit,
        )
        .map((row) => ({ runId: row.id, event: unpackEvent(row) }));
    },

    async backlog(most) {
      const sql = "SELECT sum(runs) AS runs FROM run_counts WHERE status = 'queued'";
      return Math.min(most, file.get<{ runs: number | null }>(sql)?.runs ?? 0);
    },

    async count(flowId) {
      const rows = file.all<{ status: RunStatus; runs: number }>(
        `SELECT status, sum(runs) AS runs FROM run_counts ${flowId === undefined ? "" : "WHERE flow_id = ?"}
         GROUP BY status`,
        ...(flowId === undefined ? [] : [flowId]),
      );
      const found = new Map(rows.map(({ status, runs }) => [status, runs]));
      const of = (status: RunStatus) => found.get(status) ?? 0;
      return {
        queued: of("queued"),
        running: of("running"),
        waiting: of("waiting"),
        asking: of("asking"),
        succeeded: of("succeeded"),
        failed: of("failed"),
        canceled: of("canceled"),
      };
    },

    oldest: async (workspaceId, statuses) => oldestRun(file, workspaceId, statuses),
    sizes: () => runSizes(file),
  };
}

/** Nobody else can be alive: a run left `running` is claimable at once. */
export function clearLeases(file: SqliteFile): Promise<number> {
  return file.write((db) =>
    db.run("UPDATE runs SET lease_until = NULL WHERE due_at IS NOT NULL AND lease_until IS NOT NULL"),
  );
}

/** Deletes at most `limit` runs of the flow; gives how many. */
export function deleteRunsOfFlow(db: Writer, flowId: string, limit: number): number {
  return deleteRuns(db, db.all("SELECT seq FROM runs WHERE flow_id = ? LIMIT ?", flowId, limit));
}

function acceptRun(db: Writer, run: Run): Awaited<ReturnType<RunStore["accept"]>> {
  const key = packText(run.dedupeKey);
  const inserted = db.get<{ seq: number }>(
    `INSERT INTO runs (id, workspace_id, flow_id, version_id, status, fence, lease_until, dedupe_key, created_at,
       started_at, finished_at, wake_at, replay_of, problem, response, lines)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING seq`,
    run.id,
    run.workspaceId,
    run.flowId,
    run.versionId,
    run.status,
    run.fence,
    run.leaseUntil,
    key,
    run.createdAt,
    run.startedAt,
    run.finishedAt,
    run.wakeAt,
    run.replayOf,
    toJsonOrNull(run.problem),
    toJsonOrNull(run.response),
    toJsonOrNull(run.lines),
  );
  if (inserted) {
    const { event, raw } = packEvent(run.event);
    const start = raw.byteLength > SEARCHED_BYTES ? raw.subarray(0, SEARCHED_BYTES) : null;
    db.run("INSERT INTO run_events VALUES (?, ?, ?, ?)", inserted.seq, event, start, raw);
    return { kind: "accepted" };
  }
  const first = db.get<{ id: string; created_at: number }>(
    "SELECT id, created_at FROM runs WHERE flow_id = ? AND dedupe_key = ?",
    run.flowId,
    key,
  );
  if (!first) throw new Error(`There is a run ${run.id} already, with another dedupe key.`);
  return { kind: "duplicate", of: { runId: first.id, at: first.created_at } };
}

const LET_GO = ["lease_until = NULL"];

/** Changes the run that the condition finds, and writes its steps; false when it finds none. */
function changeRun(
  db: Writer,
  which: { where: string; values: (string | number)[] },
  { run = {}, steps = [] }: RunChange,
  also: string[],
): boolean {
  const sets = [...also];
  const values: (string | number | null)[] = [];
  const set = (column: string, value: string | number | null | undefined) => {
    if (value === undefined) return;
    sets.push(`${column} = ?`);
    values.push(value);
  };
  set("status", run.status);
  set("finished_at", run.finishedAt);
  set("wake_at", run.wakeAt);
  if (run.problem !== undefined) set("problem", toJsonOrNull(run.problem));
  if (run.response !== undefined) set("response", toJsonOrNull(run.response));
  // Two statements are quicker than one with RETURNING.
  const found = db.get<{ seq: number }>(`SELECT seq FROM runs WHERE ${which.where}`, ...which.values);
  if (!found) return false;
  if (sets.length > 0) db.run(`UPDATE runs SET ${sets.join(", ")} WHERE seq = ?`, ...values, found.seq);
  for (const step of steps) {
    db.run(
      `INSERT INTO step_runs (run_seq, path, step) VALUES (?, ?, ?)
       ON CONFLICT (run_seq, path) DO UPDATE SET step = excluded.step`,
      found.seq,
      step.path,
      toJson(step),
    );
  }
  return true;
}

function deleteRuns(db: Writer, runs: { seq: number }[]): number {
  for (const { seq } of runs) {
    db.run("DELETE FROM step_runs WHERE run_seq = ?", seq);
    db.run("DELETE FROM run_events WHERE run_seq = ?", seq);
    leaveAllLines(db, seq);
    db.run("DELETE FROM runs WHERE seq = ?", seq);
  }
  return runs.length;
}

function stepsOf(db: Reader, seq: number): StepRun[] {
  return db
    .all<{ step: string }>("SELECT step FROM step_runs WHERE run_seq = ? ORDER BY seq", seq)
    .map(({ step }) => fromJson(step));
}
