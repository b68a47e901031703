// The value of the pill under the pointer.

import { Portal } from "@mantine/core";
import { useDataPlace } from "./data-place.ts";
import classes from "./HoverValue.module.css";
import type { PillPlace } from "./pill-view.ts";
import { pillFault, pillWords, showValue } from "./template-pills.ts";
import { lineOf } from "./value-text.ts";

const WIDTH = 380;

export function HoverValue({ at }: { at: PillPlace }) {
  const { names, scope, now } = useDataPlace();
  const rect = at.element.getBoundingClientRect();
  const words = pillWords(at.pill, names);
  const fault = pillFault(at.pill, names);
  const shown = showValue(at.pill.source, scope, now);
  const left = Math.max(8, Math.min(rect.left, window.innerWidth - WIDTH - 12));
  return (
    <Portal>
      <div className={classes.hover} style={{ left, top: rect.bottom + 6 }} role="tooltip">
        <p className={classes.hoverPath}>
          {words.step}
          {words.path && ` › ${words.path}`}
        </p>
        {fault ? (
          <p className={classes.wrong}>{fault}</p>
        ) : shown.ok ? (
          <p className={classes.hoverValue}>{lineOf(shown.value, 400)}</p>
        ) : (
          <p className={classes.soft}>{shown.sentence}</p>
        )}
      </div>
    </Portal>
  );
}
