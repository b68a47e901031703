// An event is the thing that happened, as the trigger gives it to a flow; here too is how the bytes of a request become data.

import { z } from "zod";

/** What is kept of a request that reached a catch URL. Header names are lower case. */
export const EventRequest = z.object({
  method: z.string(),
  query: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  headers: z.record(z.string(), z.string()),
  contentType: z.string(),
  /** What was understood otherwise than it was said, such as JSON that came as text. */
  notes: z.array(z.string()).optional(),
});
export type EventRequest = z.infer<typeof EventRequest>;

/**
 * One event. A webhook carries its request and the raw bytes, which are the only copy of its body: the server reads
 * them again where the data is needed (`server/formats/event-data.ts`). Every other source carries its data as it is.
 */
export type Event =
  | { kind: "webhook"; id: string; at: number; request: EventRequest; raw: Uint8Array }
  | { kind: "schedule" | "manual"; id: string; at: number; data: unknown };

/** What the steps of a flow see as `trigger`. */
export interface WebhookData {
  method: string;
  query: Record<string, string | string[]>;
  headers: Record<string, string>;
  body: unknown;
  receivedAt: string;
}

/** The trigger's output of a webhook whose body is data already: method, query, headers, body, the time as ISO text. */
export function webhookData(event: Event & { kind: "webhook" }, body: unknown): WebhookData {
  const { method, query, headers } = event.request;
  return { method, query, headers, body, receivedAt: new Date(event.at).toISOString() };
}

export type ParsedBody =
  | { ok: true; body: unknown }
  | {
      ok: false;
      code: "malformed-json" | "malformed-text" | "too-deep" | "unsupported-type";
      sentence: string;
    };

export type ParsedJson =
  | { ok: true; body: unknown }
  | { ok: false; code: "malformed-json" | "too-deep"; sentence: string };

export type Utf8Text = { ok: true; text: string } | { ok: false; code: "malformed-text"; sentence: string };

/** Levels of arrays and objects in a body; deeper ones overflow serialisers further on. */
export const MAX_DEPTH = 64;

/**
 * Bytes to data by content type, where only plain formats come (what reaches a catch URL is read by
 * `server/formats/read-body.ts`): JSON (`application/json`, any `+json`), form (`x-www-form-urlencoded`; a name that
 * comes more than once becomes a list), `text/*`, and nothing (empty body, null). Text is UTF-8 and nothing else.
 * Without a content type, a body that parses as JSON is JSON, and any other text is text.
 */
export function parseBody(raw: Uint8Array, contentType: string): ParsedBody {
  if (raw.byteLength === 0) return { ok: true, body: null };
  const [type = "", ...parameters] = contentType
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  const charset = parameters
    .find((p) => p.startsWith("charset="))
    ?.slice(8)
    .replaceAll('"', "");
  if (charset !== undefined && !["utf-8", "utf8", "us-ascii"].includes(charset)) {
    return {
      ok: false,
      code: "unsupported-type",
      sentence: `The character set “${charset}” is not read here; send UTF-8.`,
    };
  }
  const isJson = type === "application/json" || type.endsWith("+json");
  const isForm = type === "application/x-www-form-urlencoded";
  if (!isJson && !isForm && type !== "" && !type.startsWith("text/")) {
    return {
      ok: false,
      code: "unsupported-type",
      sentence: `A body of type “${type}” is not read here; send JSON, a form or text.`,
    };
  }
  const decoded = readUtf8(raw);
  if (!decoded.ok) return decoded;
  const { text } = decoded;
  if (isForm) return { ok: true, body: parseForm(text) };
  if (isJson) return parseJson(text);
  if (type === "") {
    const json = parseJson(text);
    if (json.ok || json.code === "too-deep") return json;
  }
  return { ok: true, body: text };
}

/** Text to data, no deeper than MAX_DEPTH; says where it is no JSON. */
export function parseJson(text: string): ParsedJson {
  if (hasManyBrackets(text) && depthOf(text) > MAX_DEPTH) {
    return {
      ok: false,
      code: "too-deep",
      sentence: `The JSON is nested more than ${MAX_DEPTH} levels deep.`,
    };
  }
  try {
    return { ok: true, body: JSON.parse(text) };
  } catch (error) {
    return {
      ok: false,
      code: "malformed-json",
      sentence: `The body is not valid JSON: ${explain(error, text)}`,
    };
  }
}

/** The engine's own message, with line and column where it names a position. */
function explain(error: unknown, text: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position === undefined || /line \d+/.test(message)) return `${message}.`;
  const before = text.slice(0, Number(position)).split("\n");
  return `${message} (line ${before.length} column ${(before.at(-1)?.length ?? 0) + 1}).`;
}

/** Without so many, nothing is too deep: finding a few costs much less than looking at every character. */
function hasManyBrackets(text: string): boolean {
  let count = 0;
  for (const bracket of ["{", "["])
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1))
      if (++count > MAX_DEPTH) return true;
  return false;
}

/** The deepest nesting of brackets outside strings, in one pass over the text. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x5c) i++;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
    else if (c === 0x7b || c === 0x5b) {
      depth++;
      if (depth > deepest) deepest = depth;
    } else if (c === 0x7d || c === 0x5d) depth--;
  }
  return deepest;
}

/** Is data, however it came, nested deeper than a body may be? */
export function isTooDeep(data: unknown, levels = MAX_DEPTH): boolean {
  if (typeof data !== "object" || data === null) return false;
  return levels === 0 || Object.values(data).some((value) => isTooDeep(value, levels - 1));
}

function parseForm(text: string): Record<string, string | string[]> {
  return collectPairs(new URLSearchParams(text));
}

/** Names that come twice become a list. Every name is kept as data, `__proto__` too. */
export function collectPairs(pairs: Iterable<[string, string]>): Record<string, string | string[]> {
  const found = new Map<string, string | string[]>();
  for (const [name, value] of pairs) {
    const before = found.get(name);
    // Added to, never copied: a name that comes 100,000 times would cost 100,000 copies of what came before.
    if (Array.isArray(before)) before.push(value);
    else found.set(name, before === undefined ? value : [before, value]);
  }
  return Object.fromEntries(found);
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

/** Bytes to text, without a byte order mark; says where they are no UTF-8. */
export function readUtf8(raw: Uint8Array): Utf8Text {
  try {
    return { ok: true, text: strictUtf8.decode(raw) };
  } catch {
    const sentence = `The body is not valid UTF-8 (at byte ${firstBadByte(raw)}).`;
    return { ok: false, code: "malformed-text", sentence };
  }
}

const PIECE = 64 * 1024;

/** Where decoding first fails: the piece that it fails in, then by halving, as the decoder does not say. */
function firstBadByte(raw: Uint8Array): number {
  const whole = new TextDecoder("utf-8", { fatal: true });
  let good = 0;
  while (good + PIECE < raw.byteLength && decodes(whole, raw.subarray(good, good + PIECE))) good += PIECE;
  // a character may lie across the border
  const from = Math.max(0, good - 4);
  const start = from === 0 ? 0 : characterAt(raw, from);
  let bad = Math.min(raw.byteLength, good + PIECE);
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    const decoder = new TextDecoder("utf-8", { fatal: true });
    if (decodes(decoder, raw.subarray(start, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function decodes(decoder: TextDecoder, bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** The start of a character at or after `at`: bytes that go on with one look like 10xxxxxx. */
function characterAt(raw: Uint8Array, at: number): number {
  let start = at;
  while (((raw[start] ?? 0) & 0xc0) === 0x80) start++;
  return start;
}
