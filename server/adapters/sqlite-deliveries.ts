// The requests to catch URLs that became no run, in SQLite. The list of all of them is in sqlite-delivery-list.ts.

import { type Delivery, Verdict } from "../../shared/delivery.ts";
import type { DeliveryStore } from "../ports/store.ts";
import { listDeliveries } from "./sqlite-delivery-list.ts";
import type { SqliteFile, Writer } from "./sqlite-file.ts";
import { SEARCHED_BYTES } from "./sqlite-run-rows.ts";
import { fromJson, fromJsonOrNull, packText, toJson, toJsonOrNull, unpackText } from "./sqlite-values.ts";

interface DeliveryColumns {
  id: string;
  workspace_id: string;
  flow_id: string;
  at: number;
  verdict: Delivery["verdict"];
  run_id: string | null;
  status: number;
  bytes: number;
  sender: string | Uint8Array;
  problem: string | null;
  request: string;
  raw: Uint8Array;
}

export function createDeliveryStore(file: SqliteFile): DeliveryStore {
  return {
    insert: (delivery, keep) =>
      file.write((db) => {
        const { raw } = delivery;
        db.run(
          `INSERT INTO deliveries (id, workspace_id, flow_id, at, verdict, run_id, status, bytes, sender, problem,
             request, start, raw)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          delivery.id,
          delivery.workspaceId,
          delivery.flowId,
          delivery.at,
          delivery.verdict,
          delivery.runId,
          delivery.status,
          delivery.bytes,
          packText(delivery.from),
          toJsonOrNull(delivery.problem),
          toJson(delivery.request),
          raw.byteLength > SEARCHED_BYTES ? raw.subarray(0, SEARCHED_BYTES) : null,
          raw,
        );
        dropOldest(db, delivery, keep);
      }),
    async get(id) {
      const row = file.get<DeliveryColumns>("SELECT * FROM deliveries WHERE id = ?", id);
      return row ? toDelivery(row) : null;
    },
    list: (query) => listDeliveries(file, query),
    prune: (before, limit) =>
      file.write((db) =>
        db.run(
          "DELETE FROM deliveries WHERE seq IN (SELECT seq FROM deliveries WHERE at < ? ORDER BY at LIMIT ?)",
          before,
          limit,
        ),
      ),
  };
}

/** Deletes at most `limit` of the flow; gives how many. */
export function deleteDeliveriesOfFlow(db: Writer, flowId: string, limit: number): number {
  const deleted = db.run(
    "DELETE FROM deliveries WHERE seq IN (SELECT seq FROM deliveries WHERE flow_id = ? LIMIT ?)",
    flowId,
    limit,
  );
  if (deleted < limit) db.run("DELETE FROM delivery_counts WHERE flow_id = ?", flowId);
  return deleted;
}

/** How many there are is counted by triggers, so that an insert looks at no more than what it drops. */
function dropOldest(db: Writer, { flowId, verdict }: Delivery, keep: number): void {
  const isRefused = verdict === "refused";
  const counted = db.get<{ deliveries: number }>(
    "SELECT deliveries FROM delivery_counts WHERE flow_id = ? AND refused = ?",
    flowId,
    Number(isRefused),
  );
  const tooMany = (counted?.deliveries ?? 0) - keep;
  if (tooMany <= 0) return;
  const kinds = Verdict.options.filter((one) => (one === "refused") === isRefused);
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

function toDelivery(row: DeliveryColumns): Delivery {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    flowId: row.flow_id,
    at: row.at,
    verdict: row.verdict,
    problem: fromJsonOrNull(row.problem),
    runId: row.run_id,
    request: fromJson(row.request),
    raw: row.raw,
    bytes: row.bytes,
    status: row.status,
    from: unpackText(row.sender),
  };
}
