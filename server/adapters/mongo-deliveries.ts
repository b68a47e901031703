// The requests to catch URLs that became no run, in MongoDB. The list of all of them is in mongo-delivery-list.ts.

import { type Delivery, Verdict } from "../../shared/delivery.ts";
import type { DeliveryStore } from "../ports/store.ts";
import { deleteBlobsOf, MissingBlob, pack, unpack } from "./mongo-blobs.ts";
import type { MongoDatabase, Time } from "./mongo-database.ts";
import { listDeliveries } from "./mongo-delivery-list.ts";
import type { DeliveryDoc } from "./mongo-models.ts";
import { SEARCHED_BYTES } from "./mongo-run-rows.ts";
import { fromJson, ownBytes } from "./mongo-values.ts";
import { summaryOf } from "./run-summary.ts";

/** What `doc` holds. */
export type KeptDelivery = Pick<Delivery, "problem" | "runId" | "request" | "bytes" | "status" | "from">;

export function createDeliveryStore(database: MongoDatabase): DeliveryStore {
  const { ask, insert, models } = database;
  const { deliveries } = models;
  const isDue = everySoOften();
  return {
    insert: (delivery, keep) =>
      ask(async (time) => {
        if (!(await insert(time, deliveries, await toDoc(database, time, delivery)))) {
          throw new Error(`There is a delivery ${delivery.id} already.`);
        }
        const isRefused = delivery.verdict === "refused";
        if (isDue(`${delivery.flowId} ${isRefused}`, keep)) {
          await dropOldest(database, delivery.flowId, isRefused, keep);
        }
      }),
    get: (id) =>
      ask(async () => {
        const doc = await deliveries.findOne({ _id: id }).lean();
        return (doc && (await toDelivery(database, doc))) ?? null;
      }),
    list: (query) => ask(() => listDeliveries(database, query)),
    prune: (before, limit) =>
      ask(async () => {
        const old = await deliveries
          .find({ at: { $lt: before } }, { _id: 1 })
          .sort({ at: 1 })
          .limit(limit)
          .lean();
        return deleteDeliveries(
          database,
          old.map(({ _id }) => _id),
        );
      }),
  };
}

/** Deletes at most `limit` of the flow; gives how many. */
export async function deleteDeliveriesOfFlow(
  database: MongoDatabase,
  flowId: string,
  limit: number,
): Promise<number> {
  const some = await database.models.deliveries.find({ flowId }, { _id: 1 }).limit(limit).lean();
  return deleteDeliveries(
    database,
    some.map(({ _id }) => _id),
  );
}

const MOST_FLOWS = 10_000;

/**
 * Counting to 5,000 for every request of a flood would be a flood of its own: so it is done by each process at its
 * first delivery of a kind, and then for every fiftieth part of what is kept.
 */
function everySoOften(): (kind: string, keep: number) => boolean {
  const since = new Map<string, number>();
  return (kind, keep) => {
    if (since.size >= MOST_FLOWS) since.clear();
    const before = since.get(kind);
    const isDue = before === undefined || before + 1 >= Math.floor(keep / 50);
    since.set(kind, isDue ? 0 : before + 1);
    return isDue;
  };
}

/** Several processes may at once: each deletes the same ones. */
async function dropOldest(
  database: MongoDatabase,
  flowId: string,
  isRefused: boolean,
  keep: number,
): Promise<void> {
  const kinds = Verdict.exclude(["accepted"]).options.filter((one) => (one === "refused") === isRefused);
  const extra = await database.models.deliveries
    .find({ flowId, verdict: { $in: kinds } }, { _id: 1 })
    .sort({ at: -1, _id: -1 })
    .skip(keep)
    .lean();
  await deleteDeliveries(
    database,
    extra.map(({ _id }) => _id),
  );
}

async function deleteDeliveries(database: MongoDatabase, ids: string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const { deletedCount } = await database.models.deliveries.deleteMany({ _id: { $in: ids } });
  await deleteBlobsOf(database, ids);
  return deletedCount;
}

async function toDoc(database: MongoDatabase, time: Time, delivery: Delivery): Promise<DeliveryDoc> {
  const { id, workspaceId, flowId, at, verdict, raw, request } = delivery;
  const { problem, runId, bytes, status, from } = delivery;
  const kept: KeptDelivery = { problem, runId, request, bytes, status, from };
  return {
    _id: id,
    workspaceId,
    flowId,
    at,
    verdict,
    doc: JSON.stringify(kept),
    summary: summaryOf(raw, raw.byteLength === 0 ? JSON.stringify({ request }) : null),
    start: Buffer.from(raw.subarray(0, SEARCHED_BYTES)),
    rest: await pack(database, time, id, raw.subarray(SEARCHED_BYTES)),
  };
}

/** Null when it was deleted a moment ago. */
async function toDelivery(database: MongoDatabase, doc: DeliveryDoc): Promise<Delivery | null> {
  const { _id: id, workspaceId, flowId, at, verdict } = doc;
  try {
    const raw = ownBytes(doc.start, await unpack(database, doc.rest));
    return { id, workspaceId, flowId, at, verdict, ...fromJson<KeptDelivery>(doc.doc), raw };
  } catch (error) {
    if (error instanceof MissingBlob && !(await database.models.deliveries.exists({ _id: id }))) return null;
    throw error;
  }
}
