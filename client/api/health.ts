// How the installation is doing, from the server; asked again and again while somebody looks.

import { useQuery } from "@tanstack/react-query";
import type { HealthView } from "../../shared/health.ts";
import { call } from "./call.ts";

export type { HealthView };

const AGAIN_MS = 5_000;

export function useHealth() {
  return useQuery({
    queryKey: ["health"],
    queryFn: ({ signal }) => call("health", { signal }),
    refetchInterval: AGAIN_MS,
    // What is on the screen must not look as if it were of now.
    staleTime: 0,
  });
}
