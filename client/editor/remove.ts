// Taking steps, edges and notes away; a chain that loses a link is closed again.

import { edgesOf, type Graph, removeEdge, removeStep } from "../../shared/graph.ts";
import { removeNote } from "../../shared/graph-notes.ts";
import { draw } from "./add-step.ts";
import { noteIdOf } from "./canvas.ts";
import { whyNotDraw } from "./why-not.ts";

export function removeAll(graph: Graph, nodeIds: readonly string[], edgeIds: readonly string[]): Graph {
  // Steps first: a box around a step chooses its edges, too, and they say how its chain is closed.
  const withoutNodes = nodeIds.reduce((now, id) => {
    const note = noteIdOf(id);
    return note === null ? removeAndClose(now, id) : removeNote(now, note);
  }, graph);
  // The id of an edge that went with its step may be another edge's by now.
  const left = edgeIds.filter((id) => withoutNodes.edges[id] === graph.edges[id]);
  return left.reduce(removeEdge, withoutNodes);
}

/** One way in and one way on (errors aside): the step before leads to the step after from now on. */
function removeAndClose(graph: Graph, id: string): Graph {
  const into = edgesOf(graph).filter((edge) => edge.to === id);
  const out = edgesOf(graph).filter((edge) => edge.from === id && edge.port !== "error");
  const without = removeStep(graph, id);
  const [first] = into;
  const [next] = out;
  if (!first || !next || into.length > 1 || out.length > 1) return without;
  const ends = { from: first.from, port: first.port, to: next.to };
  return whyNotDraw(without, ends) ? without : draw(without, ends);
}
