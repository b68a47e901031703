// Runs in SQLite: accepted, claimed, recorded, moved. Lists are in sqlite-run-list.ts.

import type { Run, RunStatus, StepRun } from "../../shared/run.ts";
import type { RunChange, RunStore } from "../ports/store.ts";
import { packEvent, unpackEvent } from "./event-columns.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { type NewRunRow, type RunRowChange, stepsOf } from "./sqlite-run-changes.ts";
import { listRuns, newestOfFlow } from "./sqlite-run-list.ts";
import { toRun, WHOLE_RUN, type WholeRun } from "./sqlite-run-rows.ts";
import { inHand, oldestRun, runSizes } from "./sqlite-run-sizes.ts";
import { fromJson, ownBytes, packText, toJson, toJsonOrNull } from "./sqlite-values.ts";

/** Runs on an opened file. */
export function createRunStore(file: SqliteFile): RunStore {
  return {
    accept: (run) => file.write("acceptRun", toNewRow(run)),

    async get(id) {
      const row = file.get<WholeRun>(WHOLE_RUN, id);
      return row ? toRun(row) : null;
    },

    async steps(id) {
      const run = file.get<{ seq: number }>("SELECT seq FROM runs WHERE id = ?", id);
      return run ? stepsOf(file, run.seq).map(toStep) : [];
    },

    list: (query) => listRuns(file, query),

    async claim(id, now, until) {
      const claim = await file.write("claimRun", id, now, until);
      return claim && { run: toRun(claim.row), steps: claim.steps.map(toStep), clean: claim.clean };
    },
    record: async (id, fence, change) =>
      (await file.write("recordRun", id, fence, toRowChange(change))) ? "saved" : "fenced",
    renew: (held, until) => file.write("renewRuns", held, until),
    move: (id, from, change, ifFence) => file.write("moveRun", id, from, toRowChange(change), ifFence),
    prune: (before, limit) => file.write("pruneRuns", before, limit),

    async overdue(before, limit) {
      return file
        .all<{ id: string }>("SELECT id FROM runs WHERE due_at < ? ORDER BY due_at LIMIT ?", before, limit)
        .map(({ id }) => id);
    },

    async recentEvents(flowId, limit) {
      return newestOfFlow(file, flowId, limit).flatMap((seq) => {
        const row = file.get<{ id: string; event: string; raw: Uint8Array }>(
          "SELECT id, event, raw FROM runs JOIN run_events ON run_seq = seq WHERE seq = ?",
          seq,
        );
        return row ? [{ runId: row.id, event: unpackEvent(row) }] : [];
      });
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
        running: inHand(file, flowId),
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
  return file.run("UPDATE runs SET lease_until = NULL WHERE due_at IS NOT NULL AND lease_until IS NOT NULL");
}

function toStep(json: string): StepRun {
  return fromJson(json);
}

function toNewRow(run: Run): NewRunRow {
  const { event, raw } = packEvent(run.event);
  return {
    id: run.id,
    flowId: run.flowId,
    status: run.status,
    dedupeKey: run.dedupeKey === run.id ? null : packText(run.dedupeKey),
    rest: [
      run.workspaceId,
      run.versionId,
      run.fence,
      run.leaseUntil,
      run.createdAt,
      run.startedAt,
      run.finishedAt,
      run.wakeAt,
      run.replayOf,
      toJsonOrNull(run.problem),
      toJsonOrNull(run.response),
      toJsonOrNull(run.lines),
    ],
    event,
    raw: ownBytes(raw),
  };
}

function toRowChange({ run = {}, steps = [] }: RunChange): RunRowChange {
  const { status, finishedAt, wakeAt, problem, response } = run;
  return {
    sets: {
      ...(status === undefined ? {} : { status }),
      ...(finishedAt === undefined ? {} : { finished_at: finishedAt }),
      ...(wakeAt === undefined ? {} : { wake_at: wakeAt }),
      ...(problem === undefined ? {} : { problem: toJsonOrNull(problem) }),
      ...(response === undefined ? {} : { response: toJsonOrNull(response) }),
    },
    steps: steps.map((step) => [step.path, toJson(step)]),
  };
}
