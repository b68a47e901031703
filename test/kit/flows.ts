// Flows made through the API, for tests of it.

import type { FlowView } from "../../shared/api-views.ts";
import type { Graph } from "../../shared/graph.ts";
import type { TestApp } from "./app.ts";

type StepText = { uses: string; input?: Record<string, unknown>; connectionId?: string };

/** A catch trigger and the given steps behind it, one after the other. */
export function sequence(steps: Record<string, StepText>): Graph {
  const graph: Graph = {
    steps: {
      trigger: { id: "trigger", uses: "webhook.catch", name: "Catch", input: {}, at: { x: 0, y: 0 } },
    },
    edges: {},
  };
  let from = "trigger";
  for (const [id, { uses, input = {}, connectionId }] of Object.entries(steps)) {
    graph.steps[id] = {
      id,
      uses,
      name: id,
      input,
      at: { x: 0, y: 0 },
      ...(connectionId ? { connectionId } : {}),
    };
    graph.edges[`to_${id}`] = { id: `to_${id}`, from, port: "main", to: id };
    from = id;
  }
  return graph;
}

/** A published flow; without steps it only sets a field. */
export async function liveFlow(app: TestApp, steps?: Record<string, StepText>): Promise<FlowView> {
  const made = await app.owner("POST", "/api/flows", {
    body: { name: "A flow", graph: sequence(steps ?? { set: SET }) },
  });
  const { id } = made.body as FlowView;
  const published = await app.owner("POST", `/api/flows/${id}/publish`);
  if (published.status !== 200) throw new Error(`the flow cannot be published: ${published.text}`);
  return published.body as FlowView;
}

const SET: StepText = { uses: "logic.setFields", input: { fields: [{ name: "a", value: "1" }] } };
