// Deliveries from the server: pages of the list, one with its body, and what can be done with it.

import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import type { BodyOf, QueryOf } from "../../shared/api.ts";
import type { DeliveryRowView, DeliveryView } from "../../shared/api-views.ts";
import { call } from "./call.ts";
import { flowKeys } from "./flows.ts";
import { runKeys } from "./runs.ts";

export type { DeliveryRowView, DeliveryView };
export type DeliveryFilter = Omit<QueryOf<"deliveries">, "cursor" | "limit">;

export const deliveryKeys = {
  lists: ["deliveries"] as const,
  list: (filter: DeliveryFilter, limit: number) => ["deliveries", filter, limit] as const,
  one: (id: string) => ["delivery", id] as const,
};

export function useDeliveries(filter: DeliveryFilter, limit = 30) {
  return useInfiniteQuery({
    queryKey: deliveryKeys.list(filter, limit),
    queryFn: ({ pageParam, signal }) =>
      call("deliveries", { query: { ...filter, limit, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: initialPage,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}

const initialPage: string | null = null;

export function useDelivery(id: string) {
  return useQuery({
    queryKey: deliveryKeys.one(id),
    queryFn: ({ signal }) => call("delivery", { params: { id }, signal }),
  });
}

/** Answers with the id of the run that it became now. */
export function useRunDelivery(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<"runDelivery">) => call("runDelivery", { params: { id }, body }),
    onSuccess() {
      void client.invalidateQueries({ queryKey: runKeys.lists });
      void client.invalidateQueries({ queryKey: deliveryKeys.lists });
    },
  });
}

export function useKeepDelivery(id: string, flowId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call("keepDelivery", { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: flowKeys.samples(flowId) }),
  });
}
