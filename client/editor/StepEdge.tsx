// The line from a step's port to the next step; in a run, strong where the run went and faint where it did not.

import { BaseEdge, type EdgeProps, getSmoothStepPath } from "@xyflow/react";
import { memo } from "react";
import type { CanvasEdge } from "./canvas.ts";
import classes from "./StepEdge.module.css";

export const StepEdge = memo(function StepEdge(props: EdgeProps<CanvasEdge>) {
  const [path] = getSmoothStepPath({ ...props, borderRadius: 14 });
  return (
    <g className={classes.edge} data-state={props.data?.state} data-error={props.data?.error || undefined}>
      <BaseEdge path={path} />
    </g>
  );
});
