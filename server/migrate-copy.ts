// Copies everything of a data folder into a MongoDB database, leaving out what is there already.

import type { MongoImport } from "./adapters/mongo-import.ts";
import type { Kind, SqliteExport } from "./adapters/sqlite-export.ts";
import type { Progress } from "./migrate-progress.ts";
import { KINDS } from "./migrate-target.ts";

/** All samples and deliveries of a flow are few enough; this drops none. */
const KEEP_ALL = 1_000_000;
/** Of a line. */
export const EVERYBODY = 1_000_000;
const HAVE_PARTS: readonly Kind[] = ["runs", "samples", "deliveries"];

/**
 * First the settings, and with them the key's fingerprint: from then on the database is this installation's. Last the
 * flows: until everything else is there, no sender finds a catch URL. `again`: the database holds a part of it already.
 */
export async function copyAll(
  source: SqliteExport,
  target: MongoImport,
  { again, progress }: { again: boolean; progress: Progress },
): Promise<void> {
  for (const kind of KINDS) {
    const copy = copierOf(kind, source, target);
    progress.begin(kind, source.count(kind));
    for (const places of source.places(kind)) {
      const keys = places.map(({ key }) => key);
      const absent = again ? await target.absent(kind, keys) : new Set(keys);
      if (again && HAVE_PARTS.includes(kind)) await target.discardParts([...absent]);
      for (const { key, seq } of places) {
        if (absent.has(key)) {
          target.at(seq);
          await copy(key);
        }
        progress.did(1);
      }
    }
    await target.flush();
    progress.end();
  }
  await target.addMinutes(await source.store.stats.since(0));
}

function copierOf(kind: Kind, source: SqliteExport, target: MongoImport): (key: string) => Promise<unknown> {
  const from = source.store;
  const to = target.store;
  const copiers: Record<Kind, (key: string) => Promise<unknown>> = {
    settings: async (key) => to.accounts.setSettingOnce(key, there(await from.accounts.setting(key))),
    users: async (key) => to.accounts.insertFirstUser(there(await from.accounts.userById(key))),
    connections: async (key) => to.connections.insert(there(await from.connections.get(key))),
    tokens: async (key) => to.accounts.insertToken(there(await from.accounts.tokenByHash(key))),
    sessions: async (key) => to.accounts.insertSession(there(await from.accounts.session(key))),
    versions: async (key) => to.versions.insert(there(await from.versions.get(key))),
    samples: async (key) => to.samples.insert(there(await from.samples.get(key)), KEEP_ALL),
    deliveries: async (key) => to.deliveries.insert(there(await from.deliveries.get(key)), KEEP_ALL),
    runs: async (key) => target.addRun(there(await from.runs.get(key)), await from.runs.steps(key)),
    lines: async (key) => target.addLine(key, await from.lines.first(key, EVERYBODY)),
    flows: async (key) => target.addFlow(there(await from.flows.get(key)), await from.flows.catching(key)),
  };
  return copiers[kind];
}

/** Nobody else has the folder, so what was listed is there. */
function there<T>(found: T | null): T {
  if (found === null) throw new Error("A record of the data folder went away while it was read.");
  return found;
}
