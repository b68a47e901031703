// A schedule is due: one run for it, and a job for the next time.

import { stepOf, TRIGGER_ID } from "../../shared/graph.ts";
import { newId } from "../../shared/id.ts";
import type { Job } from "../ports/queue.ts";
import type { EngineDeps } from "./deps.ts";
import { newRun } from "./intake.ts";
import { nextTick, pushTick } from "./publish.ts";
import { moved, pushAdvance } from "./push.ts";
import type { Shape } from "./shape.ts";

/**
 * Starts the run that was due at `job.dueAt`. A job that a newer version or a pause made void is passed over; times
 * missed while the server was off are made up for once: the job that was due first runs late, the next is in the future.
 */
export async function tick(
  deps: EngineDeps & { shapeOf(versionId: string): Promise<Shape> },
  job: Job,
): Promise<void> {
  const flow = await deps.store.flows.get(job.ref);
  if (flow?.status !== "live" || flow.liveVersionId === null) return;
  const { graph } = await deps.shapeOf(flow.liveVersionId);
  if (nextTick(graph, job.dueAt - 1) !== job.dueAt) return;
  const now = deps.clock.now();
  const data = {
    scheduledFor: new Date(job.dueAt).toISOString(),
    at: new Date(now).toISOString(),
    schedule: stepOf(graph, TRIGGER_ID)?.input ?? {},
  };
  const event = { kind: "schedule" as const, id: newId("evt", now), at: now, data };
  const run = newRun(flow, flow.liveVersionId, event, now, { dedupeKey: `tick:${job.dueAt}` });
  const accepted = await deps.store.runs.accept(run);
  await pushTick(deps, flow, graph, now);
  if (accepted.kind === "duplicate") return;
  await pushAdvance(deps, run.id, "0", now);
  moved(deps, run);
}
