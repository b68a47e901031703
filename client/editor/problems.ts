// What is wrong with the draft as it is now, found in the browser by the same checks that publishing does.

import { createContext, use, useDeferredValue, useMemo } from "react";
import { problemsIn } from "../../shared/graph-problems.ts";
import type { Problem } from "../../shared/problem.ts";
import { useConnections } from "../api/connections.ts";
import { useEditor, useEditorPlace } from "./editor-context.ts";

export const ProblemsContext = createContext<readonly Problem[]>([]);

/** For the editor's frame; everything inside reads the context. */
export function useFoundProblems(): readonly Problem[] {
  const { manifests } = useEditorPlace();
  const graph = useDeferredValue(useEditor((state) => state.graph));
  const connections = useConnections().data;
  return useMemo(() => problemsIn(graph, manifests, connections), [graph, manifests, connections]);
}

export function useProblems(): readonly Problem[] {
  return use(ProblemsContext);
}

/** How many problems each step has. */
export function useProblemCounts(): ReadonlyMap<string, number> {
  const problems = useProblems();
  return useMemo(() => {
    const counts = new Map<string, number>();
    for (const { stepId } of problems) if (stepId) counts.set(stepId, (counts.get(stepId) ?? 0) + 1);
    return counts;
  }, [problems]);
}
