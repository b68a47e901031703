// Two graphs as one to draw: what is there now, what came, and what went, where it was.

import { edgesOf, type Graph, type Step, stepsOf } from "../../shared/graph.ts";
import type { GraphDifference } from "../../shared/graph-difference.ts";
import { STEP_HEIGHT, STEP_WIDTH } from "./places.ts";

export type ChangeKind = "added" | "removed" | "changed";

export interface DifferenceGraph {
  graph: Graph;
  /** By id of the drawn step or edge; what stayed the same is not in it. */
  steps: Map<string, ChangeKind>;
  edges: Map<string, ChangeKind>;
}

export function differenceGraph(after: Graph, difference: GraphDifference): DifferenceGraph {
  const { added, removed, changed, edgesAdded, edgesRemoved } = difference;
  // An edge that went may have the id of one that came.
  const gone = edgesRemoved.map((edge, index) => ({ ...edge, id: `gone ${index}` }));
  const steps = [...stepsOf(after), ...removed];
  const placed = overlap(removed, stepsOf(after)) ? steps.map((s) => ({ ...s, at: { x: 0, y: 0 } })) : steps;
  return {
    graph: {
      ...after,
      steps: Object.fromEntries(placed.map((step) => [step.id, step])),
      edges: Object.fromEntries([...edgesOf(after), ...gone].map((edge) => [edge.id, edge])),
    },
    steps: new Map([
      ...added.map(({ id }) => [id, "added"] as const),
      ...removed.map(({ id }) => [id, "removed"] as const),
      ...changed.map(({ after: { id } }) => [id, "changed"] as const),
    ]),
    edges: new Map([
      ...edgesAdded.map(({ id }) => [id, "added"] as const),
      ...gone.map(({ id }) => [id, "removed"] as const),
    ]),
  };
}

/** Something new may lie where something was: then the whole is laid out anew. */
function overlap(some: Step[], others: Step[]): boolean {
  return some.some(({ at }) =>
    others.some(
      (other) => Math.abs(other.at.x - at.x) < STEP_WIDTH && Math.abs(other.at.y - at.y) < STEP_HEIGHT,
    ),
  );
}
