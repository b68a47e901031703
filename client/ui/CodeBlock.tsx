// Text for machines (an address, a command) to read and copy.

import classes from "./CodeBlock.module.css";
import { CopyButton } from "./Copy.tsx";

export function CodeBlock({ text, what, wrap }: { text: string; what: string; wrap?: boolean }) {
  return (
    <div className={classes.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className={classes.text} data-wrap={wrap || undefined} tabIndex={0} aria-label={what}>
        {text}
      </section>
      <div className={classes.copy}>
        <CopyButton text={text} what={what} />
      </div>
    </div>
  );
}
