// Fills a MongoDB database with what another store held. Each document is as the store itself would have written it,
// and comes in only when it is not there: a move that was cut off goes on by being begun again.

import mongoose, { type Model } from "mongoose";
import type { Flow } from "../../shared/flow.ts";
import type { Run, StepRun } from "../../shared/run.ts";
import type { MinuteRow, Store, StoredCatching } from "../ports/store.ts";
import { createAccountStore, createConnectionStore } from "./mongo-accounts.ts";
import { type BlobRef, deleteBlobsOf, writeBlob } from "./mongo-blobs.ts";
import { LONG_MS, type MongoDatabase, openMongoDatabase, type Time } from "./mongo-database.ts";
import { createDeliveryStore } from "./mongo-deliveries.ts";
import { createFlowStore, createVersionStore, toFlowDoc } from "./mongo-flows.ts";
import { createLineStore } from "./mongo-lines.ts";
import type { BlobDoc, Models, RunDoc } from "./mongo-models.ts";
import { isDuplicate } from "./mongo-problems.ts";
import { toDoc } from "./mongo-run-rows.ts";
import { PAGE } from "./mongo-run-steps.ts";
import { createRunStore } from "./mongo-runs.ts";
import { createSampleStore } from "./mongo-samples.ts";
import { createStatStore } from "./mongo-stats.ts";
import { packText, type Text, unpackText } from "./mongo-values.ts";
import type { Kind } from "./sqlite-export.ts";

export interface MongoImport {
  /** What it inserts gets the place in the order that `at` was told. */
  store: Omit<Store, "check" | "close">;
  /** The place of what is inserted next; everything that is made here later comes after it. */
  at(seq: number): void;
  /** All of a kind, page by page, in no order. */
  keys(kind: Kind): AsyncGenerator<string[]>;
  /** Those of the keys that are not there. */
  absent(kind: Kind, keys: string[]): Promise<Set<string>>;
  /** With how it catches, in one write: no sender finds it without. */
  addFlow(flow: Flow, catching: StoredCatching | null): Promise<void>;
  /** With those who stand in it, in order. */
  addLine(line: string, runs: string[]): Promise<void>;
  /** Runs that are not there yet, with their steps. They are in the database after `flush`. */
  addRun(run: Run, steps: StepRun[]): Promise<void>;
  flush(): Promise<void>;
  /** Minutes that are there stay as they are. */
  addMinutes(rows: MinuteRow[]): Promise<void>;
  /** What an earlier try wrote for runs and samples that it did not come to write. */
  discardParts(owners: string[]): Promise<void>;
  close(): Promise<void>;
}

const DOCS_AT_ONCE = 500;
const BYTES_AT_ONCE = 8 * 1024 * 1024;
const KEYS_AT_ONCE = 500;

/** Rejects with `StoreUnavailable` when it cannot be reached. With `makeIndexes: false` opening it writes nothing. */
export async function openMongoImport(
  url: string,
  { makeIndexes }: { makeIndexes: boolean },
): Promise<MongoImport> {
  const database = await openMongoDatabase(url, { patienceMs: LONG_MS, makeIndexes });
  const { ask, models } = database;
  let order: mongoose.Types.ObjectId | undefined;
  const ordered: MongoDatabase = {
    ...database,
    insert: (time, model, doc) =>
      database.insert(time, model, "order" in doc && order ? { ...doc, order } : doc),
  };
  const runs = gatherRuns(database);
  return {
    store: {
      runs: createRunStore(database),
      flows: createFlowStore(ordered),
      versions: createVersionStore(ordered),
      samples: createSampleStore(ordered),
      deliveries: createDeliveryStore(ordered),
      lines: createLineStore(database),
      connections: createConnectionStore(ordered),
      accounts: createAccountStore(ordered),
      stats: createStatStore(database),
    },
    at(seq) {
      order = orderOf(seq);
    },
    async *keys(kind) {
      const field = fieldOf(kind);
      const cursor = collectionOf(models, kind).find({}, { projection: { [field]: 1 }, batchSize: 1_000 });
      try {
        for (let page: Text[] = [], more = true; more; page = []) {
          more = await ask(async () => {
            while (page.length < KEYS_AT_ONCE) {
              const doc = await cursor.next();
              if (!doc) return false;
              page.push(doc[field]);
            }
            return true;
          });
          if (page.length > 0) yield page.map(textOf);
        }
      } finally {
        await cursor.close();
      }
    },
    absent: (kind, keys) =>
      ask(async () => {
        const field = fieldOf(kind);
        const found = await collectionOf(models, kind)
          .find({ [field]: { $in: keys.map(packText) } }, { projection: { [field]: 1 } })
          .toArray();
        const there = new Set(found.map((doc) => textOf(doc[field])));
        return new Set(keys.filter((key) => !there.has(key)));
      }),
    async addFlow(flow, catching) {
      const doc = toFlowDoc(flow, catching);
      if (await ask((time) => ordered.insert(time, models.flows, doc))) return;
      throw new Error(`There is a flow ${flow.id} already, or another with its catch key.`);
    },
    async addLine(line, runs) {
      const doc = { _id: packText(line), runs, places: runs.length };
      await ask((time) => database.insert(time, models.lines, doc));
    },
    addRun: runs.add,
    flush: runs.flush,
    addMinutes: (rows) =>
      ask((time) =>
        insertAbsent(
          database,
          time,
          models.minutes,
          rows.map(({ minute, ...counts }) => ({ _id: minute, ...counts })),
        ),
      ),
    discardParts: (owners) => ask(() => deleteBlobsOf(database, owners)),
    close: () => database.close(),
  };
}

/** Before everything that is made by the clock, and among its own kind where it was. */
function orderOf(seq: number): mongoose.Types.ObjectId {
  return mongoose.Types.ObjectId.createFromHexString(seq.toString(16).padStart(24, "0"));
}

/** Runs come in by the hundred, each after the blobs that it names. */
function gatherRuns(database: MongoDatabase): { add: MongoImport["addRun"]; flush(): Promise<void> } {
  const { ask, models } = database;
  let blobs: BlobDoc[] = [];
  let docs: RunDoc[] = [];
  let bytes = 0;
  const gathering: MongoDatabase = {
    ...database,
    async insert(time, model, doc) {
      if (!isBlob(doc)) return database.insert(time, model, doc);
      blobs.push(doc);
      bytes += doc.bytes.byteLength;
      if (bytes > BYTES_AT_ONCE) await flushBlobs(time);
      return true;
    },
  };
  async function flushBlobs(time: Time): Promise<void> {
    const ready = blobs;
    blobs = [];
    await insertAbsent(database, time, models.blobs, ready);
    bytes = docs.reduce((sum, doc) => sum + heldBy(doc), 0);
  }
  const flush = () =>
    ask(async (time) => {
      await flushBlobs(time);
      const ready = docs;
      docs = [];
      bytes = 0;
      await insertAbsent(database, time, models.runs, ready);
    });
  return {
    async add(run, steps) {
      const doc = await ask(async (time) => {
        const made = await toDoc(gathering, time, run);
        return { ...made, ...(await packSteps(gathering, time, run.id, steps, made.bytes)) };
      });
      docs.push(doc);
      bytes += heldBy(doc);
      if (docs.length >= DOCS_AT_ONCE || bytes > BYTES_AT_ONCE) await flush();
    },
    flush,
  };
}

function isBlob(doc: object): doc is BlobDoc {
  return "owner" in doc && "bytes" in doc;
}

/** About what the document takes, without its blobs. */
function heldBy({ event, start, rest, response, tailBytes }: RunDoc): number {
  const inline = [rest, response].reduce((sum, one) => sum + (Buffer.isBuffer(one) ? one.byteLength : 0), 0);
  return event.length + start.byteLength + inline + tailBytes;
}

/** The log as it would be had the steps been recorded one after the other: full pages, and a tail. */
async function packSteps(
  database: MongoDatabase,
  time: Time,
  id: string,
  steps: StepRun[],
  bytes: number,
): Promise<Pick<RunDoc, "pages" | "tail" | "tailBytes" | "bytes">> {
  const pages: BlobRef[] = [];
  let texts: string[] = [];
  let size = 0;
  let all = bytes;
  for (const step of steps) {
    const text = JSON.stringify([step]);
    const more = Buffer.byteLength(text);
    if (size + more > PAGE && texts.length > 0) {
      pages.push(await writeBlob(database, time, id, Buffer.from(texts.join("\n"))));
      texts = [];
      size = 0;
    }
    if (more > PAGE) pages.push(await writeBlob(database, time, id, Buffer.from(text)));
    else {
      texts.push(text);
      size += more;
    }
    all += more;
  }
  return { pages, tail: texts, tailBytes: size, bytes: all };
}

/** Those of which there is one with the same `_id` are left out. */
async function insertAbsent<Doc extends { _id: string | number }>(
  database: MongoDatabase,
  time: Time,
  { collection }: Model<Doc>,
  docs: Doc[],
): Promise<void> {
  if (docs.length === 0) return;
  const fields = docs.map((doc): mongoose.mongo.Document => Object.fromEntries(Object.entries(doc)));
  await database.twice(time, async () => {
    try {
      await collection.insertMany(fields, { ordered: false });
    } catch (error) {
      if (!onlyDuplicates(error)) throw error;
    }
  });
}

function onlyDuplicates(error: unknown): boolean {
  if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) return isDuplicate(error);
  const each = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
  return each.length > 0 && each.every(({ code }) => code === 11000) && !error.result.getWriteConcernError();
}

function collectionOf(models: Models, kind: Kind): Models["runs"]["collection"] {
  return models[kind].collection;
}

function fieldOf(kind: Kind): "hash" | "_id" {
  return kind === "tokens" ? "hash" : "_id";
}

/** Of a database that is not ours it may be anything. */
function textOf(value: unknown): string {
  return typeof value === "string" || Buffer.isBuffer(value) ? unpackText(value) : String(value);
}
