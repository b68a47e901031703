// How the events that flows are built and tested with are written. Made in the thread that has the database.

import type { SQLInputValue } from "node:sqlite";
import type { Writer } from "./sqlite-writer.ts";

export const SAMPLE_CHANGES = { insertSample, pinSample };

const COLUMNS = "id, workspace_id, flow_id, name, created_at, event, raw, pinned";

/** `row` in the order of COLUMNS; beside the pinned ones only the newest `keep` stay. */
function insertSample(db: Writer, row: SQLInputValue[], flowId: string, keep: number): void {
  db.run(`INSERT INTO samples (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, ...row);
  db.run(
    `DELETE FROM samples WHERE seq IN
       (SELECT seq FROM samples WHERE flow_id = ? AND pinned = 0
        ORDER BY created_at DESC, seq DESC LIMIT -1 OFFSET ?)`,
    flowId,
    keep,
  );
}

function pinSample(db: Writer, id: string, pinned: boolean, most: number): "saved" | "missing" | "full" {
  const row = db.get<{ flow_id: string; pinned: number }>(
    "SELECT flow_id, pinned FROM samples WHERE id = ?",
    id,
  );
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
}
