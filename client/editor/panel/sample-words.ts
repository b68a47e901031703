// A sample in a few words: what a person can tell it from the others by.

import type { Sample } from "../../api/flows.ts";
import { isNested, lineOf } from "../data/value-text.ts";

/** Its own name, or what is in it. */
export function sampleWords({ name, from, event }: Pick<Sample, "name" | "from" | "event">): string {
  if (from === "made") return name;
  return summaryOf(event.data) ?? name;
}

/** Keys whose value mostly says which thing an event is about, the telling ones first. */
const TELLING = [
  "name",
  "subject",
  "title",
  "event",
  "type",
  "topic",
  "order_number",
  "number",
  "email",
  "message",
  "id",
];

/** `name #1001`, or the first keys. */
export function summaryOf(data: unknown): string | undefined {
  const body = isNested(data) && "body" in data ? data.body : data;
  if (!isNested(body))
    return body === undefined || body === null || body === "" ? undefined : lineOf(body, 60);
  if (Array.isArray(body))
    return body.length === 1 ? "a list with 1 item" : `a list with ${body.length} items`;
  const entries = Object.entries(body).filter(
    ([, value]) => !isNested(value) && value !== null && value !== "",
  );
  const telling = TELLING.flatMap((key) => entries.filter(([own]) => own.toLowerCase() === key)).slice(0, 2);
  const shown = telling.length > 0 ? telling : entries.slice(0, 2);
  if (shown.length === 0) return undefined;
  return shown.map(([key, value]) => `${key} ${lineOf(value, 34)}`).join(", ");
}
