// Flows: drafts, versions, the catch URL, and testing a step.

import type { CatchSettings } from "../../shared/catching.ts";
import type { Flow, Version } from "../../shared/flow.ts";
import type { Graph } from "../../shared/graph.ts";
import { newId, newSecret } from "../../shared/id.ts";
import { pause, publish, publishedVersions, resume } from "../engine/publish.ts";
import { testStep } from "../engine/test-step.ts";
import type { Caller } from "./caller.ts";
import { refuseWrongSettings } from "./catching.ts";
import type { RouteDeps } from "./deps.ts";
import { findFlow } from "./find-flow.ts";
import type { Handlers } from "./handler.ts";
import { notFound, ProblemAnswer } from "./problem.ts";
import { flowRow, flowView } from "./views.ts";

type Names =
  | "flows"
  | "createFlow"
  | "flow"
  | "saveDraft"
  | "renameFlow"
  | "deleteFlow"
  | "duplicateFlow"
  | "publishFlow"
  | "pauseFlow"
  | "resumeFlow"
  | "rotateCatchKey"
  | "versions"
  | "version"
  | "restoreVersion"
  | "testStep";

export const flowHandlers: Handlers<Names> = {
  async flows(deps, { caller }) {
    const flows = await deps.store.flows.list(caller.workspaceId);
    return { items: await Promise.all(flows.map((flow) => flowRow(deps, flow))) };
  },

  async createFlow(deps, { caller, body }) {
    const { name, graph = FIRST_DRAFT, catching } = body;
    if (catching) refuseWrongSettings(deps, catching);
    return flowView(deps, await addFlow(deps, caller, name, graph, catching));
  },

  async flow(deps, { caller, params }) {
    return flowView(deps, await findFlow(deps, caller, params.id));
  },

  async saveDraft(deps, { caller, params, body }) {
    const flow = await findFlow(deps, caller, params.id);
    return saveDraft(deps, flow, body.revision, { draft: body.graph, name: body.name ?? flow.name });
  },

  async renameFlow(deps, { caller, params, body }) {
    const flow = await findFlow(deps, caller, params.id);
    return patchFlow(deps, flow, { name: body.name });
  },

  async deleteFlow(deps, { caller, params }) {
    const flow = await findFlow(deps, caller, params.id);
    if (!(await deps.store.flows.remove(flow.id))) throw notFound("flow", flow.id);
    flowMoved(deps, flow);
    deps.log.info({ flowId: flow.id }, "a flow was deleted");
  },

  async duplicateFlow(deps, { caller, params }) {
    const flow = await findFlow(deps, caller, params.id);
    const name = `${flow.name.slice(0, 190)} (copy)`;
    const catching = await deps.store.flows.catching(flow.id);
    return flowView(deps, await addFlow(deps, caller, name, flow.draft, catching?.settings));
  },

  async publishFlow(deps, { caller, params, body }) {
    const flow = await findFlow(deps, caller, params.id);
    if (body.revision !== undefined && body.revision !== flow.revision) throw stale(flow);
    const result = await publish(deps, flow, { note: body.note });
    switch (result.kind) {
      case "published":
        flowMoved(deps, result.flow);
        return flowView(deps, result.flow);
      case "stale":
        throw stale(flow);
      case "refused":
        throw new ProblemAnswer(
          422,
          {
            code: "not-ready",
            sentence: `“${flow.name}” cannot be published yet: ${count(result.problems.length, "problem")}.`,
            hint: result.problems[0]?.sentence,
          },
          { problems: result.problems },
        );
    }
  },

  async pauseFlow(deps, { caller, params }) {
    const paused = await pause(deps, await findFlow(deps, caller, params.id));
    flowMoved(deps, paused);
    return flowView(deps, paused);
  },

  async resumeFlow(deps, { caller, params }) {
    const result = await resume(deps, await findFlow(deps, caller, params.id));
    if (result.kind === "refused") throw new ProblemAnswer(422, result.problem);
    flowMoved(deps, result.flow);
    return flowView(deps, result.flow);
  },

  async rotateCatchKey(deps, { caller, params }) {
    const flow = await findFlow(deps, caller, params.id);
    deps.log.info({ flowId: flow.id }, "a flow got a new catch URL");
    return patchFlow(deps, flow, { catchKey: newSecret() });
  },

  async versions(deps, { caller, params }) {
    const flow = await findFlow(deps, caller, params.id);
    const versions = await publishedVersions(deps, flow.id);
    return { items: versions.map((version) => rowOf(version, flow)) };
  },

  async version(deps, { caller, params }) {
    const flow = await findFlow(deps, caller, params.id);
    const version = await findVersion(deps, flow, params.number);
    return { ...rowOf(version, flow), graph: version.graph };
  },

  async restoreVersion(deps, { caller, params, body }) {
    const flow = await findFlow(deps, caller, params.id);
    const version = await findVersion(deps, flow, params.number);
    return saveDraft(deps, flow, body.revision, { draft: version.graph });
  },

  async testStep(deps, { caller, params, body }) {
    await findFlow(deps, caller, params.id);
    return testStep(deps, { workspaceId: caller.workspaceId, ...body });
  },
};

const FIRST_DRAFT: Graph = {
  steps: {
    trigger: { id: "trigger", uses: "webhook.catch", name: "Catch a webhook", input: {}, at: { x: 0, y: 0 } },
  },
  edges: {},
};

/** Its catch URL has no secrets yet, whatever it was made from: those are given to each flow anew. */
async function addFlow(
  deps: RouteDeps,
  caller: Caller,
  name: string,
  draft: Graph,
  catching?: CatchSettings,
): Promise<Flow> {
  const now = deps.clock.now();
  const flow: Flow = {
    id: newId("flow", now),
    workspaceId: caller.workspaceId,
    name,
    draft,
    revision: 1,
    status: "draft",
    liveVersionId: null,
    catchKey: newSecret(),
    createdAt: now,
    updatedAt: now,
  };
  await deps.store.flows.insert(flow);
  if (catching) await deps.store.flows.setCatching(flow.id, { settings: catching, sealed: null }, now);
  flowMoved(deps, flow);
  return flow;
}

async function saveDraft(
  deps: RouteDeps,
  flow: Flow,
  read: number,
  change: Partial<Pick<Flow, "draft" | "name">>,
) {
  if (read !== flow.revision) throw stale(flow);
  const next: Flow = { ...flow, ...change, revision: flow.revision + 1, updatedAt: deps.clock.now() };
  if ((await deps.store.flows.save(next, flow.revision)) === "stale") throw stale(flow);
  flowMoved(deps, next);
  return flowView(deps, next);
}

async function patchFlow(deps: RouteDeps, flow: Flow, change: Partial<Pick<Flow, "name" | "catchKey">>) {
  const patch = { ...change, updatedAt: deps.clock.now() };
  if (!(await deps.store.flows.patch(flow.id, patch))) throw notFound("flow", flow.id);
  flowMoved(deps, flow);
  return flowView(deps, { ...flow, ...patch });
}

async function findVersion(deps: RouteDeps, flow: Flow, number: number): Promise<Version> {
  const version = (await publishedVersions(deps, flow.id)).find((v) => v.number === number);
  if (!version) throw notFound("version", String(number));
  return version;
}

function rowOf({ graph: _, workspaceId: __, ...version }: Version, flow: Flow) {
  return { ...version, live: version.id === flow.liveVersionId };
}

function flowMoved({ bus }: RouteDeps, flow: Flow): void {
  bus.publish({ kind: "flow", workspaceId: flow.workspaceId, flowId: flow.id });
}

function stale(flow: Flow): ProblemAnswer {
  return new ProblemAnswer(409, {
    code: "draft-moved-on",
    sentence: `“${flow.name}” was saved by somebody else since you opened it.`,
    hint: "Fetch it again and decide which draft to keep.",
  });
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}
