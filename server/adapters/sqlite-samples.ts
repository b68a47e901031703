// The events that flows are built and tested with, in SQLite.

import type { Sample } from "../../shared/delivery.ts";
import type { SampleStore } from "../ports/store.ts";
import { packEvent, unpackEvent } from "./event-columns.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { ownBytes, packText, unpackText } from "./sqlite-values.ts";

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
    insert: (sample, keep) => {
      const { id, workspaceId, flowId, name, createdAt, pinned } = sample;
      const { event, raw } = packEvent(sample.event);
      const row = [id, workspaceId, flowId, packText(name), createdAt, event, ownBytes(raw), Number(pinned)];
      return file.write("insertSample", row, flowId, keep);
    },
    pin: (id, pinned, most) => file.write("pinSample", id, pinned, most),
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
    remove: async (id) => (await file.run("DELETE FROM samples WHERE id = ?", id)) === 1,
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
