// Flows from the server: the list, one flow, its versions and samples, and everything that changes them.

import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { BodyOf, ResponseOf } from "../../shared/api.ts";
import type { FlowRow, FlowView } from "../../shared/api-views.ts";
import { call } from "./call.ts";

export type VersionRow = ResponseOf<"versions">["items"][number];
export type Sample = ResponseOf<"samples">["items"][number];
export type { FlowRow, FlowView };

export const flowKeys = {
  list: ["flows", "list"] as const,
  one: (id: string) => ["flow", id] as const,
  versions: (id: string) => ["flow", id, "versions"] as const,
  version: (id: string, number: number) => ["flow", id, "versions", number] as const,
  samples: (id: string) => ["samples", id] as const,
};

export const flowQuery = (id: string) =>
  queryOptions({
    queryKey: flowKeys.one(id),
    queryFn: ({ signal }) => call("flow", { params: { id }, signal }),
  });

export function useFlows() {
  return useQuery({
    queryKey: flowKeys.list,
    queryFn: async ({ signal }) => (await call("flows", { signal })).items,
  });
}

export function useFlow(id: string) {
  return useQuery(flowQuery(id));
}

export function useVersions(id: string) {
  return useQuery({
    queryKey: flowKeys.versions(id),
    queryFn: async ({ signal }) => (await call("versions", { params: { id }, signal })).items,
  });
}

export function useVersion(id: string, number: number | null) {
  return useQuery({
    queryKey: flowKeys.version(id, number ?? 0),
    queryFn: ({ signal }) => call("version", { params: { id, number: number ?? 0 }, signal }),
    enabled: number !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useSamples(id: string) {
  return useQuery({
    queryKey: flowKeys.samples(id),
    queryFn: async ({ signal }) => (await call("samples", { params: { id }, signal })).items,
  });
}

/** An event made or edited by hand becomes a sample of the flow. */
export function useCreateSample(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<"createSample">) => call("createSample", { params: { id }, body }),
    meta: { problem: "in place" },
    onSuccess: () => client.invalidateQueries({ queryKey: flowKeys.samples(id) }),
  });
}

/** Answers with the pinned sample; that of a run's event has a new id. */
export function usePinSample(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ sampleId, pinned }: { sampleId: string; pinned: boolean }) =>
      call("pinSample", { params: { id, sampleId }, body: { pinned } }),
    onSuccess: () => client.invalidateQueries({ queryKey: flowKeys.samples(id) }),
  });
}

export function useDeleteSample(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (sampleId: string) => call("deleteSample", { params: { id, sampleId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: flowKeys.samples(id) }),
  });
}

export function useCreateFlow() {
  const took = useTookFlow();
  return useMutation({
    mutationFn: (body: BodyOf<"createFlow">) => call("createFlow", { body }),
    meta: { problem: "in place" },
    onSuccess: took,
  });
}

export function useRenameFlow(id: string) {
  const took = useTookFlow();
  return useMutation({
    mutationFn: (name: string) => call("renameFlow", { params: { id }, body: { name } }),
    onSuccess: took,
  });
}

export function usePublishFlow(id: string) {
  const took = useTookFlow();
  return useMutation({
    mutationFn: (body: BodyOf<"publishFlow">) => call("publishFlow", { params: { id }, body }),
    meta: { problem: "in place" },
    onSuccess: took,
  });
}

export function usePauseFlow() {
  const took = useTookFlow();
  return useMutation({
    mutationFn: (id: string) => call("pauseFlow", { params: { id } }),
    onSuccess: took,
  });
}

export function useResumeFlow() {
  const took = useTookFlow();
  return useMutation({
    mutationFn: (id: string) => call("resumeFlow", { params: { id } }),
    onSuccess: took,
  });
}

export function useDuplicateFlow() {
  const took = useTookFlow();
  return useMutation({
    mutationFn: (id: string) => call("duplicateFlow", { params: { id } }),
    onSuccess: took,
  });
}

export function useRotateCatchKey(id: string) {
  const took = useTookFlow();
  return useMutation({
    mutationFn: () => call("rotateCatchKey", { params: { id } }),
    onSuccess: took,
  });
}

export function useRestoreVersion(id: string) {
  const took = useTookFlow();
  return useMutation({
    mutationFn: ({ number, revision }: { number: number; revision: number }) =>
      call("restoreVersion", { params: { id, number }, body: { revision } }),
    onSuccess: took,
  });
}

export function useDeleteFlow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call("deleteFlow", { params: { id } }),
    onSuccess(_, id) {
      client.removeQueries({ queryKey: flowKeys.one(id) });
      return client.invalidateQueries({ queryKey: flowKeys.list });
    },
  });
}

/** A change answers with the flow as it is now: kept at once, and what else shows it is fetched again. */
function useTookFlow() {
  const client = useQueryClient();
  return (flow: FlowView) => {
    client.setQueryData(flowKeys.one(flow.id), flow);
    void client.invalidateQueries({ queryKey: flowKeys.list });
    void client.invalidateQueries({ queryKey: flowKeys.versions(flow.id) });
  };
}
