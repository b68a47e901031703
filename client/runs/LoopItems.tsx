// What a loop did, item by item; closed when there are many, and not all drawn at once.

import { Button } from "@mantine/core";
import { useState } from "react";
import { StepBadge } from "../ui/StatusBadge.tsx";
import { StepItem } from "./StepItem.tsx";
import classes from "./StepList.module.css";
import type { RunFrame } from "./StepList.tsx";
import { type LoopItem, type StepEntry, statusOfItem } from "./step-tree.ts";

/** Up to here every item starts open. */
const FEW = 3;
const AT_ONCE = 20;

export function LoopItems({ entry, frame }: { entry: StepEntry; frame: RunFrame }) {
  const [count, setCount] = useState(AT_ONCE);
  const { items } = entry;
  return (
    <div className={classes.items}>
      <h3 className={classes.label}>{items.length === 1 ? "1 item" : `${items.length} items`}</h3>
      {items.slice(0, count).map((item) => (
        <Item key={item.index} item={item} frame={frame} startOpen={items.length <= FEW} />
      ))}
      {items.length > count && (
        <Button variant="subtle" size="compact-sm" onClick={() => setCount(count + AT_ONCE * 5)}>
          Show more of {items.length - count}
        </Button>
      )}
    </div>
  );
}

function Item({ item, frame, startOpen }: { item: LoopItem; frame: RunFrame; startOpen: boolean }) {
  const status = statusOfItem(item);
  const [open, setOpen] = useState(startOpen || status === "asking" || status === "failed");
  return (
    <details className={classes.item} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={classes.summary}>
        <span className={classes.index}>Item {item.index + 1}</span>
        <StepBadge status={status} />
      </summary>
      {open && (
        <ol className={classes.list}>
          {item.entries.map((entry) => (
            <StepItem key={entry.run.path} entry={entry} frame={frame} />
          ))}
        </ol>
      )}
    </details>
  );
}
