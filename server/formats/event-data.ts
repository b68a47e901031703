// What the steps of a flow see of an event as `trigger`.

import { type Event, webhookData } from "../../shared/event.ts";
import { readBody } from "./read-body.ts";

/**
 * The trigger's output. A webhook: method, query, headers, the body as data, the time as ISO text.
 * Its bytes were accepted once, so a body that cannot be read any more is a defect and throws.
 */
export function eventData(event: Event): unknown {
  if (event.kind !== "webhook") return event.data;
  const read = readBody(event.raw, event.request.contentType);
  if (!read.ok) throw new Error(`event ${event.id} can no longer be read: ${read.sentence}`);
  return webhookData(event, read.body);
}
