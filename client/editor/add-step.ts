// New steps: made from what they use, hung on a port, or spliced into an edge.

import {
  addStep,
  connect,
  downstreamOf,
  type Edge,
  freshStepId,
  type Graph,
  removeEdge,
  type Step,
  stepOf,
  TRIGGER_ID,
} from "../../shared/graph.ts";
import { type Manifests, portsOf } from "../../shared/manifest.ts";
import { freePlace, moveSteps, type Place, placeBelow, ROW, STEP_WIDTH, snapped } from "./places.ts";

/** Where a new step goes: behind a port, into an edge, or just somewhere. */
export interface Spot {
  at?: Place | undefined;
  from?: { step: string; port: string } | undefined;
  edge?: string | undefined;
}

/** The graph with a new step that uses this, and the step's id. */
export function addAt(
  graph: Graph,
  manifests: Manifests,
  uses: string,
  spot: Spot,
): { graph: Graph; id: string } {
  const edge = spot.edge === undefined ? undefined : graph.edges[spot.edge];
  if (edge) {
    const step = newStep(graph, manifests, uses, stepOf(graph, edge.to)?.at ?? { x: 0, y: 0 });
    return { graph: splice(graph, manifests, step, edge), id: step.id };
  }
  const source = spot.from && stepOf(graph, spot.from.step);
  const port = spot.from?.port ?? "main";
  const wanted = spot.at ?? (source ? placeBelow(source, portsOf(source, manifests), port) : { x: 0, y: 0 });
  const step = newStep(graph, manifests, uses, spot.at ? wanted : freePlace(graph, wanted));
  const added = addStep(graph, step);
  if (!source || step.id === TRIGGER_ID) return { graph: added, id: step.id };
  return { graph: draw(added, { from: source.id, port, to: step.id }), id: step.id };
}

export function newStep(graph: Graph, manifests: Manifests, uses: string, at: Place): Step {
  const trigger = manifests.triggers.get(uses);
  const manifest = trigger ?? manifests.actions.get(uses);
  const input = Object.fromEntries(
    (manifest?.fields ?? []).flatMap(({ key, default: start }) =>
      start === undefined ? [] : [[key, start]],
    ),
  );
  return {
    id: trigger ? TRIGGER_ID : freshStepId(graph, uses),
    uses,
    name: nameFor(graph, manifest?.name ?? uses),
    input,
    at: { x: snapped(at.x), y: snapped(at.y) },
  };
}

/** The trigger uses something else from now on; what leads out of it stays. */
export function replaceTrigger(graph: Graph, manifests: Manifests, uses: string): Graph {
  const old = stepOf(graph, TRIGGER_ID);
  if (!old) return graph;
  const { name, input } = newStep({ steps: {}, edges: {} }, manifests, uses, old.at);
  return addStep(graph, { id: TRIGGER_ID, uses, name, input, at: old.at });
}

/** The step between the two ends of the edge; what comes after makes room for it. */
export function splice(graph: Graph, manifests: Manifests, step: Step, edge: Edge): Graph {
  const from = stepOf(graph, edge.from);
  const to = stepOf(graph, edge.to);
  const port = wayOn(step, manifests);
  if (!from || !to || port === undefined) return graph;
  const at = { x: to.at.x, y: Math.max(from.at.y + ROW, Math.min(step.at.y, to.at.y)) };
  const added = addStep(removeEdge(graph, edge.id), { ...step, at });
  const first = draw(added, { from: edge.from, port: edge.port, to: step.id });
  const both = draw(first, { from: step.id, port, to: edge.to });
  return makeRoom(both, step.id, at.y + ROW - to.at.y);
}

/** The port by which the flow goes on after a step that was put in between; a step without ports has none. */
export function wayOn(step: Step, manifests: Manifests): string | undefined {
  const ports = portsOf(step, manifests).filter((port) => port.id !== "error");
  return (ports.find((port) => port.id === "done") ?? ports[0])?.id;
}

/** What follows the step goes down by this much, if that is downwards at all. */
function makeRoom(graph: Graph, id: string, by: number): Graph {
  if (by <= 0) return graph;
  const moved = [...downstreamOf(graph, id)].flatMap((next): [string, Place][] => {
    const step = stepOf(graph, next);
    return step ? [[next, { x: step.at.x, y: step.at.y + by }]] : [];
  });
  return moveSteps(graph, new Map(moved));
}

/** The graph with an edge between the two, of a fresh id. */
export function draw(graph: Graph, ends: { from: string; port: string; to: string }): Graph {
  return connect(graph, { id: freshEdgeId(graph), ...ends });
}

export function freshEdgeId(graph: Graph): string {
  for (let n = Object.keys(graph.edges).length + 1; ; n++) {
    if (!Object.hasOwn(graph.edges, `e${n}`)) return `e${n}`;
  }
}

/** “Send a message”, then “Send a message 2”: two steps of one name cannot be told apart in the data picker. */
function nameFor(graph: Graph, name: string): string {
  const taken = new Set(Object.values(graph.steps).map((step) => step.name));
  for (let n = 1; ; n++) {
    const wanted = n === 1 ? name : `${name} ${n}`;
    if (!taken.has(wanted)) return wanted;
  }
}

/** The middle of a step under the pointer → the corner that its place is. */
export function centredOn(point: Place): Place {
  return { x: point.x - STEP_WIDTH / 2, y: point.y - 32 };
}
