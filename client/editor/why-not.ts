// Why two steps may not be connected, or a step not be put somewhere: said while it is being dragged.

import { connect, edgesOf, type Graph, stepOf, TRIGGER_ID, whyNotConnect } from "../../shared/graph.ts";
import { edgesAcrossLoops } from "../../shared/graph-problems.ts";
import type { Manifests } from "../../shared/manifest.ts";
import type { Problem } from "../../shared/problem.ts";

export interface Ends {
  from: string;
  port: string;
  to: string;
}

/** What speaks against this edge, or null. `instead` is an edge that it would take the place of. */
export function whyNotDraw(graph: Graph, { from, port, to }: Ends, instead?: string): Problem | null {
  const without = instead === undefined ? graph : withoutEdge(graph, instead);
  const plain = whyNotConnect(without, from, port, to);
  if (plain) return plain;
  const before = new Set(edgesAcrossLoops(without).map((edge) => edge.id));
  const trial = connect(without, { id: TRIAL, from, port, to });
  if (edgesAcrossLoops(trial).every((edge) => before.has(edge.id))) return null;
  return {
    code: "loop-border",
    sentence: `This would cross the border of a loop: “${stepOf(graph, to)?.name}” would be inside and outside of it.`,
    hint: "Steps after a loop hang on its “done” port; steps inside it can only be reached from inside.",
    stepId: to,
  };
}

/** What speaks against another step of this kind, or null. */
export function whyNotAdd(graph: Graph, uses: string, manifests: Manifests): Problem | null {
  const trigger = stepOf(graph, TRIGGER_ID);
  if (!manifests.triggers.has(uses) || !trigger) return null;
  return {
    code: "trigger-second",
    sentence: `This flow starts with “${trigger.name}” already, and a flow has exactly one trigger.`,
    hint: "Drop it onto the trigger to take its place.",
    stepId: TRIGGER_ID,
  };
}

/** No edge has it: ids are made of letters, digits, _ and -. */
const TRIAL = "?";

function withoutEdge(graph: Graph, id: string): Graph {
  return {
    ...graph,
    edges: Object.fromEntries(edgesOf(graph).flatMap((e) => (e.id === id ? [] : [[e.id, e]]))),
  };
}
