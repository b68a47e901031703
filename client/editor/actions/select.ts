// Choosing everything, and nothing.

import { IconDeselect, IconSelectAll } from "@tabler/icons-react";
import { notesOf } from "../../../shared/graph-notes.ts";
import { noteNodeId } from "../canvas.ts";
import { focusCanvas } from "../tools.ts";
import type { EditorAction } from "./action.ts";

export const selectAll: EditorAction = {
  id: "select-all",
  group: "Edit",
  label: "Select all",
  icon: IconSelectAll,
  keys: ["Mod+A"],
  perform({ store, view }) {
    const { graph } = store.getState();
    view.getState().choose([...Object.keys(graph.steps), ...notesOf(graph).map((n) => noteNodeId(n.id))]);
  },
};

export const selectNone: EditorAction = {
  id: "select-none",
  group: "Edit",
  label: "Select nothing",
  icon: IconDeselect,
  keys: ["Escape"],
  when: ({ view }) => view.getState().chosen.length + view.getState().chosenEdges.length > 0,
  perform(tools) {
    tools.view.getState().choose([]);
    focusCanvas(tools);
  },
};
