// The data of all steps before as one tree, beside the panel: searched, opened, clicked or dragged into a field.

import { CloseButton, Portal, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useCallback, useEffect, useId, useMemo, useRef, useState } from "react";
import classes from "./DataPicker.module.css";
import { DataPickerRow } from "./DataPickerRow.tsx";
import { useDataPlace } from "./data-place.ts";
import { type DataRow, firstOpen, rowsOf } from "./data-rows.ts";

export function DataPicker({ beside }: { beside: HTMLElement | null }) {
  const { sources, target, asked, close } = useDataPlace();
  const titleId = useId();
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState(() => firstOpen(sources));
  const rows = useMemo(() => rowsOf(sources, open, query), [sources, open, query]);
  const [at, setAt] = useState(0);
  const search = useRef<HTMLInputElement>(null);
  const tree = useRef<HTMLDivElement>(null);
  const current = Math.min(at, rows.length - 1);
  const style = usePlaceBeside(beside);

  // The portal brings it into the page later than this component: only then can it take the cursor.
  const takeSearch = useCallback((element: HTMLInputElement | null) => {
    search.current = element;
    element?.focus();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: being asked is what it is about
  useEffect(() => search.current?.focus(), [asked]);

  function leave(): void {
    close();
    target?.focus();
  }

  function insert(row: DataRow): void {
    if (row.more === undefined) target?.insert(row.id);
  }

  function setRow(row: DataRow, isOpen: boolean): void {
    const next = new Set(open);
    if (isOpen) next.add(row.id);
    else next.delete(row.id);
    setOpen(next);
  }

  function goTo(index: number): void {
    const next = Math.max(0, Math.min(index, rows.length - 1));
    setAt(next);
    tree.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus();
  }

  function onTreeKey(event: KeyboardEvent): void {
    const row = rows[current];
    if (!row) return;
    const moves: Record<string, () => void> = {
      ArrowDown: () => goTo(current + 1),
      ArrowUp: () => (current === 0 ? search.current?.focus() : goTo(current - 1)),
      ArrowRight: () => (row.nested && !row.open ? setRow(row, true) : goTo(current + 1)),
      ArrowLeft: () => (row.open ? setRow(row, false) : goTo(parentOf(rows, current))),
      Home: () => goTo(0),
      End: () => goTo(rows.length - 1),
      Enter: () => insert(row),
      " ": () => insert(row),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  }

  return (
    <Portal>
      <div
        className={classes.picker}
        style={style}
        role="dialog"
        aria-labelledby={titleId}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          leave();
        }}
      >
        <header className={classes.head}>
          <div className={classes.titles}>
            <h2 id={titleId} className={classes.title}>
              Insert data
            </h2>
            <p className={classes.sub}>
              {target ? `Click a value to put it into “${target.label}”, or drag it` : "Choose a field first"}
            </p>
          </div>
          <CloseButton aria-label="Close the data" onClick={leave} />
        </header>
        <TextInput
          ref={takeSearch}
          mx={12}
          mb={8}
          leftSection={<IconSearch size={15} />}
          placeholder="Search names and values"
          aria-label="Search names and values"
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown") {
              event.preventDefault();
              goTo(query === "" ? 0 : firstLeaf(rows));
            }
            if (event.key !== "Enter" || query === "") return;
            event.preventDefault();
            const row = rows[firstLeaf(rows)];
            if (row) insert(row);
          }}
        />
        <div className={classes.tree} role="tree" aria-label="Data" ref={tree} onKeyDown={onTreeKey}>
          {rows.map((row, index) => (
            <DataPickerRow
              key={row.id}
              row={row}
              index={index}
              isCurrent={index === current}
              onFocus={() => setAt(index)}
              onToggle={() => setRow(row, !row.open)}
              onInsert={() => insert(row)}
            />
          ))}
          {rows.length === 0 && (
            <p className={classes.none}>
              {sources.length === 0
                ? "Nothing comes before this step yet. Connect it to a step, and that step's data appears here."
                : `Nothing is called “${query}”, and no value holds it.`}
            </p>
          )}
        </div>
      </div>
    </Portal>
  );
}

function parentOf(rows: readonly DataRow[], index: number): number {
  const level = rows[index]?.level ?? 0;
  for (let at = index - 1; at >= 0; at--) if ((rows[at]?.level ?? 0) < level) return at;
  return 0;
}

/** Of what a search found, the first value that is no list or object. */
function firstLeaf(rows: readonly DataRow[]): number {
  const found = rows.findIndex((row) => !row.nested);
  return found === -1 ? 0 : found;
}

const WIDTH = 380;

/** At the left of the panel; over its lower part where there is no room. */
function usePlaceBeside(beside: HTMLElement | null): React.CSSProperties {
  const [, setSize] = useState(0);
  useEffect(() => {
    const again = () => setSize((count) => count + 1);
    window.addEventListener("resize", again);
    return () => window.removeEventListener("resize", again);
  }, []);
  const rect = beside?.getBoundingClientRect();
  if (!rect || rect.left < WIDTH + 24) return { left: 8, right: 8, bottom: 8, height: "55dvh" };
  return { width: WIDTH, left: rect.left - WIDTH - 10, top: 68, bottom: 16 };
}
