// The words a template of a flow is written in: its story, its steps on a grid, and its edges in one string.

import type { Graph, Step } from "../graph.ts";
import { connectorOf } from "../manifest.ts";

/** A flow that works once its connections are chosen and its example addresses are replaced. */
export interface FlowTemplate {
  id: string;
  name: string;
  /** What it does, in a sentence. */
  description: string;
  /** Who needs that, and how it goes. */
  story: string;
  /** The connectors of its steps, each once, in order; without the flow's own. */
  connectors: string[];
  /** What to try it with: an id of `SAMPLE_EVENTS`. */
  sampleEventId: string;
  graph: Graph;
}

interface StepText {
  uses: string;
  name: string;
  input?: Record<string, unknown>;
  note?: string;
  /** Column and row. */
  at: [number, number];
}

/** As the editor lays steps out. */
const COLUMN = 320;
const ROW = 160;

/** Edges are arrows: `trigger -> a -> b; a:error -> c` (the port is `main` unless it is named). */
export function flowTemplate({
  steps,
  edges,
  ...about
}: Omit<FlowTemplate, "connectors" | "graph"> & {
  steps: Record<string, StepText>;
  edges: string;
}): FlowTemplate {
  const graph: Graph = { steps: {}, edges: {} };
  for (const [
    id,
    {
      uses,
      name,
      input = {},
      note,
      at: [column, row],
    },
  ] of Object.entries(steps)) {
    const at = { x: column * COLUMN, y: row * ROW };
    const step: Step = { id, uses, name, input, at };
    graph.steps[id] = note === undefined ? step : { ...step, note };
  }
  for (const chain of edges.split(";")) {
    const places = chain.split("->").map((place) => place.trim());
    for (const [index, place] of places.slice(0, -1).entries()) {
      const [from = "", port = "main"] = place.split(":");
      const to = places[index + 1]?.split(":")[0] ?? "";
      const id = `${from}-${port}-${to}`;
      graph.edges[id] = { id, from, port, to };
    }
  }
  const used = Object.values(steps).map(({ uses }) => connectorOf(uses));
  return { ...about, connectors: [...new Set(used)].filter((id) => id !== "logic"), graph };
}

/** For the note of a step that calls an example address. */
export function replaceAddress(what: string): string {
  return `The address is an example: replace it with that of ${what}. If it wants a key, choose a connection.`;
}
