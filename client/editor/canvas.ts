// From a graph to what React Flow draws. Here, and in the components beside it, a step is also a “node”.
//
//   graph + manifests (+ marks of a run)  ->  { nodes, edges }
//
// Every step has the same size, so positions of ports are known before anything is measured.

import { type Edge as FlowEdge, type Node as FlowNode, type NodeHandle, Position } from "@xyflow/react";
import { edgesOf, type Graph, groupBy, type Step, stepsOf, topologicalOrder } from "../../shared/graph.ts";
import { type Manifests, type Port, portsOf } from "../../shared/manifest.ts";
import type { StepStatus } from "../../shared/run.ts";

export const STEP_WIDTH = 248;
export const STEP_HEIGHT = 64;
const GAP_X = 56;
const GAP_Y = 76;

/** What a run did with a step, all items of a loop together. */
export interface StepMark {
  status: StepStatus;
  /** "1.2 s", "3 of 5 done" … */
  note: string;
  /** The ports it was left by. */
  ports: string[];
}

/** React Flow wants a type with an index here, which an interface has not. */
export type StepData = {
  step: Step;
  /** What the step does: the name of its trigger or action. */
  does: string;
  ports: Port[];
  mark: StepMark | undefined;
  /** A run is shown, and it did not come by here (yet). */
  untouched: boolean;
  isTrigger: boolean;
};
export type StepEdgeData = { state: "plain" | "taken" | "idle"; error: boolean };
export type CanvasNode = FlowNode<StepData, "step">;
export type CanvasEdge = FlowEdge<StepEdgeData, "step">;

export function toCanvas(
  graph: Graph,
  manifests: Manifests,
  marks?: Map<string, StepMark>,
): { nodes: CanvasNode[]; edges: CanvasEdge[] } {
  const places = placesOf(graph);
  const leaving = groupBy(edgesOf(graph), (edge) => edge.from);
  const nodes = stepsOf(graph).map((step): CanvasNode => {
    const used = new Set((leaving.get(step.id) ?? []).map((edge) => edge.port));
    const ports = shownPorts(portsOf(step, manifests), used);
    const isTrigger = manifests.triggers.has(step.uses) || step.id === "trigger";
    const mark = marks?.get(step.id);
    const does =
      manifests.triggers.get(step.uses)?.name ?? manifests.actions.get(step.uses)?.name ?? step.uses;
    return {
      id: step.id,
      type: "step",
      position: places.get(step.id) ?? step.at,
      width: STEP_WIDTH,
      height: STEP_HEIGHT,
      measured: { width: STEP_WIDTH, height: STEP_HEIGHT },
      handles: handlesOf(ports, isTrigger),
      ariaRole: "group",
      ariaLabel: `${isTrigger ? "Trigger" : "Step"} “${step.name}”${mark ? `: ${mark.status}, ${mark.note}` : ""}`,
      data: { step, does, ports, mark, untouched: marks !== undefined && !mark, isTrigger },
    };
  });
  const edges = edgesOf(graph).map((edge): CanvasEdge => {
    const taken = marks?.get(edge.from)?.ports.includes(edge.port);
    const state = marks === undefined ? "plain" : taken ? "taken" : "idle";
    return {
      id: edge.id,
      type: "step",
      source: edge.from,
      sourceHandle: edge.port,
      target: edge.to,
      data: { state, error: edge.port === "error" },
    };
  });
  // What was taken is drawn last, over what was not.
  edges.sort((a, b) => Number(a.data?.state === "taken") - Number(b.data?.state === "taken"));
  return { nodes, edges };
}

/** Every port but an `error` that leads nowhere, and any port that an edge leaves by although nobody knows it. */
function shownPorts(ports: Port[], used: Set<string>): Port[] {
  const known = ports.filter((port) => port.id !== "error" || used.has("error"));
  const unknown = [...used].filter((id) => !ports.some((port) => port.id === id));
  return [...known, ...unknown.map((id) => ({ id, label: id }))];
}

/** Where the n-th of several ports sits, as a share of the step's width. */
export function portShare(index: number, count: number): number {
  return (index + 1) / (count + 1);
}

function handlesOf(ports: Port[], isTrigger: boolean): NodeHandle[] {
  const out = ports.map(
    (port, index): NodeHandle => ({
      id: port.id,
      type: "source",
      position: Position.Bottom,
      x: STEP_WIDTH * portShare(index, ports.length),
      y: STEP_HEIGHT,
      width: 1,
      height: 1,
    }),
  );
  if (isTrigger) return out;
  return [{ type: "target", position: Position.Top, x: STEP_WIDTH / 2, y: 0, width: 1, height: 1 }, ...out];
}

interface Place {
  x: number;
  y: number;
}

/** The steps' own positions; where nobody placed them (all lie in one spot), rows from top to bottom. */
export function placesOf(graph: Graph): Map<string, Place> {
  const steps = stepsOf(graph);
  const first = steps[0]?.at;
  const placed = steps.some((step) => step.at.x !== first?.x || step.at.y !== first?.y);
  if (placed || steps.length < 2) return new Map(steps.map((step) => [step.id, step.at]));
  return inRows(graph);
}

/** A row for each distance from the trigger; within a row in the order of what leads there. */
function inRows(graph: Graph): Map<string, Place> {
  const arriving = groupBy(edgesOf(graph), (edge) => edge.to);
  const { order, cycle } = topologicalOrder(graph);
  const row = new Map<string, number>();
  for (const id of [...order, ...cycle]) {
    row.set(id, Math.max(0, ...(arriving.get(id) ?? []).map((edge) => (row.get(edge.from) ?? 0) + 1)));
  }
  const places = new Map<string, Place>();
  for (const [index, ids] of groupBy(row.keys(), (id) => row.get(id) ?? 0)) {
    const middle = (id: string) => {
      const from = (arriving.get(id) ?? []).map((edge) => places.get(edge.from)?.x ?? 0);
      return from.length === 0 ? 0 : from.reduce((sum, x) => sum + x, 0) / from.length;
    };
    const sorted = ids.map((id) => ({ id, middle: middle(id) })).sort((a, b) => a.middle - b.middle);
    const step = STEP_WIDTH + GAP_X;
    const centre = sorted.reduce((sum, one) => sum + one.middle, 0) / sorted.length;
    sorted.forEach(({ id }, place) => {
      places.set(id, {
        x: Math.round(centre + (place - (sorted.length - 1) / 2) * step),
        y: index * (STEP_HEIGHT + GAP_Y),
      });
    });
  }
  return places;
}
