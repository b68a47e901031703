// Lists what reached the catch URLs, newest first: the deliveries, and between them the runs that came by a catch URL.
//
// Whether a run came by a catch URL is in its event, so a history of other runs is looked through like a search for
// text: a while, and then the page ends where it is.

import type { QueryFilter } from "mongoose";
import { Verdict } from "../../shared/delivery.ts";
import type { Event } from "../../shared/event.ts";
import type { DeliveryQuery, DeliveryRow, Page } from "../ports/store.ts";
import { type Key, type Look, mergeLists, readCursor, toCursor } from "./delivery-pages.ts";
import type { MongoDatabase } from "./mongo-database.ts";
import type { KeptDelivery } from "./mongo-deliveries.ts";
import type { DeliveryDoc, RunDoc } from "./mongo-models.ts";
import { fromJson, lowerAscii } from "./mongo-values.ts";

interface Found extends Key {
  /** It is a run. */
  accepted: boolean;
}

const SCANNED_AT_ONCE = 1_000;
/** Each of the two lists. */
const SEARCH_MS = 250;

/** See `DeliveryStore.list`. */
export async function listDeliveries(
  database: MongoDatabase,
  query: DeliveryQuery,
): Promise<Page<DeliveryRow>> {
  const limit = Math.min(Math.max(Math.trunc(query.limit), 1), 200);
  const after = readCursor(query.cursor);
  const verdicts = new Set(query.verdict ?? Verdict.options);
  const text = query.text === undefined || query.text === "" ? undefined : lowerAscii(query.text);
  const lists: Look<Found>[] = [];
  if ([...verdicts].some((verdict) => verdict !== "accepted")) {
    lists.push((from, most) =>
      deliveriesAfter(database, { ...query, verdict: [...verdicts] }, text, from, most),
    );
  }
  if (verdicts.has("accepted")) lists.push((from, most) => runsAfter(database, query, text, from, most));
  if (query.text !== undefined && text !== undefined) {
    const byId = await oneById(database, query, verdicts, query.text);
    if (byId) return { items: after ? [] : [byId], next: null };
  }
  const atOnce = text === undefined ? limit + 1 : SCANNED_AT_ONCE;
  const { keys, last } = await mergeLists(lists, after, { limit, atOnce, ms: SEARCH_MS });
  return { items: await rowsOf(database, keys), next: toCursor(last) };
}

async function deliveriesAfter(
  { models }: MongoDatabase,
  query: DeliveryQuery,
  text: string | undefined,
  after: Key | undefined,
  limit: number,
): Promise<(Found & { fits: boolean })[]> {
  const docs = await models.deliveries
    .find(deliveryFilter(query, after), { at: 1, ...(text === undefined ? {} : { start: 1 }) })
    .sort({ at: -1, _id: -1 })
    .limit(limit)
    .lean<Pick<DeliveryDoc, "_id" | "at" | "start">[]>();
  return docs.map(({ _id: id, at, start }) => ({ id, at, accepted: false, fits: has(start, text) }));
}

async function runsAfter(
  { models }: MongoDatabase,
  query: DeliveryQuery,
  text: string | undefined,
  after: Key | undefined,
  limit: number,
): Promise<(Found & { fits: boolean })[]> {
  const fields = { createdAt: 1, event: 1, replayOf: 1, ...(text === undefined ? {} : { start: 1 }) };
  const docs = await models.runs
    .find(runFilter(query, after), fields)
    .sort({ createdAt: -1, _id: -1 })
    .limit(limit)
    .lean<Pick<RunDoc, "_id" | "createdAt" | "event" | "replayOf" | "start">[]>();
  return docs.map((doc) => ({
    id: doc._id,
    at: doc.createdAt,
    accepted: true,
    fits: has(doc.start, text) && requestOf(doc) !== null,
  }));
}

function has(start: Buffer, text: string | undefined): boolean {
  return text === undefined || lowerAscii(start.toString()).includes(text);
}

/** Null when it did not come by a catch URL. */
function requestOf({ event, replayOf }: Pick<RunDoc, "event" | "replayOf">) {
  if (replayOf !== null) return null;
  const parsed = fromJson<Omit<Event, "raw" | "data">>(event);
  return "request" in parsed ? fromJson<Pick<Event & { kind: "webhook" }, "request">>(event).request : null;
}

async function oneById(
  database: MongoDatabase,
  query: DeliveryQuery,
  verdicts: Set<Verdict>,
  id: string,
): Promise<DeliveryRow | undefined> {
  const { deliveries, runs } = database.models;
  const isThere = await deliveries.exists({
    ...deliveryFilter({ ...query, verdict: [...verdicts] }, undefined),
    _id: id,
  });
  if (isThere) return (await rowsOf(database, [{ id, at: 0, accepted: false }]))[0];
  if (!verdicts.has("accepted")) return undefined;
  const run = await runs
    .findOne({ ...runFilter(query, undefined), _id: id }, { event: 1, replayOf: 1 })
    .lean();
  if (!run || requestOf(run) === null) return undefined;
  return (await rowsOf(database, [{ id, at: 0, accepted: true }]))[0];
}

function deliveryFilter(query: DeliveryQuery, after: Key | undefined): QueryFilter<DeliveryDoc> {
  const verdicts = (query.verdict ?? Verdict.options).filter((verdict) => verdict !== "accepted");
  return {
    workspaceId: query.workspaceId,
    ...(query.flowId === undefined ? {} : { flowId: query.flowId }),
    // all of them by name, too: the index has the verdict before the time
    verdict: { $in: [...new Set(verdicts)] },
    at: timesOf(query, after),
    ...(after === undefined
      ? {}
      : { $or: [{ at: { $lt: after.at } }, { at: after.at, _id: { $lt: after.id } }] }),
  };
}

function runFilter(query: DeliveryQuery, after: Key | undefined): QueryFilter<RunDoc> {
  return {
    workspaceId: query.workspaceId,
    ...(query.flowId === undefined ? {} : { flowId: query.flowId }),
    createdAt: timesOf(query, after),
    ...(after === undefined
      ? {}
      : { $or: [{ createdAt: { $lt: after.at } }, { createdAt: after.at, _id: { $lt: after.id } }] }),
  };
}

function timesOf({ from, to }: DeliveryQuery, after: Key | undefined) {
  return {
    $gte: from ?? 0,
    ...(to === undefined ? {} : { $lt: to }),
    // said here too, for the index: the condition with the id is only about its end
    ...(after === undefined ? {} : { $lte: after.at }),
  };
}

/** In the given order; without those that were deleted a moment ago. */
async function rowsOf(database: MongoDatabase, keys: Found[]): Promise<DeliveryRow[]> {
  const { deliveries, runs } = database.models;
  const idsOf = (accepted: boolean) => keys.filter((key) => key.accepted === accepted).map(({ id }) => id);
  const [kept, accepted] = [idsOf(false), idsOf(true)];
  const [keptDocs, runDocs, oldBytes] = await Promise.all([
    kept.length === 0 ? [] : deliveries.find({ _id: { $in: kept } }, { start: 0, rest: 0 }).lean(),
    accepted.length === 0 ? [] : runs.find({ _id: { $in: accepted } }, RUN_FIELDS).lean(),
    bytesOfOldRuns(database, accepted),
  ]);
  const rows = new Map<string, DeliveryRow>();
  for (const { _id: id, workspaceId, flowId, at, verdict, summary, doc } of keptDocs) {
    const { problem, runId, request, bytes, status } = fromJson<KeptDelivery>(doc);
    const { method, contentType } = request;
    rows.set(id, {
      id,
      workspaceId,
      flowId,
      at,
      verdict,
      problem,
      runId,
      bytes,
      status,
      method,
      contentType,
      summary,
      run: null,
    });
  }
  for (const doc of runDocs) {
    const request = requestOf(doc);
    if (!request) continue;
    const { _id: id, workspaceId, flowId, createdAt: at, summary } = doc;
    rows.set(id, {
      id,
      workspaceId,
      flowId,
      at,
      verdict: "accepted",
      problem: null,
      runId: id,
      bytes: doc.bodyBytes ?? oldBytes.get(id) ?? 0,
      status: ANSWERED_TO_ACCEPTED,
      method: request.method,
      contentType: request.contentType,
      summary,
      run: doc.status,
    });
  }
  return keys.flatMap(({ id }) => rows.get(id) ?? []);
}

const ANSWERED_TO_ACCEPTED = 202;
const RUN_FIELDS = {
  workspaceId: 1,
  flowId: 1,
  createdAt: 1,
  status: 1,
  summary: 1,
  event: 1,
  replayOf: 1,
  bodyBytes: 1,
} as const;

/** Of runs that were written before it was written with them: from their bodies. */
async function bytesOfOldRuns({ models }: MongoDatabase, ids: string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const filter = { _id: { $in: ids }, bodyBytes: { $exists: false } };
  const docs = await models.runs.find(filter, { start: 1, rest: 1 }).lean();
  return new Map(
    docs.map(({ _id, start, rest }) => [
      _id,
      start.byteLength + (Buffer.isBuffer(rest) ? rest.byteLength : rest.size),
    ]),
  );
}
