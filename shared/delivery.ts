// A delivery is one HTTP request that reached a catch URL, with its verdict.

import { z } from "zod";
import type { Event, EventRequest } from "./event.ts";
import type { Problem } from "./problem.ts";
import type { Run, RunResponse } from "./run.ts";

/** What became of a request to a catch URL. */
export type Received =
  | {
      kind: "accepted";
      run: Run;
      /** All of them, where a list was split into a run for each item. */
      runIds: string[];
      /** What the sender waits for: the flow's own answer, the run's end, or nothing. */
      waitsFor: "answer" | "end" | "nothing";
      /** What it hears at once instead of the run's id. */
      fixed: RunResponse | null;
    }
  | { kind: "duplicate"; of: { runId: string; at: number } }
  /** The sender asked whether somebody is there. */
  | { kind: "handshake"; answer: { status: number; headers: Record<string, string>; body: string } }
  /** The flow's “only if” does not hold. */
  | { kind: "filtered" }
  /** The flow is not published or paused: kept as a sample. */
  | { kind: "asleep"; sampleId: string; why: "draft" | "paused" | "not-a-webhook" }
  | { kind: "refused"; status: RefusedStatus; problem: Problem; retryAfterSeconds?: number; allow?: string }
  | { kind: "unknown" }
  /** Not stored; the sender should come again. */
  | { kind: "busy"; problem: Problem; retryAfterSeconds: number };

export type RefusedStatus = 400 | 401 | 403 | 405 | 413 | 415 | 422 | 429 | 500 | 503;

export const Verdict = z.enum([
  /** It is a run now. */
  "accepted",
  /** The same thing came before. */
  "duplicate",
  /** The sender asked whether somebody is there; it was answered, and is no event. */
  "handshake",
  /** Not taken: `problem` says why. */
  "refused",
  /** The flow is not published, paused, or started by something else. */
  "asleep",
  /** The flow's “only if” does not hold. */
  "filtered",
]);
export type Verdict = z.infer<typeof Verdict>;

/**
 * A request that became no run. One that was accepted is its run: the run holds the request, so that accepting stays
 * one insert.
 */
export interface Delivery {
  id: string;
  workspaceId: string;
  flowId: string;
  /** When it came, milliseconds since 1970. */
  at: number;
  verdict: Exclude<Verdict, "accepted">;
  /** Why it was not taken, in words. */
  problem: Problem | null;
  /** Of a duplicate: the run that the first one became. */
  runId: string | null;
  /** What came beside the body; secrets are masked already. */
  request: EventRequest;
  raw: Uint8Array;
  /** How long the body was; `raw` is its start when it was longer than what is kept of one that was not taken. */
  bytes: number;
  /** What was answered. */
  status: number;
  /** The address that it came from. */
  from: string;
}

/** What is kept of the body of a delivery that was refused: enough to see what it was. */
export const REFUSED_BYTES = 64 * 1024;
/** And of all other verdicts: the usual event as a whole, so that it can still be run. */
export const OTHERS_BYTES = 512 * 1024;
/** How many deliveries of a flow are kept that were refused: whoever knows the address must not fill the disk. */
export const REFUSED_KEPT = 500;
/** And of all other verdicts. */
export const OTHERS_KEPT = 2_000;

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
