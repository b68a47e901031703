// The lines that runs stand in, in MongoDB: one document for each line, so that coming and going are one update each,
// and the order is the same for every process.
//
// `places` counts those in `runs`: whoever joins need not read who stands there. A line that is left by its last is
// deleted on condition that nobody has come since. Should a process die in between, an empty one stays: it counts as
// not there, whoever comes next stands in it, and `dropEmptyLines` finds the others.

import type { LineStore } from "../ports/store.ts";
import { whoMovesUp } from "./line-order.ts";
import type { MongoDatabase, Time } from "./mongo-database.ts";
import { isDuplicate } from "./mongo-problems.ts";
import { packText, type Text, unpackText } from "./mongo-values.ts";

export function createLineStore(database: MongoDatabase): LineStore {
  const { ask, models } = database;
  const { lines } = models;
  return {
    join: (line, runId) => ask((time) => joinLine(database, time, packText(line), runId)),
    first: (line, limit) =>
      ask(async () => {
        if (limit < 1) return [];
        const doc = await lines.findOne({ _id: packText(line) }, { runs: { $slice: limit } }).lean();
        return doc?.runs ?? [];
      }),
    length: (line, most) =>
      ask(async () => {
        const doc = await lines.findOne({ _id: packText(line) }, { places: 1 }).lean();
        return Math.min(most, doc?.places ?? 0);
      }),
    leave: (line, runId, atOnce) =>
      ask((time) => leaveLine(database, time, { _id: packText(line), runId, atOnce })),
    list: (after, limit) =>
      ask(async () => {
        const last = packText(after);
        const later = { _id: { $gt: last } };
        const docs = await lines
          // names that are bytes come after all that are text, and $gt stays with its own kind
          .find({
            places: { $gt: 0 },
            ...(typeof last === "string" ? { $or: [later, { _id: { $type: "binData" } }] } : later),
          })
          .select({ _id: 1 })
          .sort({ _id: 1 })
          .limit(limit)
          .lean();
        return docs.map(({ _id }) => unpackText(_id));
      }),
  };
}

/**
 * One update, which makes the line when it is not there. The condition that the run does not stand in it yet turns into
 * a duplicate key when it does: also when it has come by a first try whose answer got lost.
 */
async function joinLine(database: MongoDatabase, time: Time, _id: Text, runId: string): Promise<number> {
  const { lines } = database.bare;
  return database.twice(time, async () => {
    for (;;) {
      try {
        const joined = await lines.findOneAndUpdate(
          { _id, runs: { $ne: runId } },
          { $push: { runs: runId }, $inc: { places: 1 } },
          { upsert: true, returnDocument: "after", projection: { places: 1 } },
        );
        if (joined) return joined.places - 1;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        const before = (await lines.findOne({ _id }))?.runs.indexOf(runId) ?? -1;
        if (before >= 0) return before;
        // another one has just made the line, or this run has just been sent out of it
        if (time.isUp) throw error;
      }
    }
  });
}

/** See `LineStore.leave`: the document as it was before says who moves up. */
async function leaveLine(
  database: MongoDatabase,
  time: Time,
  { _id, runId, atOnce }: { _id: Text; runId: string; atOnce: number },
): Promise<string | null> {
  const { lines } = database.bare;
  const { first, next } = await database.twice(time, async (again) => {
    const before = await lines.findOneAndUpdate(
      { _id, runs: runId },
      { $pull: { runs: runId }, $inc: { places: -1 } },
      { returnDocument: "before", projection: { runs: { $slice: atOnce + 1 } } },
    );
    if (before) return { first: before.runs, next: whoMovesUp(before.runs, runId, atOnce) };
    if (!again) return { first: null, next: null };
    // It may have left by the try whose answer got lost. Who is the last of the first now may go on in any case.
    const now = await lines.findOne({ _id }, { projection: { runs: { $slice: atOnce } } });
    return { first: now?.runs ?? [], next: now?.runs[atOnce - 1] ?? null };
  });
  if (first !== null && first.length <= 1) {
    await database.twice(time, () => lines.deleteOne({ _id, places: 0 }));
  }
  return next;
}

const UNHURRIED: Time = { isUp: false };

/** For runs that are deleted. Most have left long since. */
export async function leaveAllLines(database: MongoDatabase, runIds: string[]): Promise<void> {
  const found = await database.models.lines.find({ runs: { $in: runIds } }).lean();
  const gone = new Set(runIds);
  for (const { _id, runs } of found) {
    for (const runId of runs)
      if (gone.has(runId)) await leaveLine(database, UNHURRIED, { _id, runId, atOnce: 1 });
  }
}

/** Left behind by processes that died. */
export async function dropEmptyLines({ models }: MongoDatabase): Promise<void> {
  await models.lines.deleteMany({ places: 0 });
}
