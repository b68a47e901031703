// From a problem to the place where it is put right: the step is chosen and seen, and its field gets the focus.

import type { Problem } from "../../shared/problem.ts";
import { focusNode, useTools } from "./tools.ts";

export function useJump(): (problem: Problem) => void {
  const tools = useTools();
  return ({ stepId, field }) => {
    if (stepId === undefined) {
      tools.view.getState().set({ palette: true });
      return;
    }
    tools.view.getState().choose([stepId]);
    focusNode(tools, stepId);
    if (field !== undefined) focusField(field);
  };
}

const FOCUSABLE = "input, textarea, select, button, [contenteditable=true], [tabindex='0']";

/** `cases.0.when` is inside the field `cases`: the nearest one that is on the screen gets the focus. */
function focusField(path: string): void {
  let tries = 0;
  const look = () => {
    const panel = document.querySelector("[data-step-panel]");
    const parts = path.split(".");
    for (let n = parts.length; n > 0; n--) {
      const key = CSS.escape(parts.slice(0, n).join("."));
      const place = panel?.querySelector<HTMLElement>(`[data-field="${key}"], [name="${key}"]`);
      const target = place?.matches(FOCUSABLE) ? place : place?.querySelector<HTMLElement>(FOCUSABLE);
      if (target) {
        target.scrollIntoView({ block: "nearest" });
        target.focus({ preventScroll: true });
        return;
      }
    }
    tries += 1;
    if (tries < 30) requestAnimationFrame(look);
  };
  // After the dialog gave the focus back, and the panel came.
  setTimeout(look, 120);
}
