// A graph is steps and edges, flat and keyed by id; every change is a pure function from graph to graph.

import { z } from "zod";
import { MAX_NOTES, Note } from "./graph-notes.ts";
import type { Problem } from "./problem.ts";

/** The trigger's step id, in every graph: templates say `{{trigger.body.id}}`. */
export const TRIGGER_ID = "trigger";

/** Names a template could not tell from something else. */
const RESERVED_IDS = ["now", "__proto__"];

export const StepId = z
  .string()
  .regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/, "is a letter, then letters, digits and _ (64 at most)")
  .refine((id) => !RESERVED_IDS.includes(id), "is a reserved name");

export const Retry = z.object({
  /** How often the step is tried in all. */
  attempts: z.number().int().min(1).max(20),
  /** The first wait is somewhere between 0 and this. */
  baseMs: z.number().int().min(100).max(3_600_000),
  /** No wait is longer than this. */
  capMs: z.number().int().min(100).max(86_400_000),
});
export type Retry = z.infer<typeof Retry>;

export const Step = z.object({
  id: StepId,
  uses: z.string().regex(/^[a-z][a-z0-9-]*\.[a-zA-Z][a-zA-Z0-9]*$/, "looks like connector.action"),
  name: z.string().min(1).max(120),
  input: plainRecord(),
  connectionId: z.string().optional(),
  retry: Retry.optional().describe("instead of the usual five attempts"),
  timeoutMs: z.number().int().min(100).max(600_000).optional().describe("for one attempt"),
  ifInterrupted: z
    .enum(["repeat", "ask"])
    .optional()
    .describe("what to do when the server stopped in the middle of this step; by default the action says"),
  disabled: z.boolean().optional().describe("passed straight through, as if it had done nothing"),
  note: z.string().max(2_000).optional(),
  at: z.object({ x: z.number(), y: z.number() }),
});
export type Step = z.infer<typeof Step>;

export const Edge = z.object({
  id: z.string().regex(/^[a-zA-Z0-9_-]{1,80}$/),
  from: StepId,
  port: z.string().min(1).max(60),
  to: StepId,
});
export type Edge = z.infer<typeof Edge>;

export const MAX_STEPS = 500;

export const Graph = z
  .object({
    steps: keyed(Step, MAX_STEPS, "steps"),
    edges: keyed(Edge, MAX_STEPS * 4, "edges"),
    notes: keyed(Note, MAX_NOTES, "notes").optional().describe("for people; no run looks at them"),
  })
  .meta({
    id: "Graph",
    examples: [
      {
        steps: {
          trigger: { id: "trigger", uses: "webhook.catch", name: "New order", input: {}, at: { x: 0, y: 0 } },
          notify: {
            id: "notify",
            uses: "http.request",
            name: "Tell the warehouse",
            input: { method: "POST", url: "https://api.example.com/orders", json: "{{trigger.body}}" },
            at: { x: 0, y: 140 },
          },
        },
        edges: { e1: { id: "e1", from: "trigger", port: "main", to: "notify" } },
      },
    ],
    antiExamples: [
      // a step that stands under another name than its id
      {
        steps: { a: { id: "b", uses: "http.request", name: "B", input: {}, at: { x: 0, y: 0 } } },
        edges: {},
      },
      // an id that JavaScript objects already have a meaning for
      JSON.parse('{ "steps": { "__proto__": {} }, "edges": {} }'),
    ],
  });
export type Graph = z.infer<typeof Graph>;

/** A record of things by their own id. Own keys are looked at one by one, so that `__proto__` is refused, not lost. */
function keyed<T extends z.ZodType<{ id: string }>>(schema: T, most: number, what: string) {
  return plainRecord().transform((entries, ctx) => {
    const keys = Object.keys(entries);
    if (keys.length > most) {
      ctx.issues.push({ code: "custom", message: `has more than ${most} ${what}`, input: entries });
      return z.NEVER;
    }
    const result: Record<string, z.output<T>> = {};
    for (const key of keys) {
      const parsed = schema.safeParse(entries[key]);
      if (!parsed.success) {
        for (const issue of parsed.error.issues) {
          ctx.issues.push({
            code: "custom",
            message: issue.message,
            path: [key, ...issue.path],
            input: entries,
          });
        }
      } else if (parsed.data.id !== key) {
        ctx.issues.push({
          code: "custom",
          message: `“${key}” holds the id “${parsed.data.id}”`,
          path: [key],
          input: entries,
        });
      } else result[key] = parsed.data;
    }
    return result;
  });
}

/** An object of anything by name, taken as it is: zod's own record drops the key `__proto__`. */
function plainRecord() {
  return z
    .custom<Record<string, unknown>>(
      (value) => typeof value === "object" && value !== null && !Array.isArray(value),
      "must be an object",
    )
    .meta({ type: "object" });
}

export const emptyGraph: Graph = { steps: {}, edges: {} };

export function stepOf(graph: Graph, id: string): Step | undefined {
  return Object.hasOwn(graph.steps, id) ? graph.steps[id] : undefined;
}

export function stepsOf(graph: Graph): Step[] {
  return Object.values(graph.steps);
}

export function edgesOf(graph: Graph): Edge[] {
  return Object.values(graph.edges);
}

/** The graph with this step in it; one of the same id is replaced. */
export function addStep(graph: Graph, step: Step): Graph {
  return { ...graph, steps: { ...graph.steps, [step.id]: step } };
}

/** The step with some of it changed. A step that does not exist leaves the graph as it is. */
export function changeStep(graph: Graph, id: string, change: Partial<Omit<Step, "id">>): Graph {
  const step = stepOf(graph, id);
  return step ? addStep(graph, { ...step, ...change }) : graph;
}

/** Without the step and the edges that touch it. */
export function removeStep(graph: Graph, id: string): Graph {
  return {
    ...graph,
    steps: Object.fromEntries(Object.entries(graph.steps).filter(([key]) => key !== id)),
    edges: Object.fromEntries(Object.entries(graph.edges).filter(([, e]) => e.from !== id && e.to !== id)),
  };
}

export function removeEdge(graph: Graph, edgeId: string): Graph {
  return {
    ...graph,
    edges: Object.fromEntries(Object.entries(graph.edges).filter(([key]) => key !== edgeId)),
  };
}

export function moveStep(graph: Graph, id: string, at: Step["at"]): Graph {
  return changeStep(graph, id, { at });
}

/** Why the two may not be connected, or null: the reason is shown while an edge is being dragged. */
export function whyNotConnect(graph: Graph, from: string, port: string, to: string): Problem | null {
  const target = stepOf(graph, to);
  if (!stepOf(graph, from) || !target) {
    return { code: "step-missing", sentence: "One end of this edge does not exist." };
  }
  if (to === TRIGGER_ID) {
    return {
      code: "edge-into-trigger",
      sentence: "Nothing can lead into the trigger: it starts the flow.",
      stepId: to,
    };
  }
  if (edgesOf(graph).some((e) => e.from === from && e.port === port && e.to === to)) {
    return { code: "edge-twice", sentence: `“${target.name}” already follows by this port.`, stepId: to };
  }
  if (from === to || upstreamOf(graph, from).has(to)) {
    return {
      code: "cycle",
      sentence: `This would make a circle: “${target.name}” comes before this step.`,
      hint: "To do something for every item of a list, use “For each”.",
      stepId: to,
    };
  }
  return null;
}

/** The graph with the edge, unless `whyNotConnect` speaks against it (then the graph as it is). */
export function connect(graph: Graph, edge: Edge): Graph {
  if (whyNotConnect(graph, edge.from, edge.port, edge.to)) return graph;
  return { ...graph, edges: { ...graph.edges, [edge.id]: edge } };
}

/** An id for a new step that reads well in a template: `email`, `email2` …; `uses` is "email.send". */
export function freshStepId(graph: Graph, uses: string): string {
  const base = uses.startsWith("logic.") ? uses.slice(6) : uses.slice(0, uses.indexOf("."));
  const word = base.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  for (let n = 1; ; n++) {
    const id = n === 1 ? word : `${word}${n}`;
    if (!stepOf(graph, id) && id !== TRIGGER_ID && !RESERVED_IDS.includes(id)) return id;
  }
}

/** Ids of every step that comes before this one on some way. */
export function upstreamOf(graph: Graph, id: string): Set<string> {
  return reach(
    id,
    groupBy(edgesOf(graph), (e) => e.to),
    (e) => e.from,
  );
}

/** Ids of every step that comes after this one on some way; with `port`, only by that port. */
export function downstreamOf(graph: Graph, id: string, port?: string): Set<string> {
  const after = groupBy(edgesOf(graph), (e) => e.from);
  if (port === undefined) return reach(id, after, (e) => e.to);
  const first = (after.get(id) ?? []).filter((e) => e.port === port).map((e) => e.to);
  return new Set(first.flatMap((next) => [next, ...reach(next, after, (e) => e.to)]));
}

function reach(start: string, edges: Map<string, Edge[]>, end: (edge: Edge) => string): Set<string> {
  const seen = new Set<string>();
  const open = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const edge of edges.get(id) ?? []) {
      const next = end(edge);
      if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
    }
  }
  return seen;
}

export function groupBy<T, K>(items: Iterable<T>, key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

/** Steps in an order in which every edge leads forward, and the ids that are on a circle (empty when all is well). */
export function topologicalOrder(graph: Graph): { order: string[]; cycle: string[] } {
  const incoming = new Map(stepsOf(graph).map((s) => [s.id, 0]));
  for (const e of edgesOf(graph)) incoming.set(e.to, (incoming.get(e.to) ?? 0) + 1);
  const after = groupBy(edgesOf(graph), (e) => e.from);
  const order: string[] = [];
  const open = [...incoming].filter(([, n]) => n === 0).map(([id]) => id);
  for (let i = 0; i < open.length; i++) {
    const id = open[i] ?? "";
    order.push(id);
    for (const e of after.get(id) ?? []) {
      const left = (incoming.get(e.to) ?? 0) - 1;
      incoming.set(e.to, left);
      if (left === 0) open.push(e.to);
    }
  }
  return { order, cycle: [...incoming].filter(([, n]) => n > 0).map(([id]) => id) };
}

/** The port of an `each` step that its items leave by. */
export const EACH_PORT = "each";

/**
 * For each step the loops it stands in, outermost first: a step is in a loop when it can be reached by the loop's
 * `each` port. `loops` are the ids of the steps that have an edge on that port.
 */
export function loopsOf(graph: Graph): Map<string, string[]> {
  const inside = new Map<string, string[]>(stepsOf(graph).map((s) => [s.id, []]));
  const loops = new Set(
    edgesOf(graph)
      .filter((e) => e.port === EACH_PORT)
      .map((e) => e.from),
  );
  // In topological order an outer loop comes before the loops inside it.
  for (const loop of topologicalOrder(graph).order.filter((id) => loops.has(id))) {
    for (const id of downstreamOf(graph, loop, EACH_PORT)) inside.get(id)?.push(loop);
  }
  return inside;
}
