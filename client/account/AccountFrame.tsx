// What surrounds the two screens before the app: the mark, one card, and what the product does.

import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Wordmark } from "../ui/Logo.tsx";
import classes from "./AccountFrame.module.css";

export function AccountFrame(props: { title: string; text: string; children: ReactNode }) {
  useDocumentTitle(`${props.title} · Flowcatch`);
  return (
    <div className={classes.frame}>
      <main className={classes.main}>
        <div className={classes.mark}>
          <Wordmark size={34} />
        </div>
        <div className={classes.card}>
          <h1 className={classes.title}>{props.title}</h1>
          <p className={classes.text}>{props.text}</p>
          {props.children}
        </div>
        <p className={classes.foot}>Catch webhooks, draw what happens next, see every run.</p>
      </main>
    </div>
  );
}
