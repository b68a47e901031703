// How old the oldest run is and how much room runs take, without looking at all of them.

import { setImmediate as nextTurn } from "node:timers/promises";
import type { RunStatus } from "../../shared/run.ts";
import type { RunStore } from "../ports/store.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { workspacesOf } from "./sqlite-run-changes.ts";
import { newestOfFlow } from "./sqlite-run-list.ts";

/** How many of a flow's newest runs stand for all of them. */
const MEASURED = 50;

/** See `RunStore.oldest`: one look into an index for each status. */
export function oldestRun(
  file: SqliteFile,
  workspaceId: string,
  statuses: RunStatus[],
): Awaited<ReturnType<RunStore["oldest"]>> {
  const firsts = statuses.flatMap((status) =>
    file.all<{ id: string; flow_id: string; created_at: number }>(
      `SELECT id, flow_id, created_at FROM runs INDEXED BY runs_of_workspace_by_status
       WHERE workspace_id = ? AND status = ? ORDER BY created_at, seq LIMIT 1`,
      workspaceId,
      status,
    ),
  );
  const [first] = firsts.sort((a, b) => a.created_at - b.created_at);
  return first ? { id: first.id, flowId: first.flow_id, createdAt: first.created_at } : null;
}

/** They are in no count that is kept, and few. */
const IN_HAND = `SELECT flow_id, 1 AS runs FROM runs INDEXED BY runs_of_workspace_by_status
  WHERE workspace_id IN (SELECT value FROM json_each(?)) AND status = 'running'`;

/** How many runs are in hand, of one flow or of all. */
export function inHand(file: SqliteFile, flowId: string | undefined): number {
  const found = file.get<{ runs: number }>(
    `SELECT count(*) AS runs FROM (${IN_HAND}) WHERE coalesce(flow_id = ?, true)`,
    JSON.stringify(workspacesOf(file)),
    flowId ?? null,
  );
  return found?.runs ?? 0;
}

/** See `RunStore.sizes`. Lengths are read from the rows' heads, and bodies stay where they are. */
export async function runSizes(file: SqliteFile): ReturnType<RunStore["sizes"]> {
  const counted = file.all<{ flow_id: string; runs: number }>(
    `SELECT flow_id, sum(runs) AS runs FROM (SELECT flow_id, runs FROM run_counts UNION ALL ${IN_HAND})
     WHERE flow_id NOT IN (SELECT id FROM removed_flows) GROUP BY flow_id HAVING sum(runs) > 0`,
    JSON.stringify(workspacesOf(file)),
  );
  const sizes: Awaited<ReturnType<RunStore["sizes"]>> = [];
  for (const { flow_id: flowId, runs } of counted) {
    const newest = JSON.stringify(newestOfFlow(file, flowId, MEASURED));
    const measured = file.get<{ runs: number; bytes: number }>(MEASURE, newest);
    const average = measured && measured.runs > 0 ? measured.bytes / measured.runs : 0;
    sizes.push({ flowId, runs, bytes: Math.round(average * runs) });
    await nextTurn();
  }
  return sizes;
}

const MEASURE = `
  SELECT count(*) AS runs, coalesce(sum(
    (SELECT octet_length(event) + coalesce(octet_length(start), 0) + octet_length(raw)
     FROM run_events WHERE run_seq = newest.value)
    + coalesce((SELECT sum(octet_length(path) + octet_length(step)) FROM step_runs WHERE run_seq = newest.value), 0)
  ), 0) AS bytes
  FROM json_each(?) AS newest`;
