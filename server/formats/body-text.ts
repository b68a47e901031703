// A body as text to show to a person.

import { decodeText, isPlainText } from "./charset.ts";
import { readContentType } from "./content-type.ts";

/**
 * The body as it was written, or null when its bytes are no text. A body of which only the start was kept may end in
 * the middle of a character.
 */
export function bodyText(raw: Uint8Array, contentType: string): string | null {
  const decoded = decodeText(raw, readContentType(contentType).charset);
  const text = decoded.ok ? decoded.text : startInUtf8(raw);
  return text !== null && isPlainText(text) ? text : null;
}

function startInUtf8(raw: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(raw, { stream: true });
  } catch {
    return null;
  }
}
