// Ready-made requests, as real senders make them, to build and try a flow with before anything real has come.

import { parseBody, type WebhookData } from "./event.ts";
import { EVERYDAY_EVENTS } from "./sample-events-everyday.ts";
import { SHOP_EVENTS } from "./sample-events-shop.ts";

export interface SampleEvent {
  /** Templates of flows name it; it never changes. */
  id: string;
  /** What happened, as a title. */
  name: string;
  /** Who sends such a request. */
  from: string;
  contentType: string;
  /** Names in lower case, without the content type. Signatures are left out: nobody here has the secret. */
  headers: Record<string, string>;
  /** As it is sent. */
  body: string;
}

export const SAMPLE_EVENTS: readonly SampleEvent[] = [...SHOP_EVENTS, ...EVERYDAY_EVENTS];

export function findSampleEvent(id: string): SampleEvent | undefined {
  return SAMPLE_EVENTS.find((event) => event.id === id);
}

/** What the steps of a flow would see as `trigger` if it arrived at that time (milliseconds since 1970). */
export function sampleEventData(event: SampleEvent, at: number): WebhookData {
  const parsed = parseBody(new TextEncoder().encode(event.body), event.contentType);
  return {
    method: "POST",
    query: {},
    headers: { "content-type": event.contentType, ...event.headers },
    body: parsed.ok ? parsed.body : event.body,
    receivedAt: new Date(at).toISOString(),
  };
}
