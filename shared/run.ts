// A run is one event carried through one version; a StepRun is what one step of it did.

import { z } from "zod";
import type { Event } from "./event.ts";
import { Problem } from "./problem.ts";

export const RunStatus = z.enum([
  /** accepted, not begun */
  "queued",
  /** a worker has it in hand */
  "running",
  /** nothing to do until `wakeAt` */
  "waiting",
  /** a step may have happened or not; a person decides */
  "asking",
  "succeeded",
  "failed",
  "canceled",
]);
export type RunStatus = z.infer<typeof RunStatus>;

export const FINAL_STATUSES: readonly RunStatus[] = ["succeeded", "failed", "canceled"];

export function isFinal(status: RunStatus): boolean {
  return FINAL_STATUSES.includes(status);
}

/** What a `respond` step answers to the caller of the catch URL. */
export const RunResponse = z.object({
  status: z.number().int().min(200).max(599),
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
});
export type RunResponse = z.infer<typeof RunResponse>;

/** Times are milliseconds since 1970. */
export interface Run {
  id: string;
  workspaceId: string;
  flowId: string;
  versionId: string;
  status: RunStatus;
  /** Goes up with every claim; a write that carries an older one is refused. */
  fence: number;
  /** Until when the claim holds; null when nobody has the run in hand. */
  leaseUntil: number | null;
  /** Unique within the flow: the id of the thing that happened or, when nothing better exists, the run's own id. */
  dedupeKey: string;
  event: Event;
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  /** When a waiting run goes on. */
  wakeAt: number | null;
  /** Why it failed, or what it asks. */
  problem: Problem | null;
  response: RunResponse | null;
  /** The run that this one runs again, or the delivery that somebody ran. */
  replayOf: string | null;
  /** The lines that it stands in until it has ended: it goes on when it is among the first of each. */
  lines?: string[];
}

export const StepStatus = z.enum([
  /** begun and not recorded yet; kept only for actions that must not be repeated unasked */
  "running",
  /** until `until`, by itself (a wait) or because an attempt failed (`problem` says why) */
  "waiting",
  /** an `each` whose items are being carried through */
  "looping",
  /** cut off in mid-flight; a person decides */
  "asking",
  "done",
  "failed",
  "skipped",
]);
export type StepStatus = z.infer<typeof StepStatus>;

export const Attempt = z.object({
  attempt: z.number().int(),
  startedAt: z.number(),
  finishedAt: z.number().nullable(),
  problem: Problem.nullable(),
});
/** An attempt that did not give the result. */
export type Attempt = z.infer<typeof Attempt>;

export const StepRun = z
  .object({
    path: z.string().describe("the step's id; inside a loop `loop[3]/step`"),
    status: StepStatus,
    attempt: z.number().int().describe("from 1"),
    input: z.unknown().describe("as rendered; secrets are never in it"),
    output: z.unknown(),
    port: z.string().nullable().describe("the port it was left by"),
    problem: Problem.nullable(),
    startedAt: z.number().nullable(),
    finishedAt: z.number().nullable(),
    until: z.number().nullable().describe("when a waiting step goes on"),
    attempts: z.array(Attempt).describe("the attempts that failed or were cut off, oldest first"),
  })
  .meta({
    id: "StepRun",
    examples: [
      {
        path: "notify",
        status: "done",
        attempt: 1,
        input: { text: "Order 1001" },
        output: { ok: true },
        port: "main",
        problem: null,
        startedAt: 1_790_000_000_000,
        finishedAt: 1_790_000_000_120,
        until: null,
        attempts: [],
      },
    ],
  });
export type StepRun = z.infer<typeof StepRun>;

/** What one execution of a step came to. */
export type Outcome =
  | { kind: "done"; output: unknown; port: string; response?: RunResponse }
  /** Go on at `until`, leaving by `main` with `output`. */
  | { kind: "wait"; until: number; output: unknown }
  /** Carry every item through the steps on the `each` port, at most `concurrency` at a time. */
  | { kind: "each"; items: unknown[]; concurrency: number; onItemError: "stop" | "continue" }
  /** The run ends here and now, whatever else is open. */
  | { kind: "end"; status: "succeeded" | "failed"; problem?: Problem; output: unknown }
  | {
      kind: "failed";
      problem: Problem;
      retryable: boolean;
      retryAfterMs?: number;
      /** The other side may have done it all the same. */
      maybeDone?: boolean;
    };

/** The path of a step in a scope: the top is "", inside a loop `loop[3]`. */
export function stepPath(scope: string, stepId: string): string {
  return scope === "" ? stepId : `${scope}/${stepId}`;
}

export function itemScope(loopPath: string, index: number): string {
  return `${loopPath}[${index}]`;
}

/** `outer[2]/inner[0]/email` → scope `outer[2]/inner[0]`, step `email`. */
export function splitPath(path: string): { scope: string; stepId: string } {
  const cut = path.lastIndexOf("/");
  return cut < 0 ? { scope: "", stepId: path } : { scope: path.slice(0, cut), stepId: path.slice(cut + 1) };
}

/** `outer[2]/inner[0]` → the loop's path `outer[2]/inner` and the item's index 0. */
export function splitScope(scope: string): { loopPath: string; index: number } {
  const cut = scope.lastIndexOf("[");
  return { loopPath: scope.slice(0, cut), index: Number(scope.slice(cut + 1, -1)) };
}
