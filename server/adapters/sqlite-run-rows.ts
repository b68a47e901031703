// What a row of runs looks like, and how it becomes a run.

import type { Run, RunStatus } from "../../shared/run.ts";
import { unpackEvent } from "./event-columns.ts";
import { fromJson, fromJsonOrNull, unpackText } from "./sqlite-values.ts";

/** The columns of `runs` that a list shows. */
export interface RunColumns {
  seq: number;
  id: string;
  workspace_id: string;
  flow_id: string;
  version_id: string;
  status: RunStatus;
  fence: number;
  lease_until: number | null;
  /** Null stands for its own id. */
  dedupe_key: string | Uint8Array | null;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
  wake_at: number | null;
  replay_of: string | null;
  problem: string | null;
  lines: string | null;
}

export type WholeRun = RunColumns & { response: string | null; event: string; raw: Uint8Array };

export const WHOLE_RUN = "SELECT * FROM runs JOIN run_events ON run_seq = seq WHERE id = ?";

/** Bodies longer than this have their start stored once more, for searching and for the list. */
export const SEARCHED_BYTES = 2_048;

export function toRun(row: WholeRun): Run {
  return { ...toRowWithoutEvent(row), event: unpackEvent(row), response: fromJsonOrNull(row.response) };
}

export function toRowWithoutEvent(row: RunColumns): Omit<Run, "event" | "response"> {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    flowId: row.flow_id,
    versionId: row.version_id,
    status: row.status,
    fence: row.fence,
    leaseUntil: row.lease_until,
    dedupeKey: row.dedupe_key === null ? row.id : unpackText(row.dedupe_key),
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    wakeAt: row.wake_at,
    problem: fromJsonOrNull(row.problem),
    replayOf: row.replay_of,
    ...(row.lines === null ? {} : { lines: fromJson<string[]>(row.lines) }),
  };
}
