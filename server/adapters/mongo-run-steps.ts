// The steps of a run in MongoDB, and the one write that changes a run together with them.
//
// What a record brings is appended to a log; a step that was recorded again is in it twice, and the later one counts.
// The end of the log is in the run's document, so that one update of one document writes the steps and the patch, on
// condition of the fence. When the end grows past 64 KB, it becomes a page: a blob that is written first, and comes
// into force when the run's document names it, in the same update that clears the end.
//
//     runs    { _id, fence, status, …, pages: [ p1, p2 ], tail: [ "[step,step]", "[step]" ], tailBytes }
//                                           |   |          one text a record
//     blobs                                p1  p2          the texts of what once was the tail, one a line
//
// The usual record is one write. One in a few hundred turns a page: a read, a blob, and its one write. A record over
// 64 KB is a page of its own, behind that of the tail. A page whose update was refused (another holder, another
// record in between) is named by nobody. A loop of 10,000 items with 3 steps each is some 200 pages: the document
// stays below a megabyte whatever a run does.

import mongoose from "mongoose";
import type { Run, RunStatus, StepRun } from "../../shared/run.ts";
import type { RunChange } from "../ports/store.ts";
import { type BlobRef, discard, packJson, readBlobs, writeBlob } from "./mongo-blobs.ts";
import type { MongoDatabase, Time } from "./mongo-database.ts";
import type { RunDoc } from "./mongo-models.ts";
import { fromJson } from "./mongo-values.ts";

/** So much of the log stays in the run's document. */
export const PAGE = 64 * 1024;

export interface Write {
  id: string;
  /** The fence, or the status. */
  where: { fence?: number; status: { $in: readonly RunStatus[] } | { $nin: readonly RunStatus[] } };
  change: RunChange;
  letGo: boolean;
  fenceUp: boolean;
}

/** Makes the change if the run still is as `where` says; gives whether it did. */
export async function changeRun(database: MongoDatabase, time: Time, write: Write): Promise<boolean> {
  const { id, change } = write;
  const { runs } = database.models;
  const where = { ...write.where, _id: id };
  const text = change.steps && change.steps.length > 0 ? JSON.stringify(change.steps) : "";
  const size = Buffer.byteLength(text);
  const patch = await packPatch(database, time, id, change.run ?? {});
  const { $set, ...clear } = updateOf(patch, write.letGo);
  const $inc = { bytes: size, ...(write.fenceUp ? { fence: 1 } : {}) };
  let sure = true;
  const done = await database.twice(time, async (again) => {
    sure = !again;
    if (again && (await wasMade(database, id, $set.written))) return true;
    if (size <= PAGE) {
      const { matchedCount } = await database.bare.runs.updateOne(
        { ...where, tailBytes: { $lte: PAGE - size } },
        { $set, ...clear, $inc: { ...$inc, tailBytes: size }, ...(text ? { $push: { tail: text } } : {}) },
      );
      if (matchedCount > 0) return true;
    }
    return turnPage(text, size);
  });
  // not after an answer that got lost: the first try may have been made, and have been followed by another's change
  if (!done && sure) await discard(database, [patch.problem ?? null, patch.response ?? null]);
  return done;

  /** The tail, and what comes now if it is large, become pages. Again from the start when another record came between. */
  async function turnPage(text: string, size: number): Promise<boolean> {
    while (!time.isUp) {
      const now = await runs.findOne(where, { tail: 1, written: 1 }).lean();
      if (!now) return false;
      const pages: BlobRef[] = [];
      for (const page of [now.tail.join("\n"), ...(size > PAGE ? [text] : [])]) {
        if (page !== "") pages.push(await writeBlob(database, time, id, Buffer.from(page)));
      }
      const tail = size > PAGE || text === "" ? [] : [text];
      const { matchedCount } = await runs.updateOne(
        { ...where, written: now.written },
        {
          $set: { ...$set, tail, tailBytes: tail.length > 0 ? size : 0 },
          ...clear,
          $inc,
          $push: { pages: { $each: pages } },
        },
      );
      if (matchedCount > 0) return true;
      await discard(database, pages);
    }
    return false;
  }
}

/** Asked by a write that changes nothing: its answer, too, waits until a majority has what it found. */
async function wasMade({ models }: MongoDatabase, id: string, written: string): Promise<boolean> {
  const { matchedCount } = await models.runs.updateOne({ _id: id, written }, { $set: { written } });
  return matchedCount > 0;
}

/** Everything recorded, in order of first recording. */
export async function stepsOf(
  database: MongoDatabase,
  { pages, tail }: Pick<RunDoc, "pages" | "tail">,
): Promise<StepRun[]> {
  const steps = new Map<string, StepRun>();
  const take = (text: string) => {
    for (const step of fromJson<StepRun[]>(text)) steps.set(step.path, step);
  };
  for (const page of await readBlobs(database, pages)) page.toString().split("\n").forEach(take);
  tail.forEach(take);
  return [...steps.values()];
}

type Patch = Awaited<ReturnType<typeof packPatch>>;

async function packPatch(
  database: MongoDatabase,
  time: Time,
  id: string,
  { status, finishedAt, wakeAt, problem, response }: NonNullable<RunChange["run"]>,
) {
  return {
    status,
    finishedAt,
    wakeAt,
    problem: problem === undefined ? undefined : await packJson(database, time, id, problem),
    response: response === undefined ? undefined : await packJson(database, time, id, response),
  };
}

function updateOf({ wakeAt, ...patch }: Patch, letGo: boolean) {
  const $set: Partial<RunDoc> & Pick<RunDoc, "written"> = {
    written: new mongoose.Types.ObjectId().toHexString(),
  };
  const $unset: Partial<Record<keyof Run, 1>> = {};
  if (patch.status !== undefined) $set.status = patch.status;
  if (patch.finishedAt !== undefined) $set.finishedAt = patch.finishedAt;
  if (patch.problem !== undefined) $set.problem = patch.problem;
  if (patch.response !== undefined) $set.response = patch.response;
  if (wakeAt === null) $unset.wakeAt = 1;
  else if (wakeAt !== undefined) $set.wakeAt = wakeAt;
  if (letGo) $unset.leaseUntil = 1;
  return { $set, ...(Object.keys($unset).length > 0 ? { $unset } : {}) };
}
