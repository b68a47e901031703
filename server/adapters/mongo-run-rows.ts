// How a run becomes a document, and a document a run.

import mongoose from "mongoose";
import type { Event } from "../../shared/event.ts";
import type { Run } from "../../shared/run.ts";
import { packEvent, unpackEvent } from "./event-columns.ts";
import { pack, packJson, unpack, unpackJson } from "./mongo-blobs.ts";
import type { MongoDatabase, Time } from "./mongo-database.ts";
import type { RunDoc } from "./mongo-models.ts";
import { ownBytes, packText, unpackText } from "./mongo-values.ts";
import { summaryOf } from "./run-summary.ts";

/** So much of a body is searched. */
export const SEARCHED_BYTES = 2_048;

/** What of a document a list shows. */
export const ROW_FIELDS = {
  workspaceId: 1,
  flowId: 1,
  versionId: 1,
  status: 1,
  fence: 1,
  leaseUntil: 1,
  dedupeKey: 1,
  createdAt: 1,
  started: 1,
  finishedAt: 1,
  wakeAt: 1,
  replayOf: 1,
  lines: 1,
  problem: 1,
  summary: 1,
} as const;

/** What is too large for it is written into blobs. */
export async function toDoc(database: MongoDatabase, time: Time, run: Run): Promise<RunDoc> {
  const { event, raw } = packEvent(run.event);
  return {
    _id: run.id,
    workspaceId: run.workspaceId,
    flowId: run.flowId,
    versionId: run.versionId,
    status: run.status,
    fence: run.fence,
    ...(run.leaseUntil === null ? {} : { leaseUntil: run.leaseUntil }),
    dedupeKey: packText(run.dedupeKey),
    createdAt: run.createdAt,
    started: run.startedAt === null ? [] : [run.startedAt],
    finishedAt: run.finishedAt,
    ...(run.wakeAt === null ? {} : { wakeAt: run.wakeAt }),
    replayOf: run.replayOf,
    ...(run.lines === undefined ? {} : { lines: run.lines.map(packText) }),
    problem: await packJson(database, time, run.id, run.problem),
    response: await packJson(database, time, run.id, run.response),
    event,
    summary: summaryOf(raw, raw.byteLength === 0 ? event : null),
    start: Buffer.from(raw.subarray(0, SEARCHED_BYTES)),
    rest: await pack(database, time, run.id, raw.subarray(SEARCHED_BYTES)),
    ...(run.event.kind === "webhook" ? { bodyBytes: raw.byteLength } : {}),
    bytes: Buffer.byteLength(event) + raw.byteLength,
    pages: [],
    tail: [],
    tailBytes: 0,
    written: new mongoose.Types.ObjectId().toHexString(),
  };
}

export async function toRun(database: MongoDatabase, doc: Omit<RunDoc, "pages" | "tail">): Promise<Run> {
  const [row, event, response] = await Promise.all([
    toRow(database, doc),
    eventOf(database, doc),
    unpackJson<NonNullable<Run["response"]>>(database, doc.response),
  ]);
  return { ...row, event, response };
}

export async function eventOf(
  database: MongoDatabase,
  { event, start, rest }: Pick<RunDoc, "event" | "start" | "rest">,
): Promise<Event> {
  return unpackEvent({ event, raw: ownBytes(start, await unpack(database, rest)) });
}

export async function toRow(
  database: MongoDatabase,
  doc: Pick<RunDoc, "_id" | Exclude<keyof typeof ROW_FIELDS, "summary">>,
): Promise<Omit<Run, "event" | "response">> {
  return {
    id: doc._id,
    workspaceId: doc.workspaceId,
    flowId: doc.flowId,
    versionId: doc.versionId,
    status: doc.status,
    fence: doc.fence,
    leaseUntil: doc.leaseUntil ?? null,
    dedupeKey: unpackText(doc.dedupeKey),
    createdAt: doc.createdAt,
    startedAt: doc.started[0] ?? null,
    finishedAt: doc.finishedAt,
    wakeAt: doc.wakeAt ?? null,
    problem: await unpackJson(database, doc.problem),
    replayOf: doc.replayOf,
    ...(doc.lines === undefined ? {} : { lines: doc.lines.map(unpackText) }),
  };
}
