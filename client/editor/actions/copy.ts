// Copy, cut, paste and duplicate: steps travel as JSON text.

import { IconClipboard, IconCopy, IconCopyPlus, IconCut } from "@tabler/icons-react";
import { writeText } from "../../ui/Copy.tsx";
import { copyText, paste, readCopy } from "../clipboard.ts";
import { removeAll } from "../remove.ts";
import { focusNode, pasteText, type Tools, tell } from "../tools.ts";
import type { EditorAction } from "./action.ts";
import { anyChosen, chosenNodes, namesOf } from "./chosen.ts";

export const copy: EditorAction = {
  id: "copy",
  group: "Edit",
  label: "Copy",
  icon: IconCopy,
  keys: ["Mod+C"],
  native: true,
  onMenu: true,
  when: anyChosen,
  perform: (tools) => void writeText(copied(tools)),
};

export const cut: EditorAction = {
  id: "cut",
  group: "Edit",
  label: "Cut",
  icon: IconCut,
  keys: ["Mod+X"],
  native: true,
  onMenu: true,
  when: anyChosen,
  async perform(tools) {
    if (await writeText(copied(tools))) takeOut(tools);
  },
};

export const pasteHere: EditorAction = {
  id: "paste",
  group: "Edit",
  label: "Paste",
  icon: IconClipboard,
  keys: ["Mod+V"],
  native: true,
  async perform(tools) {
    const text = await navigator.clipboard?.readText().catch(() => undefined);
    if (text === undefined) tell("The browser lets only the keyboard paste.", "Press Ctrl+V or Cmd+V.");
    else pasteText(tools, text);
  },
};

export const duplicate: EditorAction = {
  id: "duplicate",
  group: "Edit",
  label: "Duplicate",
  icon: IconCopyPlus,
  keys: ["Mod+D"],
  onMenu: true,
  when: (tools) => chosenNodes(tools).some((id) => id !== "trigger"),
  perform(tools) {
    const copy = readCopy(copied(tools));
    if (!copy) return;
    const name = namesOf(tools);
    const pasted = paste(tools.store.getState().graph, copy);
    tools.store.getState().edit(`duplicate ${name}`, () => pasted.graph);
    tools.view.getState().choose(pasted.ids);
    const [first] = pasted.ids;
    if (first) focusNode(tools, first);
  },
};

export function copied(tools: Tools): string {
  return copyText(tools.store.getState().graph, chosenNodes(tools));
}

/** The second half of cutting, once the text is safe. */
export function takeOut(tools: Tools): void {
  const ids = chosenNodes(tools);
  tools.store.getState().edit(`cut ${namesOf(tools)}`, (graph) => removeAll(graph, ids, []));
  tools.view.getState().choose([]);
}
