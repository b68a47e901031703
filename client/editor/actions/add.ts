// Adding: a step, a note, and an edge without a mouse.

import { IconArrowRight, IconNote, IconPlus } from "@tabler/icons-react";
import { edgesOf, stepOf } from "../../../shared/graph.ts";
import { freshNoteId, MAX_NOTES, notesOf, putNote } from "../../../shared/graph-notes.ts";
import { portsOf } from "../../../shared/manifest.ts";
import type { Spot } from "../add-step.ts";
import { noteNodeId } from "../canvas.ts";
import { freePlaceOf, type Place } from "../places.ts";
import type { Tools } from "../tools.ts";
import type { EditorAction } from "./action.ts";
import { chosenStep } from "./chosen.ts";

export const addStepHere: EditorAction = {
  id: "add-step",
  group: "Add",
  label: (tools) => {
    const step = chosenStep(tools);
    if (tools.view.getState().chosenEdges.length === 1) return "Add a step into this edge…";
    return step ? `Add a step after “${step.name}”…` : "Add a step…";
  },
  icon: IconPlus,
  keys: ["A"],
  onMenu: true,
  perform(tools) {
    const spot = spotOf(tools);
    const id = spot.from?.step;
    tools.view.getState().set({ picker: { ...spot, screen: screenPlaceOf(tools, id) } });
  },
};

export const addNote: EditorAction = {
  id: "add-note",
  group: "Add",
  label: "Add a note",
  icon: IconNote,
  keys: ["N"],
  when: ({ store }) => notesOf(store.getState().graph).length < MAX_NOTES,
  perform(tools) {
    const { graph } = tools.store.getState();
    const middle = tools.canvas.screenToFlowPosition(screenPlaceOf(tools, undefined));
    const id = freshNoteId(graph);
    const size = { width: 220, height: 120 };
    const at = freePlaceOf(graph, { x: middle.x - 110, y: middle.y - 60 }, size);
    const note = { id, text: "", at, ...size, color: "amber" } as const;
    tools.store.getState().edit("add a note", (now) => putNote(now, note));
    tools.view.getState().choose([noteNodeId(id)]);
    tools.view.getState().set({ renaming: noteNodeId(id) });
  },
};

export const connectTo: EditorAction = {
  id: "connect",
  group: "Add",
  label: "Connect to another step…",
  icon: IconArrowRight,
  keys: ["C"],
  onMenu: true,
  when: (tools) => chosenStep(tools) !== undefined,
  perform: ({ view }) => view.getState().set({ dialog: "connect" }),
};

/** Into the chosen edge, or after the chosen step by its first port that leads nowhere yet. */
export function spotOf(tools: Tools): Spot {
  const { chosenEdges } = tools.view.getState();
  if (chosenEdges.length === 1) return { edge: chosenEdges[0] };
  const step = chosenStep(tools);
  if (!step) return {};
  const used = new Set(
    edgesOf(tools.store.getState().graph).flatMap((e) => (e.from === step.id ? [e.port] : [])),
  );
  const ports = portsOf(step, tools.manifests).filter((port) => port.id !== "error");
  const port = ports.find((one) => !used.has(one.id)) ?? ports[0];
  return port ? { from: { step: step.id, port: port.id } } : {};
}

function screenPlaceOf({ ground, canvas, store }: Tools, id: string | undefined): Place {
  const step = id === undefined ? undefined : stepOf(store.getState().graph, id);
  if (step) return canvas.flowToScreenPosition({ x: step.at.x + 124, y: step.at.y + 80 });
  const box = ground()?.getBoundingClientRect();
  return box ? { x: box.x + box.width / 2, y: box.y + box.height / 3 } : { x: 0, y: 0 };
}
