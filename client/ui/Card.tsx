// A quiet surface with an optional title row: what most of a page is made of.

import type { ReactNode } from "react";
import classes from "./Card.module.css";

export function Card(props: {
  title?: ReactNode;
  /** At the right of the title. */
  aside?: ReactNode;
  children: ReactNode;
  /** Content that brings its own padding. */
  flush?: boolean;
}) {
  return (
    <section className={classes.card}>
      {props.title !== undefined && (
        <header className={classes.head}>
          <h2 className={classes.title}>{props.title}</h2>
          {props.aside}
        </header>
      )}
      <div className={props.flush ? undefined : classes.body}>{props.children}</div>
    </section>
  );
}
