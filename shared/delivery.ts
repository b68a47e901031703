// A delivery is one HTTP request that reached a catch URL, with its verdict.

import type { Event } from "./event.ts";
import type { Problem } from "./problem.ts";
import type { Run } from "./run.ts";

/** What became of a request to a catch URL. */
export type Received =
  | {
      kind: "accepted";
      run: Run /** the flow answers by itself: wait for `run.response` */;
      answers: boolean;
    }
  | { kind: "duplicate"; of: { runId: string; at: number } }
  /** The flow is not published or paused: kept as a sample. */
  | { kind: "asleep"; sampleId: string; why: "draft" | "paused" | "not-a-webhook" }
  | { kind: "refused"; status: 400 | 413 | 415; problem: Problem }
  | { kind: "unknown" }
  /** Not stored; the sender should come again. */
  | { kind: "busy"; problem: Problem; retryAfterSeconds: number };

/** A caught or made event to build and test a flow with. The last 20 of a flow are kept, and those that are pinned. */
export interface Sample {
  id: string;
  workspaceId: string;
  flowId: string;
  name: string;
  event: Event;
  createdAt: number;
  /** Kept until somebody lets go of it. */
  pinned: boolean;
}

/** How many that nobody pinned. */
export const SAMPLES_KEPT = 20;
export const SAMPLES_PINNED = 20;
