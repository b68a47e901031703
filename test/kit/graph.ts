// Graphs from one string: `trigger -> a -> b; a:error -> c; loop:each -> d`.

import type { Graph, Step } from "../../shared/graph.ts";

export type StepChange = Partial<Omit<Step, "id">>;

/**
 * Steps are named by their ids, edges by arrows, `step:port` leaves by that port (else `main`). What a step uses and
 * its input come from `steps`; otherwise the trigger is `webhook.catch` and every other step sets no field.
 */
export function graph(text: string, steps: Record<string, StepChange> = {}): Graph {
  const made: Graph = { steps: {}, edges: {} };
  const add = (id: string) => {
    if (Object.hasOwn(made.steps, id)) return;
    made.steps[id] = {
      id,
      uses: id === "trigger" ? "webhook.catch" : "logic.setFields",
      name: id,
      input: {},
      at: { x: 0, y: 0 },
      ...(Object.hasOwn(steps, id) ? steps[id] : {}),
    };
  };
  for (const chain of text.split(/[;\n]/)) {
    const places = chain.split("->").map((place) => place.trim());
    for (const [i, place] of places.entries()) {
      if (place === "") continue;
      const [id = "", port = "main"] = place.split(":");
      add(id);
      const to = places[i + 1]?.split(":")[0];
      if (!to) continue;
      const edge = { id: `e${Object.keys(made.edges).length + 1}`, from: id, port, to };
      made.edges[edge.id] = edge;
    }
  }
  return made;
}
