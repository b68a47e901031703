// The edge while it is being drawn; where it may not end it turns red, and why is said above the canvas.

import { type ConnectionLineComponentProps, getSmoothStepPath } from "@xyflow/react";
import { useEffect } from "react";
import type { CanvasNode } from "./canvas.ts";
import classes from "./EditEdge.module.css";
import { useTools } from "./tools.ts";
import { whyNotDraw } from "./why-not.ts";

export function DragLine(props: ConnectionLineComponentProps<CanvasNode>) {
  const { fromX, fromY, toX, toY, fromPosition, toPosition, fromNode, fromHandle, toNode } = props;
  const { store, view } = useTools();
  const ends = toNode &&
    toNode.id !== fromNode.id && { from: fromNode.id, port: fromHandle.id ?? "main", to: toNode.id };
  const refused = ends ? whyNotDraw(store.getState().graph, ends) : null;
  const refusal = refused && [refused.sentence, refused.hint].filter(Boolean).join(" ");
  useEffect(() => {
    view.getState().set({ refusal });
  }, [view, refusal]);
  useEffect(() => () => view.getState().set({ refusal: null }), [view]);
  const [path] = getSmoothStepPath({
    sourceX: fromX,
    sourceY: fromY,
    sourcePosition: fromPosition,
    targetX: toX,
    targetY: toY,
    targetPosition: toPosition,
    borderRadius: 14,
  });
  return <path d={path} className={classes.line} data-status={refused ? "invalid" : undefined} />;
}
