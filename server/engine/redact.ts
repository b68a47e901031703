// Takes secrets out of what is stored: by value, in every spelling a secret can turn up in.

const SHORTEST = 4;
export const MASK = "••••";

/** Headers and fields whose values are credentials, whoever wrote them. */
export const CREDENTIAL_NAME = /^(proxy-)?authorization$|^cookie$|api[-_]?key|token|secret|passw/i;

/** Told how long the value is as JSON text, unless it is short, `onLength` may throw. */
export type Redact = (value: unknown, onLength?: (length: number) => void) => unknown;

/** In characters as JSON, at most; and in levels. */
const SHORT = 16 * 1024;
const SHALLOW = 20;

/**
 * A function that copies a JSON value with every given secret masked, in the texts and the keys of objects: as it
 * is, as base64 (also in the middle of a longer base64 text, as in Basic sign-in), hex, URL-encoded, JSON-escaped.
 * Without secrets the copy is still made plain JSON: what was stored and what is in hand are the same thing. A short
 * value that is plain JSON already, and holds no secret because there is none, is given as it is.
 */
export function createRedact(secrets: Iterable<string>): Redact {
  const spellings = [...new Set([...secrets].filter((s) => s.length >= SHORTEST).flatMap(spellingsOf))].sort(
    (a, b) => b.length - a.length,
  );
  const mask = (text: string) => {
    let result = text;
    for (const spelling of spellings)
      if (result.includes(spelling)) result = result.replaceAll(spelling, MASK);
    return result;
  };
  return (value, onLength) => {
    if (value === undefined) return null;
    if (spellings.length === 0 && leftOf(value, SHORT, SHALLOW) >= 0) return value;
    const json = jsonOf(value);
    if (json === undefined) return null;
    onLength?.(json.length);
    return spellings.length === 0 ? JSON.parse(json) : walk(JSON.parse(json), mask);
  };
}

function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    bytes.toString("base64"),
    bytes.toString("base64url"),
    ...[0, 1, 2].flatMap((before) => insideBase64(bytes, before)),
    bytes.toString("hex"),
    encodeURIComponent(secret),
    new URLSearchParams([["", secret]]).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
  ].filter((text) => text.length >= SHORTEST);
}

/** The characters that stay the same when `before` (mod 3) other bytes come first and anything comes after. */
function insideBase64(bytes: Buffer, before: number): string[] {
  const text = Buffer.concat([Buffer.alloc(before), bytes])
    .toString("base64")
    .replace(/=+$/, "");
  const lead = Math.ceil((before * 8) / 6);
  const whole = Math.floor(((before + bytes.length) * 8) / 6);
  const kept = text.slice(lead, whole);
  return kept.length >= 8 ? [kept, kept.replaceAll("+", "-").replaceAll("/", "_")] : [];
}

function walk(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === "string") return mask(value);
  if (Array.isArray(value)) return value.map((item) => walk(item, mask));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [mask(key), walk(item, mask)]));
  }
  return value;
}

/**
 * What is left of `room` characters after the value is written as JSON, at least; less than nothing when it does not
 * fit, or when JSON would not give it back as it is. For most results that takes a fifth of the time of a copy.
 */
function leftOf(value: unknown, room: number, levels: number): number {
  switch (typeof value) {
    case "string":
      return room - longest(value);
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0) ? room - 25 : -1;
    case "boolean":
      return room - 5;
    case "object":
      break;
    default:
      return -1;
  }
  if (value === null) return room - 4;
  let left = levels > 0 ? room - 2 : -1;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && left >= 0; i++) left = leftOf(value[i], left - 1, levels - 1);
    return left;
  }
  const kind = Object.getPrototypeOf(value);
  if (kind !== null && kind !== Object.prototype) return -1;
  for (const [key, item] of Object.entries(value)) {
    if (left < 0) return left;
    left = leftOf(item, left - longest(key) - 2, levels - 1);
  }
  return left;
}

/** Of a text as JSON: a character may become six. */
function longest(text: string): number {
  return 6 * text.length + 2;
}

/** The way with a function for each value takes several times as long, and is hardly ever needed. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return JSON.stringify(value, bigintAsText);
  }
}

function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
