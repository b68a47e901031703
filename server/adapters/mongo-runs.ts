// Runs in MongoDB: accepted, claimed, moved. Their steps are in mongo-run-steps.ts, lists in mongo-run-list.ts.

import mongoose from "mongoose";
import { FINAL_STATUSES, type Run, type RunStatus } from "../../shared/run.ts";
import type { RunStore } from "../ports/store.ts";
import { discard, discardOrphans, MissingBlob } from "./mongo-blobs.ts";
import { LONG_MS, type MongoDatabase, type Time } from "./mongo-database.ts";
import { finishRemovals } from "./mongo-flows.ts";
import { dropEmptyLines } from "./mongo-lines.ts";
import { listRuns, oldestRun } from "./mongo-run-list.ts";
import { pruneRuns } from "./mongo-run-removal.ts";
import { eventOf, toDoc, toRun } from "./mongo-run-rows.ts";
import { runSizes } from "./mongo-run-sizes.ts";
import { changeRun, stepsOf } from "./mongo-run-steps.ts";

/** Runs on an opened database. */
export function createRunStore(database: MongoDatabase): RunStore {
  const { ask, models } = database;
  const { runs } = models;
  return {
    accept: (run) => ask((time) => acceptRun(database, time, run)),

    get: (id) =>
      ask(() =>
        whole(id, null, async () => {
          const doc = await runs.findOne({ _id: id }, { pages: 0, tail: 0 }).lean();
          return doc && toRun(database, doc);
        }),
      ),

    steps: (id) =>
      ask(() =>
        whole(id, [], async () => {
          const doc = await runs.findOne({ _id: id }, { pages: 1, tail: 1 }).lean();
          return doc ? stepsOf(database, doc) : [];
        }),
      ),

    list: (query) => ask(() => listRuns(database, query)),

    claim: (id, now, until) =>
      ask((time) =>
        whole(id, null, async () => {
          const before = await claimRun(database, time, id, now, until);
          if (!before) return null;
          const [startedAt = now] = before.started;
          const claimed = {
            status: "running" as const,
            fence: before.fence + 1,
            leaseUntil: until,
            startedAt,
          };
          const [run, steps] = await Promise.all([toRun(database, before), stepsOf(database, before)]);
          return { run: { ...run, ...claimed }, steps, clean: before.status !== "running" };
        }),
      ),

    record: (id, fence, change) =>
      ask(async (time) => {
        const status = change.run?.status;
        const letGo = status !== undefined && status !== "running";
        const where = { fence, status: { $nin: FINAL_STATUSES } };
        const saved = await changeRun(database, time, { id, where, change, letGo, fenceUp: false });
        return saved ? "saved" : "fenced";
      }),

    renew: (held, until) =>
      ask(async (time) => {
        if (held.length === 0) return [];
        // One that was let go of by its holder just now is still theirs, but nobody must wait for a lease.
        const writes = held.map(({ id, fence }) => ({
          updateOne: {
            filter: { _id: id, fence, status: "running" as const },
            update: { $set: { leaseUntil: until } },
          },
        }));
        await database.twice(time, () => runs.bulkWrite(writes, { ordered: false }));
        const ids = held.map(({ id }) => id);
        const now = await runs.find({ _id: { $in: ids } }, { fence: 1 }).lean();
        const fences = new Map(now.map(({ _id, fence }) => [_id, fence]));
        return held.filter(({ id, fence }) => fences.get(id) !== fence).map(({ id }) => id);
      }),

    move: (id, from, change, ifFence) =>
      ask((time) => {
        const where = { status: { $in: from }, ...(ifFence === undefined ? {} : { fence: ifFence }) };
        return changeRun(database, time, { id, where, change, letGo: true, fenceUp: true });
      }),

    overdue: (before, limit) => ask(() => overdueRuns(database, before, limit)),

    prune: (before, limit) =>
      ask(async () => {
        const deleted = await pruneRuns(database, before, limit);
        // the last of a series also clears away what dead processes left half done
        if (deleted < limit) await finishRemovals(database);
        if (deleted < limit) await discardOrphans(database, before);
        if (deleted < limit) await dropEmptyLines(database);
        return deleted;
      }, LONG_MS),

    recentEvents: (flowId, limit) =>
      ask(async () => {
        const docs = await runs
          .find({ flowId }, { event: 1, start: 1, rest: 1 })
          .sort({ createdAt: -1, _id: -1 })
          .limit(limit)
          .lean();
        const events = await Promise.allSettled(
          docs.map(async (doc) => ({ runId: doc._id, event: await eventOf(database, doc) })),
        );
        return events.flatMap((result) => {
          if (result.status === "fulfilled") return [result.value];
          // it was deleted between the two reads
          if (result.reason instanceof MissingBlob) return [];
          throw result.reason;
        });
      }),

    backlog: (most) => ask(() => runs.countDocuments({ status: "queued" }).limit(most).exec()),

    count: (flowId) =>
      ask(async () => {
        const rows = await runs.aggregate<{ _id: RunStatus; runs: number }>([
          ...(flowId === undefined ? [] : [{ $match: { flowId } }]),
          { $group: { _id: "$status", runs: { $sum: 1 } } },
        ]);
        const found = new Map(rows.map(({ _id, runs }) => [_id, runs]));
        const of = (status: RunStatus) => found.get(status) ?? 0;
        return {
          queued: of("queued"),
          running: of("running"),
          waiting: of("waiting"),
          asking: of("asking"),
          succeeded: of("succeeded"),
          failed: of("failed"),
          canceled: of("canceled"),
        };
      }),

    oldest: (workspaceId, statuses) => ask(() => oldestRun(database, workspaceId, statuses)),
    sizes: () => ask(() => runSizes(database), LONG_MS),
  };

  /** What is read in more than one go: `gone` when the run was deleted in between. */
  async function whole<T>(id: string, gone: T, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof MissingBlob && !(await runs.exists({ _id: id }))) return gone;
      throw error;
    }
  }
}

/**
 * One insert. A duplicate key is this run's own when an answer got lost: then it was accepted. The insert that is
 * refused waits for the same confirmation as one that is not, so what it is told of is safe by then.
 */
async function acceptRun(database: MongoDatabase, time: Time, run: Run): ReturnType<RunStore["accept"]> {
  const doc = await toDoc(database, time, run);
  if (await database.insert(time, database.models.runs, doc)) return { kind: "accepted" };
  const { runs } = database.models;
  const first = await runs.findOne({ flowId: run.flowId, dedupeKey: doc.dedupeKey }, { createdAt: 1 }).lean();
  await discard(database, [doc.rest, doc.problem, doc.response]);
  if (first?._id === run.id) return { kind: "accepted" };
  if (first) return { kind: "duplicate", of: { runId: first._id, at: first.createdAt } };
  throw new Error(`There is a run ${run.id} already, with another dedupe key.`);
}

/** Gives the run as it was before. */
async function claimRun(database: MongoDatabase, time: Time, id: string, now: number, until: number) {
  const { runs } = database.bare;
  const written = new mongoose.Types.ObjectId().toHexString();
  return database.twice(time, async (again) => {
    const before = await runs.findOneAndUpdate(
      {
        _id: id,
        status: { $in: ["queued", "waiting", "running"] },
        $or: [{ leaseUntil: { $exists: false } }, { leaseUntil: { $lte: now } }],
      },
      {
        $set: { status: "running", leaseUntil: until, written },
        $inc: { fence: 1 },
        $push: { started: { $each: [now], $slice: 1 } },
      },
      { returnDocument: "before" },
    );
    if (before || !again) return before;
    // Ours, and the answer got lost. Whether it was clean got lost with it: what is not known is not clean.
    const mine = await runs.findOne({ _id: id, written });
    return mine && { ...mine, fence: mine.fence - 1 };
  });
}

/** Of each status the first ones by an index, then the first of them all. */
async function overdueRuns({ models }: MongoDatabase, before: number, limit: number): Promise<string[]> {
  const { runs } = models;
  const [queued, waiting, running] = await Promise.all([
    runs
      .find({ status: "queued", createdAt: { $lt: before } }, { createdAt: 1 })
      .sort({ createdAt: 1 })
      .limit(limit)
      .lean(),
    runs
      .find({ status: "waiting", wakeAt: { $lt: before } }, { wakeAt: 1 })
      .sort({ wakeAt: 1 })
      .limit(limit)
      .lean(),
    // no more than the workers have in hand, and those that they lost
    runs
      .find(
        { status: "running", $or: [{ leaseUntil: null }, { leaseUntil: { $lt: before } }] },
        { leaseUntil: 1 },
      )
      .limit(limit)
      .lean(),
  ]);
  return [
    ...queued.map(({ _id, createdAt }) => ({ _id, due: createdAt })),
    ...waiting.map(({ _id, wakeAt }) => ({ _id, due: wakeAt ?? 0 })),
    ...running.map(({ _id, leaseUntil }) => ({ _id, due: leaseUntil ?? 0 })),
  ]
    .sort((a, b) => a.due - b.due)
    .slice(0, limit)
    .map(({ _id }) => _id);
}
