// The requests to catch URLs that became no run, in SQLite. The list of all of them is in sqlite-delivery-list.ts.

import { type Delivery, Verdict } from "../../shared/delivery.ts";
import type { DeliveryStore } from "../ports/store.ts";
import { listDeliveries } from "./sqlite-delivery-list.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import {
  fromJson,
  fromJsonOrNull,
  ownBytes,
  packText,
  toJson,
  toJsonOrNull,
  unpackText,
} from "./sqlite-values.ts";

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
    insert: (delivery, keep) => {
      const { flowId, verdict } = delivery;
      const isRefused = verdict === "refused";
      const kinds = Verdict.options.filter((one) => (one === "refused") === isRefused);
      const row = {
        id: delivery.id,
        flowId,
        verdict,
        rest: [
          delivery.workspaceId,
          delivery.at,
          delivery.runId,
          delivery.status,
          delivery.bytes,
          packText(delivery.from),
          toJsonOrNull(delivery.problem),
          toJson(delivery.request),
        ],
        raw: ownBytes(delivery.raw),
      };
      return file.write("insertDelivery", row, { kinds, isRefused, keep });
    },
    async get(id) {
      const row = file.get<DeliveryColumns>("SELECT * FROM deliveries WHERE id = ?", id);
      return row ? toDelivery(row) : null;
    },
    list: (query) => listDeliveries(file, query),
    prune: (before, limit) =>
      file.run(
        "DELETE FROM deliveries WHERE seq IN (SELECT seq FROM deliveries WHERE at < ? ORDER BY at LIMIT ?)",
        before,
        limit,
      ),
  };
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
