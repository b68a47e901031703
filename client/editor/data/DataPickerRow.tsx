// One row of the data picker: a step, a key or an item, with a look at its value.

import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { ConnectorIcon } from "../../ui/ConnectorIcon.tsx";
import { agoText } from "../../ui/time.ts";
import { useEditorPlace } from "../editor-context.ts";
import classes from "./DataPicker.module.css";
import { REFERENCE_TYPE, useDataPlace } from "./data-place.ts";
import type { DataRow } from "./data-rows.ts";
import type { DataSource } from "./data-sources.ts";

export function DataPickerRow(props: {
  row: DataRow;
  index: number;
  isCurrent: boolean;
  onFocus: () => void;
  onToggle: () => void;
  onInsert: () => void;
}) {
  const { row, index } = props;
  const { manifests } = useEditorPlace();
  const { now } = useDataPlace();
  if (row.more !== undefined) {
    return (
      <p className={classes.none} style={{ paddingLeft: 12 + row.level * 16 }}>
        and {row.more} more; search to find them
      </p>
    );
  }
  const Chevron = row.open ? IconChevronDown : IconChevronRight;
  return (
    <div
      role="treeitem"
      className={classes.row}
      data-step={row.source ? true : undefined}
      data-row={index}
      aria-level={row.level + 1}
      aria-expanded={row.nested ? row.open : undefined}
      aria-selected={props.isCurrent}
      tabIndex={props.isCurrent ? 0 : -1}
      style={{ paddingLeft: 8 + row.level * 16 }}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData(REFERENCE_TYPE, row.id);
        event.dataTransfer.setData("text/plain", row.id);
        event.dataTransfer.effectAllowed = "copy";
      }}
      onFocus={props.onFocus}
      // The field keeps its cursor, and with it the place where the data goes.
      onMouseDown={(event) => event.currentTarget.focus({ preventScroll: true })}
      onClick={row.source ? props.onToggle : props.onInsert}
      onKeyDown={() => {}}
    >
      {row.nested ? (
        <button
          type="button"
          className={classes.fold}
          tabIndex={-1}
          aria-hidden="true"
          onClick={(event) => {
            event.stopPropagation();
            props.onToggle();
          }}
        >
          <Chevron size={14} />
        </button>
      ) : (
        <span className={classes.fold} aria-hidden="true" />
      )}
      {row.source && <ConnectorIcon uses={row.source.uses} manifests={manifests} size={20} />}
      <span className={classes.label}>{row.label}</span>
      {row.source ? (
        <>
          <span className={classes.origin}>{originWords(row.source, now)}</span>
          <button
            type="button"
            className={classes.all}
            tabIndex={-1}
            aria-label={`Insert everything of ${row.label}`}
            onClick={(event) => {
              event.stopPropagation();
              props.onInsert();
            }}
          >
            insert all
          </button>
        </>
      ) : (
        <span className={classes.value} data-kind={row.kind}>
          {row.preview}
        </span>
      )}
    </div>
  );
}

function originWords({ origin, at }: DataSource, now: number): string {
  if (origin === "example" || at === null) return "example data";
  const ago = agoText(at, now);
  if (origin === "event") return `event, ${ago}`;
  return origin === "run" ? `run, ${ago}` : `tested ${ago}`;
}
