// The steps of a run as a tree: under a loop its items, under an item its steps.
//
//   each, each[0]/email, each[1]/email  ->  each { 0: [email], 1: [email] }

import { EACH_PORT, type Graph, stepOf, TRIGGER_ID } from "../../shared/graph.ts";
import { type StepRun, type StepStatus, splitPath, splitScope } from "../../shared/run.ts";
import type { StepMark } from "../editor/canvas.ts";
import { stepLook } from "../ui/status.ts";
import { durationText } from "../ui/time.ts";

export interface StepEntry {
  run: StepRun;
  stepId: string;
  /** The items of a loop, by index. */
  items: LoopItem[];
}

export interface LoopItem {
  index: number;
  entries: StepEntry[];
}

export function treeOf(steps: StepRun[]): StepEntry[] {
  const byScope = Map.groupBy(steps, (run) => splitPath(run.path).scope);
  const scopesByLoop = Map.groupBy(
    [...byScope.keys()].filter((scope) => scope !== ""),
    (scope) => splitScope(scope).loopPath,
  );
  const entriesOf = (scope: string): StepEntry[] =>
    (byScope.get(scope) ?? []).map((run) => ({
      run,
      stepId: splitPath(run.path).stepId,
      items: (scopesByLoop.get(run.path) ?? [])
        .map((inner) => ({ index: splitScope(inner).index, entries: entriesOf(inner) }))
        .sort((a, b) => a.index - b.index),
    }));
  return entriesOf("");
}

/** The worst first: what stands for several. */
const WEIGHT: StepStatus[] = ["asking", "running", "looping", "waiting", "failed", "done", "skipped"];

export function worstOf(statuses: StepStatus[]): StepStatus {
  return WEIGHT.find((status) => statuses.includes(status)) ?? "skipped";
}

/** Of an item's steps, and of the items in the loops among them. */
export function statusOfItem(item: LoopItem): StepStatus {
  return worstOf(item.entries.map((entry) => entry.run.status));
}

/** For the canvas: each step of the graph once, all its items together. */
export function marksOf(graph: Graph, steps: StepRun[]): Map<string, StepMark> {
  const marks = new Map<string, StepMark>();
  if (stepOf(graph, TRIGGER_ID)) marks.set(TRIGGER_ID, { status: "done", note: "Event", ports: ["main"] });
  const loops = new Set(
    steps
      .map((run) => splitPath(run.path).scope)
      .filter((scope) => scope !== "")
      .map((scope) => splitScope(scope).loopPath),
  );
  for (const [stepId, runs] of Map.groupBy(steps, (run) => splitPath(run.path).stepId)) {
    const ports = new Set(
      runs.flatMap((run) => (run.port === null || run.status === "skipped" ? [] : [run.port])),
    );
    if (runs.some((run) => loops.has(run.path))) ports.add(EACH_PORT);
    marks.set(stepId, {
      status: worstOf(runs.map((run) => run.status)),
      note: noteOf(runs),
      ports: [...ports],
    });
  }
  return marks;
}

function noteOf(runs: StepRun[]): string {
  const [only] = runs;
  if (only && runs.length === 1) return tookOf(only) ?? stepLook[only.status].label;
  const failed = runs.filter((run) => run.status === "failed").length;
  if (failed > 0) return `${failed} of ${runs.length} failed`;
  const done = runs.filter((run) => run.status === "done").length;
  return done === runs.length ? `${done} items` : `${done} of ${runs.length} done`;
}

/** "1.2 s" for a step that ended and was really done; undefined otherwise. */
export function tookOf(run: StepRun): string | undefined {
  const ended = run.status === "done" || run.status === "failed";
  if (!ended || run.startedAt === null || run.finishedAt === null) return undefined;
  return durationText(run.finishedAt - run.startedAt);
}

/** Where on the run's line of time a step lies, in shares of it; undefined when it has not begun. */
export function spanOf(
  run: StepRun,
  from: number,
  to: number,
): { start: number; length: number } | undefined {
  if (run.startedAt === null || to <= from) return undefined;
  const start = clamp((run.startedAt - from) / (to - from));
  const end = clamp(((run.finishedAt ?? to) - from) / (to - from));
  return { start, length: Math.max(0, end - start) };
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
