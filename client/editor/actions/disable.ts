// Switching steps off: a run passes through them as if they were not there.

import { IconPlugConnectedX } from "@tabler/icons-react";
import { changeStep } from "../../../shared/graph.ts";
import type { EditorAction } from "./action.ts";
import { chosenSteps, isTrigger, namesOf } from "./chosen.ts";

export const disable: EditorAction = {
  id: "disable",
  group: "Edit",
  label: (tools) => (areOff(tools) ? "Switch on" : "Switch off"),
  icon: IconPlugConnectedX,
  keys: ["D"],
  onMenu: true,
  when: (tools) => chosenSteps(tools).some((step) => !isTrigger(step)),
  perform(tools) {
    const off = !areOff(tools);
    const ids = chosenSteps(tools).flatMap((step) => (isTrigger(step) ? [] : [step.id]));
    tools.store.getState().edit(`switch ${namesOf(tools, ids)} ${off ? "off" : "on"}`, (graph) =>
      // On is the absence of the word, as in a step that was never switched off.
      ids.reduce((now, id) => changeStep(now, id, { disabled: off || undefined }), graph),
    );
  },
};

function areOff(tools: Parameters<typeof chosenSteps>[0]): boolean {
  const steps = chosenSteps(tools).filter((step) => !isTrigger(step));
  return steps.length > 0 && steps.every((step) => step.disabled);
}
