// The events that flows are built and tested with, in SQLite.

import type { Sample } from "../../shared/delivery.ts";
import type { SampleStore } from "../ports/store.ts";
import { packEvent, unpackEvent } from "./event-columns.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { packText, unpackText } from "./sqlite-values.ts";

interface SampleColumns {
  id: string;
  workspace_id: string;
  flow_id: string;
  name: string | Uint8Array;
  created_at: number;
  event: string;
  raw: Uint8Array;
  pinned: number;
}

export function createSampleStore(file: SqliteFile): SampleStore {
  return {
    insert: (sample, keep) =>
      file.write((db) => {
        const { event, raw } = packEvent(sample.event);
        db.run(
          `INSERT INTO samples (id, workspace_id, flow_id, name, created_at, event, raw, pinned)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          sample.id,
          sample.workspaceId,
          sample.flowId,
          packText(sample.name),
          sample.createdAt,
          event,
          raw,
          Number(sample.pinned),
        );
        db.run(
          `DELETE FROM samples WHERE seq IN
             (SELECT seq FROM samples WHERE flow_id = ? AND pinned = 0
              ORDER BY created_at DESC, seq DESC LIMIT -1 OFFSET ?)`,
          sample.flowId,
          keep,
        );
      }),
    pin: (id, pinned, most) =>
      file.write((db) => {
        const row = db.get<SampleColumns>("SELECT * FROM samples WHERE id = ?", id);
        if (!row) return "missing";
        if (pinned && row.pinned === 0) {
          const others = db.get<{ n: number }>(
            "SELECT count(*) AS n FROM samples WHERE flow_id = ? AND pinned = 1",
            row.flow_id,
          );
          if (Number(others?.n) >= most) return "full";
        }
        db.run("UPDATE samples SET pinned = ? WHERE id = ?", Number(pinned), id);
        return "saved";
      }),
    async get(id) {
      const row = file.get<SampleColumns>("SELECT * FROM samples WHERE id = ?", id);
      return row ? toSample(row) : null;
    },
    async list(flowId) {
      return file
        .all<SampleColumns>(
          "SELECT * FROM samples WHERE flow_id = ? ORDER BY created_at DESC, seq DESC",
          flowId,
        )
        .map(toSample);
    },
    remove: (id) => file.write((db) => db.run("DELETE FROM samples WHERE id = ?", id) === 1),
  };
}

function toSample(row: SampleColumns): Sample {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    flowId: row.flow_id,
    name: unpackText(row.name),
    event: unpackEvent(row),
    createdAt: row.created_at,
    pinned: row.pinned === 1,
  };
}
