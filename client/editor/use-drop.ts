// Dropping a step out of the palette: somewhere, into an edge, or a trigger onto the trigger.

import type { DragEvent } from "react";
import { TRIGGER_ID } from "../../shared/graph.ts";
import { centredOn, newStep, wayOn } from "./add-step.ts";
import { addPicked, swapTrigger, type Tools, useTools } from "./tools.ts";
import { whyNotAdd } from "./why-not.ts";

export function useDrop() {
  const tools = useTools();
  const { view, canvas } = tools;
  return {
    onDragOver(event: DragEvent) {
      const uses = view.getState().carrying;
      if (uses === null) return;
      const { under, refusal } = look(tools, uses, event);
      const now = view.getState();
      if (now.under !== under || now.refusal !== refusal) now.set({ under, refusal });
      if (refusal !== null) {
        event.dataTransfer.dropEffect = "none";
        return;
      }
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
    },
    onDragLeave(event: DragEvent) {
      const to = event.relatedTarget;
      if (to instanceof Node && event.currentTarget.contains(to)) return;
      view.getState().set({ under: null, refusal: null });
    },
    onDrop(event: DragEvent) {
      const uses = view.getState().carrying;
      if (uses === null) return;
      event.preventDefault();
      const { under, refusal } = look(tools, uses, event);
      view.getState().set({ carrying: null, under: null, refusal: null });
      if (refusal !== null) return;
      if (under === TRIGGER_ID) swapTrigger(tools, uses);
      else if (under !== null) addPicked(tools, uses, { edge: under });
      else {
        const point = canvas.screenToFlowPosition({ x: event.clientX, y: event.clientY });
        addPicked(tools, uses, { at: centredOn(point) });
      }
    },
  };
}

/** What is under the pointer that takes it, or why nothing does. */
function look(
  { store, manifests }: Tools,
  uses: string,
  { clientX, clientY }: DragEvent,
): { under: string | null; refusal: string | null } {
  const element = document.elementFromPoint(clientX, clientY);
  const { graph } = store.getState();
  if (manifests.triggers.has(uses)) {
    const node = element?.closest(".react-flow__node")?.getAttribute("data-id");
    if (node === TRIGGER_ID) return { under: TRIGGER_ID, refusal: null };
    const refused = whyNotAdd(graph, uses, manifests);
    return { under: null, refusal: refused && [refused.sentence, refused.hint].filter(Boolean).join(" ") };
  }
  const edge = element?.closest(".react-flow__edge")?.getAttribute("data-id") ?? null;
  const goesOn = wayOn(newStep(graph, manifests, uses, { x: 0, y: 0 }), manifests) !== undefined;
  if (edge !== null && !goesOn) {
    const name = manifests.actions.get(uses)?.name ?? uses;
    return { under: null, refusal: `“${name}” cannot stand in between: nothing can follow it.` };
  }
  return { under: edge, refusal: null };
}
