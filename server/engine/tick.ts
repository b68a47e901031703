// A schedule is due: one run for it, and a job for the next time.

import { DEFAULT_CATCH_SETTINGS } from "../../shared/catching.ts";
import { stepOf, TRIGGER_ID } from "../../shared/graph.ts";
import { newId } from "../../shared/id.ts";
import type { Job } from "../ports/queue.ts";
import { beginRun } from "./begin-run.ts";
import type { EngineDeps } from "./deps.ts";
import { linesFor } from "./lines.ts";
import { nextTick, pushTick } from "./publish.ts";
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
  const { settings = DEFAULT_CATCH_SETTINGS } = (await deps.store.flows.catching(flow.id)) ?? {};
  const lines = linesFor(flow.id, settings, data);
  const dedupeKey = `tick:${job.dueAt}`;
  await beginRun(deps, { flow, versionId: flow.liveVersionId, event, lines, dedupeKey });
  await pushTick(deps, flow, graph, now);
}
