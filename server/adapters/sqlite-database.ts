// How the database is opened and closed by whoever writes to it.

import type { DatabaseSync } from "node:sqlite";

/**
 * A commit waits until it is on disk (FULL). The log is folded into the file when it has 8 MB: folded more often, pages
 * that change all the time are written for nothing, and a larger one needs more room to recover after a full disk. It
 * is cut back to 16 MB after a burst.
 */
export function prepareToWrite(database: DatabaseSync): void {
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 2000;
    PRAGMA journal_size_limit = 16777216;
    PRAGMA cache_size = -8192;
    PRAGMA temp_store = MEMORY;
  `);
}

/** Folds the write-ahead log into the file. On a full disk it stays as it is, and is read at the next start. */
export function closeDatabase(database: DatabaseSync): void {
  try {
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch {
    // as above
  }
  database.close();
}
