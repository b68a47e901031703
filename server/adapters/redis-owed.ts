// Jobs that Redis did not take: they are pushed again until it does, so that runs go on as soon as it is well. What is
// forgotten here, when the process ends, the sweep finds.

import type { Clock } from "../ports/clock.ts";
import type { Job } from "../ports/queue.ts";

export interface OwedJobs {
  /** Pushes it again, by and by. One that Redis has taken meanwhile is the same job by its id. */
  owe(job: Job): void;
  /** Pushes nothing any more. */
  stop(): void;
}

/** What comes beyond is left to the sweep: this must not fill the memory. */
const MOST = 10_000;
const AGAIN_MS = 1_000;
const AT_ONCE = 100;

/** `push` rejects when Redis does not take a job. */
export function createOwedJobs(clock: Clock, push: (job: Job) => Promise<unknown>): OwedJobs {
  const owed = new Map<string, Job>();
  const stopped = new AbortController();
  let paying = false;

  async function pay(): Promise<void> {
    paying = true;
    while (owed.size > 0) {
      await clock.sleep(AGAIN_MS, stopped.signal);
      if (stopped.signal.aborted) return;
      await payAll();
    }
    paying = false;
  }

  /** The first one finds out whether Redis is well; what fails after it is owed on. */
  async function payAll(): Promise<void> {
    for (let size = 1; owed.size > 0; size = AT_ONCE) {
      const jobs = [...owed.values()].slice(0, size);
      const done = await Promise.all(jobs.map(payOne));
      if (done.includes(false)) return;
    }
  }

  async function payOne(job: Job): Promise<boolean> {
    try {
      await push(job);
      owed.delete(job.id);
      return true;
    } catch {
      // Whoever pushed it has said why. To the end, so that one which is never taken is in nobody's way.
      owed.delete(job.id);
      owed.set(job.id, job);
      return false;
    }
  }

  return {
    owe(job) {
      if (stopped.signal.aborted || owed.size >= MOST) return;
      owed.set(job.id, job);
      if (!paying) void pay();
    },
    stop: () => stopped.abort(),
  };
}
