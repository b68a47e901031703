// Which action a key press means, and how keys are written on the screen.

import type { EditorAction } from "./action.ts";

export const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

export interface Press {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

export function actionFor(actions: readonly EditorAction[], press: Press): EditorAction | undefined {
  return actions.find((action) => action.keys.some((keys) => matches(keys, press)));
}

/** "Mod+Shift+Z" with Ctrl (or Cmd) and Shift held; a sign that needs Shift to be typed ("?") is taken as it comes. */
export function matches(keys: string, press: Press): boolean {
  const parts = keys.split(/(?<=.)\+/);
  const key = parts.at(-1) ?? "";
  const wants = new Set(parts.slice(0, -1));
  const mod = isMac ? press.metaKey : press.ctrlKey;
  const other = isMac ? press.ctrlKey : press.metaKey;
  if (mod !== wants.has("Mod") || other || press.altKey !== wants.has("Alt")) return false;
  const isLetter = /^[A-Z]$/.test(key);
  if (isLetter && press.shiftKey !== wants.has("Shift")) return false;
  // With Alt a Mac types another letter; its key stays the same.
  if (isLetter && press.altKey) return press.code === `Key${key}`;
  return isLetter ? press.key.toUpperCase() === key : press.key === key;
}

/** "Mod+Shift+Z" → ["Ctrl", "Shift", "Z"]. */
export function keyCaps(keys: string): string[] {
  const parts = keys.split(/(?<=.)\+/);
  return parts.map((part) => {
    if (part === "Mod") return isMac ? "⌘" : "Ctrl";
    if (part === "Alt") return isMac ? "⌥" : "Alt";
    if (part === "Escape") return "Esc";
    return part;
  });
}
