// What every queue must do: each job at least once, at its time, also when the one who had it dies.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Job, JobKind, Queue } from "../../server/ports/queue.ts";

export interface OpenQueue {
  queue: Queue;
  /** A second queue on the same jobs, as another process would have it. */
  another: () => Queue;
  /** The queue's process dies: its handlers report nothing any more, its leases are not kept up. */
  crash: (queue: Queue) => void;
  now: () => number;
  /** Lets `ms` pass for the queues, and what then happens come to rest. */
  advance: (ms: number) => Promise<void>;
  /** A crashed worker's jobs come again after at most this long. */
  leaseMs: number;
  close: () => Promise<void>;
}

/** A handler's work that ends when the test says so. */
interface Task {
  job: Job;
  finish: () => void;
  fail: () => void;
}

export function describeQueue(name: string, open: () => Promise<OpenQueue>): void {
  describe(name, () => {
    let opened: OpenQueue;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    function aJob(id: string, inMs = 0, kind: JobKind = "advance"): Job {
      return { id, kind, ref: `ref-of-${id}`, dueAt: opened.now() + inMs };
    }

    /** Works and notes what is done; `answer` may reject. */
    function work(queue: Queue, kinds: JobKind[], concurrency = 10, answer = async (_job: Job) => {}): Job[] {
      const seen: Job[] = [];
      queue.work(
        kinds,
        async (job) => {
          seen.push(job);
          await answer(job);
        },
        { concurrency },
      );
      return seen;
    }

    /** Works and leaves every job open. */
    function workSlowly(queue: Queue, concurrency = 10): Task[] {
      const tasks: Task[] = [];
      queue.work(
        ["advance"],
        (job) =>
          new Promise<void>((resolve, reject) => {
            tasks.push({ job, finish: resolve, fail: () => reject(new Error("no")) });
          }),
        { concurrency },
      );
      return tasks;
    }

    const ids = (jobs: Job[]) => jobs.map(({ id }) => id);

    it("hands over what is due, once, as it was pushed", async () => {
      const jobs = [aJob("advance:run_1:7"), aJob("tick:flow_1@2026-01-01", -5_000, "tick")];
      const seen = work(opened.queue, ["advance", "tick"]);
      for (const job of jobs) await opened.queue.push(job);
      await opened.advance(120_000);
      expect(seen.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(jobs);
      expect(await opened.queue.depth()).toEqual({ waiting: 0, oldestDueAt: null });
    });

    it("hands over what was pushed before anybody worked", async () => {
      await opened.queue.push(aJob("a"));
      const seen = work(opened.queue, ["advance"]);
      await opened.advance(0);
      expect(ids(seen)).toEqual(["a"]);
    });

    it("keeps a job until it is due, also when an earlier one is pushed after it", async () => {
      const seen = work(opened.queue, ["advance"]);
      await opened.queue.push(aJob("late", 60_000));
      await opened.queue.push(aJob("soon", 10_000));
      await opened.advance(9_000);
      expect(seen).toEqual([]);
      await opened.advance(2_000);
      expect(ids(seen)).toEqual(["soon"]);
      await opened.advance(48_000);
      expect(ids(seen)).toEqual(["soon"]);
      await opened.advance(2_000);
      expect(ids(seen)).toEqual(["soon", "late"]);
    });

    it("takes the one that has been due the longest first, of whatever kind", async () => {
      await opened.queue.push(aJob("b", -20_000, "tick"));
      await opened.queue.push(aJob("d", -5_000, "tick"));
      await opened.queue.push(aJob("c", -10_000));
      await opened.queue.push(aJob("a", -30_000));
      const seen = work(opened.queue, ["tick", "advance"], 1);
      await opened.advance(0);
      expect(ids(seen)).toEqual(["a", "b", "c", "d"]);
    });

    it("knows a job by its id while it exists, and takes it again after it is done", async () => {
      const tasks = workSlowly(opened.queue);
      await Promise.all(Array.from({ length: 30 }, () => opened.queue.push(aJob("a"))));
      await opened.advance(0);
      await opened.queue.push(aJob("a"));
      await opened.advance(0);
      expect(tasks).toHaveLength(1);
      tasks[0]?.finish();
      await opened.advance(120_000);
      expect(tasks).toHaveLength(1);
      await opened.queue.push(aJob("a"));
      await opened.advance(0);
      expect(tasks).toHaveLength(2);
    });

    it("leaves the first due time when a job is pushed again", async () => {
      const first = aJob("a", 10_000);
      await opened.queue.push(first);
      await opened.queue.push({ ...first, dueAt: first.dueAt + 50_000 });
      await opened.queue.push({ ...first, dueAt: first.dueAt - 5_000 });
      expect(await opened.queue.depth()).toEqual({ waiting: 1, oldestDueAt: first.dueAt });
    });

    it("works on as many at a time as it was told, and no more", async () => {
      const tasks = workSlowly(opened.queue, 3);
      for (let i = 0; i < 7; i++) await opened.queue.push(aJob(`job${i}`));
      await opened.advance(0);
      expect(tasks).toHaveLength(3);
      tasks[1]?.finish();
      await opened.advance(0);
      expect(tasks).toHaveLength(4);
      for (let i = 0; i < 7; i++) {
        tasks[i]?.finish();
        await opened.advance(0);
      }
      expect(new Set(ids(tasks.map(({ job }) => job))).size).toBe(7);
    });

    it("gives a worker its kinds only; the others wait for theirs", async () => {
      for (const kind of ["advance", "tick", "sweep", "prune"] as const) {
        await opened.queue.push(aJob(`${kind}:1`, 0, kind));
      }
      const some = work(opened.queue, ["tick", "prune"]);
      await opened.advance(1_000);
      expect(ids(some).toSorted()).toEqual(["prune:1", "tick:1"]);
      const rest = work(opened.queue, ["advance", "sweep"]);
      await opened.advance(0);
      expect(ids(rest).toSorted()).toEqual(["advance:1", "sweep:1"]);
    });

    it("gives each of a hundred jobs to one of two racing queues", async () => {
      const seen = [
        work(opened.queue, ["advance"], 7, () => opened.advance(0)),
        work(opened.another(), ["advance"], 7, () => opened.advance(0)),
      ];
      await Promise.all(Array.from({ length: 100 }, (_, i) => opened.queue.push(aJob(`job${i}`))));
      for (let i = 0; i < 30; i++) await opened.advance(0);
      const all = ids(seen.flat());
      expect(all).toHaveLength(100);
      expect(new Set(all).size).toBe(100);
    });

    it("gives a job again that was rejected: after 1 s, 2 s, 4 s …, at most 60 s", async () => {
      const began = opened.now();
      const times: number[] = [];
      const seen = work(opened.queue, ["advance"], 2, async ({ id }) => {
        if (id === "other") return;
        times.push(opened.now() - began);
        if (times.length < 10) throw new Error("not yet");
      });
      await opened.queue.push(aJob("bad"));
      await opened.advance(0);
      await opened.queue.push(aJob("other"));
      await opened.advance(0);
      expect(ids(seen)).toEqual(["bad", "other"]);
      await opened.advance(600_000);
      const gaps = times.slice(1).map((time, i) => Math.round((time - (times[i] ?? 0)) / 1_000));
      expect(gaps).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
      expect(await opened.queue.depth()).toEqual({ waiting: 0, oldestDueAt: null });
    });

    it("gives a rejected job again as it was pushed, however often: when it was due says which one it is", async () => {
      let calls = 0;
      const seen = work(opened.queue, ["tick"], 1, async () => {
        if (++calls < 4) throw new Error("not yet");
      });
      const job = { ...aJob("time"), kind: "tick" as const, dueAt: opened.now() + 1_000 };
      await opened.queue.push(job);
      await opened.advance(30_000);
      expect(seen).toEqual([job, job, job, job]);
    });

    it("gives a job again whose handler threw before it began", async () => {
      let calls = 0;
      opened.queue.work(
        ["advance"],
        () => {
          calls++;
          if (calls === 1) throw new Error("at once");
          return Promise.resolve();
        },
        { concurrency: 1 },
      );
      await opened.queue.push(aJob("a"));
      await opened.advance(0);
      await opened.advance(5_000);
      expect(calls).toBe(2);
    });

    it("gives the jobs of a worker that died to another one", async () => {
      const lost = workSlowly(opened.queue);
      await opened.queue.push(aJob("a"));
      await opened.queue.push(aJob("b"));
      await opened.advance(0);
      expect(lost).toHaveLength(2);
      opened.crash(opened.queue);
      const seen = work(opened.another(), ["advance"]);
      await opened.advance(opened.leaseMs * 2);
      expect(ids(seen).toSorted()).toEqual(["a", "b"]);
      // the dead one's handler coming round after all changes nothing
      lost[0]?.finish();
      lost[1]?.fail();
      await opened.advance(120_000);
      expect(seen).toHaveLength(2);
      expect(await opened.another().depth()).toMatchObject({ waiting: 0 });
    });

    it("keeps a job for its worker however long it takes", async () => {
      const tasks = workSlowly(opened.queue);
      await opened.queue.push(aJob("a"));
      await opened.advance(0);
      const seen = work(opened.another(), ["advance"]);
      await opened.advance(opened.leaseMs * 10);
      expect(seen).toEqual([]);
      tasks[0]?.finish();
      await opened.advance(opened.leaseMs * 2);
      expect(seen).toEqual([]);
      expect(tasks).toHaveLength(1);
    });

    it("closes when its handlers are done, and takes nothing more", async () => {
      const tasks = workSlowly(opened.queue, 1);
      await opened.queue.push(aJob("a"));
      await opened.queue.push(aJob("b"));
      await opened.advance(0);
      let closed = false;
      const closing = opened.queue.close(30_000).then(() => {
        closed = true;
      });
      await opened.advance(1_000);
      expect(closed).toBe(false);
      tasks[0]?.finish();
      await closing;
      const seen = work(opened.another(), ["advance"]);
      await opened.advance(opened.leaseMs * 2);
      expect(tasks).toHaveLength(1);
      expect(ids(seen)).toEqual(["b"]);
    });

    it("closes at its deadline and gives back what is still in work", async () => {
      const tasks = workSlowly(opened.queue);
      await opened.queue.push(aJob("a"));
      await opened.advance(0);
      const closing = opened.queue.close(5_000);
      await opened.advance(5_000);
      await closing;
      const seen = work(opened.another(), ["advance"]);
      await opened.advance(opened.leaseMs * 2);
      expect(ids(seen)).toEqual(["a"]);
      expect(tasks).toHaveLength(1);
    });

    it("says how many jobs wait and since when, without those in work", async () => {
      expect(await opened.queue.depth()).toEqual({ waiting: 0, oldestDueAt: null });
      const jobs = [aJob("a", -9_000), aJob("b", -8_000), aJob("c", 50_000, "sweep")];
      for (const job of jobs) await opened.queue.push(job);
      expect(await opened.queue.depth()).toEqual({ waiting: 3, oldestDueAt: jobs[0]?.dueAt });
      const tasks = workSlowly(opened.queue, 1);
      await opened.advance(0);
      expect(await opened.queue.depth()).toEqual({ waiting: 2, oldestDueAt: jobs[1]?.dueAt });
      tasks[0]?.finish();
      await opened.advance(0);
      expect(await opened.queue.depth()).toEqual({ waiting: 1, oldestDueAt: jobs[2]?.dueAt });
    });
  });
}
