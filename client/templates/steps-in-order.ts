// The steps of a graph as they come, from the trigger on.

import { type Graph, type Step, stepOf, topologicalOrder } from "../../shared/graph.ts";

export function stepsInOrder(graph: Graph): Step[] {
  return topologicalOrder(graph).order.flatMap((id) => stepOf(graph, id) ?? []);
}
