// Tries one step with sample data, outside any run; a dry run shows the request and sends nothing.

import type { Step } from "../../shared/graph.ts";
import type { Problem } from "../../shared/problem.ts";
import type { EngineDeps } from "./deps.ts";
import { doStep } from "./step.ts";
import { createStop } from "./stop.ts";
import { NOT_SENT, recordRequests, type SentRequest } from "./world.ts";

export interface StepTest {
  input: unknown;
  output: unknown;
  port: string | null;
  problem: Problem | null;
  requests: SentRequest[];
  durationMs: number;
}

/** Does one attempt of the step. `scope` holds the outputs of the steps before it, by id, the trigger's among them. */
export async function testStep(
  deps: EngineDeps,
  todo: { workspaceId: string; step: Step; scope: Record<string, unknown>; dryRun: boolean },
): Promise<StepTest> {
  const { requests, http, mailer } = recordRequests(deps, todo.dryRun);
  const from = deps.clock.now();
  const { input, outcome, redact } = await doStep(
    { ...deps, http, mailer },
    { ...todo, key: `test:${from}`, stop: createStop() },
  );
  const shown = requests.map((request) => redact(request) as SentRequest);
  const result = {
    input,
    output: null,
    port: null,
    problem: null,
    requests: shown,
    durationMs: deps.clock.now() - from,
  };
  switch (outcome.kind) {
    case "done":
      return { ...result, output: outcome.output, port: outcome.port };
    case "wait":
      return { ...result, output: outcome.output, port: "main" };
    case "each":
      return { ...result, output: { items: outcome.items, count: outcome.items.length }, port: "each" };
    case "end":
      return { ...result, output: outcome.output, problem: outcome.problem ?? null };
    case "failed":
      return outcome.problem.code === NOT_SENT ? result : { ...result, problem: outcome.problem };
  }
}
