// The events that flows are built and tested with, in MongoDB.
//
// How many may be pinned is a matter of all samples of a flow, and one update changes one document. So the places are
// a document, one for each flow: a pin first takes a place in it, on condition that one is free, and then marks the
// sample. Trimming deletes a sample on condition that it is not marked. Should a process die in between, the place is
// held by a sample that is not pinned: it is free again when that sample is gone, which trimming sees to.

import mongoose from "mongoose";
import type { Sample } from "../../shared/delivery.ts";
import type { SampleStore } from "../ports/store.ts";
import { packEvent, unpackEvent } from "./event-columns.ts";
import { deleteBlobsOf, MissingBlob, pack, unpack } from "./mongo-blobs.ts";
import type { MongoDatabase, Time } from "./mongo-database.ts";
import type { SampleDoc } from "./mongo-models.ts";
import { fromJson, ownBytes } from "./mongo-values.ts";

/** What `doc` holds: the event is JSON in it, without its body. */
interface Kept {
  workspaceId: string;
  name: string;
  event: string;
}

export function createSampleStore(database: MongoDatabase): SampleStore {
  const { ask, twice, insert, models } = database;
  const { samples, pins } = models;
  return {
    insert: (sample, keep) =>
      ask(async (time) => {
        if (sample.pinned) await takePlace(database, time, sample.flowId, sample.id, Infinity);
        if (!(await insert(time, samples, await toDoc(database, time, sample)))) {
          throw new Error(`There is a sample ${sample.id} already.`);
        }
        await trim(database, sample.flowId, keep);
      }),
    pin: (id, pinned, most) =>
      ask(async (time) => {
        const sample = await samples.findOne({ _id: id }, { flowId: 1, pinned: 1 }).lean();
        if (!sample) return "missing";
        const { flowId } = sample;
        if (pinned && !sample.pinned && !(await takePlace(database, time, flowId, id, most))) return "full";
        const { matchedCount } = await twice(time, () =>
          samples.updateOne({ _id: id }, { $set: { pinned } }),
        );
        if (!pinned || matchedCount === 0) await pins.updateOne({ _id: flowId }, { $pull: { samples: id } });
        return matchedCount === 0 ? "missing" : "saved";
      }),
    get: (id) =>
      ask(async () => {
        const doc = await samples.findOne({ _id: id }).lean();
        return (doc && (await toSample(database, doc))) ?? null;
      }),
    list: (flowId) =>
      ask(async () => {
        const docs = await samples.find({ flowId }).sort({ createdAt: -1, order: -1 }).lean();
        const found = await Promise.all(docs.map((doc) => toSample(database, doc)));
        return found.filter((sample) => sample !== null);
      }),
    remove: (id) =>
      ask(async () => {
        const sample = await samples.findOneAndDelete({ _id: id }, { projection: { flowId: 1 } }).lean();
        if (!sample) return false;
        await pins.updateOne({ _id: sample.flowId }, { $pull: { samples: id } });
        await deleteBlobsOf(database, [id]);
        return true;
      }),
  };
}

async function takePlace(
  database: MongoDatabase,
  time: Time,
  flowId: string,
  id: string,
  most: number,
): Promise<boolean> {
  const { pins } = database.models;
  if (!(await pins.exists({ _id: flowId }))) await database.insert(time, pins, { _id: flowId, samples: [] });
  const free = Number.isFinite(most) ? { [`samples.${most - 1}`]: { $exists: false } } : {};
  const take = () =>
    pins.updateOne({ _id: flowId, samples: { $ne: id }, ...free }, { $push: { samples: id } });
  if ((await take()).matchedCount > 0) return true;
  const places = (await pins.findOne({ _id: flowId }).lean())?.samples ?? [];
  if (places.includes(id)) return true;
  const there = await database.models.samples.find({ _id: { $in: places } }, { _id: 1 }).lean();
  const held = new Set(there.map(({ _id }) => _id));
  const lost = places.filter((place) => !held.has(place));
  if (lost.length === 0) return false;
  await pins.updateOne({ _id: flowId }, { $pull: { samples: { $in: lost } } });
  return (await take()).matchedCount > 0;
}

/** Deletes the oldest of those that are not pinned beyond `keep`. */
async function trim(database: MongoDatabase, flowId: string, keep: number): Promise<void> {
  const { samples } = database.models;
  const extra = await samples
    .find({ flowId, pinned: false }, { _id: 1 })
    .sort({ createdAt: -1, order: -1 })
    .skip(keep)
    .lean();
  if (extra.length === 0) return;
  const ids = extra.map(({ _id }) => _id);
  await samples.deleteMany({ _id: { $in: ids }, pinned: false });
  const pinned = await samples.find({ _id: { $in: ids } }, { _id: 1 }).lean();
  const kept = new Set(pinned.map(({ _id }) => _id));
  await deleteBlobsOf(
    database,
    ids.filter((id) => !kept.has(id)),
  );
}

async function toDoc(database: MongoDatabase, time: Time, sample: Sample): Promise<SampleDoc> {
  const { event, raw } = packEvent(sample.event);
  const kept: Kept = { workspaceId: sample.workspaceId, name: sample.name, event };
  return {
    _id: sample.id,
    order: new mongoose.Types.ObjectId(),
    flowId: sample.flowId,
    createdAt: sample.createdAt,
    pinned: sample.pinned,
    doc: JSON.stringify(kept),
    raw: await pack(database, time, sample.id, raw),
  };
}

/** Null when it was deleted a moment ago. */
async function toSample(database: MongoDatabase, doc: SampleDoc): Promise<Sample | null> {
  const { workspaceId, name, event } = fromJson<Kept>(doc.doc);
  try {
    const raw = ownBytes(await unpack(database, doc.raw));
    const { _id: id, flowId, createdAt, pinned } = doc;
    return { id, workspaceId, flowId, name, event: unpackEvent({ event, raw }), createdAt, pinned };
  } catch (error) {
    if (error instanceof MissingBlob && !(await database.models.samples.exists({ _id: doc._id })))
      return null;
    throw error;
  }
}
