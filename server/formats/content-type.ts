// The Content-Type header in its parts, and which of the formats it names.

export interface ContentType {
  /** Lower case, without parameters; empty when the header is missing. */
  type: string;
  charset: string | undefined;
  boundary: string | undefined;
}

export type Format =
  | "json"
  | "json lines"
  | "form"
  | "multipart"
  | "xml"
  | "csv"
  | "messagepack"
  | "text"
  /** The header is missing. */
  | "unsaid"
  /** The header names something else. */
  | "other";

const PARAMETER = /;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g;

export function readContentType(header: string): ContentType {
  const semicolon = header.indexOf(";");
  const type = (semicolon === -1 ? header : header.slice(0, semicolon)).trim().toLowerCase();
  const parameters = new Map<string, string>();
  if (semicolon !== -1) {
    for (const [, name = "", quoted, plain = ""] of header.slice(semicolon).matchAll(PARAMETER)) {
      const value = quoted === undefined ? plain.trim() : quoted.replaceAll(/\\(.)/g, "$1");
      if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value);
    }
  }
  return {
    type,
    charset: parameters.get("charset")?.toLowerCase() || undefined,
    boundary: parameters.get("boundary") || undefined,
  };
}

const BY_TYPE = new Map<string, Format>([
  ["", "unsaid"],
  ["application/json", "json"],
  ["application/x-json", "json"],
  ["application/csp-report", "json"],
  ["text/json", "json"],
  ["text/x-json", "json"],
  ["application/x-ndjson", "json lines"],
  ["application/ndjson", "json lines"],
  ["application/jsonl", "json lines"],
  ["application/x-jsonl", "json lines"],
  ["application/jsonlines", "json lines"],
  ["application/x-jsonlines", "json lines"],
  ["text/x-ndjson", "json lines"],
  ["application/x-www-form-urlencoded", "form"],
  ["multipart/form-data", "multipart"],
  ["application/xml", "xml"],
  ["text/xml", "xml"],
  ["text/csv", "csv"],
  ["text/tab-separated-values", "csv"],
  ["application/csv", "csv"],
  ["application/msgpack", "messagepack"],
  ["application/x-msgpack", "messagepack"],
  ["application/vnd.msgpack", "messagepack"],
]);

export function formatOf(type: string): Format {
  const known = BY_TYPE.get(type);
  if (known !== undefined) return known;
  if (type.endsWith("+json")) return "json";
  if (type.endsWith("+xml")) return "xml";
  if (type.endsWith("+msgpack")) return "messagepack";
  return type.startsWith("text/") ? "text" : "other";
}
