// May the installation of a data folder be moved into this database? Only into one that is empty, or that holds a part
// of an earlier try of the same move.

import type { MongoImport } from "./adapters/mongo-import.ts";
import type { Kind, SqliteExport } from "./adapters/sqlite-export.ts";
import { FINGERPRINT, MOVE_BEGUN, MOVED_AT, StartRefused } from "./data-folder.ts";

export const KINDS: readonly Kind[] = [
  "settings",
  "users",
  "connections",
  "tokens",
  "sessions",
  "versions",
  "samples",
  "deliveries",
  "runs",
  "lines",
  "flows",
];

const NOTHING_WRITTEN = "Nothing was written. Give --to an empty database.";

/** Throws a StartRefused with a sentence when the database is somebody else's. Gives whether it holds anything. */
export async function checkTarget(source: SqliteExport, target: MongoImport): Promise<boolean> {
  const [ours, theirs, movedAt] = await Promise.all([
    source.store.accounts.setting(FINGERPRINT),
    target.store.accounts.setting(FINGERPRINT),
    target.store.accounts.setting(MOVED_AT),
  ]);
  if (theirs !== null && theirs !== ours) {
    throw new StartRefused(
      `The database belongs to another installation: its connections are sealed with another key. ${NOTHING_WRITTEN}`,
    );
  }
  if (movedAt !== null) {
    throw new StartRefused(
      `A move into this database was completed on ${movedAt}, and what has changed there since would be changed back. Nothing was written. To compare the two, add --verify-only; to move again, give --to an empty database.`,
    );
  }
  let holds = false;
  for (const kind of KINDS) {
    for await (const keys of target.keys(kind)) {
      holds ||= keys.length > 0;
      const isForeign = (key: string) =>
        !source.has(kind, key) && !(kind === "settings" && key === MOVE_BEGUN);
      if (keys.some(isForeign)) {
        throw new StartRefused(
          `The database holds ${kind} that are not in the data folder: somebody else uses it, or a server was started on it. ${NOTHING_WRITTEN}`,
        );
      }
    }
  }
  const minutes = new Set((await source.store.stats.since(0)).map(({ minute }) => minute));
  const counted = await target.store.stats.since(0);
  if (counted.some(({ minute }) => !minutes.has(minute))) {
    throw new StartRefused(
      `The database holds figures of minutes that are not in the data folder: a server was started on it. ${NOTHING_WRITTEN}`,
    );
  }
  return holds || counted.length > 0;
}
