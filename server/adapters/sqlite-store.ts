// The store on one SQLite file.

import type { Store } from "../ports/store.ts";
import { createAccountStore, createConnectionStore } from "./sqlite-accounts.ts";
import { createDeliveryStore } from "./sqlite-deliveries.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { createFlowStore, createVersionStore, finishRemovals } from "./sqlite-flows.ts";
import { createLineStore } from "./sqlite-lines.ts";
import { clearLeases, createRunStore } from "./sqlite-runs.ts";
import { createSampleStore } from "./sqlite-samples.ts";
import { createStatStore } from "./sqlite-stats.ts";

/**
 * The store on an opened file. Opening it clears all leases: one process at a time has the file, so whoever held a
 * run is gone. Closing it closes the file; close a queue on the same file first.
 */
export function createSqliteStore(file: SqliteFile): Store {
  // Not awaited: writes are in order, so the leases are gone before the first claim. Should either fail (the disk is
  // full), nothing is wrong: leases end by themselves, and removals go on at the next start. `check` tells of the disk.
  const opening = Promise.allSettled([clearLeases(file), finishRemovals(file)]);
  return {
    runs: createRunStore(file),
    flows: createFlowStore(file),
    versions: createVersionStore(file),
    samples: createSampleStore(file),
    deliveries: createDeliveryStore(file),
    lines: createLineStore(file),
    connections: createConnectionStore(file),
    accounts: createAccountStore(file),
    stats: createStatStore(file),
    async check() {
      await file.run("UPDATE pulse SET beats = beats + 1");
    },
    async close() {
      await file.close();
      await opening;
    },
  };
}
