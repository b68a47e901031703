// What the panel does to the graph: each a pure function, so that it is one edit that can be undone.

import {
  changeStep,
  edgesOf,
  type Graph,
  removeEdge,
  stepOf,
  stepsOf,
  whyNotConnect,
} from "../../../shared/graph.ts";
import { type Manifests, portsOf } from "../../../shared/manifest.ts";
import { draw } from "../add-step.ts";

/** The step with another input. A way out that is gone with it takes its edges along. */
export function changeInput(
  graph: Graph,
  stepId: string,
  input: Record<string, unknown>,
  manifests: Manifests,
): Graph {
  const before = stepOf(graph, stepId);
  if (!before) return graph;
  const changed = changeStep(graph, stepId, { input });
  const ports = new Set(portsOf({ ...before, input }, manifests).map(({ id }) => id));
  const had = new Set(portsOf(before, manifests).map(({ id }) => id));
  return edgesOf(graph)
    .filter((edge) => edge.from === stepId && had.has(edge.port) && !ports.has(edge.port))
    .reduce((now, edge) => removeEdge(now, edge.id), changed);
}

/** The field of the input that differs, for the name of the edit. */
export function changedKey(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): string | undefined {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].find((key) => before[key] !== after[key]);
}

/** Edges that lead from the step when it fails. */
export function errorEdges(graph: Graph, stepId: string) {
  return edgesOf(graph).filter((edge) => edge.from === stepId && edge.port === "error");
}

/** Steps that the error port could lead to. */
export function errorChoices(graph: Graph, stepId: string): { id: string; name: string }[] {
  return stepsOf(graph)
    .filter(({ id }) => id !== stepId && whyNotConnect(graph, stepId, "error", id) === null)
    .map(({ id, name }) => ({ id, name }));
}

export function drawError(graph: Graph, stepId: string, to: string): Graph {
  return draw(graph, { from: stepId, port: "error", to });
}

export function eraseError(graph: Graph, stepId: string): Graph {
  return errorEdges(graph, stepId).reduce((now, edge) => removeEdge(now, edge.id), graph);
}

/** The step without a setting: the usual one holds again. */
export function dropSetting(
  graph: Graph,
  stepId: string,
  setting: "retry" | "timeoutMs" | "ifInterrupted" | "disabled" | "note" | "connectionId",
): Graph {
  const step = stepOf(graph, stepId);
  if (!step || step[setting] === undefined) return graph;
  const { [setting]: _, ...rest } = step;
  return { ...graph, steps: { ...graph.steps, [stepId]: rest } };
}
