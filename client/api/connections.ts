// Connections from the server: credentials by connector, whose secrets go in and never come out.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { BodyOf } from "../../shared/api.ts";
import type { ConnectionView } from "../../shared/connection.ts";
import { call } from "./call.ts";

export type { ConnectionView };

const connectionsKey = ["connections"] as const;

export function useConnections() {
  return useQuery({
    queryKey: connectionsKey,
    queryFn: async ({ signal }) => (await call("connections", { signal })).items,
  });
}

export function useCreateConnection() {
  const again = useFetchAgain();
  return useMutation({
    mutationFn: (body: BodyOf<"createConnection">) => call("createConnection", { body }),
    meta: { problem: "in place" },
    onSuccess: again,
  });
}

export function useUpdateConnection() {
  const again = useFetchAgain();
  return useMutation({
    mutationFn: ({ id, ...body }: BodyOf<"updateConnection"> & { id: string }) =>
      call("updateConnection", { params: { id }, body }),
    meta: { problem: "in place" },
    onSuccess: again,
  });
}

export function useTestConnection() {
  return useMutation({ mutationFn: (id: string) => call("testConnection", { params: { id } }) });
}

export function useDeleteConnection() {
  const again = useFetchAgain();
  return useMutation({
    mutationFn: (id: string) => call("deleteConnection", { params: { id } }),
    onSuccess: again,
  });
}

function useFetchAgain() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: connectionsKey });
}
