// What happened in each minute, in SQLite: one row a minute, added to.

import type { MinuteRow, StatStore } from "../ports/store.ts";
import type { SqliteFile } from "./sqlite-file.ts";

type Columns = Omit<MinuteRow, "runMs"> & { run_ms: number };

export function createStatStore(file: SqliteFile): StatStore {
  return {
    async add(minute, counts) {
      await file.run(
        `INSERT INTO minute_stats (minute, accepted, refused, succeeded, failed, canceled, steps, timed, run_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET
           accepted = accepted + excluded.accepted,
           refused = refused + excluded.refused,
           succeeded = succeeded + excluded.succeeded,
           failed = failed + excluded.failed,
           canceled = canceled + excluded.canceled,
           steps = steps + excluded.steps,
           timed = timed + excluded.timed,
           run_ms = run_ms + excluded.run_ms`,
        minute,
        counts.accepted,
        counts.refused,
        counts.succeeded,
        counts.failed,
        counts.canceled,
        counts.steps,
        counts.timed,
        counts.runMs,
      );
    },
    async since(minute) {
      return file
        .all<Columns>("SELECT * FROM minute_stats WHERE minute >= ? ORDER BY minute", minute)
        .map(({ run_ms, ...row }) => ({ ...row, runMs: run_ms }));
    },
    prune: (before) => file.run("DELETE FROM minute_stats WHERE minute < ?", before),
  };
}
