// The store on a MongoDB database that any number of processes share.
//
// Each write that must be whole is a write of one document: a stand-alone server does that as well as a replica set,
// and no transaction, session or change stream is needed. Writes are answered when a majority has them in its
// journal. Leases end by time alone, since nobody here knows which other process is alive.

import type { Store } from "../ports/store.ts";
import { createAccountStore, createConnectionStore } from "./mongo-accounts.ts";
import { LONG_MS, type MongoOptions, openMongoDatabase } from "./mongo-database.ts";
import { createDeliveryStore } from "./mongo-deliveries.ts";
import { createFlowStore, createVersionStore, finishRemovals } from "./mongo-flows.ts";
import { createLineStore } from "./mongo-lines.ts";
import { createRunStore } from "./mongo-runs.ts";
import { createSampleStore } from "./mongo-samples.ts";
import { createStatStore } from "./mongo-stats.ts";

export interface MongoStore extends Store {
  /** The indexes that were missing, and have been made at this opening. */
  createdIndexes: string[];
}

/**
 * Opens the store at `mongodb://…`, with the indexes that it needs. Rejects with `StoreUnavailable` when the database
 * cannot be reached, so that a start can be tried again.
 */
export async function openMongoStore(url: string, options: MongoOptions = {}): Promise<MongoStore> {
  const database = await openMongoDatabase(url, options);
  const { ask, twice, models } = database;
  // Not awaited, and not to fail the start: what is left goes on at the next one.
  ask(() => finishRemovals(database), LONG_MS).catch(() => {});
  return {
    createdIndexes: database.createdIndexes,
    runs: createRunStore(database),
    flows: createFlowStore(database),
    versions: createVersionStore(database),
    samples: createSampleStore(database),
    deliveries: createDeliveryStore(database),
    lines: createLineStore(database),
    connections: createConnectionStore(database),
    accounts: createAccountStore(database),
    stats: createStatStore(database),
    check: () =>
      ask(async (time) => {
        const beat = () => models.pulse.updateOne({ _id: "pulse" }, { $inc: { beats: 1 } });
        if ((await twice(time, beat)).matchedCount === 0)
          await database.insert(time, models.pulse, { _id: "pulse", beats: 1 });
      }),
    close: () => database.close(),
  };
}
