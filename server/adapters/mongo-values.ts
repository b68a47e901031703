// How values become fields of a document and come back unchanged.

/** Free text as it is kept. */
export type Text = string | Buffer;

/**
 * BSON's text is UTF-8, which has no lone surrogates: two different dedupe keys would become one. Such text is kept as
 * the bytes of its UTF-16.
 */
export function packText(text: string): Text {
  return text.isWellFormed() ? text : Buffer.from(text, "utf16le");
}

export function unpackText(value: Text): string {
  return typeof value === "string" ? value : Buffer.from(value).toString("utf16le");
}

/** Bytes of the caller's own, apart from the message of the driver that they came in. */
export function ownBytes(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

/** As SQLite's `lower`: a search for “É” finds no “é”. */
export function lowerAscii(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The type is what was written as JSON into this field. */
export function fromJson<T>(text: string): T {
  return JSON.parse(text);
}
