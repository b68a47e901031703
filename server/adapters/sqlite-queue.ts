// The queue on the same SQLite file, and in the same commits, as the store.
//
//   push ──► jobs (id, kind, due) ──► held in memory ──► handler ──► deleted
//                    ▲                                      │
//                    └────────── due again later ◄──────────┘ rejects
//
// A lease must end with its holder. Here every holder lives in the one process that has the file, so leases are kept
// in its memory: they cost no write, cannot expire under a live holder, and are gone when the process is. What is in
// the table and not held is free.

import type { Clock } from "../ports/clock.ts";
import type { Job, JobKind, Queue } from "../ports/queue.ts";
import type { SqliteFile } from "./sqlite-file.ts";

export interface SqliteQueueOptions {
  /** Told of every handler that rejects (with its job), and when the jobs cannot be read. */
  onFailure?: (error: unknown, job?: Job) => void;
}

export interface SqliteQueue extends Queue {
  /** Stops as if the process had died: for tests of what happens then. */
  abandon(): void;
}

interface JobColumns {
  id: string;
  kind: JobKind;
  ref: string;
  due_at: number;
  /** What it was pushed with, once it was put off. */
  first_due_at: number | null;
  failures: number;
}

interface Worker {
  kinds: JobKind[];
  handler: (job: Job) => Promise<void>;
  concurrency: number;
  active: number;
}

/** As keys, so that the compiler misses none. */
const kinds: Record<JobKind, true> = { advance: true, tick: true, sweep: true, prune: true };
const KINDS = Object.keys(kinds);

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;

/** What the queues on one file share; there are several only in tests. */
interface Shared {
  /** The jobs that one of them has in hand. */
  held: Set<string>;
  /** To be called when a job has become free, with when it is due. */
  free: Set<(dueAt: number) => void>;
}

const sharedByFile = new WeakMap<SqliteFile, Shared>();

/** A queue on an opened file. Every job left by an earlier process is free at once. */
export function createSqliteQueue(
  file: SqliteFile,
  clock: Clock,
  { onFailure = () => {} }: SqliteQueueOptions = {},
): SqliteQueue {
  const shared = sharedByFile.get(file) ?? { held: new Set<string>(), free: new Set() };
  sharedByFile.set(file, shared);
  shared.free.add(onFree);
  /** The jobs that this one has in hand. */
  const held = new Set<string>();
  const workers: Worker[] = [];
  const handling = new Set<Promise<void>>();
  const stopped = new AbortController();
  let lookingSoon = false;
  /** The one timer, and when it rings. */
  let alarm: { at: number; off: AbortController } | undefined;

  function onFree(dueAt: number): void {
    if (dueAt <= clock.now()) lookSoon();
    else if (alarm === undefined || dueAt < alarm.at) setAlarm(dueAt);
  }

  function tellFree(dueAt: number): void {
    for (const tell of shared.free) tell(dueAt);
  }

  function letGo(id: string): void {
    if (held.delete(id)) shared.held.delete(id);
  }

  /** Several pushes of one turn make one look. */
  function lookSoon(): void {
    if (lookingSoon || stopped.signal.aborted) return;
    lookingSoon = true;
    setImmediate(() => {
      lookingSoon = false;
      tryToLook();
    });
  }

  function tryToLook(): void {
    try {
      look();
    } catch (error) {
      onFailure(error);
      setAlarm(clock.now() + FIRST_DELAY_MS);
    }
  }

  /** Starts what is due, as far as there are free hands, and sets the alarm for what is not. */
  function look(): void {
    if (stopped.signal.aborted) return;
    const now = clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const worker of workers) {
      for (const job of dueJobs(worker, now)) start(worker, job);
      // with no free hand there is nothing to wake up for: the next one that is free looks again
      if (worker.active < worker.concurrency) next = Math.min(next, nextDue(worker.kinds, now));
    }
    setAlarm(next);
  }

  function dueJobs(worker: Worker, now: number): JobColumns[] {
    const free = worker.concurrency - worker.active;
    if (free <= 0) return [];
    // the held ones are among the first that come out, and are left
    const most = free + shared.held.size;
    return worker.kinds
      .flatMap((kind) =>
        file.all<JobColumns>(
          "SELECT * FROM jobs WHERE kind = ? AND due_at <= ? ORDER BY due_at LIMIT ?",
          kind,
          now,
          most,
        ),
      )
      .filter(({ id }) => !shared.held.has(id))
      .sort((a, b) => a.due_at - b.due_at)
      .slice(0, free);
  }

  function nextDue(kinds: JobKind[], now: number): number {
    const times = kinds.map(
      (kind) =>
        file.get<{ due_at: number }>(
          "SELECT due_at FROM jobs WHERE kind = ? AND due_at > ? ORDER BY due_at LIMIT 1",
          kind,
          now,
        )?.due_at ?? Number.POSITIVE_INFINITY,
    );
    return Math.min(...times);
  }

  function setAlarm(at: number): void {
    if (alarm?.at === at) return;
    alarm?.off.abort();
    alarm = undefined;
    if (at === Number.POSITIVE_INFINITY || stopped.signal.aborted) return;
    const mine = { at, off: new AbortController() };
    alarm = mine;
    void clock.sleepUntil(at, mine.off.signal).then(() => {
      if (alarm !== mine) return;
      alarm = undefined;
      tryToLook();
    });
  }

  function start(worker: Worker, row: JobColumns): void {
    shared.held.add(row.id);
    held.add(row.id);
    worker.active++;
    const work = handle(worker, row).finally(() => handling.delete(work));
    handling.add(work);
  }

  async function handle(worker: Worker, row: JobColumns): Promise<void> {
    const job: Job = { id: row.id, kind: row.kind, ref: row.ref, dueAt: row.first_due_at ?? row.due_at };
    let failed = false;
    try {
      await worker.handler(job);
    } catch (error) {
      failed = true;
      onFailure(error, job);
    }
    worker.active--;
    lookSoon();
    if (!held.has(row.id)) return; // given back in the meantime
    const dueAgain = await settle(row, failed);
    letGo(row.id);
    if (dueAgain !== undefined) tellFree(dueAgain);
  }

  /**
   * Deletes the job or puts it off; gives when it is due again. Should that not be written (the disk is full), the
   * job stays as it was, and in hand for as long as it would have been put off.
   */
  async function settle(row: JobColumns, failed: boolean): Promise<number | undefined> {
    const again = clock.now() + Math.min(FIRST_DELAY_MS * 2 ** row.failures, LONGEST_DELAY_MS);
    try {
      if (!failed) {
        await file.run("DELETE FROM jobs WHERE id = ?", row.id);
        return undefined;
      }
      await file.run(
        `UPDATE jobs SET due_at = ?, first_due_at = coalesce(first_due_at, due_at), failures = failures + 1
         WHERE id = ?`,
        again,
        row.id,
      );
      return again;
    } catch (error) {
      onFailure(error);
      await clock.sleepUntil(again, stopped.signal);
      return row.due_at;
    }
  }

  function stop(): void {
    stopped.abort();
    setAlarm(Number.POSITIVE_INFINITY);
    shared.free.delete(onFree);
  }

  function giveBack(): void {
    for (const id of held) letGo(id);
    tellFree(clock.now());
  }

  return {
    async push(job) {
      await file.run(
        "INSERT INTO jobs (id, kind, ref, due_at, failures) VALUES (?, ?, ?, ?, 0) ON CONFLICT DO NOTHING",
        job.id,
        job.kind,
        job.ref,
        job.dueAt,
      );
      tellFree(job.dueAt);
    },
    work(kinds, handler, { concurrency }) {
      workers.push({ kinds, handler, concurrency, active: 0 });
      lookSoon();
    },
    async depth() {
      const held = [...shared.held];
      const counted = file.get<{ waiting: number }>(
        `SELECT (SELECT count(*) FROM jobs)
           - (SELECT count(*) FROM jobs WHERE id IN (SELECT value FROM json_each(?))) AS waiting`,
        JSON.stringify(held),
      );
      const firsts = KINDS.flatMap((kind) =>
        file
          .all<JobColumns>("SELECT * FROM jobs WHERE kind = ? ORDER BY due_at LIMIT ?", kind, held.length + 1)
          .filter(({ id }) => !shared.held.has(id))
          .slice(0, 1),
      );
      const oldest = Math.min(...firsts.map(({ due_at }) => due_at));
      return { waiting: counted?.waiting ?? 0, oldestDueAt: firsts.length > 0 ? oldest : null };
    },
    async close(deadlineMs) {
      stop();
      const late = new AbortController();
      await Promise.race([
        Promise.allSettled(handling),
        clock.sleepUntil(clock.now() + deadlineMs, late.signal),
      ]);
      late.abort();
      giveBack();
    },
    abandon() {
      stop();
      giveBack();
    },
  };
}
