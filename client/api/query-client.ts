// TanStack Query for the whole app: what is tried again, and what a failed change tells the person.

import { notifications } from "@mantine/notifications";
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import type { ResponseOf } from "../../shared/api.ts";
import { ApiProblem, toProblem } from "./problem.ts";

declare module "@tanstack/react-query" {
  interface Register {
    /** `problem: "in place"`: the form shows it itself, so no toast. */
    mutationMeta: { problem?: "in place" };
  }
}

export const SETUP_KEY = ["setup"] as const;

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noteSignedOut }),
  mutationCache: new MutationCache({
    onError(error, _variables, _result, mutation) {
      noteSignedOut(error);
      if (mutation.meta?.problem === "in place") return;
      const problem = toProblem(error);
      notifications.show({
        color: "red",
        title: problem.message,
        message: problem.hint ?? "",
        autoClose: 9_000,
        role: "alert",
      });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) =>
        failures < 2 && error instanceof ApiProblem && (error.status === 0 || error.status >= 500),
    },
  },
});

/** A session that ended shows the sign-in screen, on the page where the person is. */
function noteSignedOut(error: unknown): void {
  if (!(error instanceof ApiProblem) || error.status !== 401) return;
  queryClient.setQueryData<ResponseOf<"setup">>(SETUP_KEY, { needsOwner: false, signedIn: null });
}
