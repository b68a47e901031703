// What a step can use: the steps before it, each with the data that stands for its output while the flow is drawn.
//
//   tested here just now  >  the newest run  >  the connector's example        (whichever is newer of the first two)

import {
  downstreamOf,
  edgesOf,
  type Graph,
  loopsOf,
  type Step,
  stepOf,
  TRIGGER_ID,
  topologicalOrder,
  upstreamOf,
} from "../../../shared/graph.ts";
import type { Manifests } from "../../../shared/manifest.ts";
import { type StepRun, splitPath } from "../../../shared/run.ts";

/** Where the data comes from: an event that arrived, a run, a test in the editor, or the connector's own example. */
export type Origin = "event" | "run" | "test" | "example";

export interface DataSource {
  stepId: string;
  name: string;
  uses: string;
  value: unknown;
  origin: Origin;
  /** When the data came to be; null for an example. */
  at: number | null;
}

/** The outputs that are known, by step. */
export interface Known {
  /** The chosen event, as the steps see it. */
  event: { data: unknown; at: number } | null;
  /** Of the run that the data is taken from. */
  steps: readonly StepRun[];
  /** That the run went through: a step of the same id may have been another one then. */
  graph: Graph | null;
  /** Of tests in the editor. */
  tests: Readonly<Record<string, { uses: string; output: unknown; at: number }>>;
}

export const nothingKnown: Known = { event: null, steps: [], graph: null, tests: {} };

/** The steps before this one, in the order in which they run, with their data. */
export function sourcesFor(graph: Graph, stepId: string, manifests: Manifests, known: Known): DataSource[] {
  const before = upstreamOf(graph, stepId);
  const loops = loopsOf(graph);
  const mine = loops.get(stepId) ?? [];
  return topologicalOrder(graph).order.flatMap((id): DataSource[] => {
    const step = stepOf(graph, id);
    if (!step || !before.has(id)) return [];
    const theirs = loops.get(id) ?? [];
    if (!theirs.every((loop, index) => mine[index] === loop)) return [];
    const about = { stepId: id, name: step.name, uses: step.uses };
    if (id === TRIGGER_ID) return [{ ...about, ...eventOf(step, manifests, known) }];
    if (mine.includes(id)) return [{ ...about, ...itemOf(step, manifests, known) }];
    if (onlyByError(graph, id, stepId)) return [{ ...about, ...errorOf(step, known) }];
    return [{ ...about, ...outputOf(step, manifests, known, isLoop(graph, id)) }];
  });
}

/** The data by step, as templates read it. */
export function scopeOf(sources: readonly DataSource[]): Record<string, unknown> {
  return Object.fromEntries(sources.map(({ stepId, value }) => [stepId, value]));
}

type Found = Pick<DataSource, "value" | "origin" | "at">;

function eventOf(step: Step, manifests: Manifests, { event }: Known): Found {
  if (event) return { value: event.data, origin: "event", at: event.at };
  return { value: manifests.triggers.get(step.uses)?.sample ?? {}, origin: "example", at: null };
}

function outputOf(step: Step, manifests: Manifests, known: Known, loop: boolean): Found {
  const run = runOf(step, known);
  const test = loop ? undefined : testOf(step, known);
  if (test && (!run || test.at >= (run.finishedAt ?? 0))) {
    return { value: test.output, origin: "test", at: test.at };
  }
  if (run) return { value: run.output, origin: "run", at: run.finishedAt };
  const example = manifests.actions.get(step.uses)?.sample ?? {};
  return { value: loop ? { results: [], count: 0, failed: 0 } : example, origin: "example", at: null };
}

/** Inside a loop its data is one item; the first one stands for all. */
function itemOf(step: Step, manifests: Manifests, known: Known): Found {
  const run = runOf(step, known, true);
  const test = testOf(step, known);
  const tested = itemsIn(test?.output);
  if (test && tested && (!run || test.at >= (run.finishedAt ?? 0))) {
    return { value: firstOf(tested), origin: "test", at: test.at };
  }
  const items = itemsIn(run?.input);
  if (run && items) return { value: firstOf(items), origin: "run", at: run.finishedAt ?? run.startedAt };
  return { value: manifests.actions.get(step.uses)?.sample ?? {}, origin: "example", at: null };
}

function errorOf(step: Step, known: Known): Found {
  const failed = known.steps.find((run) => splitPath(run.path).stepId === step.id && run.status === "failed");
  if (failed?.problem) return { value: { error: failed.problem }, origin: "run", at: failed.finishedAt };
  const error = {
    code: "http-status",
    sentence: `“${step.name}” did not work.`,
    hint: "What to do about it.",
  };
  return { value: { error }, origin: "example", at: null };
}

function testOf(step: Step, { tests }: Known) {
  const test = tests[step.id];
  return test?.uses === step.uses ? test : undefined;
}

function runOf({ id: stepId, uses }: Step, { steps, graph }: Known, begun = false): StepRun | undefined {
  if (graph && stepOf(graph, stepId)?.uses !== uses) return undefined;
  return steps.find(
    (run) =>
      splitPath(run.path).stepId === stepId && (run.status === "done" || (begun && run.input !== null)),
  );
}

function itemsIn(holder: unknown): unknown[] | undefined {
  if (typeof holder !== "object" || holder === null || !("items" in holder)) return undefined;
  const { items } = holder;
  if (Array.isArray(items)) return items;
  if (typeof items !== "object" || items === null) return undefined;
  return Object.entries(items).map(([key, value]) => ({ key, value }));
}

function firstOf(items: unknown[]): Record<string, unknown> {
  const count = items.length;
  return { item: items[0] ?? null, index: 0, number: 1, count, first: true, last: count <= 1 };
}

const isLoop = (graph: Graph, id: string) =>
  edgesOf(graph).some((edge) => edge.from === id && edge.port === "each");

/** Is the step only reached when the other one failed? */
function onlyByError(graph: Graph, from: string, to: string): boolean {
  const ports = new Set(
    edgesOf(graph)
      .filter((edge) => edge.from === from)
      .map((edge) => edge.port),
  );
  if (!ports.has("error") || !downstreamOf(graph, from, "error").has(to)) return false;
  return [...ports].every((port) => port === "error" || !downstreamOf(graph, from, port).has(to));
}
