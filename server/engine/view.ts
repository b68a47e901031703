// A run as a person sees it: what is recorded, and what is going on right now.

import type { Run, StepRun } from "../../shared/run.ts";
import { load, plan } from "./plan.ts";
import type { Shape } from "./shape.ts";

/**
 * The recorded steps, and those whose turn it is while a worker has the run in hand: most steps are written down
 * only when they ended, so the plan itself says what is being done.
 */
export function stepsForView(
  run: Pick<Run, "status" | "startedAt">,
  shape: Shape,
  steps: StepRun[],
  now: number,
): StepRun[] {
  if (run.status !== "running") return steps;
  const state = load(shape, steps);
  const { settled, ready } = plan(state, now);
  const shown = new Map([...steps, ...settled].map((step) => [step.path, step]));
  for (const { path } of ready) {
    const before = shown.get(path);
    shown.set(path, {
      path,
      status: "running",
      attempt: (before?.attempt ?? 0) + 1,
      input: null,
      output: null,
      port: null,
      problem: null,
      startedAt: lastEnd(steps) ?? run.startedAt,
      finishedAt: null,
      until: null,
      attempts: before?.attempts ?? [],
    });
  }
  return [...shown.values()];
}

/** A step whose turn it is began when the last one ended. */
function lastEnd(steps: StepRun[]): number | null {
  const ends = steps.map((s) => s.finishedAt ?? 0);
  return ends.length > 0 ? Math.max(...ends) || null : null;
}
