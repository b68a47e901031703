// When a schedule will come due, asked from the server while it is being written.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { call } from "./call.ts";

/**
 * The next five times of a schedule trigger. Its problem (`error`, an `ApiProblem`) says what is wrong with the input.
 * Give input that has settled: every change is a request.
 */
export function useSchedulePreview(uses: string, input: Record<string, unknown>, enabled = true) {
  return useQuery({
    queryKey: ["schedule", uses, input] as const,
    queryFn: async ({ signal }) => (await call("previewSchedule", { body: { uses, input }, signal })).times,
    enabled,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}
