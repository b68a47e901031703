// A run as it begins.

import type { Run } from "../../shared/run.ts";
import type { Beginning } from "./begin-run.ts";
import { LEASE_MS } from "./hands.ts";

export interface NewRun
  extends Pick<Beginning, "flow" | "versionId" | "event" | "lines" | "dedupeKey" | "replayOf"> {
  id: string;
  /** In hand of this process already, for the queue, or behind others in its lines. */
  standing: "in hand" | "queued" | "in line";
}

/** A run that is new at `now`, milliseconds since 1970. */
export function newRun(about: NewRun, now: number): Run {
  const { id, flow, versionId, event, lines = [], dedupeKey, replayOf, standing } = about;
  const inHand = standing === "in hand";
  return {
    id,
    workspaceId: flow.workspaceId,
    flowId: flow.id,
    versionId,
    status: inHand ? "running" : standing === "queued" ? "queued" : "waiting",
    fence: inHand ? 1 : 0,
    leaseUntil: inHand ? now + LEASE_MS : null,
    dedupeKey: dedupeKey ?? id,
    event,
    createdAt: now,
    startedAt: inHand ? now : null,
    finishedAt: null,
    wakeAt: null,
    problem: null,
    response: null,
    replayOf: replayOf ?? null,
    ...(lines.length > 0 ? { lines } : {}),
  };
}
