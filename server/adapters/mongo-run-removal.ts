// Deletes runs. Their documents go first, and what these named after them: nobody reads a run in halves.

import { FINAL_STATUSES } from "../../shared/run.ts";
import { deleteBlobsOf } from "./mongo-blobs.ts";
import type { MongoDatabase } from "./mongo-database.ts";
import { leaveAllLines } from "./mongo-lines.ts";

/** Deletes at most `limit` ended runs that were created before `before`; gives how many. */
export async function pruneRuns(database: MongoDatabase, before: number, limit: number): Promise<number> {
  const { runs } = database.models;
  const old = await runs
    .find({ status: { $in: FINAL_STATUSES }, createdAt: { $lt: before } }, { _id: 1 })
    .sort({ createdAt: 1 })
    .limit(limit)
    .lean();
  return deleteRuns(
    database,
    old.map(({ _id }) => _id),
  );
}

/** Deletes at most `limit` runs of the flow; gives how many. */
export async function deleteRunsOfFlow(
  database: MongoDatabase,
  flowId: string,
  limit: number,
): Promise<number> {
  const some = await database.models.runs.find({ flowId }, { _id: 1 }).limit(limit).lean();
  return deleteRuns(
    database,
    some.map(({ _id }) => _id),
  );
}

async function deleteRuns(database: MongoDatabase, ids: string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const { deletedCount } = await database.models.runs.deleteMany({ _id: { $in: ids } });
  await deleteBlobsOf(database, ids);
  await leaveAllLines(database, ids);
  return deletedCount;
}
