// A sticky note on a canvas that is only looked at.

import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import type { NoteCanvasNode } from "./canvas.ts";
import classes from "./NoteNode.module.css";

export const NoteCard = memo(function NoteCard({ data: { note } }: NodeProps<NoteCanvasNode>) {
  return (
    <div className={classes.note} data-color={note.color}>
      <p className={classes.text}>{note.text}</p>
    </div>
  );
});
