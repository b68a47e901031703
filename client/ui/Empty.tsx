// In place of a list with nothing in it: what belongs here, and how the first one comes to be.

import type { ReactNode } from "react";
import classes from "./Empty.module.css";

export function Empty(props: { icon?: ReactNode; title: string; text: ReactNode; children?: ReactNode }) {
  return (
    <div className={classes.empty}>
      {props.icon && (
        <div className={classes.icon} aria-hidden="true">
          {props.icon}
        </div>
      )}
      <h2 className={classes.title}>{props.title}</h2>
      <p className={classes.text}>{props.text}</p>
      {props.children}
    </div>
  );
}
