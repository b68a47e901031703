// Repairs what the queue lost, and deletes what is too old. Both are jobs that push the next of their kind.

import type { EngineDeps } from "./deps.ts";
import { sweepLines } from "./lines.ts";
import { pushTick } from "./publish.ts";
import { pushAdvance } from "./push.ts";
import type { Shape } from "./shape.ts";

/**
 * What died with its holder goes on within a minute: a lease of 30 s, the patience below, and at most this until the
 * next sweep.
 */
export const SWEEP_EVERY_MS = 15_000;
const PRUNE_EVERY_MS = 3_600_000;
/** A run is left to the queue for this long before the sweep takes it for lost. */
const PATIENCE_MS = 10_000;
/** Runs of one sweep: a queue that lost everything gets back so many every quarter of a minute. */
const MOST_AT_ONCE = 5_000;
/** Runs deleted in one write. */
const BATCH = 1_000;
/** How long it is known what happened in a minute. */
const FIGURES_KEPT_MS = 7 * 24 * 3_600_000;

type SweepDeps = EngineDeps & { shapeOf(versionId: string): Promise<Shape> };

/** Queues every run that should be under way and is not, and the next time of every live schedule. */
export async function sweep(deps: SweepDeps, patienceMs = PATIENCE_MS): Promise<void> {
  const now = deps.clock.now();
  const overdue = await deps.store.runs.overdue(now - patienceMs, MOST_AT_ONCE);
  // Under a backlog the same runs are overdue again and again: while such a job is there, a second one is none.
  await Promise.all(overdue.map((runId) => pushAdvance(deps, runId, "sweep", now)));
  if (overdue.length > 0)
    deps.log.info({ runs: overdue.length }, "runs that nobody had in hand were queued again");
  await sweepLines(deps);
  for (const flow of await deps.store.flows.withStatus("live")) {
    if (flow.liveVersionId === null) continue;
    await pushTick(deps, flow, (await deps.shapeOf(flow.liveVersionId)).graph, now);
  }
  await deps.store.accounts.pruneSessions(now);
}

/** Deletes old figures, and ended runs and deliveries that are older than `retentionMs`, in batches so that nothing else has to wait long. */
export async function prune(deps: EngineDeps, retentionMs: number): Promise<void> {
  const before = deps.clock.now() - retentionMs;
  let deleted = 0;
  for (let batch = BATCH; batch === BATCH; deleted += batch) {
    batch = await deps.store.runs.prune(before, BATCH);
    await deps.clock.sleepUntil(deps.clock.now());
  }
  if (deleted > 0) deps.log.info({ runs: deleted }, "old runs were deleted");
  for (let batch = BATCH; batch === BATCH; ) {
    batch = await deps.store.deliveries.prune(before, BATCH);
    await deps.clock.sleepUntil(deps.clock.now());
  }
  await deps.store.stats.prune(Math.floor((deps.clock.now() - FIGURES_KEPT_MS) / 60_000));
}

/** The next sweep and the next pruning; their ids are their times, so any number of processes make one job of them. */
export async function pushDuties(
  deps: Pick<EngineDeps, "queue" | "clock">,
  kinds: ("sweep" | "prune")[],
): Promise<void> {
  for (const kind of kinds) {
    const every = kind === "sweep" ? SWEEP_EVERY_MS : PRUNE_EVERY_MS;
    const dueAt = (Math.floor(deps.clock.now() / every) + 1) * every;
    await deps.queue.push({ id: `${kind}@${dueAt}`, kind, ref: kind, dueAt });
  }
}
