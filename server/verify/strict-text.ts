// Hex and base64 read strictly, and texts compared without telling by the time it takes how alike they are.

import { createHash, timingSafeEqual } from "node:crypto";

/**
 * The bytes, or undefined when the text is anything but their one spelling: `Buffer.from` alone drops what it does not
 * understand, so that `00zz` would be as good as `00`.
 */
export function decodeStrict(text: string, encoding: "hex" | "base64", maxBytes: number): Buffer | undefined {
  if (text.length > maxBytes * 2 + 4) return undefined;
  const bytes = Buffer.from(text, encoding);
  if (bytes.byteLength === 0 || bytes.byteLength > maxBytes) return undefined;
  const spelled = encoding === "hex" ? text.toLowerCase() : text;
  return bytes.toString(encoding) === spelled ? bytes : undefined;
}

/** Constant in time for whatever is compared: both sides are hashed first, so that not even the length shows. */
export function sameText(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}

/** Is it one of these? Every one is looked at. */
export function isOneOf(text: string | Uint8Array, all: readonly string[]): boolean {
  let found = false;
  for (const one of all) found = sameText(text, one) || found;
  return found;
}

function sha256(data: string | Uint8Array): Buffer {
  return createHash("sha256").update(data).digest();
}
