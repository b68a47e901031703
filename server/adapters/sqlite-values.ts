// How values become columns and come back unchanged.

/** JSON data; `undefined` is null, as it is everywhere in JSON. */
export function toJson(value: unknown): string {
  return JSON.stringify(value ?? null);
}

export function toJsonOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

/** The type is what was given to `toJson` for this column. */
export function fromJson<T>(text: string): T {
  return JSON.parse(text);
}

export function fromJsonOrNull<T>(text: string | null): T | null {
  return text === null ? null : JSON.parse(text);
}

/**
 * Free text for an ANY column. UTF-8 has no lone surrogates and SQLite would silently replace them, so that two
 * different dedupe keys became one: such text is kept as the bytes of its UTF-16.
 */
export function packText(text: string): string | Uint8Array {
  return text.isWellFormed() ? text : ownBytes(Buffer.from(text, "utf16le"));
}

export function unpackText(value: string | Uint8Array): string {
  return typeof value === "string" ? value : Buffer.from(value).toString("utf16le");
}

/**
 * The bytes in memory of their own. What is sent to another thread is copied with everything that it is a part of, and
 * small Buffers are parts of a large one.
 */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}

/** `?` for each of the values. */
export function marks(values: readonly unknown[]): string {
  return values.map(() => "?").join(", ");
}
