// An event in two parts, as every store keeps it: its body as bytes, and the rest as JSON.

import type { Event } from "../../shared/event.ts";

type WithoutBody<E> = E extends unknown ? Omit<E, "raw" | "data"> : never;

/** An event in two columns: its body as bytes (for other sources than webhooks the bytes of its JSON), and the rest. */
export function packEvent(event: Event): { event: string; raw: Uint8Array } {
  if (event.kind === "webhook") {
    const { kind, id, at, request } = event;
    return { event: toText({ kind, id, at, request }), raw: event.raw };
  }
  const { kind, id, at, data } = event;
  return { event: toText({ kind, id, at }), raw: Buffer.from(JSON.stringify(data ?? null)) };
}

function toText(rest: WithoutBody<Event>): string {
  return JSON.stringify(rest);
}

export function unpackEvent(row: { event: string; raw: Uint8Array }): Event {
  const rest: WithoutBody<Event> = JSON.parse(row.event);
  if (rest.kind === "webhook") return { ...rest, raw: row.raw };
  return { ...rest, data: JSON.parse(Buffer.from(row.raw).toString()) };
}
