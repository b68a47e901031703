// One delivery as a person sees it: the request with its body, what the steps would see, and what became of it.

import type { DeliveryView } from "../../shared/api-views.ts";
import type { Delivery, Verdict } from "../../shared/delivery.ts";
import { type EventRequest, webhookData } from "../../shared/event.ts";
import type { Run } from "../../shared/run.ts";
import { eventOf, readDelivery } from "../engine/run-delivery.ts";
import { bodyText } from "../formats/body-text.ts";
import type { RouteDeps } from "./deps.ts";
import { type Mask, maskOf } from "./masks.ts";
import { catchUrl, eventSummary } from "./views.ts";

type WebhookEvent = Extract<Run["event"], { kind: "webhook" }>;

/** A delivery, or the run that one became: what both know of the request. */
export interface Caught
  extends Pick<Delivery, "id" | "workspaceId" | "flowId" | "at" | "problem" | "runId" | "bytes" | "status"> {
  verdict: Verdict;
  request: EventRequest;
  raw: Uint8Array;
  from: string | null;
  runStatus: Run["status"] | null;
  /** Of one that was accepted. */
  event: WebhookEvent | null;
}

/** Null for a run that came by no catch URL, or that only runs again what did. */
export function caughtOf(found: Delivery | Run): Caught | null {
  if ("verdict" in found) return { ...found, from: found.from || null, runStatus: null, event: null };
  const { id, workspaceId, flowId, createdAt: at, event, status, response, replayOf } = found;
  if (event.kind !== "webhook" || replayOf !== null) return null;
  return {
    id,
    workspaceId,
    flowId,
    at,
    verdict: "accepted",
    problem: null,
    runId: id,
    runStatus: status,
    request: event.request,
    raw: event.raw,
    bytes: event.raw.byteLength,
    status: response?.status ?? 202,
    from: null,
    event,
  };
}

export async function deliveryView(deps: RouteDeps, caught: Caught): Promise<DeliveryView> {
  const { id, flowId, at, verdict, problem, runId, runStatus, bytes, status, from, raw } = caught;
  const [flow, mask, first] = await Promise.all([
    deps.store.flows.get(flowId),
    maskOf(deps, { id: flowId, workspaceId: caught.workspaceId }),
    verdict === "duplicate" && runId !== null ? deps.store.runs.get(runId) : null,
  ]);
  const request = mask.request(caught.request);
  const shown = mask.bytes(raw);
  const text = bodyText(shown, request.contentType);
  return {
    id,
    flowId,
    flowName: flow?.name ?? "(deleted)",
    at,
    verdict,
    problem: mask.problem(problem),
    runId,
    runStatus,
    method: request.method,
    contentType: request.contentType,
    summary: mask.text(eventSummary(eventOf({ ...caught, request, raw: shown }, ""))),
    bytes,
    status,
    from,
    url: flow ? `${catchUrl(deps, flow.catchKey)}${queryText(request.query)}` : "",
    headers: request.headers,
    notes: request.notes ?? [],
    text: text === null ? null : mask.text(text),
    base64: Buffer.from(shown).toString("base64"),
    kept: raw.byteLength,
    ...dataOf(caught, request, mask),
    duplicateOfAt: first?.createdAt ?? null,
  };
}

function dataOf(
  caught: Caught,
  request: EventRequest,
  mask: Mask,
): Pick<DeliveryView, "data" | "unreadable"> {
  const read = readDelivery(caught);
  if (!read.ok) return { data: null, unreadable: mask.text(read.problem.sentence) };
  return { data: mask.data(webhookData(eventOf({ ...caught, request }, ""), read.body)), unreadable: null };
}

function queryText(query: EventRequest["query"]): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`;
}
