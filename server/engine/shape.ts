// A version's graph made ready for planning: who comes after whom, and which steps form the body of which loop.

import {
  EACH_PORT,
  type Edge,
  edgesOf,
  type Graph,
  groupBy,
  loopsOf,
  type Step,
  stepOf,
  stepsOf,
  TRIGGER_ID,
  topologicalOrder,
} from "../../shared/graph.ts";
import { splitScope } from "../../shared/run.ts";
import { asksForTime, referencesIn } from "../../shared/template.ts";
import { findAction } from "../connectors/registry.ts";

export interface Shape {
  graph: Graph;
  incoming: Map<string, Edge[]>;
  outgoing: Map<string, Edge[]>;
  /** By loop step ("" is the top): the steps that stand directly in it, every step after those before it. */
  bodies: Map<string, Body>;
  /** The loops a step stands in, outermost first. */
  loops: Map<string, string[]>;
  /** By step: whose outputs its templates ask for. */
  references: Map<string, string[]>;
  /** Steps that can be done again with the same result, and nobody outside would notice. */
  pure: Set<string>;
  /** Does a step answer the caller of the catch URL? */
  answers: boolean;
}

export interface Body {
  steps: Step[];
  /** Those that nothing in the body comes after: an item's result is theirs. */
  ends: string[];
}

export function shapeOf(graph: Graph): Shape {
  const incoming = groupBy(edgesOf(graph), (e) => e.to);
  const outgoing = groupBy(edgesOf(graph), (e) => e.from);
  const loops = loopsOf(graph);
  const innermost = (id: string) => loops.get(id)?.at(-1) ?? "";
  const bodies = new Map<string, Body>([["", { steps: [], ends: [] }]]);
  for (const step of stepsOf(graph)) bodies.set(innermost(step.id), { steps: [], ends: [] });
  for (const id of topologicalOrder(graph).order) {
    const step = stepOf(graph, id);
    const body = bodies.get(innermost(id));
    if (!step || !body || id === TRIGGER_ID) continue;
    body.steps.push(step);
    const goesOn = (outgoing.get(id) ?? []).some((e) => innermost(e.to) === innermost(id));
    if (!goesOn) body.ends.push(id);
  }
  const steps = stepsOf(graph);
  const references = new Map(steps.map(({ id, input }) => [id, idsIn(input)]));
  const pure = new Set(steps.filter(isPure).map(({ id }) => id));
  const answers = steps.some((step) => step.uses === "logic.respond");
  return { graph, incoming, outgoing, bodies, loops, references, pure, answers };
}

function idsIn(input: unknown): string[] {
  return [...new Set(referencesIn(input).map(({ stepId }) => stepId))];
}

function isPure({ uses, input }: Step): boolean {
  return findAction(uses)?.pure === true && !asksForTime(input);
}

/** The body that a scope such as `outer[2]/inner[0]` carries an item through; the top for "". */
export function bodyOf(shape: Shape, scope: string): Body {
  const body = shape.bodies.get(loopOfScope(scope));
  return body ?? { steps: [], ends: [] };
}

/** `outer[2]/inner[0]` → `inner`; "" → "". */
export function loopOfScope(scope: string): string {
  if (scope === "") return "";
  const { loopPath } = splitScope(scope);
  return loopPath.slice(loopPath.lastIndexOf("/") + 1);
}

/** Does an edge lead from the loop into the first steps of its own body? */
export function entersLoop(edge: Edge, loop: string): boolean {
  return edge.from === loop && edge.port === EACH_PORT;
}

/** Does the step stand directly in that loop's body ("" is the top)? */
export function standsIn(shape: Shape, stepId: string, loop: string): boolean {
  return (shape.loops.get(stepId)?.at(-1) ?? "") === loop;
}
