// A problem where it happened: the sentence, and the next move.

import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./ProblemNote.module.css";

export function ProblemNote(props: {
  sentence: string;
  hint?: string | undefined;
  tone?: "red" | "amber" | "violet" | "grey";
  children?: ReactNode;
  /** Read out at once: for what just went wrong. */
  urgent?: boolean;
}) {
  return (
    <div className={classes.note} data-tone={props.tone ?? "red"} role={props.urgent ? "alert" : undefined}>
      <IconAlertTriangle size={17} stroke={1.9} aria-hidden="true" className={classes.icon} />
      <div className={classes.words}>
        <p className={classes.sentence}>{props.sentence}</p>
        {props.hint && <p className={classes.hint}>{props.hint}</p>}
        {props.children}
      </div>
    </div>
  );
}
