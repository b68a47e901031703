// What a body plainly is when its content type is missing, or says something that does not fit.

import { parseJson } from "../../shared/event.ts";
import type { Format } from "./content-type.ts";
import { readForm } from "./form.ts";
import { readJsonLines } from "./json-lines.ts";
import { readXml } from "./xml.ts";

export interface Sniffed {
  /** As the end of a sentence: “read as …”. */
  as: "JSON" | "JSON lines" | "XML" | "a form";
  body: unknown;
}

/** Undefined when it is not plainly anything. A number or a single word is nothing plain: it may be text. */
export function sniff(text: string, said: Format, type: string): Sniffed | undefined {
  const first = /\S/.exec(text)?.[0];
  if (first === "{" || first === "[") return sniffJson(text, said);
  if (first === "<" && said !== "xml" && type !== "text/html") return sniffXml(text, said);
  return said === "json" || said === "unsaid" ? sniffForm(text) : undefined;
}

/** Does it begin like a form with files? */
export function looksLikeMultipart(raw: Uint8Array): boolean {
  if (raw[0] !== 0x2d || raw[1] !== 0x2d) return false;
  const start = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, 1_024)).toString("latin1");
  return /^--[^\r\n]+\r\n(?:[\w-]+:[^\r\n]*\r\n)*?content-disposition:\s*form-data/i.test(start);
}

function sniffJson(text: string, said: Format): Sniffed | undefined {
  const json = said === "json" ? undefined : parseJson(text);
  if (json?.ok) return { as: "JSON", body: json.body };
  if (said === "json lines" || !/[}\]][ \t\r]*\n\s*[{[]/.test(text)) return undefined;
  const lines = readJsonLines(text);
  return lines.ok ? { as: "JSON lines", body: lines.body } : undefined;
}

/** What says that it is JSON and begins like XML is nothing else; elsewhere a `<` may begin a text. */
function sniffXml(text: string, said: Format): Sniffed | undefined {
  if (said !== "json" && !/^\s*<(\?xml\s|[\w.-]{1,50}:Envelope[\s>])/.test(text)) return undefined;
  const xml = readXml(text);
  return xml.ok ? { as: "XML", body: xml.body } : undefined;
}

const LONGEST_FORM = 100_000;
const FORM = /^[\w.~%+*[\]-]+=[^\s=&]*(?:&[\w.~%+*[\]-]+=[^\s=&]*)*\s*$/;

/** Names, values, and at least one value that is not empty: the end of a base64 text is none. */
function sniffForm(text: string): Sniffed | undefined {
  if (text.length > LONGEST_FORM || !FORM.test(text) || !/=[^\s&]/.test(text)) return undefined;
  const form = readForm(text.trim());
  return form.ok ? { as: "a form", body: form.body } : undefined;
}
