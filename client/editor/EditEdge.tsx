// An edge that can be chosen, and that takes a step in its middle.

import { BaseEdge, type EdgeProps, getSmoothStepPath } from "@xyflow/react";
import { memo } from "react";
import type { CanvasEdge } from "./canvas.ts";
import classes from "./EditEdge.module.css";
import { useView } from "./editor-view.ts";
import look from "./StepEdge.module.css";
import { useTools } from "./tools.ts";

export const EditEdge = memo(function EditEdge(props: EdgeProps<CanvasEdge>) {
  const { id, data, selected } = props;
  const { view } = useTools();
  const takes = useView((state) => state.under === id);
  const [path, x, y] = getSmoothStepPath({ ...props, borderRadius: 14 });
  return (
    <g
      className={`${look.edge} ${classes.edge}`}
      data-state={data?.state}
      data-error={data?.error || undefined}
      data-selected={selected || undefined}
      data-takes={takes || undefined}
    >
      <BaseEdge path={path} interactionWidth={24} />
      {/* For the mouse; the keyboard chooses the edge and presses A. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: see above */}
      <g
        className={classes.add}
        transform={`translate(${x} ${y})`}
        onClick={(event) => {
          event.stopPropagation();
          view.getState().set({ picker: { edge: id, screen: { x: event.clientX, y: event.clientY } } });
        }}
      >
        <circle r="10" />
        <path d="M-4 0H4M0 -4V4" />
      </g>
    </g>
  );
});
