// From a graph to what React Flow draws. Here, and in the components beside it, a step is also a “node”.
//
//   graph + manifests (+ marks of a run)  ->  { nodes, edges }
//
// Every step has the same size, so positions of ports are known before anything is measured.

import { type Edge as FlowEdge, type Node as FlowNode, type NodeHandle, Position } from "@xyflow/react";
import {
  type Edge,
  edgesOf,
  type Graph,
  groupBy,
  type Step,
  stepOf,
  stepsOf,
  TRIGGER_ID,
} from "../../shared/graph.ts";
import { type Note, notesOf } from "../../shared/graph-notes.ts";
import { type Manifests, type Port, portsOf } from "../../shared/manifest.ts";
import type { StepStatus } from "../../shared/run.ts";
import { type Place, placesOf, STEP_HEIGHT, STEP_WIDTH } from "./places.ts";

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
  /** While it is being edited: how many things are wrong with it. */
  problems: number;
  /** The ports that an edge leaves by. */
  used: ReadonlySet<string>;
};
export type NoteData = { note: Note };
export type StepEdgeData = { state: "plain" | "taken" | "idle"; error: boolean; edge: Edge };
export type StepCanvasNode = FlowNode<StepData, "step">;
export type NoteCanvasNode = FlowNode<NoteData, "note">;
export type CanvasNode = StepCanvasNode | NoteCanvasNode;
export type CanvasEdge = FlowEdge<StepEdgeData, "step">;

export interface Drawn {
  nodes: CanvasNode[];
  edges: CanvasEdge[];
}

export interface DrawOptions {
  /** Every port is drawn, `error` too, and steps take edges. */
  editing?: boolean;
  /** How many problems each step has. */
  problems?: ReadonlyMap<string, number>;
  /** What was drawn before: whatever has not changed since is the same object again, so that it is not drawn again. */
  before?: Drawn | undefined;
}

const noProblems: ReadonlyMap<string, number> = new Map();

export function toCanvas(
  graph: Graph,
  manifests: Manifests,
  marks?: Map<string, StepMark>,
  { editing = false, problems = noProblems, before }: DrawOptions = {},
): Drawn {
  const places = placesOf(graph);
  const leaving = groupBy(edgesOf(graph), (edge) => edge.from);
  const nodesBefore = new Map(before?.nodes.map((node) => [node.id, node]));
  const edgesBefore = new Map(before?.edges.map((edge) => [edge.id, edge]));
  const steps = stepsOf(graph).map((step): CanvasNode => {
    const used = new Set((leaving.get(step.id) ?? []).map((edge) => edge.port));
    const ports = shownPorts(portsOf(step, manifests), used, editing);
    const isTrigger = manifests.triggers.has(step.uses) || step.id === TRIGGER_ID;
    const data: StepData = {
      step,
      does: manifests.triggers.get(step.uses)?.name ?? manifests.actions.get(step.uses)?.name ?? step.uses,
      ports,
      mark: marks?.get(step.id),
      untouched: marks !== undefined && !marks.has(step.id),
      isTrigger,
      problems: problems.get(step.id) ?? 0,
      used,
    };
    const position = places.get(step.id) ?? step.at;
    const old = nodesBefore.get(step.id);
    if (old?.type === "step" && isSamePlace(old.position, position) && isSameData(old.data, data)) return old;
    return stepNode(data, position, editing);
  });
  const notes = notesOf(graph).map((note): CanvasNode => {
    const old = nodesBefore.get(noteNodeId(note.id));
    return old?.type === "note" && old.data.note === note ? old : noteNode(note);
  });
  const edges = edgesOf(graph).map((edge): CanvasEdge => {
    const taken = marks?.get(edge.from)?.ports.includes(edge.port);
    const state = marks === undefined ? "plain" : taken ? "taken" : "idle";
    const old = edgesBefore.get(edge.id);
    const ariaLabel = `Edge from “${nameOf(graph, edge.from)}” by ${edge.port} to “${nameOf(graph, edge.to)}”`;
    if (old?.data?.edge === edge && old.data.state === state && old.ariaLabel === ariaLabel) return old;
    return {
      id: edge.id,
      type: "step",
      source: edge.from,
      sourceHandle: edge.port,
      target: edge.to,
      ariaLabel,
      data: { state, error: edge.port === "error", edge },
    };
  });
  // What was taken is drawn last, over what was not.
  edges.sort((a, b) => Number(a.data?.state === "taken") - Number(b.data?.state === "taken"));
  return { nodes: [...notes, ...steps], edges };
}

function stepNode(data: StepData, position: Place, editing: boolean): StepCanvasNode {
  const { step, ports, isTrigger, mark, problems } = data;
  const wrong = problems === 0 ? "" : `, ${problems === 1 ? "1 problem" : `${problems} problems`}`;
  return {
    id: step.id,
    type: "step",
    position,
    width: STEP_WIDTH,
    height: STEP_HEIGHT,
    measured: { width: STEP_WIDTH, height: STEP_HEIGHT },
    handles: handlesOf(ports, isTrigger && !editing, editing ? 18 : 1),
    ariaRole: "group",
    ariaLabel: `${isTrigger ? "Trigger" : "Step"} “${step.name}”${mark ? `: ${mark.status}, ${mark.note}` : ""}${wrong}`,
    data,
  };
}

function noteNode(note: Note): NoteCanvasNode {
  const { width, height } = note;
  return {
    id: noteNodeId(note.id),
    type: "note",
    position: note.at,
    width,
    height,
    measured: { width, height },
    handles: [],
    // Behind the steps and the edges that it is about.
    zIndex: -1,
    ariaRole: "group",
    ariaLabel: `Note “${note.text.slice(0, 60)}”`,
    data: { note },
  };
}

function nameOf(graph: Graph, id: string): string {
  return stepOf(graph, id)?.name ?? id;
}

/** Steps and notes share the ids of nodes. */
const NOTE_PREFIX = "note:";

export function noteNodeId(noteId: string): string {
  return NOTE_PREFIX + noteId;
}

/** The note that a node shows, or null where it shows a step. */
export function noteIdOf(nodeId: string): string | null {
  return nodeId.startsWith(NOTE_PREFIX) ? nodeId.slice(NOTE_PREFIX.length) : null;
}

function isSamePlace(a: Place, b: Place): boolean {
  return a.x === b.x && a.y === b.y;
}

function isSameData(a: StepData, b: StepData): boolean {
  return (
    a.step === b.step &&
    a.mark === b.mark &&
    a.untouched === b.untouched &&
    a.does === b.does &&
    a.problems === b.problems &&
    a.isTrigger === b.isTrigger &&
    a.used.size === b.used.size &&
    [...a.used].every((port) => b.used.has(port)) &&
    a.ports.length === b.ports.length &&
    a.ports.every((port, i) => port.id === b.ports[i]?.id && port.label === b.ports[i]?.label)
  );
}

/** Every port (to look at: but an `error` that leads nowhere), and any that an edge leaves by although nobody knows it. */
function shownPorts(ports: Port[], used: Set<string>, editing: boolean): Port[] {
  const known = ports.filter((port) => editing || port.id !== "error" || used.has("error"));
  const unknown = [...used].filter((id) => !ports.some((port) => port.id === id));
  return [...known, ...unknown.map((id) => ({ id, label: id }))];
}

/** Where the n-th of several ports sits, as a share of the step's width. */
export function portShare(index: number, count: number): number {
  return (index + 1) / (count + 1);
}

/** Where a port sits, as a share of the step's width: `error` in the right corner, the others spread over the rest. */
export function portPlace(ports: readonly Port[], id: string): number {
  const others = ports.filter((port) => port.id !== "error");
  if (id === "error") return 0.88;
  const share = portShare(
    others.findIndex((port) => port.id === id),
    others.length,
  );
  // Many ports make room for the one in the corner.
  return others.length > 2 && others.length < ports.length ? share * 0.88 : share;
}

function handlesOf(ports: Port[], isTrigger: boolean, size: number): NodeHandle[] {
  const out = ports.map(
    (port): NodeHandle => ({
      id: port.id,
      type: "source",
      position: Position.Bottom,
      x: STEP_WIDTH * portPlace(ports, port.id) - size / 2,
      y: STEP_HEIGHT - size / 2,
      width: size,
      height: size,
    }),
  );
  if (isTrigger) return out;
  return [
    { type: "target", position: Position.Top, x: STEP_WIDTH / 2 - 6, y: 0, width: 12, height: 1 },
    ...out,
  ];
}
