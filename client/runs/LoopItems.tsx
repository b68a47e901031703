// What a loop did, item by item; closed when there are many, and not all drawn at once.

import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { itemScope } from "../../shared/run.ts";
import { StepBadge } from "../ui/StatusBadge.tsx";
import { StepItem } from "./StepItem.tsx";
import classes from "./StepList.module.css";
import type { RunFrame } from "./StepList.tsx";
import { isInside, type LoopItem, type StepEntry, statusOfItem } from "./step-tree.ts";

/** Up to here every item starts open. */
const FEW = 3;
const AT_ONCE = 20;

export function LoopItems({ entry, frame }: { entry: StepEntry; frame: RunFrame }) {
  const [wanted, setWanted] = useState(AT_ONCE);
  const { items } = entry;
  const chosen = items.findIndex((item) => isInside(frame.selected, scopeOf(entry, item)));
  const count = Math.max(wanted, chosen + 1);
  return (
    <div className={classes.items}>
      <h3 className={classes.label}>{items.length === 1 ? "1 item" : `${items.length} items`}</h3>
      {items.slice(0, count).map((item) => (
        <Item
          key={item.index}
          item={item}
          frame={frame}
          startOpen={items.length <= FEW}
          holdsSelected={isInside(frame.selected, scopeOf(entry, item))}
        />
      ))}
      {items.length > count && (
        <Button variant="subtle" size="compact-sm" onClick={() => setWanted(count + AT_ONCE * 5)}>
          Show more of {items.length - count}
        </Button>
      )}
    </div>
  );
}

function scopeOf(entry: StepEntry, item: LoopItem): string {
  return itemScope(entry.run.path, item.index);
}

function Item(props: { item: LoopItem; frame: RunFrame; startOpen: boolean; holdsSelected: boolean }) {
  const { item, frame, startOpen, holdsSelected } = props;
  const status = statusOfItem(item);
  const [open, setOpen] = useState(startOpen || status === "asking" || status === "failed");
  useEffect(() => {
    if (holdsSelected) setOpen(true);
  }, [holdsSelected]);
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
