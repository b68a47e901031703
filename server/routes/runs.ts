// Runs: the list, one with everything that happened in it, and what a person may do with one.

import type { RunRowView, RunView } from "../../shared/api-views.ts";
import type { Run } from "../../shared/run.ts";
import { answer, cancel, replay } from "../engine/run-control.ts";
import { stepsForView } from "../engine/view.ts";
import type { RunRow } from "../ports/store.ts";
import type { Caller } from "./caller.ts";
import type { RouteDeps } from "./deps.ts";
import type { Handlers } from "./handler.ts";
import { createMasks } from "./masks.ts";
import { notFound, ProblemAnswer } from "./problem.ts";
import { eventSummary, eventView } from "./views.ts";

export const runHandlers: Handlers<"runs" | "run" | "cancelRun" | "replayRun" | "answerRun"> = {
  async runs(deps, { caller, query }) {
    const page = await deps.store.runs.list({ workspaceId: caller.workspaceId, ...query });
    const names = createNames(deps);
    return { items: await Promise.all(page.items.map((row) => rowView(row, names))), next: page.next };
  },

  async run(deps, { caller, params }) {
    return runView(deps, await findRun(deps, caller, params.id));
  },

  async cancelRun(deps, { caller, params }) {
    const run = await findRun(deps, caller, params.id);
    const result = await cancel(deps, run.id);
    if (result === "unknown") throw notFound("run", run.id);
    if (result === "ended")
      throw new ProblemAnswer(409, { code: "run-ended", sentence: "This run has ended." });
    return runView(deps, await findRun(deps, caller, run.id));
  },

  async replayRun(deps, { caller, params }) {
    const run = await findRun(deps, caller, params.id);
    const result = await replay(deps, run.id);
    switch (result.kind) {
      case "unknown":
        throw notFound("run", run.id);
      case "refused":
        throw new ProblemAnswer(422, result.problem);
      case "accepted":
        return runView(deps, await findRun(deps, caller, result.runId));
    }
  },

  async answerRun(deps, { caller, params, body }) {
    const run = await findRun(deps, caller, params.id);
    const { path, choice, value } = body;
    const result = await answer(deps, run.id, { path, choice, value });
    if (result === "unknown") throw notFound("run", run.id);
    if (result === "not-asking") {
      throw new ProblemAnswer(409, {
        code: "not-asking",
        sentence: "This step is not waiting for an answer.",
        hint: "Somebody may have answered already.",
      });
    }
    return runView(deps, await findRun(deps, caller, run.id));
  },
};

async function findRun(deps: RouteDeps, caller: Caller, id: string): Promise<Run> {
  const run = await deps.store.runs.get(id);
  if (run?.workspaceId !== caller.workspaceId) throw notFound("run", id);
  return run;
}

async function runView(deps: RouteDeps, run: Run): Promise<RunView> {
  const { event, response, ...row } = run;
  const names = createNames(deps);
  const mask = await names.mask({ id: run.flowId, workspaceId: run.workspaceId });
  const [view, shape, steps] = await Promise.all([
    rowView({ ...row, summary: eventSummary(event) }, names),
    deps.shapeOf(run.versionId),
    deps.store.runs.steps(run.id),
  ]);
  return {
    ...view,
    event: eventView(event, mask),
    graph: shape.graph,
    steps: stepsForView(run, shape, steps, deps.clock.now()),
    response,
  };
}

async function rowView(row: RunRow, names: Names): Promise<RunRowView> {
  const {
    id,
    workspaceId,
    flowId,
    versionId,
    status,
    summary,
    createdAt,
    startedAt,
    finishedAt,
    wakeAt,
    problem,
    replayOf,
  } = row;
  const [flow, version, mask] = await Promise.all([
    names.flow(flowId),
    names.version(versionId),
    names.mask({ id: flowId, workspaceId }),
  ]);
  return {
    id,
    flowId,
    flowName: flow?.name ?? "(deleted)",
    versionId,
    // The number of a draft that something was run through says nothing to a person.
    versionNumber: version && version.number > 0 ? version.number : null,
    status,
    summary: mask.text(summary),
    createdAt,
    startedAt,
    finishedAt,
    wakeAt,
    problem,
    replayOf,
  };
}

type Names = ReturnType<typeof createNames>;

/** Flows, versions and masks, each fetched once for one answer. */
function createNames(deps: RouteDeps) {
  const { store } = deps;
  return {
    mask: createMasks(deps),
    flow: once((id) => store.flows.get(id)),
    version: once((id) => store.versions.get(id)),
  };
}

function once<T>(read: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (id) => {
    const before = known.get(id);
    if (before) return before;
    const asked = read(id);
    known.set(id, asked);
    return asked;
  };
}
