// Every body that a catch URL takes, from bytes to data: as what the sender says that it is, or as what it plainly is.

import { parseJson, readUtf8 } from "../../shared/event.ts";
import { charsetInXml, decodeText, isPlainText } from "./charset.ts";
import { type ContentType, type Format, formatOf, readContentType } from "./content-type.ts";
import { readCsv } from "./csv.ts";
import { readForm } from "./form.ts";
import { readJsonLines } from "./json-lines.ts";
import { readMessagePack } from "./messagepack.ts";
import { readMultipart } from "./multipart.ts";
import { looksLikeMultipart, sniff } from "./sniff.ts";
import { readXml } from "./xml.ts";

/** `notes` says in sentences what was read otherwise than it was said. */
export type ReadBody =
  | { ok: true; body: unknown; notes: string[] }
  | {
      ok: false;
      code:
        | "malformed-json"
        | "malformed-text"
        | "malformed-xml"
        | "malformed-form"
        | "malformed-csv"
        | "malformed-messagepack"
        | "too-deep"
        | "too-many-parts"
        | "unsupported-type";
      sentence: string;
    };

/** As most senders write it: one look, and nothing of the header is taken apart. */
const PLAIN_JSON = new Set([
  "application/json",
  "application/json; charset=utf-8",
  "application/json;charset=utf-8",
  "application/json; charset=UTF-8",
  "application/json;charset=UTF-8",
]);

/**
 * Bytes to data: JSON, forms with and without files, XML, CSV, JSON lines, MessagePack, text, and nothing (an empty
 * body is null). What the sender says counts, unless the body plainly is something else; then a note says so. Refuses
 * with a sentence what nobody could use later. Never throws.
 */
export function readBody(raw: Uint8Array, contentType: string): ReadBody {
  if (raw.byteLength === 0) return { ok: true, body: null, notes: [] };
  if (PLAIN_JSON.has(contentType)) {
    const decoded = readUtf8(raw);
    const parsed = decoded.ok ? parseJson(decoded.text) : decoded;
    if (parsed.ok) return { ok: true, body: parsed.body, notes: [] };
  }
  const said = readContentType(contentType);
  const format = formatOf(said.type);
  if (format === "messagepack") return withNotes(readMessagePack(raw), []);
  if (format === "multipart") return readMultipart(raw, said.boundary);
  if (looksLikeMultipart(raw)) {
    const read = readMultipart(raw, undefined);
    if (read.ok) return { ...read, notes: [otherwise(said, "a form with files")] };
  }
  return readText(raw, said, format);
}

type TextFormat = Exclude<Format, "messagepack" | "multipart">;

function readText(raw: Uint8Array, said: ContentType, format: TextFormat): ReadBody {
  const decoded = decodeText(raw, said.charset ?? charsetInXml(raw));
  if (!decoded.ok) return format === "other" ? unsupported(said) : decoded;
  const { text, notes } = decoded;
  // A format with a grammar is believed until it breaks it; in the others nearly everything is possible.
  const asSaid = format in STRICT ? readAs(format, text, said) : undefined;
  if (asSaid && (asSaid.ok || asSaid.code === "too-deep" || asSaid.code === "too-many-parts")) {
    return withNotes(asSaid, notes);
  }
  const sniffed = sniff(text, format, said.type);
  if (sniffed) return { ok: true, body: sniffed.body, notes: [...notes, otherwise(said, sniffed.as)] };
  return withNotes(asSaid ?? readAs(format, text, said), notes);
}

const STRICT: Partial<Record<TextFormat, true>> = { json: true, xml: true, "json lines": true };

type Unnoted = { ok: true; body: unknown; notes?: string[] } | Extract<ReadBody, { ok: false }>;

function readAs(format: TextFormat, text: string, said: ContentType): Unnoted {
  switch (format) {
    case "json":
      return parseJson(text);
    case "json lines":
      return readJsonLines(text);
    case "form":
      return readForm(text);
    case "xml":
      return readXml(text);
    case "csv":
      return readCsv(text);
    case "text":
      return { ok: true, body: text };
    case "unsaid":
      return readUnsaid(text, said);
    case "other":
      if (!mayBeText(text, said.type)) return unsupported(said);
      return { ok: true, body: text, notes: [otherwise(said, "text")] };
  }
}

/** JSON that is one number or one text is not sniffed elsewhere; here nothing speaks against it. */
function readUnsaid(text: string, said: ContentType): Unnoted {
  const json = parseJson(text);
  if (json.ok) return { ...json, notes: [otherwise(said, "JSON")] };
  return json.code === "too-deep" ? json : { ok: true, body: text, notes: [otherwise(said, "text")] };
}

/** Pictures and the like are never text, whatever their bytes look like. */
function mayBeText(text: string, type: string): boolean {
  return !/^(image|audio|video|font|model)\//.test(type) && !text.startsWith("%PDF-") && isPlainText(text);
}

function withNotes(read: Unnoted, notes: string[]): ReadBody {
  return read.ok ? { ok: true, body: read.body, notes: [...notes, ...(read.notes ?? [])] } : read;
}

function otherwise({ type }: ContentType, as: string): string {
  return type === ""
    ? `Came without a content type, read as ${as}.`
    : `Said to be ${type.slice(0, 100)}, read as ${as}.`;
}

function unsupported({ type }: ContentType): ReadBody {
  return {
    ok: false,
    code: "unsupported-type",
    sentence: `A body of type “${type.slice(0, 100)}” is not read here; send JSON, a form (with or without files), XML, CSV, MessagePack or text.`,
  };
}
