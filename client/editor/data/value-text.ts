// A value on one line, for previews: text as it is, the rest as JSON, long ones cut.

export function isNested(value: unknown): value is Record<string, unknown> | unknown[] {
  return typeof value === "object" && value !== null;
}

/** A short look: `Ada`, `59.8`, `3 items`, `{ id, name, … }`. */
export function previewOf(value: unknown, most = 80): string {
  if (Array.isArray(value)) return value.length === 1 ? "1 item" : `${value.length} items`;
  if (isNested(value)) {
    const keys = Object.keys(value);
    if (keys.length === 0) return "{ }";
    return `{ ${keys.slice(0, 3).join(", ")}${keys.length > 3 ? ", …" : ""} }`;
  }
  return lineOf(value, most);
}

/** All of it, on one line, cut at `most` characters. */
export function lineOf(value: unknown, most = 160): string {
  const text =
    typeof value === "string" ? (value === "" ? "(empty text)" : value) : (JSON.stringify(value) ?? "null");
  const line = text.slice(0, most * 2).replace(/\s+/g, " ");
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
