// Puts runs into the queue, and tells those who look that one moved.

import type { Run } from "../../shared/run.ts";
import type { EngineDeps } from "./deps.ts";

/**
 * A job that carries the run on at `dueAt` (milliseconds since 1970); `when` makes its id one of its own. A push that
 * fails is only written down: the store knows of the run, and the sweep finds it.
 */
export async function pushAdvance(
  deps: Pick<EngineDeps, "queue" | "log">,
  runId: string,
  when: string,
  dueAt: number,
): Promise<void> {
  try {
    await deps.queue.push({ id: `advance:${runId}:${when}`, kind: "advance", ref: runId, dueAt });
  } catch (error) {
    deps.log.warn(
      { err: error, runId },
      "the job of a run could not be queued now; it will be, at the latest by the sweep",
    );
  }
}

export function moved(deps: Pick<EngineDeps, "bus">, run: Pick<Run, "id" | "workspaceId" | "flowId">): void {
  deps.bus.publish({ kind: "run", workspaceId: run.workspaceId, flowId: run.flowId, runId: run.id });
}
