// How the installation is doing, as the health page and programs see it.

import { z } from "zod";
import { Problem } from "./problem.ts";

const time = z.number().describe("milliseconds since 1970");
const count = z.number().int().min(0);

const counts = {
  accepted: count.describe("events that became runs"),
  refused: count.describe("requests to catch URLs of which nothing was kept"),
  succeeded: count,
  failed: count,
  canceled: count,
  steps: count.describe("steps that were done or failed"),
};

export const HealthView = z
  .object({
    at: time.describe("of this answer"),
    since: time.describe("when this process began"),
    version: z.string(),
    store: z.string().describe("what keeps flows and runs"),
    queue: z.string().describe("what keeps jobs"),
    minutes: z
      .array(z.object({ at: time.describe("when the minute began"), ...counts }))
      .describe("the last 60, the present one last; of all processes"),
    lastDay: z.object({
      ...counts,
      averageRunMs: z.number().nullable().describe("from accepting to the end; null when no run ended"),
    }),
    backlog: z.object({ queued: count, running: count, waiting: count, asking: count }),
    oldestQueued: z
      .object({ runId: z.string(), flowId: z.string(), flowName: z.string(), createdAt: time })
      .nullable()
      .describe("the run that has waited longest to be begun"),
    jobs: z.object({
      waiting: count.describe("those of later among them"),
      oldestDueAt: time.nullable(),
    }),
    disk: z.object({
      databaseBytes: count.nullable().describe("null where the database is not a file"),
      freeBytes: count.nullable(),
      flows: z
        .array(z.object({ flowId: z.string(), flowName: z.string(), runs: count, bytes: count }))
        .describe("about how much the runs of each flow take, the largest first; at most ten seconds old"),
    }),
    failedRuns: z
      .array(
        z.object({
          runId: z.string(),
          flowId: z.string(),
          flowName: z.string(),
          finishedAt: time.nullable(),
          createdAt: time,
          problem: Problem.nullable(),
        }),
      )
      .describe("the newest ten"),
    lines: z
      .array(
        z.object({
          at: time,
          level: z.enum(["warn", "error"]),
          sentence: z.string(),
          runId: z.string().nullable(),
        }),
      )
      .describe("the last 20 warnings and errors of this process's log, newest first"),
  })
  .meta({ id: "Health" });
export type HealthView = z.infer<typeof HealthView>;
