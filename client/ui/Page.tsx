// The frame of a page: the tab's title, a heading with actions at its right, and the content below.

import { Anchor } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { IconArrowLeft } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import classes from "./Page.module.css";

export function Page(props: {
  /** For the browser's tab. */
  title: string;
  heading?: ReactNode;
  sub?: ReactNode;
  back?: { to: string; label: string };
  actions?: ReactNode;
  children: ReactNode;
}) {
  useDocumentTitle(`${props.title} · Flowcatch`);
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div className={classes.titles}>
          {props.back && (
            <Anchor component={Link} to={props.back.to} className={classes.back}>
              <IconArrowLeft size={14} aria-hidden="true" />
              {props.back.label}
            </Anchor>
          )}
          {props.heading ?? <h1 className={classes.heading}>{props.title}</h1>}
          {props.sub !== undefined && <div className={classes.sub}>{props.sub}</div>}
        </div>
        {props.actions !== undefined && <div className={classes.actions}>{props.actions}</div>}
      </header>
      {props.children}
    </div>
  );
}
