// What an action is: menus, keys, the shortcuts sheet and the command palette all read the same list of them.

import type { Icon } from "@tabler/icons-react";
import type { Tools } from "../tools.ts";

export const GROUPS = ["Add", "Edit", "Arrange", "View", "Flow"] as const;
export type Group = (typeof GROUPS)[number];

export interface EditorAction {
  id: string;
  group: Group;
  /** In a menu; a function where it says what it would do just now. */
  label: string | ((tools: Tools) => string);
  icon: Icon;
  /** "Mod+Shift+Z": Mod is Ctrl, or Cmd on a Mac. The first one is shown. */
  keys: readonly string[];
  /** The browser's own event comes with these keys (copy, cut, paste): the keys are shown, and the event is used. */
  native?: boolean;
  /** Keys count while one types, too. */
  whileTyping?: boolean;
  /** Shown on the menu of what is chosen. */
  onMenu?: boolean;
  when?(tools: Tools): boolean;
  perform(tools: Tools): void;
}

export function labelOf(action: EditorAction, tools: Tools): string {
  return typeof action.label === "string" ? action.label : action.label(tools);
}

export function canDo(action: EditorAction, tools: Tools): boolean {
  return action.when?.(tools) ?? true;
}
