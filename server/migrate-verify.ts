// Compares a data folder with the database that it was moved into, record by record, as both stores give them.
//
// What a kind comes to is the sum of the SHA-256 of its records as canonical JSON: the order does not matter, and every
// byte does.

import { createHash } from "node:crypto";
import type { MongoImport } from "./adapters/mongo-import.ts";
import type { Kind, SqliteExport } from "./adapters/sqlite-export.ts";
import { MOVE_BEGUN, MOVED_AT } from "./data-folder.ts";
import { EVERYBODY } from "./migrate-copy.ts";
import type { Progress } from "./migrate-progress.ts";
import { KINDS } from "./migrate-target.ts";
import { type MinuteRow, type Store, StoreUnavailable } from "./ports/store.ts";

export interface Compared {
  what: string;
  source: Tally;
  target: Tally;
  /** Sentences: the first of them by name. */
  differences: string[];
  /** How many there are. */
  different: number;
}

export interface Tally {
  count: number;
  sum: bigint;
}

type Stores = Pick<
  Store,
  "accounts" | "connections" | "flows" | "versions" | "samples" | "deliveries" | "runs" | "lines"
>;

/** Records may be large, and each is there twice. */
const AT_ONCE = 16;
const NAMED = 20;
const ALL_BITS = (1n << 256n) - 1n;

export async function compareAll(
  source: SqliteExport,
  target: MongoImport,
  progress: Progress,
): Promise<Compared[]> {
  const compared: Compared[] = [];
  for (const kind of KINDS) {
    progress.begin(kind, source.count(kind));
    compared.push(...(await compareKind(kind, source, target, progress)));
    progress.end();
  }
  const [minutes, theirs] = await Promise.all([source.store.stats.since(0), target.store.stats.since(0)]);
  compared.push(compareMinutes(minutes, theirs));
  return compared;
}

/** Runs, and their steps as a kind of their own. */
async function compareKind(
  kind: Kind,
  source: SqliteExport,
  target: MongoImport,
  progress: Progress,
): Promise<Compared[]> {
  const records = newComparison(kind);
  const steps = newComparison("steps");
  const compare = async (key: string) => {
    const [ours, theirs] = await Promise.all([read(source.store, kind, key), read(target.store, kind, key)]);
    note(records, `${kind}: ${nameOf(kind, key)}`, ours, theirs);
    if (kind !== "runs") return;
    const [done, carried] = await Promise.all([
      source.store.runs.steps(key),
      orProblem(() => target.store.runs.steps(key)),
    ]);
    note(steps, `steps: the list of ${key}`, done, carried);
    steps.source.count += done.length - 1;
    steps.target.count += (Array.isArray(carried) ? carried.length : 0) - 1;
  };
  for (const places of source.places(kind)) {
    for (let from = 0; from < places.length; from += AT_ONCE) {
      const some = places.slice(from, from + AT_ONCE);
      await Promise.all(some.map(({ key }) => compare(key)));
      progress.did(some.length);
    }
  }
  for await (const keys of target.keys(kind)) {
    for (const key of keys) {
      if (source.has(kind, key) || (kind === "settings" && (key === MOVE_BEGUN || key === MOVED_AT)))
        continue;
      note(records, `${kind}: ${nameOf(kind, key)}`, null, await read(target.store, kind, key));
    }
  }
  return kind === "runs" ? [records, steps] : [records];
}

function compareMinutes(ours: MinuteRow[], theirs: MinuteRow[]): Compared {
  const minutes = newComparison("minutes");
  const here = new Map(ours.map((row) => [row.minute, row]));
  const there = new Map(theirs.map((row) => [row.minute, row]));
  for (const minute of new Set([...here.keys(), ...there.keys()])) {
    note(minutes, `minutes: ${minute}`, here.get(minute) ?? null, there.get(minute) ?? null);
  }
  return minutes;
}

function newComparison(what: string): Compared {
  return {
    what,
    source: { count: 0, sum: 0n },
    target: { count: 0, sum: 0n },
    differences: [],
    different: 0,
  };
}

/** Null is a record that is not there. */
function note(compared: Compared, name: string, ours: unknown, theirs: unknown): void {
  const [here, there] = [add(compared.source, ours), add(compared.target, theirs)];
  if (here === there) return;
  compared.different++;
  if (compared.differences.length >= NAMED) return;
  const how =
    theirs === null
      ? "is not in the database"
      : ours === null
        ? "is in the database and not in the data folder"
        : theirs instanceof Unreadable
          ? `cannot be read in the database: ${theirs.message}`
          : "is not the same in both";
  compared.differences.push(`${name} ${how}.`);
}

function add(tally: Tally, record: unknown): string {
  if (record === null) return "";
  tally.count++;
  const hash = createHash("sha256").update(canonical(record)).digest("hex");
  tally.sum = (tally.sum + BigInt(`0x${hash}`)) & ALL_BITS;
  return hash;
}

/** What a store cannot give though it is there. */
class Unreadable extends Error {
  override name = "Unreadable";
}

async function orProblem<T>(look: () => Promise<T>): Promise<T | Unreadable> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    return new Unreadable(error instanceof Error ? error.message : String(error));
  }
}

function read(store: Stores, kind: Kind, key: string): Promise<unknown> {
  const readers: Record<Kind, () => Promise<unknown>> = {
    settings: () => store.accounts.setting(key),
    users: () => store.accounts.userById(key),
    connections: () => store.connections.get(key),
    tokens: () => store.accounts.tokenByHash(key),
    sessions: () => store.accounts.session(key),
    versions: () => store.versions.get(key),
    samples: () => store.samples.get(key),
    deliveries: () => store.deliveries.get(key),
    runs: () => store.runs.get(key),
    lines: async () => {
      const runs = await store.lines.first(key, EVERYBODY);
      return runs.length === 0 ? null : runs;
    },
    flows: async () => {
      const flow = await store.flows.get(key);
      return flow && { ...flow, catching: await store.flows.catching(key) };
    },
  };
  return orProblem(readers[kind]);
}

/** Hashes of tokens and sessions are shown in part. */
function nameOf(kind: Kind, key: string): string {
  return kind === "tokens" || kind === "sessions" ? `that with the hash ${key.slice(0, 8)}…` : key;
}

/** JSON with its keys in order, and bytes as what no JSON is. */
export function canonical(value: unknown): string {
  if (value instanceof Uint8Array) return `<${Buffer.from(value).toString("base64")}>`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(",")}}`;
}
