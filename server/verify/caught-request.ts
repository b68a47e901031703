// A request as it is looked at to know its sender, and how its parts are read: strictly, and the body only when asked.

import { collectPairs } from "../../shared/event.ts";
import type { RequestPart } from "../../shared/verification.ts";

export interface CaughtRequest {
  method: string;
  /** The public URL with path and query, from the configured PUBLIC_URL, never from Host. */
  url: string;
  query: Record<string, string | string[]>;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** Lower-case names that came more than once. */
  repeated: ReadonlySet<string>;
  contentType: string;
  raw: Uint8Array;
  /** Milliseconds since 1970. */
  now: number;
}

/** `twice` is never a value: another reader could take another one of them. */
export type PartRead = { kind: "value"; text: string } | { kind: "missing" } | { kind: "twice" };

const MISSING: PartRead = { kind: "missing" };
const TWICE: PartRead = { kind: "twice" };

/** A header that is not empty and came once. `or` is looked at when the first is not there at all. */
export function readHeader(request: CaughtRequest, name: string, or?: string): PartRead {
  const value = Object.hasOwn(request.headers, name) ? request.headers[name] : undefined;
  if (value === undefined) return or === undefined ? MISSING : readHeader(request, or);
  if (request.repeated.has(name)) return TWICE;
  return value === "" ? MISSING : { kind: "value", text: value };
}

/** A parameter of the address that is not empty and came once. */
export function readQuery(request: Pick<CaughtRequest, "query">, name: string): PartRead {
  const value = Object.hasOwn(request.query, name) ? request.query[name] : undefined;
  if (Array.isArray(value)) return TWICE;
  return value === undefined || value === "" ? MISSING : { kind: "value", text: value };
}

/** A text or number at `path` of data. A number that lost digits by being read tells nothing, so it is not there. */
export function readPath(data: unknown, path: string): PartRead {
  let at = data;
  for (const name of path.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return MISSING;
    at = (at as Record<string, unknown>)[name];
  }
  if (typeof at === "string" && at !== "") return { kind: "value", text: at };
  return Number.isSafeInteger(at) ? { kind: "value", text: String(at) } : MISSING;
}

/** How a part is called in a sentence. */
export function placeOf(part: RequestPart): string {
  switch (part.in) {
    case "header":
      return `the header ${part.name}`;
    case "signature":
      return `“${part.name}” of the signature`;
    case "body":
      return `the body's ${part.path}`;
  }
}

/** Is the body a form, by its content type? */
export function isForm(contentType: string): boolean {
  return (contentType.split(";", 1)[0] ?? "").trim().toLowerCase() === "application/x-www-form-urlencoded";
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The body as data, for the few schemes that keep something in it. Undefined when it cannot be read. */
export function bodyData(request: Pick<CaughtRequest, "contentType" | "raw">): unknown {
  try {
    const text = utf8.decode(request.raw);
    if (!isForm(request.contentType)) return JSON.parse(text);
    // a field that comes twice is a list, and so counts for nothing
    return collectPairs(new URLSearchParams(text));
  } catch {
    return undefined;
  }
}
