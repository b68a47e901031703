// The data that a step is built with: the chosen event, the run that came of it, and what was tested here.

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useStore } from "zustand";
import { stepOf, TRIGGER_ID } from "../../../shared/graph.ts";
import { call } from "../../api/call.ts";
import { type Sample, useSamples } from "../../api/flows.ts";
import { runKeys, useRuns } from "../../api/runs.ts";
import { useEditor, useEditorPlace } from "../editor-context.ts";
import { type DataSource, type Known, sourcesFor } from "./data-sources.ts";
import { stepSamples } from "./step-samples.ts";

/** The event to build with: the one that was chosen, or else the first pinned one, or else the newest. */
export function useChosenSample(): { sample: Sample | undefined; samples: Sample[]; isPending: boolean } {
  const { flow, manifests } = useEditorPlace();
  const { data, isPending } = useSamples(flow.id);
  const chosen = useStore(stepSamples(flow.id), (state) => state.sampleId);
  const uses = useEditor((state) => stepOf(state.graph, TRIGGER_ID)?.uses ?? "");
  // Events of another kind of trigger, which the flow had before, look different.
  const strange = manifests.triggers.get(uses)?.starts === "schedule" ? "webhook" : "schedule";
  const samples = useMemo(() => (data ?? []).filter(({ event }) => event.kind !== strange), [data, strange]);
  const sample =
    samples.find(({ id }) => id === chosen) ?? samples.find(({ pinned }) => pinned) ?? samples[0];
  return { sample, samples, isPending };
}

/** What is known of the outputs of this flow's steps. */
export function useKnown(): Known {
  const { flow } = useEditorPlace();
  const { sample } = useChosenSample();
  const tests = useStore(stepSamples(flow.id), (state) => state.tests);
  const newest = useRuns({ flowId: flow.id }, 1).data?.pages[0]?.items[0];
  const runId = sample?.from === "run" ? sample.id : newest?.id;
  const run = useQuery({
    queryKey: runKeys.one(runId ?? ""),
    queryFn: ({ signal }) => call("run", { params: { id: runId ?? "" }, signal }),
    enabled: runId !== undefined,
  });
  const ran = runId === undefined ? undefined : run.data;
  return useMemo(
    () => ({
      event: sample ? { data: sample.event.data, at: sample.event.at } : null,
      steps: ran?.steps ?? [],
      graph: ran?.graph ?? null,
      tests,
    }),
    [sample, ran, tests],
  );
}

/** The steps before this one with their data. */
export function useSources(stepId: string): DataSource[] {
  const { manifests } = useEditorPlace();
  const graph = useEditor((state) => state.graph);
  const known = useKnown();
  return useMemo(() => sourcesFor(graph, stepId, manifests, known), [graph, stepId, manifests, known]);
}
