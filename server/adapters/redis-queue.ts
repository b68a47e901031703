// The queue of an installation of several processes: BullMQ on a Redis, which keeps ids and times and nothing else.

import { Queue as BullQueue } from "bullmq";
import type { Clock } from "../ports/clock.ts";
import type { Job, JobKind, Queue } from "../ports/queue.ts";
import type { RedisAccess } from "./redis-connection.ts";
import { headsOf, type JobData, KINDS, keepingOf } from "./redis-jobs.ts";
import { createOwedJobs } from "./redis-owed.ts";
import { redisProblem } from "./redis-problems.ts";
import { type RedisWorker, startRedisWorker } from "./redis-worker.ts";

export interface RedisQueueOptions {
  /** Told of every handler that rejects (with its job), and when Redis does not do as it is told. */
  onFailure?: (error: unknown, job?: Job) => void;
  /** A job whose worker has not said for this long that it has it goes to another one, within two more `stalledMs`. */
  lockMs?: number;
  stalledMs?: number;
}

export interface RedisQueue extends Queue {
  /** Stops as if the process had died: for tests of what happens then. */
  abandon(): void;
}

const LOCK_MS = 30_000;
const STALLED_MS = 15_000;
/** A push that Redis has not answered by now has failed for whoever waits; it is tried again. */
const PUSH_MS = 2_500;
/** BullMQ writes down what happens to its jobs, and nobody here reads it. */
const EVENTS_KEPT = 100;

export function createRedisQueue(
  redis: RedisAccess,
  clock: Clock,
  { onFailure = () => {}, lockMs = LOCK_MS, stalledMs = STALLED_MS }: RedisQueueOptions = {},
): RedisQueue {
  const queues = new Map(KINDS.map((kind) => [kind, openQueue(kind)]));
  const workers: RedisWorker[] = [];
  const owed = createOwedJobs(clock, keep);
  let isClosed = false;

  function openQueue(kind: JobKind): BullQueue<JobData, null, JobKind> {
    const queue = new BullQueue<JobData, null, JobKind>(kind, {
      connection: redis.ask,
      prefix: redis.prefix,
      streams: { events: { maxLen: EVENTS_KEPT } },
      skipVersionCheck: true,
    });
    queue.on("error", () => {}); // the connection tells of itself
    return queue;
  }

  async function keep(job: Job): Promise<void> {
    const kept = queues.get(job.kind)?.add(job.kind, { ref: job.ref }, keepingOf(job));
    kept?.catch(() => {}); // it may fail when nobody waits any more
    let callOff = () => {};
    const late = new Promise<never>((_, reject) => {
      callOff = clock.after(PUSH_MS, () => reject(new Error("timed out")));
    });
    try {
      await Promise.race([kept, late]);
    } finally {
      callOff();
    }
  }

  return {
    async push(job) {
      try {
        await keep(job);
      } catch (error) {
        owed.owe(job);
        throw redisProblem(error, redis.where);
      }
    },
    work(kinds, handler, { concurrency }) {
      if (isClosed) return;
      workers.push(
        startRedisWorker(redis, clock, { kinds, handler, concurrency, lockMs, stalledMs, onFailure }),
      );
    },
    async depth() {
      const heads = await headsOf(redis.ask, redis.prefix, KINDS, clock.now()).catch((error: unknown) => {
        throw redisProblem(error, redis.where);
      });
      const dues = heads.flatMap(({ dueAt }) => dueAt ?? []);
      return {
        waiting: heads.reduce((sum, { waiting }) => sum + waiting, 0),
        oldestDueAt: dues.length > 0 ? Math.min(...dues) : null,
      };
    },
    async close(deadlineMs) {
      isClosed = true;
      owed.stop();
      const late = new AbortController();
      const callOff = clock.after(deadlineMs, () => late.abort());
      await Promise.all(workers.map((worker) => worker.close(late.signal)));
      callOff();
    },
    abandon() {
      isClosed = true;
      owed.stop();
      for (const worker of workers) worker.abandon();
    },
  };
}
