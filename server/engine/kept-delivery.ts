// Keeps what reached a catch URL and became no run, so that a person can see it and why.

import {
  type Delivery,
  OTHERS_BYTES,
  OTHERS_KEPT,
  REFUSED_BYTES,
  REFUSED_KEPT,
} from "../../shared/delivery.ts";
import { newId } from "../../shared/id.ts";
import { TryLater } from "../../shared/problem.ts";
import type { CaughtFlow } from "../ports/store.ts";
import type { CatchRequest } from "./catch-request.ts";
import type { EngineDeps } from "./deps.ts";

export type KeepDeps = Pick<EngineDeps, "store" | "bus" | "clock" | "log">;

/**
 * What is to be kept of the request. A store that does not take it changes nothing about the answer: nothing was
 * promised, and the sender must not be told to send again what would be refused again.
 */
export async function keepDelivery(
  deps: KeepDeps,
  { id: flowId, workspaceId }: CaughtFlow,
  { method, query, headers, contentType, raw, from }: CatchRequest,
  about: Pick<Delivery, "verdict" | "status"> & Partial<Pick<Delivery, "problem" | "runId" | "bytes">>,
): Promise<void> {
  const at = deps.clock.now();
  const isRefused = about.verdict === "refused";
  const delivery: Delivery = {
    id: newId("dlv", at),
    workspaceId,
    flowId,
    at,
    problem: null,
    runId: null,
    bytes: raw.byteLength,
    ...about,
    request: { method, query, headers, contentType },
    raw: raw.subarray(0, isRefused ? REFUSED_BYTES : OTHERS_BYTES),
    from,
  };
  try {
    await deps.store.deliveries.insert(delivery, isRefused ? REFUSED_KEPT : OTHERS_KEPT);
    deps.bus.publish({ kind: "delivery", workspaceId, flowId, deliveryId: delivery.id });
  } catch (error) {
    if (!(error instanceof TryLater)) throw error;
    deps.log.warn({ err: error, flowId }, "a delivery that became no run could not be kept");
  }
}
