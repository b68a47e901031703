// Any data as a tree to open and copy. It comes from strangers: it is shown as text and never as markup or a link.

import { lazy, Suspense } from "react";
import { CopyButton } from "./Copy.tsx";
import classes from "./Data.module.css";
import { bytesText } from "./time.ts";

const DataTree = lazy(() => import("./DataTree.tsx"));

/** Beyond this a tree is slow: the beginning is shown as text. */
const TREE_LIMIT = 300_000;
const TEXT_LIMIT = 20_000;

export function Data({ value, what }: { value: unknown; what: string }) {
  if (value === undefined || value === null || value === "") {
    return <p className={classes.nothing}>Nothing.</p>;
  }
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const isTree = typeof value === "object" && text.length <= TREE_LIMIT;
  return (
    <div className={classes.data}>
      <div className={classes.copy}>
        <CopyButton text={text} what={what} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className={classes.scroll} tabIndex={0} aria-label={what}>
        {isTree ? (
          <Suspense fallback={<pre className={classes.text}>{clip(text, 2_000)}</pre>}>
            <DataTree value={value} what={what} />
          </Suspense>
        ) : (
          <pre className={classes.text}>{clip(text, TEXT_LIMIT)}</pre>
        )}
      </section>
      {!isTree && text.length > TEXT_LIMIT && (
        <p className={classes.more}>
          The first {bytesText(TEXT_LIMIT)} of {bytesText(text.length)}; copying takes all of it.
        </p>
      )}
    </div>
  );
}

function clip(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}
