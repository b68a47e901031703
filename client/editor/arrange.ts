// Auto-layout: rows from top to bottom, the ways out of a step from left to right in the order of its ports.

import * as dagre from "@dagrejs/dagre";
import { edgesOf, type Graph, groupBy, stepOf, stepsOf, TRIGGER_ID } from "../../shared/graph.ts";
import { type Manifests, portsOf } from "../../shared/manifest.ts";
import { COLUMN, moveSteps, type Place, ROW, STEP_HEIGHT, STEP_WIDTH, snapped } from "./places.ts";

/** The graph with every step in its place; the trigger (or else the first step) stays where it is. */
export function arrange(graph: Graph, manifests: Manifests): Graph {
  const first = stepOf(graph, TRIGGER_ID) ?? stepsOf(graph)[0];
  if (!first) return graph;
  const places = layOut(graph, manifests);
  const from = places.get(first.id) ?? first.at;
  const dx = snapped(first.at.x) - snapped(from.x);
  const dy = snapped(first.at.y) - snapped(from.y);
  const moved = [...places].map(([id, at]): [string, Place] => [
    id,
    { x: snapped(at.x) + dx, y: snapped(at.y) + dy },
  ]);
  return moveSteps(graph, new Map(moved));
}

function layOut(graph: Graph, manifests: Manifests): Map<string, Place> {
  const drawing = new dagre.graphlib.Graph({ multigraph: true });
  drawing.setGraph({ rankdir: "TB", nodesep: COLUMN - STEP_WIDTH, ranksep: ROW - STEP_HEIGHT });
  drawing.setDefaultEdgeLabel(() => ({}));
  const children = childrenOf(graph, manifests);
  // In the order in which they are met from the trigger on: dagre begins with that order.
  for (const id of inOrder(graph, children)) {
    drawing.setNode(id, { width: STEP_WIDTH, height: STEP_HEIGHT });
  }
  for (const [id, nexts] of children) {
    for (const next of nexts) drawing.setEdge(id, next, { weight: nexts.length === 1 ? 4 : 1 });
  }
  dagre.layout(drawing, { constraints: leftToRight(children) });
  return new Map(
    drawing.nodes().map((id): [string, Place] => {
      const { x, y } = drawing.node(id);
      return [id, { x: x - STEP_WIDTH / 2, y: y - STEP_HEIGHT / 2 }];
    }),
  );
}

/** For each step the ones after it, each once, in the order of its ports, `error` last. */
function childrenOf(graph: Graph, manifests: Manifests): Map<string, string[]> {
  const leaving = groupBy(edgesOf(graph), (edge) => edge.from);
  return new Map(
    stepsOf(graph).map((step) => {
      const ports = portsOf(step, manifests).map((port) => port.id);
      const rank = (port: string) => (ports.includes(port) ? ports.indexOf(port) : ports.length);
      const edges = (leaving.get(step.id) ?? []).filter((edge) => stepOf(graph, edge.to));
      const sorted = edges.toSorted(
        (a, b) =>
          rank(a.port) - rank(b.port) || (stepOf(graph, a.to)?.at.x ?? 0) - (stepOf(graph, b.to)?.at.x ?? 0),
      );
      return [step.id, [...new Set(sorted.map((edge) => edge.to))]];
    }),
  );
}

function inOrder(graph: Graph, children: Map<string, string[]>): string[] {
  const seen = new Set<string>();
  const visit = (id: string) => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const next of children.get(id) ?? []) visit(next);
  };
  visit(TRIGGER_ID);
  for (const step of stepsOf(graph)) visit(step.id);
  return [...seen].filter((id) => stepOf(graph, id));
}

/** A step that follows by an earlier port stands left of one that follows by a later one; the first word counts. */
function leftToRight(children: Map<string, string[]>): { left: string; right: string }[] {
  const rightOf = new Map<string, string[]>();
  const isRightOf = (id: string, of: string): boolean =>
    id === of || (rightOf.get(of) ?? []).some((next) => isRightOf(id, next));
  return [...children.values()].flatMap((nexts) =>
    nexts.slice(1).flatMap((right, i) => {
      const left = nexts[i] ?? "";
      // A circle of such wishes cannot be granted.
      if (isRightOf(left, right)) return [];
      rightOf.set(left, [...(rightOf.get(left) ?? []), right]);
      return [{ left, right }];
    }),
  );
}
