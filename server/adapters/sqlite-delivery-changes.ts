// How the requests that became no run are written. Made in the thread that has the database.

import type { SQLInputValue } from "node:sqlite";
import { SEARCHED_BYTES } from "./sqlite-run-rows.ts";
import { marks } from "./sqlite-values.ts";
import type { Writer } from "./sqlite-writer.ts";

export interface NewDeliveryRow {
  id: string;
  flowId: string;
  verdict: string;
  /** In the order of REST. */
  rest: SQLInputValue[];
  raw: Uint8Array;
}

const REST = "workspace_id, at, run_id, status, bytes, sender, problem, request";

/** How many of a flow are kept: the refused ones and the others each have room of their own. */
export interface Room {
  isRefused: boolean;
  /** The verdicts that share it. */
  kinds: string[];
  keep: number;
}

export const DELIVERY_CHANGES = { insertDelivery, deleteDeliveriesOfFlow };

function insertDelivery(db: Writer, row: NewDeliveryRow, room: Room): void {
  const { id, flowId, verdict, rest, raw } = row;
  db.run(
    `INSERT INTO deliveries (id, flow_id, verdict, ${REST}, start, raw) VALUES (?, ?, ?, ${marks(rest)}, ?, ?)`,
    id,
    flowId,
    verdict,
    ...rest,
    raw.byteLength > SEARCHED_BYTES ? raw.subarray(0, SEARCHED_BYTES) : null,
    raw,
  );
  dropOldest(db, flowId, room);
}

/** How many there are is counted by triggers, so that an insert looks at no more than what it drops. */
function dropOldest(db: Writer, flowId: string, { isRefused, kinds, keep }: Room): void {
  const counted = db.get<{ deliveries: number }>(
    "SELECT deliveries FROM delivery_counts WHERE flow_id = ? AND refused = ?",
    flowId,
    Number(isRefused),
  );
  const tooMany = (counted?.deliveries ?? 0) - keep;
  if (tooMany <= 0) return;
  const oldest = kinds
    .flatMap((kind) =>
      db.all<{ seq: number; at: number; id: string }>(
        "SELECT seq, at, id FROM deliveries WHERE flow_id = ? AND verdict = ? ORDER BY at, id LIMIT ?",
        flowId,
        kind,
        tooMany,
      ),
    )
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  for (const { seq } of oldest.slice(0, tooMany)) db.run("DELETE FROM deliveries WHERE seq = ?", seq);
}

/** Deletes at most `limit` of the flow; gives how many. */
function deleteDeliveriesOfFlow(db: Writer, flowId: string, limit: number): number {
  const deleted = db.run(
    "DELETE FROM deliveries WHERE seq IN (SELECT seq FROM deliveries WHERE flow_id = ? LIMIT ?)",
    flowId,
    limit,
  );
  if (deleted < limit) db.run("DELETE FROM delivery_counts WHERE flow_id = ?", flowId);
  return deleted;
}
