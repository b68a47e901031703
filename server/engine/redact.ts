// Takes secrets out of what is stored: by value, in every spelling a secret can turn up in.

const SHORTEST = 4;
export const MASK = "••••";

/** Headers and fields whose values are credentials, whoever wrote them. */
export const CREDENTIAL_NAME = /^(proxy-)?authorization$|^cookie$|api[-_]?key|token|secret|passw/i;

/** Told how long the value is as JSON text, `onLength` may throw. */
export type Redact = (value: unknown, onLength?: (length: number) => void) => unknown;

/**
 * A function that copies a JSON value with every given secret masked, in the texts and the keys of objects: as it
 * is, as base64 (also in the middle of a longer base64 text, as in Basic sign-in), hex, URL-encoded, JSON-escaped.
 * Without secrets the copy is still made plain JSON: what was stored and what is in hand are the same thing.
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
