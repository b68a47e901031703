// Who is signed in: the owner's first visit, signing in and out.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { BodyOf, ResponseOf } from "../../shared/api.ts";
import { call } from "./call.ts";
import { SETUP_KEY } from "./query-client.ts";

export type Me = ResponseOf<"signIn">;

export function useSetup() {
  return useQuery({
    queryKey: SETUP_KEY,
    queryFn: ({ signal }) => call("setup", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useCreateOwner() {
  const arrive = useArrive();
  return useMutation({
    mutationFn: (body: BodyOf<"createOwner">) => call("createOwner", { body }),
    meta: { problem: "in place" },
    onSuccess: arrive,
  });
}

export function useSignIn() {
  const arrive = useArrive();
  return useMutation({
    mutationFn: (body: BodyOf<"signIn">) => call("signIn", { body }),
    meta: { problem: "in place" },
    onSuccess: arrive,
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call("signOut"),
    onSuccess() {
      client.setQueryData<ResponseOf<"setup">>(SETUP_KEY, { needsOwner: false, signedIn: null });
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== SETUP_KEY[0] });
    },
  });
}

function useArrive() {
  const client = useQueryClient();
  return (me: Me) => {
    client.setQueryData<ResponseOf<"setup">>(SETUP_KEY, { needsOwner: false, signedIn: me });
  };
}
