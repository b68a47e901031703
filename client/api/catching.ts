// How a flow's catch URL catches, from the server: its settings, the senders that are known, and a signed sample.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { BodyOf } from "../../shared/api.ts";
import type { CatchingView, VerificationView } from "../../shared/api-views.ts";
import type { CatchSettings } from "../../shared/catching.ts";
import { call } from "./call.ts";
import { flowKeys } from "./flows.ts";

export type { CatchingView };
/** A sender whose signatures are known. */
export type Sender = VerificationView;

export const catchingKeys = {
  one: (flowId: string) => ["catching", flowId] as const,
  senders: ["verifications"] as const,
};

/** A part of the settings, and what becomes of the secrets: all of them replaced, one more, or left as they are. */
export interface CatchChange {
  part: Partial<CatchSettings>;
  secrets?: string[];
  addSecrets?: string[];
}

export function useCatching(flowId: string) {
  return useQuery({
    queryKey: catchingKeys.one(flowId),
    queryFn: ({ signal }) => call("catching", { params: { id: flowId }, signal }),
  });
}

/** They change only with the server. */
export function useSenders() {
  return useQuery({
    queryKey: catchingKeys.senders,
    queryFn: async ({ signal }) => (await call("verifications", { signal })).items,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useSetCatching(flowId: string) {
  const client = useQueryClient();
  const params = { id: flowId };
  return useMutation({
    mutationFn: async ({ part, ...secrets }: CatchChange) => {
      // Another tab may have changed another part since this one was opened: only this part is put over it.
      const { settings } = await call("catching", { params });
      return call("setCatching", { params, body: { settings: { ...settings, ...part }, ...secrets } });
    },
    meta: { problem: "in place" },
    onSuccess: (view) => client.setQueryData<CatchingView>(catchingKeys.one(flowId), view),
  });
}

/** The server itself calls the catch URL, as the sender would, signed with the secret that is kept. */
export function useSendSigned(flowId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<"sendSample">) => call("sendSample", { params: { id: flowId }, body }),
    meta: { problem: "in place" },
    onSuccess: () => client.invalidateQueries({ queryKey: flowKeys.samples(flowId) }),
  });
}
