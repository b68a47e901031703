// Runs and steps as the store keeps them, to fill one with.

import { newId } from "../../shared/id.ts";
import type { Run, StepRun } from "../../shared/run.ts";

/** A webhook's run that was accepted at `at` with this body. */
export function runAt(at: number, body: Uint8Array, change: Partial<Run> = {}): Run {
  const id = newId("run", at);
  return {
    id,
    workspaceId: "ws_1",
    flowId: "flow_1",
    versionId: "ver_1",
    status: "queued",
    fence: 0,
    leaseUntil: null,
    dedupeKey: id,
    event: {
      kind: "webhook",
      id: newId("evt", at),
      at,
      request: {
        method: "POST",
        query: {},
        headers: { host: "localhost", "user-agent": "bench", "content-type": "application/json" },
        contentType: "application/json",
      },
      raw: body,
    },
    createdAt: at,
    startedAt: null,
    finishedAt: null,
    wakeAt: null,
    problem: null,
    response: null,
    replayOf: null,
    ...change,
  };
}

export function stepAt(at: number, path: string): StepRun {
  return {
    path,
    status: "done",
    attempt: 1,
    input: { text: "Order 1001", to: "#orders" },
    output: { ok: true, body: "y".repeat(500) },
    port: "main",
    problem: null,
    startedAt: at,
    finishedAt: at + 10,
    until: null,
    attempts: [],
  };
}
