// Where there is only one connection to choose, it is chosen.

import { type Graph, type Step, stepsOf } from "../../shared/graph.ts";
import { connectorOf, type Manifests } from "../../shared/manifest.ts";

/** The graph with a connection at each step that must have one and whose connector has exactly one. */
export function withOnlyConnections(
  graph: Graph,
  manifests: Manifests,
  connections: readonly { id: string; connectorId: string }[],
): Graph {
  const steps = stepsOf(graph).map((step): Step => {
    if (step.connectionId !== undefined) return step;
    if (manifests.actions.get(step.uses)?.connection !== "required") return step;
    const [only, ...others] = connections.filter(({ connectorId }) => connectorId === connectorOf(step.uses));
    return only && others.length === 0 ? { ...step, connectionId: only.id } : step;
  });
  return { ...graph, steps: Object.fromEntries(steps.map((step) => [step.id, step])) };
}
