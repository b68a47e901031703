// How flows are taken away, with everything that was theirs. Made in the thread that has the database.

import { deleteRunsOfFlow } from "./sqlite-run-changes.ts";
import type { Writer } from "./sqlite-writer.ts";

export const FLOW_CHANGES = { removeFlow, deleteRunsOfRemovedFlow };

/** False when there is none. Its runs and deliveries are left, to be deleted in portions. */
function removeFlow(db: Writer, id: string): boolean {
  if (db.run("DELETE FROM flows WHERE id = ?", id) === 0) return false;
  db.run("DELETE FROM versions WHERE flow_id = ?", id);
  db.run("DELETE FROM samples WHERE flow_id = ?", id);
  db.run("INSERT OR IGNORE INTO removed_flows VALUES (?)", id);
  return true;
}

/** Deletes at most `limit` of its runs, and with the last one that it was ever there; gives how many. */
function deleteRunsOfRemovedFlow(db: Writer, flowId: string, limit: number): number {
  const deleted = deleteRunsOfFlow(db, flowId, limit);
  if (deleted < limit) {
    db.writeTallies();
    db.run("DELETE FROM run_counts WHERE flow_id = ?", flowId);
    db.run("DELETE FROM removed_flows WHERE id = ?", flowId);
  }
  return deleted;
}
