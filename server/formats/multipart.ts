// Forms with files (multipart/form-data, RFC 7578), read from the bytes in memory.
//
// A file stays where it came: in the bytes of its delivery. Its name is only text, and never a path of this machine.

import { isTooDeep, MAX_DEPTH, parseJson } from "../../shared/event.ts";
import { decodeText } from "./charset.ts";
import { formatOf, readContentType } from "./content-type.ts";
import { nestPairs } from "./form.ts";
import { fileField } from "./multipart-file.ts";
import { type PartHead, readPartHead } from "./multipart-head.ts";

export type ReadMultipart =
  | { ok: true; body: Record<string, unknown>; notes: string[] }
  | { ok: false; code: "malformed-form" | "too-deep" | "too-many-parts"; sentence: string };

const MAX_PARTS = 5_000;
const MAX_BOUNDARY_CHARS = 200;
const CRLF = "\r\n";

/** Fields by name, nested as in other forms; a file is a `FileField`, and a part that says it is JSON is data. */
export function readMultipart(raw: Uint8Array, said: string | undefined): ReadMultipart {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const boundary = said ?? boundaryOf(bytes);
  if (boundary === undefined || boundary.length > MAX_BOUNDARY_CHARS) {
    return malformed("The content type of the form names no boundary that can be used");
  }
  const notes = said === undefined ? ["The content type named no boundary; it was taken from the body."] : [];
  const pairs: [string, unknown][] = [];
  for (const part of partsOf(bytes, boundary)) {
    if (typeof part === "string") return malformed(part);
    if (pairs.length === MAX_PARTS) {
      const sentence = `The form has more than ${MAX_PARTS.toLocaleString("en")} parts.`;
      return { ok: false, code: "too-many-parts", sentence };
    }
    const head = readPartHead(part.head);
    if (!head.ok) return malformed(`Part ${pairs.length + 1} of the form ${head.why}`);
    pairs.push([head.name, fieldOf(head, part.content, notes)]);
  }
  const read = nestPairs(pairs);
  if (!read.ok) return read;
  if (!isTooDeep(read.body)) return { ...read, notes };
  return { ok: false, code: "too-deep", sentence: `The form is nested more than ${MAX_DEPTH} levels deep.` };
}

/** The first line of a form is its boundary, whatever the content type says of it. */
function boundaryOf(bytes: Buffer): string | undefined {
  const start = bytes.toString("latin1", 0, MAX_BOUNDARY_CHARS + 4);
  return /^--([^\r\n]+)\r\n/.exec(start)?.[1];
}

interface Part {
  head: Buffer;
  content: Buffer;
}

const MAX_HEAD_BYTES = 16 * 1024;

/** The parts in their order, or in words what stops the reading. */
function* partsOf(bytes: Buffer, boundary: string): Generator<Part | string> {
  const delimiter = Buffer.from(`--${boundary}`, "latin1");
  let found = nextDelimiter(bytes, delimiter, 0);
  if (!found) return yield "The boundary that the content type names is nowhere in the body";
  if (found.last && found.before > 0)
    return yield "The boundary that the content type names is only at the end";
  for (let count = 1; !found.last; count++) {
    const { after } = found;
    // A part without headers has the empty line at once.
    const headEnd = bytes.subarray(after - 2, after + MAX_HEAD_BYTES).indexOf(CRLF + CRLF);
    if (headEnd === -1) return yield `The headers of part ${count} of the form do not end within 16 KB`;
    const head = bytes.subarray(after, Math.max(after, after - 2 + headEnd));
    const content = after + headEnd + 2;
    // The line break before a delimiter belongs to it, also where the content is empty.
    const next = nextDelimiter(bytes, delimiter, content - 2);
    if (!next) return yield `Part ${count} of the form does not end: the boundary after it is missing`;
    yield { head, content: bytes.subarray(content, Math.max(content, next.before)) };
    found = next;
  }
}

interface Delimiter {
  /** Where the content before it ends. */
  before: number;
  /** Where the line after it begins. */
  after: number;
  /** Is it the one at the end of the form? */
  last: boolean;
}

/** The next line that is the delimiter and nothing more; what only begins with it is content. */
function nextDelimiter(bytes: Buffer, delimiter: Buffer, from: number): Delimiter | undefined {
  for (let at = bytes.indexOf(delimiter, from); at !== -1; at = bytes.indexOf(delimiter, at + 1)) {
    if (at !== 0 && (bytes[at - 2] !== 0x0d || bytes[at - 1] !== 0x0a)) continue;
    let after = at + delimiter.length;
    if (bytes[after] === 0x2d && bytes[after + 1] === 0x2d) return { before: at - 2, after, last: true };
    while (bytes[after] === 0x20 || bytes[after] === 0x09) after++;
    if (bytes[after] === 0x0d && bytes[after + 1] === 0x0a) {
      return { before: at - 2, after: after + 2, last: false };
    }
  }
  return undefined;
}

/** A part that names a file, or whose type is none that is read as text, is a file. */
function fieldOf(head: PartHead, content: Buffer, notes: string[]): unknown {
  const { type, charset } = readContentType(head.contentType);
  const format = formatOf(type);
  if (head.filename !== undefined || format === "other" || format === "messagepack") {
    return fileField(head.filename ?? "", head.contentType || "application/octet-stream", content);
  }
  const decoded = decodeText(content, charset);
  if (!decoded.ok) {
    notes.push(`The field “${head.name}” is no text in its character set; it was decoded from windows-1252.`);
    return new TextDecoder("windows-1252").decode(content);
  }
  notes.push(...decoded.notes.map((note) => `The field “${head.name}”: ${note}`));
  if (format !== "json") return decoded.text;
  const json = parseJson(decoded.text);
  if (json.ok) return json.body;
  notes.push(`The field “${head.name}” is said to be ${type} and is not; it is read as text.`);
  return decoded.text;
}

function malformed(what: string): ReadMultipart {
  return { ok: false, code: "malformed-form", sentence: `${what}.` };
}
