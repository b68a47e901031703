// Bytes to text by character set: UTF-8 unless the bytes or the sender say otherwise.

import { readUtf8 } from "../../shared/event.ts";

export type Decoded =
  | { ok: true; text: string; notes: string[] }
  | { ok: false; code: "malformed-text" | "unsupported-type"; sentence: string };

const UTF8_NAMES = new Set(["utf-8", "utf8", "us-ascii", "ascii"]);
const UTF16_NAMES = new Set(["utf-16", "utf16", "unicode", "ucs-2"]);

/**
 * The text, without a byte order mark. A byte order mark counts before what the sender said, and what is not UTF-8 is
 * decoded with a note. A character set that nobody here knows is refused by its name.
 */
export function decodeText(raw: Uint8Array, said: string | undefined): Decoded {
  const marked = markedCharset(raw);
  const charset = marked ?? said ?? "utf-8";
  if (UTF8_NAMES.has(charset)) {
    const utf8 = readUtf8(raw);
    return utf8.ok ? { ok: true, text: utf8.text, notes: [] } : utf8;
  }
  const decoder = decoderOf(UTF16_NAMES.has(charset) ? utf16Of(raw) : charset);
  if (!decoder) {
    const sentence = `The character set “${charset.slice(0, 60)}” is not read here; send UTF-8.`;
    return { ok: false, code: "unsupported-type", sentence };
  }
  try {
    return { ok: true, text: decoder.decode(raw), notes: [`Decoded from ${decoder.encoding}.`] };
  } catch {
    return { ok: false, code: "malformed-text", sentence: `The body is not valid ${charset}.` };
  }
}

/** What XML says of itself in its first line; what cannot be, as it was read byte by byte, is not believed. */
export function charsetInXml(raw: Uint8Array): string | undefined {
  if (raw[0] !== 0x3c || raw[1] !== 0x3f) return undefined;
  const start = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, 200)).toString("latin1");
  const [, charset] = /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(start) ?? [];
  return charset === undefined || /^(utf-?(16|32)|ucs)/i.test(charset) ? undefined : charset.toLowerCase();
}

/** Is it text to a person: no control characters but line breaks, tabs and the like? */
export function isPlainText(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x20 && (c < 0x08 || c > 0x0d) && c !== 0x1b) return false;
    if (c === 0x7f) return false;
  }
  return true;
}

function markedCharset(raw: Uint8Array): string | undefined {
  if (raw[0] === 0xff && raw[1] === 0xfe) return "utf-16le";
  if (raw[0] === 0xfe && raw[1] === 0xff) return "utf-16be";
  return raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf ? "utf-8" : undefined;
}

/** Nearly all text has its first character below 256, so one of its two bytes is zero. */
function utf16Of(raw: Uint8Array): string {
  return raw[0] === 0 ? "utf-16be" : "utf-16le";
}

function decoderOf(charset: string): TextDecoder | undefined {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    return undefined;
  }
}
