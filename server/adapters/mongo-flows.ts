// Flows and their versions in MongoDB.

import mongoose, { type QueryFilter } from "mongoose";
import type { Flow, Version } from "../../shared/flow.ts";
import {
  type CaughtFlow,
  type FlowStore,
  type StoredCatching,
  StoreUnavailable,
  type VersionStore,
} from "../ports/store.ts";
import { deleteBlobsOf } from "./mongo-blobs.ts";
import { createCatching, packCatching } from "./mongo-catching.ts";
import { LONG_MS, type MongoDatabase } from "./mongo-database.ts";
import { deleteDeliveriesOfFlow } from "./mongo-deliveries.ts";
import type { FlowDoc } from "./mongo-models.ts";
import { deleteRunsOfFlow } from "./mongo-run-removal.ts";
import { readTogether } from "./mongo-together.ts";
import { fromJson, packText, unpackText } from "./mongo-values.ts";

const PORTION = 500;

export function createFlowStore(database: MongoDatabase): FlowStore {
  const { ask, twice, insert, models, bare } = database;
  const { flows } = models;
  const { parse, ...catching } = createCatching(database);
  /** Every webhook asks. */
  const caughtBy = readTogether(async (keys) => {
    const fields = { catchKey: 1, workspaceId: 1, status: 1, liveVersionId: 1, catching: 1 };
    const found = bare.flows.find({ catchKey: { $in: keys }, removed: false }, { projection: fields });
    const docs = await found.toArray();
    return new Map(
      docs.map(
        ({ _id: id, catchKey, workspaceId, status, liveVersionId, catching }): [string, CaughtFlow] => [
          catchKey,
          { id, workspaceId, status, liveVersionId, catching: parse(id, catching) },
        ],
      ),
    );
  });
  async function one(filter: QueryFilter<FlowDoc>): Promise<Flow | null> {
    const doc = await flows.findOne({ ...filter, removed: false }).lean();
    return doc && toFlow(doc);
  }
  async function many(filter: QueryFilter<FlowDoc>): Promise<Flow[]> {
    return (
      await flows
        .find({ ...filter, removed: false })
        .sort({ order: 1 })
        .lean()
    ).map(toFlow);
  }
  return {
    insert: (flow) =>
      ask(async (time) => {
        if (!(await insert(time, flows, toFlowDoc(flow)))) {
          throw new Error(`There is a flow ${flow.id} already, or another with its catch key.`);
        }
      }),
    get: (id) => ask(() => one({ _id: id })),
    byCatchKey: (catchKey) =>
      ask(async () => {
        const caught = await caughtBy(catchKey);
        return caught ? { ...caught } : null;
      }),
    ...catching,
    list: (workspaceId) => ask(() => many({ workspaceId })),
    withStatus: (status) => ask(() => many({ status })),
    save: ({ id, name, draft, revision, updatedAt }, ifRevision) =>
      ask((time) => {
        const written = new mongoose.Types.ObjectId().toHexString();
        return twice(time, async (again) => {
          const { matchedCount } = await flows.updateOne(
            { _id: id, revision: ifRevision, removed: false },
            { $set: { name: packText(name), draft: JSON.stringify(draft), revision, updatedAt, written } },
          );
          if (matchedCount > 0) return "saved";
          if (!again) return "stale";
          // by a write, too: its answer waits until a majority has what it found
          const mine = await flows.updateOne({ _id: id, written }, { $set: { written } });
          return mine.matchedCount > 0 ? "saved" : "stale";
        });
      }),
    patch: (id, { name, status, liveVersionId, catchKey, updatedAt }) =>
      ask(async (time) => {
        const $set: Partial<FlowDoc> = {};
        if (name !== undefined) $set.name = packText(name);
        if (status !== undefined) $set.status = status;
        if (liveVersionId !== undefined) $set.liveVersionId = liveVersionId;
        if (catchKey !== undefined) $set.catchKey = catchKey;
        if (updatedAt !== undefined) $set.updatedAt = updatedAt;
        const filter = { _id: id, removed: false };
        if (Object.keys($set).length === 0) return (await flows.exists(filter)) !== null;
        const { matchedCount } = await twice(time, () => flows.updateOne(filter, { $set }));
        return matchedCount > 0;
      }),
    async remove(id) {
      const $set = { removed: true };
      const was = await ask((time) =>
        twice(time, async (again) => {
          const { matchedCount } = await flows.updateOne({ _id: id, removed: false }, { $set });
          return matchedCount > 0 || (again && (await flows.exists({ _id: id, removed: true })) !== null);
        }),
      );
      if (!was) return false;
      try {
        await ask(() => deleteAllOf(database, id), LONG_MS);
      } catch (error) {
        // It is gone for everybody. What is left of it goes with the next pruning or opening.
        if (!(error instanceof StoreUnavailable)) throw error;
      }
      return true;
    },
  };
}

/** Goes on with the removals that a process did not finish. Several may at once. */
export async function finishRemovals(database: MongoDatabase): Promise<void> {
  for (const { _id } of await database.models.flows.find({ removed: true }, { _id: 1 }).lean()) {
    await deleteAllOf(database, _id);
  }
}

/** In portions. The flow's document goes last: as long as it is there, somebody goes on. */
async function deleteAllOf(database: MongoDatabase, flowId: string): Promise<void> {
  const { flows, versions, samples, pins } = database.models;
  await versions.deleteMany({ flowId });
  const ids = (await samples.find({ flowId }, { _id: 1 }).lean()).map(({ _id }) => _id);
  await samples.deleteMany({ flowId });
  await deleteBlobsOf(database, ids);
  await pins.deleteOne({ _id: flowId });
  while ((await deleteDeliveriesOfFlow(database, flowId, PORTION)) > 0);
  while ((await deleteRunsOfFlow(database, flowId, PORTION)) > 0);
  await flows.deleteOne({ _id: flowId });
}

export function createVersionStore(database: MongoDatabase): VersionStore {
  const { ask, insert, models } = database;
  const { versions } = models;
  return {
    insert: (version) =>
      ask(async (time) => {
        const { id, flowId, number } = version;
        const doc = { _id: id, flowId, number, doc: JSON.stringify(version) };
        if (await insert(time, versions, doc)) return "saved";
        if (await versions.exists({ flowId, number })) return "taken";
        throw new Error(`There is a version ${id} already, of another number.`);
      }),
    get: (id) =>
      ask(async () => {
        const doc = await versions.findOne({ _id: id }).lean();
        return doc && fromJson<Version>(doc.doc);
      }),
    list: (flowId) =>
      ask(async () => {
        const docs = await versions.find({ flowId }).sort({ number: -1 }).lean();
        return docs.map(({ doc }) => fromJson<Version>(doc));
      }),
  };
}

/** As it is written; without `catching` it still catches as a new one. */
export function toFlowDoc(flow: Flow, catching: StoredCatching | null = null): FlowDoc {
  return {
    _id: flow.id,
    order: new mongoose.Types.ObjectId(),
    workspaceId: flow.workspaceId,
    name: packText(flow.name),
    draft: JSON.stringify(flow.draft),
    revision: flow.revision,
    status: flow.status,
    liveVersionId: flow.liveVersionId,
    catchKey: flow.catchKey,
    createdAt: flow.createdAt,
    updatedAt: flow.updatedAt,
    ...(catching === null ? {} : { catching: packCatching(catching) }),
    removed: false,
    written: new mongoose.Types.ObjectId().toHexString(),
  };
}

function toFlow(doc: FlowDoc): Flow {
  return {
    id: doc._id,
    workspaceId: doc.workspaceId,
    name: unpackText(doc.name),
    draft: fromJson(doc.draft),
    revision: doc.revision,
    status: doc.status,
    liveVersionId: doc.liveVersionId,
    catchKey: doc.catchKey,
    createdAt: doc.createdAt,
    updatedAt: doc.updatedAt,
  };
}
