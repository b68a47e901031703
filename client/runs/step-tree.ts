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

/** The path that an address means: a path, or a step's id, which in a loop stands for its first item. */
export function pathFor(asked: string, steps: StepRun[]): string {
  if (steps.some((run) => run.path === asked)) return asked;
  return steps.find((run) => splitPath(run.path).stepId === asked)?.path ?? asked;
}

/** Is the path inside of what this path stands for (a loop, or an item of one)? */
export function isInside(path: string | undefined, whole: string): boolean {
  return path?.startsWith(`${whole}[`) === true || path?.startsWith(`${whole}/`) === true;
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
  const itemsByLoop = itemsOf(steps);
  const byStep = Map.groupBy(steps, (run) => splitPath(run.path).stepId);
  const loopsOf = loopsAround(byStep);
  for (const [stepId, runs] of byStep) {
    const ports = new Set(
      runs.flatMap((run) => (run.port === null || run.status === "skipped" ? [] : [run.port])),
    );
    const items = runs.flatMap((run) => itemsByLoop.get(run.path) ?? []);
    if (items.length > 0) ports.add(EACH_PORT);
    const around = loopsOf.get(stepId) ?? [];
    marks.set(stepId, {
      status: worstOf(runs.map((run) => run.status)),
      note: items.length > 0 ? loopNote(runs, items) : noteOf(runs, around),
      ports: [...ports],
    });
  }
  return marks;
}

/** The items of each loop that left a trace, by the loop's path. */
function itemsOf(steps: StepRun[]): Map<string, StepStatus[]> {
  const byScope = Map.groupBy(
    steps.filter((run) => splitPath(run.path).scope !== ""),
    (run) => splitPath(run.path).scope,
  );
  const loops = new Map<string, StepStatus[]>();
  for (const [scope, runs] of byScope) {
    const { loopPath } = splitScope(scope);
    const before = loops.get(loopPath);
    const status = worstOf(runs.map((run) => run.status));
    if (before) before.push(status);
    else loops.set(loopPath, [status]);
  }
  return loops;
}

/** For each step in a loop, all runs of that loop. */
function loopsAround(byStep: Map<string, StepRun[]>): Map<string, StepRun[]> {
  return new Map(
    [...byStep].flatMap(([stepId, [first]]) => {
      const { scope } = splitPath(first?.path ?? "");
      if (scope === "") return [];
      const loopId = splitPath(splitScope(scope).loopPath).stepId;
      return [[stepId, byStep.get(loopId) ?? []] as const];
    }),
  );
}

/** How many items a loop has; it keeps them as its output while it goes through them, and then counts them. */
export function countOf(loop: StepRun): number | undefined {
  const { output } = loop;
  if (typeof output !== "object" || output === null) return undefined;
  if ("items" in output && Array.isArray(output.items)) return output.items.length;
  return "count" in output && typeof output.count === "number" ? output.count : undefined;
}

/** "3 of 5" while it goes through them, then "5 items · 1.2 s". */
function loopNote(runs: StepRun[], items: StepStatus[]): string {
  const counts = runs.map(countOf);
  const all = counts.every((count) => count !== undefined)
    ? counts.reduce<number>((sum, count) => sum + (count ?? 0), 0)
    : items.length;
  const through = items.filter((status) => status === "done" || status === "failed" || status === "skipped");
  if (runs.some((run) => run.status === "looping")) return `${through.length} of ${all}`;
  const took = runs.length === 1 && runs[0] ? tookOf(runs[0]) : undefined;
  return [all === 1 ? "1 item" : `${all} items`, took].filter(Boolean).join(" · ");
}

/** Of one run how long it took; of many (a step inside a loop) how many are done. */
function noteOf(runs: StepRun[], loops: StepRun[]): string {
  const [only] = runs;
  if (only && loops.length === 0) return tookOf(only) ?? stepLook[only.status].label;
  const counts = loops.map(countOf).filter((count) => count !== undefined);
  const all = Math.max(
    runs.length,
    counts.reduce((sum, count) => sum + count, 0),
  );
  const failed = runs.filter((run) => run.status === "failed").length;
  if (failed > 0) return `${failed} of ${all} failed`;
  const done = runs.filter((run) => run.status === "done").length;
  return done === all ? (all === 1 ? "1 item" : `${done} items`) : `${done} of ${all}`;
}

/** "1.2 s" for a step that ended and was really done; undefined otherwise. */
export function tookOf(run: StepRun): string | undefined {
  const ended = run.status === "done" || run.status === "failed";
  if (!ended || run.startedAt === null || run.finishedAt === null) return undefined;
  return durationText(run.finishedAt - run.startedAt);
}
