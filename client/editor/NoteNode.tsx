// A sticky note being edited: its text, its colour, its size.

import { type NodeProps, NodeResizer, NodeToolbar, Position } from "@xyflow/react";
import { memo, useEffect, useRef, useState } from "react";
import { changeNote, NOTE_COLORS } from "../../shared/graph-notes.ts";
import type { NoteCanvasNode } from "./canvas.ts";
import { useView } from "./editor-view.ts";
import classes from "./NoteNode.module.css";
import { useTools } from "./tools.ts";

export const NoteNode = memo(function NoteNode({ id, data: { note }, selected }: NodeProps<NoteCanvasNode>) {
  const { store, view } = useTools();
  const writing = useView((state) => state.renaming === id);

  function done(text: string): void {
    view.getState().set({ renaming: null });
    if (text !== note.text) {
      store.getState().edit("write a note", (graph) => changeNote(graph, note.id, { text }));
    }
  }

  return (
    <div className={classes.note} data-color={note.color} data-selected={selected || undefined}>
      <NodeResizer
        isVisible={selected}
        minWidth={120}
        minHeight={60}
        lineClassName={classes.line}
        handleClassName={classes.corner}
      />
      {writing ? (
        <NoteField text={note.text} onDone={done} />
      ) : (
        <p className={classes.text} data-empty={note.text === "" || undefined}>
          {note.text === "" ? "Double-click to write" : note.text}
        </p>
      )}
      <NodeToolbar
        isVisible={selected && !writing}
        position={Position.Bottom}
        align="start"
        offset={6}
        // Otherwise it would lie as low as the note.
        style={{ zIndex: 10 }}
      >
        <fieldset className={`${classes.colors} nodrag`} aria-label="Colour of the note">
          {NOTE_COLORS.map((color) => (
            <button
              key={color}
              type="button"
              className={classes.color}
              data-color={color}
              aria-label={color}
              aria-pressed={color === note.color}
              onClick={(event) => {
                event.stopPropagation();
                store.getState().edit("colour a note", (graph) => changeNote(graph, note.id, { color }));
              }}
            />
          ))}
        </fieldset>
      </NodeToolbar>
    </div>
  );
});

function NoteField({ text: before, onDone }: { text: string; onDone: (text: string) => void }) {
  const [text, setText] = useState(before);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(before.length, before.length);
  }, [before.length]);
  return (
    <textarea
      ref={field}
      className={`${classes.field} nodrag nopan nowheel`}
      aria-label="Text of the note"
      maxLength={4_000}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => onDone(text)}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== "Escape") return;
        event.currentTarget.closest<HTMLElement>(".react-flow__node")?.focus({ preventScroll: true });
      }}
    />
  );
}
