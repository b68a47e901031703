// The catch trigger's sample has to be what a real request gives.

import { expect, test } from "vitest";
import { z } from "zod";
import { findTrigger } from "../../../server/connectors/registry.ts";
import { eventData } from "../../../server/formats/event-data.ts";
import { EventRequest } from "../../../shared/event.ts";

const Sample = EventRequest.omit({ contentType: true }).extend({
  body: z.unknown(),
  receivedAt: z.iso.datetime(),
});

test("the sample is what comes out when its own body is sent", () => {
  const trigger = findTrigger("webhook.catch");
  const sample = Sample.parse(trigger?.sample);
  const event = {
    kind: "webhook" as const,
    id: "evt_1",
    at: Date.parse(sample.receivedAt),
    request: { method: sample.method, query: {}, headers: sample.headers, contentType: "application/json" },
    raw: new TextEncoder().encode(JSON.stringify(sample.body)),
  };
  expect(eventData(event)).toEqual(sample);
  expect(trigger?.starts).toBe("catch");
  expect(trigger?.next({}, 0)).toBeNull();
});
