// The line of time of a run: a bar for each step, in order of beginning; loops fold. Works by keyboard like a tree.

import { Button } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { Manifests } from "../../shared/manifest.ts";
import { isFinal } from "../../shared/run.ts";
import type { RunView } from "../api/runs.ts";
import { ConnectorIcon } from "../ui/ConnectorIcon.tsx";
import { stepLook } from "../ui/status.ts";
import { durationText } from "../ui/time.ts";
import { isInside } from "./step-tree.ts";
import classes from "./Timeline.module.css";
import { latestOf, type TimelineRow, ticksOf, timelineOf, visibleRows } from "./timeline.ts";
import { useClock } from "./use-clock.ts";

/** A loop with more items starts closed. */
const FEW = 4;
const AT_ONCE = 80;

export interface TimelineProps {
  run: RunView;
  manifests: Manifests;
  /** The path of the chosen step. */
  selected: string | undefined;
  onSelect: (path: string) => void;
}

export function Timeline({ run, manifests, selected, onSelect }: TimelineProps) {
  const now = useClock(!isFinal(run.status));
  const from = run.startedAt ?? run.createdAt;
  const to = Math.max(from + 1, run.finishedAt ?? Math.max(now, latestOf(run.steps)));
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [count, setCount] = useState(AT_ONCE);
  const [at, setAt] = useState<string>();
  const list = useRef<HTMLDivElement>(null);

  const isOpen = (row: TimelineRow) =>
    toggled.get(row.id) ?? (row.children.length <= FEW || isInside(selected, row.id));
  const all = visibleRows(timelineOf(run.graph, run.steps, to), isOpen);
  const rows = all.slice(0, count);
  // One row takes the keyboard: where the person was, else the chosen step, else the first.
  const here = [at, selected].find((id) => rows.some(({ row }) => row.id === id)) ?? rows[0]?.row.id;

  useEffect(() => {
    if (selected) setAt(selected);
  }, [selected]);

  if (rows.length === 0) return null;

  const toggle = (row: TimelineRow) => setToggled(new Map(toggled).set(row.id, !isOpen(row)));

  function go(index: number): void {
    const next = rows[Math.min(rows.length - 1, Math.max(0, index))];
    if (!next) return;
    setAt(next.row.id);
    list.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(next.row.id)}"]`)?.focus();
  }

  function onKeyDown(event: KeyboardEvent, index: number): void {
    const current = rows[index];
    if (!current || event.ctrlKey || event.metaKey || event.altKey) return;
    const { row, level } = current;
    const folds = row.children.length > 0;
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(index + 1),
      ArrowUp: () => go(index - 1),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      ArrowRight: () => (folds && !isOpen(row) ? toggle(row) : go(index + 1)),
      ArrowLeft: () =>
        folds && isOpen(row)
          ? toggle(row)
          : go(rows.slice(0, index).findLastIndex((one) => one.level < level)),
      Enter: () => choose(row),
      " ": () => choose(row),
    };
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (!act) return;
    event.preventDefault();
    act();
  }

  function choose(row: TimelineRow): void {
    setAt(row.id);
    if (row.kind === "item") toggle(row);
    else onSelect(row.id);
  }

  return (
    <div className={classes.timeline}>
      <Axis length={to - from} />
      <div ref={list} role="tree" aria-label="Timeline of the run" className={classes.rows}>
        {rows.map(({ row, level }, index) => (
          <div
            key={row.id}
            role="treeitem"
            aria-level={level}
            aria-expanded={row.children.length > 0 ? isOpen(row) : undefined}
            aria-selected={row.id === selected}
            title={`${row.label}: ${spoken(row, from)}`}
            tabIndex={row.id === here ? 0 : -1}
            data-row={row.id}
            className={classes.row}
            onClick={() => choose(row)}
            onKeyDown={(event) => onKeyDown(event, index)}
            onFocus={() => setAt(row.id)}
          >
            <span className={classes.label} style={{ paddingInlineStart: (level - 1) * 14 }}>
              <Fold row={row} open={isOpen(row)} toggle={() => toggle(row)} />
              {row.uses !== "" && <ConnectorIcon uses={row.uses} manifests={manifests} size={20} />}
              <span className="clip">{row.label}</span>
            </span>
            <Track row={row} from={from} length={to - from} />
            <span className={classes.took}>{durationText(row.to - row.from)}</span>
            <span className="unseen">{spoken(row, from)}</span>
          </div>
        ))}
      </div>
      {all.length > count && (
        <Button variant="subtle" size="compact-sm" m={8} onClick={() => setCount(count + AT_ONCE * 5)}>
          Show more of {all.length - count}
        </Button>
      )}
    </div>
  );
}

function Axis({ length }: { length: number }) {
  return (
    <div className={classes.axis} aria-hidden="true">
      <span />
      <span className={classes.ticks}>
        {ticksOf(length).map(({ at, text }) => (
          <span key={at} className={classes.tick} style={{ left: `${(at / length) * 100}%` }}>
            {text}
          </span>
        ))}
      </span>
      <span />
    </div>
  );
}

/** For the mouse; the keyboard has its arrows. */
function Fold({ row, open, toggle }: { row: TimelineRow; open: boolean; toggle: () => void }) {
  return (
    <span
      className={classes.fold}
      data-open={open || undefined}
      data-folds={row.children.length > 0 || undefined}
      aria-hidden="true"
      onClick={(event) => {
        if (row.children.length === 0) return;
        event.stopPropagation();
        toggle();
      }}
    >
      {row.children.length > 0 && <IconChevronRight size={14} />}
    </span>
  );
}

function Track({ row, from, length }: { row: TimelineRow; from: number; length: number }) {
  const tone = row.kind === "item" ? "grey" : stepLook[row.status].tone;
  return (
    <span className={classes.track}>
      {row.segments.map((part) => (
        <span
          key={`${part.kind} ${part.from}`}
          className={classes.bar}
          data-kind={part.kind}
          data-tone={tone}
          data-group={row.children.length > 0 || undefined}
          data-moving={(stepLook[row.status].moving && part === row.segments.at(-1)) || undefined}
          style={{
            left: `${share(part.from - from, length)}%`,
            width: `max(3px, ${share(part.to - part.from, length)}%)`,
          }}
        />
      ))}
    </span>
  );
}

function share(ms: number, length: number): number {
  return Math.min(100, Math.max(0, (ms / length) * 100));
}

/** What the bar shows, in words. */
function spoken(row: TimelineRow, start: number): string {
  const words = [
    stepLook[row.status].label,
    `began after ${durationText(row.from - start)}`,
    row.attempts > 1 ? `${row.attempts} attempts` : "",
    row.count === undefined ? "" : row.count === 1 ? "1 item" : `${row.count} items`,
  ];
  return words.filter(Boolean).join(", ");
}
