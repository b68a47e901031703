// Reads a whole data folder, for a move to another database. Nothing in its database is written, and while it is open
// no server has the folder.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Store } from "../ports/store.ts";
import { createAccountStore, createConnectionStore } from "./sqlite-accounts.ts";
import { createDeliveryStore } from "./sqlite-deliveries.ts";
import { createFile, DATABASE_FILE, type SqliteFile } from "./sqlite-file.ts";
import { createFlowStore, createVersionStore } from "./sqlite-flows.ts";
import { createLineStore } from "./sqlite-lines.ts";
import { lockFolder } from "./sqlite-lock.ts";
import { MIGRATIONS } from "./sqlite-migrations.ts";
import { createRunStore } from "./sqlite-runs.ts";
import { createSampleStore } from "./sqlite-samples.ts";
import { createStatStore } from "./sqlite-stats.ts";
import { packText, unpackText } from "./sqlite-values.ts";

/** What has keys of its own. Steps go with their runs; the figures of minutes are asked for as a whole. */
export type Kind =
  | "settings"
  | "users"
  | "connections"
  | "tokens"
  | "sessions"
  | "flows"
  | "versions"
  | "samples"
  | "deliveries"
  | "runs"
  | "lines";

/** What the store gives it by (of a token and a session the hash), and its place in the order of inserting. */
export interface Place {
  key: string;
  seq: number;
}

export interface SqliteExport {
  /** To read: its writes reject. Runs have no lease in it, as at every opening of a data folder. */
  store: Omit<Store, "check" | "close">;
  /** All of a kind, in order, page by page. */
  places(kind: Kind): Generator<Place[]>;
  has(kind: Kind, key: string): boolean;
  count(kind: Kind): number;
  close(): void;
}

const PAGE = 500;

/** Throws an Error with a sentence when it is no data folder, somebody has it, or its format is another one. */
export function openSqliteExport(folder: string): SqliteExport {
  const path = join(folder, DATABASE_FILE);
  if (!existsSync(path)) {
    throw new Error(`There is no ${DATABASE_FILE} in ${folder}. Name the DATA_DIR of the installation.`);
  }
  const unlock = lockFolder(folder);
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 1_000 });
    try {
      checkFormat(database, folder);
      return exportOf(database, folder, unlock);
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    unlock();
    throw error;
  }
}

function checkFormat(database: DatabaseSync, folder: string): void {
  const version = Number(database.prepare("PRAGMA user_version").get()?.user_version);
  if (version === MIGRATIONS.length) return;
  const next =
    version < MIGRATIONS.length
      ? "Start the server on this folder once with this program, as it was before, and stop it: that brings the format up to date."
      : "Move it with the newer program that has written it.";
  throw new Error(
    `The database in ${folder} has the format ${version}, and this program moves the format ${MIGRATIONS.length}. ${next}`,
  );
}

function exportOf(database: DatabaseSync, folder: string, unlock: () => void): SqliteExport {
  const file = readerOf(database, folder);
  const runs = createRunStore(file);
  return {
    store: {
      runs: {
        ...runs,
        async get(id) {
          const run = await runs.get(id);
          // whoever held it is gone: nobody else has the folder
          return run && { ...run, leaseUntil: null };
        },
      },
      flows: createFlowStore(file),
      versions: createVersionStore(file),
      samples: createSampleStore(file),
      deliveries: createDeliveryStore(file),
      lines: createLineStore(file),
      connections: createConnectionStore(file),
      accounts: createAccountStore(file),
      stats: createStatStore(file),
    },
    *places(kind) {
      const { key, from } = TABLES[kind];
      for (let last = 0, page = PAGE; page === PAGE; ) {
        const rows = file.all<{ seq: number; key: string | Uint8Array }>(
          `SELECT rowid AS seq, ${key} AS key FROM ${from} AND rowid > ? ORDER BY rowid LIMIT ${PAGE}`,
          last,
        );
        last = rows.at(-1)?.seq ?? last;
        page = rows.length;
        if (page > 0) yield rows.map((row) => ({ key: unpackText(row.key), seq: row.seq }));
      }
    },
    has(kind, wanted) {
      const { key, from } = TABLES[kind];
      return file.get(`SELECT 1 FROM ${from} AND ${key} = ?`, packText(wanted)) !== undefined;
    },
    count: (kind) => file.get<{ n: number }>(`SELECT count(*) AS n FROM ${TABLES[kind].from}`)?.n ?? 0,
    close() {
      database.close();
      unlock();
    },
  };
}

/** Runs of flows that were deleted are on their way out. */
const TABLES: Record<Kind, { key: string; from: string }> = {
  settings: { key: "name", from: "settings WHERE true" },
  users: { key: "id", from: "users WHERE true" },
  connections: { key: "id", from: "connections WHERE true" },
  tokens: { key: "hash", from: "tokens WHERE true" },
  sessions: { key: "hash", from: "sessions WHERE true" },
  flows: { key: "id", from: "flows WHERE true" },
  versions: { key: "id", from: "versions WHERE true" },
  samples: { key: "id", from: "samples WHERE true" },
  deliveries: { key: "id", from: "deliveries WHERE flow_id NOT IN (SELECT id FROM removed_flows)" },
  runs: { key: "id", from: "runs WHERE flow_id NOT IN (SELECT id FROM removed_flows)" },
  lines: { key: "name", from: "lines WHERE true" },
};

/** A file of which nobody can write anything. */
function readerOf(database: DatabaseSync, folder: string): SqliteFile {
  const error = new Error(`The database in ${folder} is opened to be read.`);
  return createFile(database, folder, {
    write: (_name, _input, settle) => settle({ ok: false, error }),
    spareMemory() {},
    async close() {},
  });
}
