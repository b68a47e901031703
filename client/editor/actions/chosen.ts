// What actions ask about what is chosen.

import { type Step, stepOf, TRIGGER_ID } from "../../../shared/graph.ts";
import { stepIdsOf } from "../clipboard.ts";
import { onlyStep } from "../editor-view.ts";
import type { Tools } from "../tools.ts";

export function chosenNodes({ view, store }: Tools): readonly string[] {
  const { graph } = store.getState();
  return view.getState().chosen.filter((id) => stepOf(graph, id) || id.startsWith("note:"));
}

export function chosenSteps(tools: Tools): Step[] {
  const { graph } = tools.store.getState();
  return stepIdsOf(tools.view.getState().chosen).flatMap((id) => stepOf(graph, id) ?? []);
}

/** The one step that is chosen. */
export function chosenStep({ view, store }: Tools): Step | undefined {
  const id = onlyStep(view.getState());
  return id === null ? undefined : stepOf(store.getState().graph, id);
}

export function anyChosen(tools: Tools): boolean {
  return chosenNodes(tools).length > 0;
}

/** “Tell the team”, or “3 steps”: for what undo says. */
export function namesOf(tools: Tools, ids: readonly string[] = chosenNodes(tools)): string {
  const [id] = ids;
  if (ids.length !== 1 || id === undefined) {
    return ids.every((one) => one.startsWith("note:")) ? `${ids.length} notes` : `${ids.length} steps`;
  }
  const step = stepOf(tools.store.getState().graph, id);
  return step ? `“${step.name}”` : "a note";
}

export function isTrigger(step: Step): boolean {
  return step.id === TRIGGER_ID;
}
