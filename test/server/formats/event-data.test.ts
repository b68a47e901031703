// What the steps of a flow see of an event.

import { expect, test } from "vitest";
import { eventData } from "../../../server/formats/event-data.ts";
import type { Event } from "../../../shared/event.ts";
import { payloads } from "../../kit/payloads.ts";

function webhook(raw: Uint8Array, contentType: string): Event {
  const request = { method: "POST", query: { a: "1" }, headers: { "x-id": "7" }, contentType };
  return { kind: "webhook", id: "evt_1", at: 0, request, raw };
}

test("a webhook is its request with the body as data", () => {
  expect(eventData(webhook(Buffer.from("<a>1</a>"), "text/xml"))).toEqual({
    method: "POST",
    query: { a: "1" },
    headers: { "x-id": "7" },
    body: { a: "1" },
    receivedAt: "1970-01-01T00:00:00.000Z",
  });
});

test.each(Object.values(payloads).map((payload) => [payload.name, payload] as const))(
  "%s is data without a note",
  (_, { body, headers }) => {
    const contentType = headers["content-type"] ?? "";
    expect(eventData(webhook(body, contentType))).toHaveProperty("body");
  },
);

test("any other event carries its data as it is", () => {
  const data = { plan: "daily" };
  expect(eventData({ kind: "schedule", id: "evt_1", at: 0, data })).toBe(data);
});

test("a body that was accepted and can no longer be read is a defect", () => {
  expect(() => eventData(webhook(Buffer.from("{"), "application/json"))).toThrow(
    /evt_1 can no longer be read/,
  );
});
