// An event in two parts, as every store keeps it: its body as bytes, and the rest as JSON.

import type { Event } from "../../shared/event.ts";

type WithoutBody<E> = E extends unknown ? Omit<E, "raw" | "data"> : never;

/** An event in two columns: its body as bytes (for other sources than webhooks the bytes of its JSON), and the rest. */
export function packEvent(event: Event): { event: string; raw: Uint8Array } {
  if (event.kind === "webhook") {
    const { raw, ...rest } = event;
    return { event: JSON.stringify(rest), raw };
  }
  const { data, ...rest } = event;
  return { event: JSON.stringify(rest), raw: Buffer.from(JSON.stringify(data ?? null)) };
}

export function unpackEvent(row: { event: string; raw: Uint8Array }): Event {
  const rest: WithoutBody<Event> = JSON.parse(row.event);
  if (rest.kind === "webhook") return { ...rest, raw: row.raw };
  return { ...rest, data: JSON.parse(Buffer.from(row.raw).toString()) };
}
