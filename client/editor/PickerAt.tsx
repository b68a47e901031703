// The list of steps where somebody asked for it: at a port, on an edge, or where an edge was dropped.

import { FocusTrap, Portal } from "@mantine/core";
import { useClickOutside } from "@mantine/hooks";
import { type PickerRequest, useView } from "./editor-view.ts";
import classes from "./StepPicker.module.css";
import { StepPicker } from "./StepPicker.tsx";
import { addPicked, focusCanvas, focusNode, useTools } from "./tools.ts";

export function PickerAt() {
  const request = useView((state) => state.picker);
  return request && <Floating key={`${request.screen.x} ${request.screen.y}`} request={request} />;
}

const WIDTH = 300;
const EDGE = 12;

function Floating({ request }: { request: PickerRequest }) {
  const tools = useTools();
  const { view, manifests, store } = tools;
  const close = () => view.getState().set({ picker: null });
  const box = useClickOutside<HTMLDivElement>(close);
  const { screen, ...spot } = request;
  const height = Math.min(420, window.innerHeight * 0.7);
  const left = Math.max(EDGE, Math.min(screen.x, window.innerWidth - WIDTH - EDGE));
  const top = Math.max(EDGE, Math.min(screen.y, window.innerHeight - height - EDGE));
  const hasTrigger = Object.hasOwn(store.getState().graph.steps, "trigger");

  function leave(): void {
    close();
    if (spot.from) focusNode(tools, spot.from.step);
    else focusCanvas(tools);
  }

  return (
    <Portal>
      <FocusTrap>
        <div
          ref={box}
          role="dialog"
          aria-label="Add a step"
          className={classes.floating}
          style={{ left, top }}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key === "Escape") leave();
          }}
        >
          <StepPicker
            searching
            manifests={manifests}
            triggers={!hasTrigger && !spot.from && spot.edge === undefined}
            onPick={(uses) => {
              close();
              addPicked(tools, uses, spot);
            }}
          />
        </div>
      </FocusTrap>
    </Portal>
  );
}
