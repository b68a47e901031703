// Reads the runs of a MongoDB installation as the checker wants them, beside the program and without asking it.

import { openMongoDatabase } from "../../server/adapters/mongo-database.ts";
import { stepsOf } from "../../server/adapters/mongo-run-steps.ts";
import { unpackText } from "../../server/adapters/mongo-values.ts";
import { FINAL_STATUSES } from "../../shared/run.ts";
import { type StoredRun, untilNone } from "./checker.ts";

export interface MongoReader {
  /** All runs by their id, each with its steps. */
  runs(): Promise<Map<string, StoredRun>>;
  /** What each run was last changed by: as long as nothing is written, it stays the same. */
  changes(): Promise<Map<string, string>>;
  /** Runs that have not come to an end. */
  open(): Promise<number>;
  /** Waits until every run has ended. Gives how long it took, or null when `deadlineMs` was not enough. */
  untilSettled(deadlineMs: number, lookEveryMs?: number): Promise<number | null>;
  close(): Promise<void>;
}

/** So long one look may take: a small machine reads everything from the start to the end. */
const LOOK_MS = 120_000;
/** Counting costs the small server of the tests a look at every run. */
const LOOK_EVERY_MS = 500;

export async function openMongoReader(url: string): Promise<MongoReader> {
  const database = await openMongoDatabase(url, { patienceMs: LOOK_MS });
  const { runs } = database.models;
  // while the server is away nobody knows: then they may be open
  const open = () =>
    database.ask(() => runs.countDocuments({ status: { $nin: FINAL_STATUSES } }).exec(), 10_000);
  return {
    runs: () =>
      database.ask(async () => {
        const found = new Map<string, StoredRun>();
        const fields = { status: 1, dedupeKey: 1, start: 1, pages: 1, tail: 1 };
        for await (const doc of runs.find({}, fields).lean().cursor({ batchSize: 500 })) {
          const steps = await stepsOf(database, doc);
          found.set(doc._id, {
            id: doc._id,
            status: doc.status,
            dedupeKey: unpackText(doc.dedupeKey),
            ...sentIn(Buffer.from(doc.start).toString()),
            steps: new Map(steps.map((step) => [step.path, step])),
          });
        }
        return found;
      }),
    changes: () =>
      database.ask(async () => {
        const docs = await runs.find({}, { written: 1 }).lean();
        return new Map(docs.map(({ _id, written }) => [_id, written]));
      }),
    open,
    untilSettled: (deadlineMs, lookEveryMs = LOOK_EVERY_MS) =>
      untilNone(() => open().catch(() => 1), deadlineMs, lookEveryMs),
    close: () => database.close(),
  };
}

/** The body's `id` and `try`: what the load sends is smaller than the part of a body that is searched, or padded behind. */
function sentIn(body: string): { event: string; try: number } {
  const [, id = "", tried = "0"] = /^\{"id":"([^"]*)","try":(\d+)/.exec(body) ?? [];
  return { event: id, try: Number(tried) };
}
