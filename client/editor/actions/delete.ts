// Deleting what is chosen; a chain closes over the gap.

import { IconTrash } from "@tabler/icons-react";
import { removeAll } from "../remove.ts";
import { focusCanvas } from "../tools.ts";
import type { EditorAction } from "./action.ts";
import { chosenNodes, namesOf } from "./chosen.ts";

export const remove: EditorAction = {
  id: "delete",
  group: "Edit",
  label: "Delete",
  icon: IconTrash,
  keys: ["Delete", "Backspace"],
  onMenu: true,
  when: (tools) => chosenNodes(tools).length + tools.view.getState().chosenEdges.length > 0,
  perform(tools) {
    const nodes = chosenNodes(tools);
    const edges = tools.view.getState().chosenEdges;
    const what = nodes.length > 0 ? namesOf(tools) : edges.length === 1 ? "an edge" : `${edges.length} edges`;
    tools.store.getState().edit(`delete ${what}`, (graph) => removeAll(graph, nodes, edges));
    tools.view.getState().choose([]);
    focusCanvas(tools);
  },
};
