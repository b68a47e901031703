// Changing a step's name, or a note's text, in its place.

import { IconPencil } from "@tabler/icons-react";
import type { EditorAction } from "./action.ts";
import { chosenNodes } from "./chosen.ts";

export const rename: EditorAction = {
  id: "rename",
  group: "Edit",
  label: "Rename",
  icon: IconPencil,
  keys: ["F2"],
  onMenu: true,
  when: (tools) => chosenNodes(tools).length === 1,
  perform: (tools) => tools.view.getState().set({ renaming: chosenNodes(tools)[0] ?? null }),
};
