// A name being changed where it stands: Enter keeps it, Escape does not, and the focus goes back to the step.

import { useEffect, useRef, useState } from "react";
import classes from "./EditStep.module.css";

export function NameField({
  name,
  label,
  onDone,
}: {
  name: string;
  label: string;
  onDone: (name: string | null) => void;
}) {
  const [text, setText] = useState(name);
  const field = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);

  function finish(keep: boolean): void {
    // Leaving the field is also what Enter and Escape lead to.
    if (isDone.current) return;
    isDone.current = true;
    const node = field.current?.closest<HTMLElement>(".react-flow__node");
    onDone(keep && text.trim() !== "" ? text.trim() : null);
    if (document.activeElement === field.current) node?.focus({ preventScroll: true });
  }

  return (
    <input
      ref={field}
      className={`${classes.nameField} nodrag nopan`}
      aria-label={label}
      value={text}
      maxLength={120}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => finish(true)}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") finish(true);
        if (event.key === "Escape") finish(false);
      }}
    />
  );
}
