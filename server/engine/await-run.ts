// Waits for what a sender wants to hear: the flow's own answer, or the run's end.

import { isFinal, type Run } from "../../shared/run.ts";
import type { EngineDeps } from "./deps.ts";

/** The run when `isThere` holds or it has ended, as it stands after `deadlineMs` at the latest; null when it is gone. */
export async function awaitRun(
  deps: Pick<EngineDeps, "store" | "bus" | "clock">,
  runId: string,
  deadlineMs: number,
  isThere: (run: Run) => boolean = () => false,
): Promise<Run | null> {
  const over = deps.clock.now() + deadlineMs;
  const stop = new AbortController();
  let ring = () => {};
  const leave = deps.bus.subscribe((movement) => {
    if (movement.kind === "run" && movement.runId === runId) ring();
  });
  try {
    for (;;) {
      const rung = new Promise<void>((resolve) => {
        ring = resolve;
      });
      const run = await deps.store.runs.get(runId);
      if (!run || isThere(run) || isFinal(run.status) || deps.clock.now() >= over) return run;
      // A message can get lost between two processes, so there is a look every second as well.
      await Promise.race([
        rung,
        deps.clock.sleepUntil(Math.min(over, deps.clock.now() + 1_000), stop.signal),
      ]);
    }
  } finally {
    stop.abort();
    leave();
  }
}
