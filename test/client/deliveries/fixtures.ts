// A delivery that was taken, to be changed where a test needs it.

import type { DeliveryView } from "../../../shared/api-views.ts";

/** Noon, 1 January 2026, UTC. */
export const NOON = Date.UTC(2026, 0, 1, 12);

/** `text` (or `base64`) is the body; the bytes, their number and the start of it follow from it. */
export function aDelivery(change: Partial<DeliveryView> = {}): DeliveryView {
  const text = change.text === undefined ? '{"order":1001}' : change.text;
  const bytes = Buffer.from(change.base64 ?? text ?? "", change.base64 === undefined ? "utf8" : "base64");
  return {
    id: "dlv_1",
    flowId: "flow_1",
    flowName: "Orders",
    at: NOON,
    verdict: "accepted",
    problem: null,
    runId: null,
    runStatus: null,
    method: "POST",
    contentType: "application/json",
    summary: text ?? "",
    bytes: bytes.length,
    status: 202,
    from: "203.0.113.7",
    url: "https://hooks.example.com/catch/key",
    headers: { "content-type": "application/json" },
    notes: [],
    text,
    base64: bytes.toString("base64"),
    kept: change.bytes ?? bytes.length,
    data: { body: { order: 1001 } },
    unreadable: null,
    duplicateOfAt: null,
    ...change,
  };
}
