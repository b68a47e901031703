// When what happened in a run: rows of bars on one line of time. Pure: the end of an open run is given.
//
//   steps + graph  ->  rows { label, from, to, segments: work | failed | wait …, children: a loop's items }

import { type Graph, stepOf } from "../../shared/graph.ts";
import type { StepRun, StepStatus } from "../../shared/run.ts";
import { countOf, type LoopItem, type StepEntry, statusOfItem, treeOf } from "./step-tree.ts";

/** `failed` is an attempt that came to nothing, `cut` one whose end nobody saw. */
export type SegmentKind = "work" | "failed" | "cut" | "wait";

export interface Segment {
  kind: SegmentKind;
  from: number;
  to: number;
}

export interface TimelineRow {
  /** The path of a step; of an item the scope it runs in. */
  id: string;
  kind: "step" | "item";
  label: string;
  uses: string;
  status: StepStatus;
  from: number;
  to: number;
  segments: Segment[];
  children: TimelineRow[];
  attempts: number;
  /** Of a loop, once it is known. */
  count: number | undefined;
}

/** Steps whose time is waiting. */
const WAITS = new Set(["logic.wait"]);

/** The rows from top to bottom in order of beginning; what was skipped took no time and has none. */
export function timelineOf(graph: Graph, steps: StepRun[], end: number): TimelineRow[] {
  return treeOf(steps).flatMap((entry) => rowOf(graph, entry, end));
}

function rowOf(graph: Graph, entry: StepEntry, end: number): TimelineRow[] {
  const { run, stepId, items } = entry;
  const step = stepOf(graph, stepId);
  const segments = segmentsOf(run, step?.uses ?? "", end);
  const [first] = segments;
  const last = segments.at(-1);
  if (run.status === "skipped" || !first || !last) return [];
  return [
    {
      id: run.path,
      kind: "step",
      label: step?.name ?? stepId,
      uses: step?.uses ?? "",
      status: run.status,
      from: first.from,
      to: last.to,
      segments,
      children: items.flatMap((item) => itemRow(graph, run.path, item, end)),
      attempts: run.attempt,
      count: items.length > 0 ? (countOf(run) ?? items.length) : undefined,
    },
  ];
}

/** An item with one step is that step: "Item 3 · Pack". */
function itemRow(graph: Graph, loopPath: string, item: LoopItem, end: number): TimelineRow[] {
  const children = item.entries.flatMap((entry) => rowOf(graph, entry, end));
  const [only] = children;
  if (!only) return [];
  const label = `Item ${item.index + 1}`;
  if (children.length === 1) return [{ ...only, label: `${label} · ${only.label}` }];
  const from = Math.min(...children.map((row) => row.from));
  const to = Math.max(...children.map((row) => row.to));
  return [
    {
      id: `${loopPath}[${item.index}]`,
      kind: "item",
      label,
      uses: "",
      status: statusOfItem(item),
      from,
      to,
      segments: [{ kind: "work", from, to }],
      children,
      attempts: 1,
      count: undefined,
    },
  ];
}

/** The attempts one after another, and the pauses between them. */
export function segmentsOf(run: StepRun, uses: string, end: number): Segment[] {
  const tries = run.attempts.map((one): Segment => {
    const from = one.startedAt;
    return one.finishedAt === null
      ? { kind: "cut", from, to: from }
      : { kind: "failed", from, to: one.finishedAt };
  });
  const isListed = run.attempts.some((one) => one.startedAt === run.startedAt);
  const pauses = run.status === "waiting" && run.problem !== null;
  if (run.startedAt !== null && !isListed && !pauses) {
    const waits = WAITS.has(uses) || run.status === "waiting";
    tries.push({ kind: waits ? "wait" : "work", from: run.startedAt, to: run.finishedAt ?? end });
  } else if (tries.length > 0 && run.finishedAt === null) {
    // It waits for its next attempt, or for a person.
    tries.push({ kind: "wait", from: end, to: end });
  }
  const segments: Segment[] = [];
  for (const one of tries) {
    const before = segments.at(-1);
    if (before?.kind === "cut") before.to = Math.max(before.from, one.from);
    else if (before && one.from > before.to) segments.push({ kind: "wait", from: before.to, to: one.from });
    if (one.kind !== "wait" || one.to > one.from) segments.push({ ...one, to: Math.max(one.from, one.to) });
  }
  return segments;
}

/** The rows that are on the screen: those in closed loops are not. */
export function visibleRows(
  rows: TimelineRow[],
  isOpen: (row: TimelineRow) => boolean,
  level = 1,
): { row: TimelineRow; level: number }[] {
  return rows.flatMap((row) => [
    { row, level },
    ...(row.children.length > 0 && isOpen(row) ? visibleRows(row.children, isOpen, level + 1) : []),
  ]);
}

/** The latest moment that the run knows of: clocks differ, and no bar leaves the picture. */
export function latestOf(steps: StepRun[]): number {
  return Math.max(0, ...steps.map((run) => Math.max(run.finishedAt ?? 0, run.startedAt ?? 0)));
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STRIDES = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30, 90, 180, 365].map((n) => n * DAY),
];
const MOST_TICKS = 5;
/** Further right its text has no room. */
const LAST_TICK = 0.93;

/** Round moments on a line of time of this length, from 0. */
export function ticksOf(length: number): { at: number; text: string }[] {
  const stride = STRIDES.find((one) => length / one < MOST_TICKS) ?? 365 * DAY;
  const ticks = [];
  for (let at = 0; at < length * LAST_TICK; at += stride) ticks.push({ at, text: tickText(at) });
  return ticks;
}

function tickText(ms: number): string {
  if (ms === 0) return "0";
  if (ms < SECOND) return `${ms} ms`;
  if (ms < MINUTE) return `${ms / SECOND} s`;
  if (ms < HOUR) return `${ms / MINUTE} min`;
  return ms < DAY ? `${ms / HOUR} h` : `${ms / DAY} d`;
}
