// Takes jobs and does them; keeps up the leases of the runs in hand; drains when it is told to stop.

import { TryLater } from "../../shared/problem.ts";
import type { Job } from "../ports/queue.ts";
import { advance, carryOn } from "./advance.ts";
import type { EngineDeps } from "./deps.ts";
import { createFreeHands, type FreeHands, type Hands, LEASE_MS } from "./hands.ts";
import type { Shape } from "./shape.ts";
import { prune, pushDuties, SWEEP_EVERY_MS, sweep } from "./sweep.ts";
import { tick } from "./tick.ts";

export interface WorkerOptions {
  /** Runs in hand at the same time. */
  concurrency: number;
  /** How long ended runs are kept, in milliseconds. */
  retentionMs: number;
}

export interface Worker {
  /** For what is accepted in this process. */
  freeHands: FreeHands;
  /** Begins nothing new, lets steps in mid-flight end for at most `deadlineMs`, parks every run, closes the queue. */
  stop(deadlineMs: number): Promise<void>;
}

/** Begins to take jobs. What a run was in the middle of when the last process ended is taken up again at once. */
export async function startWorker(
  deps: EngineDeps & { shapeOf(versionId: string): Promise<Shape> },
  { concurrency, retentionMs }: WorkerOptions,
): Promise<Worker> {
  const hands: Hands = { held: new Map(), draining: false, shapeOf: deps.shapeOf };
  const stopped = new AbortController();
  const freeHands = createFreeHands(
    hands,
    (claim, trigger) =>
      carryOn(deps, hands, claim, trigger).catch((error) =>
        deps.log.error({ err: error, runId: claim.run.id }, "a run was let fall; the sweep will take it up"),
      ),
    deps.clock,
  );
  const handle = async (job: Job) => {
    switch (job.kind) {
      case "advance":
        return advance(deps, hands, job.ref);
      case "tick":
        return tick(deps, job);
      case "sweep":
        await sweep(deps);
        return pushDuties(deps, ["sweep"]);
      case "prune":
        await prune(deps, retentionMs);
        return pushDuties(deps, ["prune"]);
    }
  };
  deps.queue.work(["advance", "tick", "sweep", "prune"], handle, { concurrency });
  const renewing = keepLeases(deps, hands, stopped.signal);
  await takeUp(deps);
  const reminding = keepDuties(deps, stopped.signal);
  return {
    freeHands,
    async stop(deadlineMs) {
      hands.draining = true;
      await Promise.all([deps.queue.close(deadlineMs), freeHands.rest(deadlineMs)]);
      for (const { lost } of hands.held.values()) lost.stop();
      stopped.abort();
      await Promise.all([renewing, reminding]);
    },
  };
}

/**
 * The first sweep, which takes up what others were in the middle of. A store that is busy, with what has gathered while
 * no worker was there, is no reason to end: the next sweep is soon.
 */
async function takeUp(deps: EngineDeps & { shapeOf(versionId: string): Promise<Shape> }): Promise<void> {
  try {
    // Those that go on before the next sweep are looked at, too: their jobs may be lost.
    await sweep(deps, -SWEEP_EVERY_MS);
    await pushDuties(deps, ["sweep", "prune"]);
  } catch (error) {
    if (!(error instanceof TryLater)) throw error;
    deps.log.warn({ err: error }, "the first sweep came to nothing; the next one is soon");
  }
}

/** The next sweep is up to its own interval away: a queue that was emptied is well again some 20 seconds later. */
const REMIND_EVERY_MS = SWEEP_EVERY_MS / 3;

/**
 * A sweep pushes the next one, but a queue that lost everything has lost that one too, and nobody would find out: so
 * every worker pushes what is next, as many times as it likes.
 */
async function keepDuties(deps: EngineDeps, stopped: AbortSignal): Promise<void> {
  for (;;) {
    await deps.clock.sleep(REMIND_EVERY_MS, stopped);
    if (stopped.aborted) return;
    try {
      await pushDuties(deps, ["sweep", "prune"]);
    } catch (error) {
      deps.log.warn({ err: error }, "the next sweep could not be queued; trying again");
    }
  }
}

/** One timer for all runs in hand, however many. */
async function keepLeases(deps: EngineDeps, hands: Hands, stopped: AbortSignal): Promise<void> {
  for (;;) {
    await deps.clock.sleep(LEASE_MS / 6, stopped);
    if (stopped.aborted) return;
    const held = [...hands.held].map(([id, { fence }]) => ({ id, fence }));
    if (held.length === 0) continue;
    try {
      const lost = await deps.store.runs.renew(held, deps.clock.now() + LEASE_MS);
      for (const id of lost) hands.held.get(id)?.lost.stop();
    } catch (error) {
      deps.log.warn({ err: error, runs: held.length }, "leases could not be renewed; trying again");
    }
  }
}
