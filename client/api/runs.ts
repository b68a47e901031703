// Runs from the server: pages of the list, one run, and what can be done with it.

import {
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import type { BodyOf, QueryOf } from "../../shared/api.ts";
import type { RunRowView, RunView } from "../../shared/api-views.ts";
import { call } from "./call.ts";

export type { RunRowView, RunView };
export type RunFilter = Omit<QueryOf<"runs">, "cursor" | "limit">;
export type Answer = BodyOf<"answerRun">;

export const runKeys = {
  lists: ["runs"] as const,
  list: (filter: RunFilter, limit: number) => ["runs", filter, limit] as const,
  one: (id: string) => ["run", id] as const,
};

export function useRuns(filter: RunFilter, limit = 30) {
  return useInfiniteQuery({
    queryKey: runKeys.list(filter, limit),
    queryFn: ({ pageParam, signal }) =>
      call("runs", { query: { ...filter, limit, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: initialPage,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}

const initialPage: string | null = null;

export function runQuery(id: string) {
  return queryOptions({
    queryKey: runKeys.one(id),
    queryFn: ({ signal }) => call("run", { params: { id }, signal }),
  });
}

export function useRun(id: string) {
  return useQuery(runQuery(id));
}

export function useCancelRun(id: string) {
  const took = useTookRun();
  return useMutation({ mutationFn: () => call("cancelRun", { params: { id } }), onSuccess: took });
}

export function useReplayRun(id: string) {
  const took = useTookRun();
  return useMutation({ mutationFn: () => call("replayRun", { params: { id } }), onSuccess: took });
}

export function useAnswerRun(id: string) {
  const took = useTookRun();
  return useMutation({
    mutationFn: (body: Answer) => call("answerRun", { params: { id }, body }),
    onSuccess: took,
  });
}

function useTookRun() {
  const client = useQueryClient();
  return (run: RunView) => {
    client.setQueryData(runKeys.one(run.id), run);
    void client.invalidateQueries({ queryKey: runKeys.lists });
  };
}
