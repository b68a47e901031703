// A problem where it happened: the sentence, and the next move. With an icon of its own also news that are no problem.

import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./ProblemNote.module.css";
import type { Tone } from "./status.ts";

export function ProblemNote(props: {
  sentence: string;
  hint?: string | undefined;
  tone?: Tone;
  /** In place of the warning sign. */
  icon?: ReactNode;
  children?: ReactNode;
  /** Read out at once: for what just went wrong. */
  urgent?: boolean;
}) {
  return (
    <div className={classes.note} data-tone={props.tone ?? "red"} role={props.urgent ? "alert" : undefined}>
      <span className={classes.icon}>
        {props.icon ?? <IconAlertTriangle size={17} stroke={1.9} aria-hidden="true" />}
      </span>
      <div className={classes.words}>
        <p className={classes.sentence}>{props.sentence}</p>
        {props.hint && <p className={classes.hint}>{props.hint}</p>}
        {props.children}
      </div>
    </div>
  );
}
