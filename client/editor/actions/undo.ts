// Undo and redo, with the name of what is undone.

import { IconArrowBackUp, IconArrowForwardUp } from "@tabler/icons-react";
import type { EditorAction } from "./action.ts";

export const undo: EditorAction = {
  id: "undo",
  group: "Edit",
  label: ({ store }) => named("Undo", store.getState().past.at(-1)?.label),
  icon: IconArrowBackUp,
  keys: ["Mod+Z"],
  when: ({ store }) => store.getState().past.length > 0,
  perform: ({ store }) => store.getState().undo(),
};

export const redo: EditorAction = {
  id: "redo",
  group: "Edit",
  label: ({ store }) => named("Redo", store.getState().future[0]?.label),
  icon: IconArrowForwardUp,
  keys: ["Mod+Shift+Z", "Mod+Y"],
  when: ({ store }) => store.getState().future.length > 0,
  perform: ({ store }) => store.getState().redo(),
};

export function named(verb: string, label: string | undefined): string {
  return label === undefined ? verb : `${verb} ${label.charAt(0).toLowerCase()}${label.slice(1)}`;
}
