// Takes jobs out of Redis and hands them over.
//
//   look ──► nothing due ──► wait for a marker of BullMQ, a free hand, or the next due time ──► look
//     │
//     └────► take (a lock for each) ──► handler ──► removed, or due again later
//
// BullMQ's own loop works on one queue with a number of hands of its own. Here several kinds share the hands, so jobs are
// fetched one by one, which BullMQ calls manual processing; locks, stalled jobs and delays are BullMQ's.

import { randomUUID } from "node:crypto";
import { createRedisBackend, Worker } from "bullmq";
import type { Clock } from "../ports/clock.ts";
import type { Job, JobKind } from "../ports/queue.ts";
import type { RedisAccess } from "./redis-connection.ts";
import { createHandCount } from "./redis-hands.ts";
import { type Head, headsOf, type JobData, jobOf, type KeptJob } from "./redis-jobs.ts";

export interface RedisWorkerOptions {
  kinds: JobKind[];
  handler: (job: Job) => Promise<void>;
  concurrency: number;
  /** A job whose worker has not said for this long that it has it goes to another one. */
  lockMs: number;
  /** How often jobs are looked for whose worker has gone. */
  stalledMs: number;
  onFailure: (error: unknown, job?: Job) => void;
}

export interface RedisWorker {
  /** Takes nothing more, and waits for the handlers until `late` is aborted; what is still in work is given back. */
  close(late: AbortSignal): Promise<void>;
  /** Ends at once, and tells Redis nothing. */
  abandon(): void;
}

interface InHand {
  kind: JobKind;
  id: string;
}

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;
/** How long to wait for a marker before looking again, in seconds; less where not all kinds can be waited for. */
const WAIT_S = 5;
const SHORT_WAIT_S = 0.5;
const LONGEST_WAIT_MS = 60_000;
const GIVE_BACK_MS = 2_000;

export function startRedisWorker(redis: RedisAccess, clock: Clock, options: RedisWorkerOptions): RedisWorker {
  const { kinds, handler, concurrency, lockMs, stalledMs, onFailure } = options;
  const working = redis.open("work");
  const waiting = redis.open("await");
  const hands = createHandCount(kinds, concurrency);
  const workers = new Map(kinds.map((kind) => [kind, openWorker(kind)]));
  /** By the token of its lock. */
  const held = new Map<string, InHand>();
  const handling = new Set<Promise<void>>();
  /** Takes no more. */
  const stopped = new AbortController();
  /** Has nothing in hand any more. */
  const ended = new AbortController();
  let bell = Promise.withResolvers<void>();
  let waitsForMarker = false;
  const looking = look();
  void keepLocks();

  function openWorker(kind: JobKind): Worker<JobData, null, JobKind> {
    const worker = new Worker<JobData, null, JobKind>(
      kind,
      null,
      {
        connection: working,
        prefix: redis.prefix,
        autorun: false,
        lockDuration: lockMs,
        stalledInterval: stalledMs,
        // A worker that dies over and over is no fault of the job's.
        maxStalledCount: Number.MAX_SAFE_INTEGER,
        skipVersionCheck: true,
      },
      (name, opts) => createRedisBackend(name, opts),
    );
    worker.on("error", () => {}); // the connection tells of itself, and BullMQ tries again
    void worker.startStalledCheckTimer();
    return worker;
  }

  async function look(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        bell = Promise.withResolvers<void>();
        const wanted = kinds.filter((kind) => hands.room(kind) > 0);
        const heads = wanted.length > 0 ? await headsOf(working, redis.prefix, wanted, clock.now()) : [];
        const chosen = stopped.signal.aborted ? [] : hands.choose(heads);
        if (chosen.length > 0) await Promise.all(chosen.map(take));
        else await somethingToDo(wanted, heads);
      } catch (error) {
        if (stopped.signal.aborted) return;
        onFailure(error);
        await clock.sleep(FIRST_DELAY_MS, stopped.signal);
      }
    }
  }

  async function somethingToDo(wanted: JobKind[], heads: Head[]): Promise<void> {
    const next = Math.min(...heads.map(({ dueAt }) => dueAt ?? Number.POSITIVE_INFINITY));
    if (wanted.length > 0 && !waitsForMarker) void waitForMarker(wanted);
    // not longer than a minute: the wall clock, by which jobs are due, may be set meanwhile
    const wait = Math.min(Math.max(next - clock.now(), 0), LONGEST_WAIT_MS);
    const callOff = clock.after(wait, bell.resolve);
    await bell.promise;
    callOff();
  }

  /** BullMQ puts a marker beside a queue when there is something to take; who takes the marker looks. */
  async function waitForMarker(wanted: JobKind[]): Promise<void> {
    waitsForMarker = true;
    const seconds = wanted.length === kinds.length ? WAIT_S : SHORT_WAIT_S;
    const markers = wanted.map((kind) => `${redis.prefix}:${kind}:marker`);
    try {
      await waiting.bzpopmin(...markers, seconds);
    } catch {
      await clock.sleep(FIRST_DELAY_MS, stopped.signal); // the connection was given up: a new one is under way
    }
    waitsForMarker = false;
    bell.resolve();
  }

  async function take(kind: JobKind): Promise<void> {
    hands.take(kind);
    const token = randomUUID();
    let kept: KeptJob | undefined;
    try {
      kept = await workers.get(kind)?.getNextJob(token, { block: false });
    } finally {
      if (kept?.id === undefined) hands.letGo(kind);
    }
    if (kept?.id === undefined) return;
    held.set(token, { kind, id: kept.id });
    const work = handle(kind, kept, token).finally(() => handling.delete(work));
    handling.add(work);
  }

  async function handle(kind: JobKind, kept: KeptJob, token: string): Promise<void> {
    const job = jobOf(kind, kept);
    let failed = false;
    try {
      if (!stopped.signal.aborted) await handler(job);
      else await giveBack(token);
    } catch (error) {
      failed = true;
      onFailure(error, job);
    }
    // where there was a hand for every kind, the next job tells of itself
    const wereScarce = kinds.some((other) => hands.room(other) === 0);
    hands.letGo(kind);
    if (wereScarce) bell.resolve();
    if (held.has(token)) await settle(kind, kept, token, failed);
    held.delete(token);
  }

  /** Until Redis has it: meanwhile the job stays locked, and nobody does it again. */
  async function settle(kind: JobKind, kept: KeptJob, token: string, failed: boolean): Promise<void> {
    while (!ended.signal.aborted) {
      try {
        if (!failed) await kept.moveToCompleted(null, token, false);
        else await putOff(kind, kept, token);
        return;
      } catch (error) {
        if (ended.signal.aborted || isGone(error)) return;
        onFailure(error);
        await clock.sleep(FIRST_DELAY_MS, ended.signal);
      }
    }
  }

  async function putOff(kind: JobKind, { id = "", attemptsMade }: KeptJob, token: string): Promise<void> {
    const delay = Math.min(FIRST_DELAY_MS * 2 ** attemptsMade, LONGEST_DELAY_MS);
    await workers.get(kind)?.getBackend().moveToDelayed(id, clock.now(), delay, token, {});
  }

  async function giveBack(token: string): Promise<void> {
    const job = held.get(token);
    held.delete(token);
    if (!job) return;
    await workers.get(job.kind)?.getBackend().moveJobFromActiveToWait(job.id, token);
  }

  async function keepLocks(): Promise<void> {
    for (;;) {
      await clock.sleep(lockMs / 3, ended.signal);
      if (ended.signal.aborted) return;
      const byKind = Map.groupBy(held, ([, { kind }]) => kind);
      // a lock that is lost is another worker's by now, and what this one makes of the job is not asked for
      await Promise.allSettled(
        [...byKind].map(([kind, jobs]) =>
          workers.get(kind)?.extendJobLocks(
            jobs.map(([, { id }]) => id),
            jobs.map(([token]) => token),
            lockMs,
          ),
        ),
      );
    }
  }

  function stop(): void {
    stopped.abort();
    bell.resolve();
  }

  function abandon(): void {
    stop();
    held.clear();
    ended.abort();
    for (const worker of workers.values()) worker.close(true).catch(() => {});
    working.disconnect();
    waiting.disconnect();
  }

  return {
    async close(late) {
      stop();
      const tooLate = new Promise<void>((resolve) => {
        if (late.aborted) resolve();
        late.addEventListener("abort", () => resolve());
      });
      await Promise.race([looking.then(() => Promise.allSettled(handling)), tooLate]);
      const givenBack = Promise.allSettled([...held.keys()].map(giveBack));
      const off = new AbortController();
      await Promise.race([givenBack, clock.sleep(GIVE_BACK_MS, off.signal)]);
      off.abort();
      abandon();
    },
    abandon,
  };
}

/** BullMQ's codes for a job that is not there, or that somebody else has: all of it may be gone (FLUSHALL). */
function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "number" && error.code < 0;
}
