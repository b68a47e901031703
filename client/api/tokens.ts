// API tokens from the server: for programs that act in the owner's name.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ResponseOf } from "../../shared/api.ts";
import { call } from "./call.ts";

export type TokenRow = ResponseOf<"tokens">["items"][number];

const tokensKey = ["tokens"] as const;

export function useTokens() {
  return useQuery({
    queryKey: tokensKey,
    queryFn: async ({ signal }) => (await call("tokens", { signal })).items,
  });
}

export function useCreateToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => call("createToken", { body: { name } }),
    meta: { problem: "in place" },
    onSuccess: () => client.invalidateQueries({ queryKey: tokensKey }),
  });
}

export function useDeleteToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call("deleteToken", { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensKey }),
  });
}
