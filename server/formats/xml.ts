// XML as data. No document type, no entities of its own, no addresses are followed: what is in the bytes is all there is.

import { XMLParser, XMLValidator } from "fast-xml-parser";
import { isTooDeep, MAX_DEPTH } from "../../shared/event.ts";
import { moreThan } from "./form.ts";
import { dataOfXml } from "./xml-data.ts";

export type ReadXml =
  | { ok: true; body: Record<string, unknown> }
  | { ok: false; code: "malformed-xml" | "too-deep" | "too-many-parts"; sentence: string };

/** Tags with their ends, and attributes: each costs more to read than it weighs. */
const MAX_TAGS = 100_000;
const MAX_ATTRIBUTES = 20_000;
const MAX_TAG_CHARS = 200_000;

/**
 * `{ order: … }` for `<order>`. An element with text only is its text; else it is an object with its attributes as
 * `@name`, its elements by name as they are written (`soap:Body`), and its own text as `#text`. An element that comes
 * more than once is a list. Values stay text.
 */
export function readXml(text: string): ReadXml {
  const tooMany = tooManyOf(text);
  if (tooMany) return { ok: false, code: "too-many-parts", sentence: `The XML has more than ${tooMany}.` };
  if (hasDoctype(text)) {
    return malformed("has a document type (<!DOCTYPE …>), which is not read here; send it without");
  }
  const found = XMLValidator.validate(text);
  if (found !== true) {
    const { msg, line, col } = found.err;
    const message = msg.length > 200 ? `${msg.slice(0, 200).toWellFormed()}…` : msg.replace(/\.$/, "");
    return malformed(`is not well-formed: ${message} (line ${line}${col ? ` column ${col}` : ""})`);
  }
  if (text.slice(text.lastIndexOf(">") + 1).trim() !== "") return malformed("has text after its end");
  return parsed(text);
}

function parsed(text: string): ReadXml {
  let body: Record<string, unknown> | undefined;
  try {
    body = dataOfXml(reader().parse(text));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (message === "Maximum nested tags exceeded") return tooDeep();
    const [, name] = /Invalid name: "(\w+)"/.exec(message) ?? [];
    if (name !== undefined) return malformed(`has an element named “${name}”, which is not read here`);
    return malformed(`cannot be read: ${message.slice(0, 200).toWellFormed()}`);
  }
  if (body === undefined) return malformed("has more than one outermost element, or none");
  return isTooDeep(body) ? tooDeep() : { ok: true, body };
}

/** As a list of what comes in which order, so that nothing is merged, trimmed or resolved before it is ours. */
function reader(): XMLParser {
  return new XMLParser({
    preserveOrder: true,
    processEntities: false,
    htmlEntities: false,
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    cdataPropName: "#cdata",
    ignoreDeclaration: true,
    ignorePiTags: true,
    maxNestedTags: MAX_DEPTH,
    // Names stay as they were sent; they never become properties of an object that has others.
    onDangerousProperty: (name) => name,
  });
}

function tooManyOf(text: string): string | undefined {
  if (moreThan(text, "<", MAX_TAGS)) return `${MAX_TAGS.toLocaleString("en")} tags`;
  let attributes = 0;
  for (const _ of text.matchAll(/=\s*["']/g)) {
    if (++attributes > MAX_ATTRIBUTES) return `${MAX_ATTRIBUTES.toLocaleString("en")} attributes`;
  }
  return hasLongTag(text) ? `${MAX_TAG_CHARS.toLocaleString("en")} characters in one tag` : undefined;
}

function hasLongTag(text: string): boolean {
  let end = -1;
  for (let at = text.indexOf("<"); at !== -1; at = text.indexOf("<", at + 1)) {
    if (text[at + 1] === "!") continue;
    if (end < at) end = text.indexOf(">", at);
    if ((end === -1 ? text.length : end) - at > MAX_TAG_CHARS) return true;
  }
  return false;
}

/** Is there a declaration that is neither a comment nor a piece of plain text? */
function hasDoctype(text: string): boolean {
  for (let at = text.indexOf("<!"); at !== -1; at = text.indexOf("<!", at)) {
    const end = text.startsWith("<!--", at)
      ? text.indexOf("-->", at + 4)
      : text.startsWith("<![CDATA[", at)
        ? text.indexOf("]]>", at + 9)
        : -1;
    if (end === -1) return /^<!D/i.test(text.slice(at, at + 3));
    at = end + 3;
  }
  return false;
}

function malformed(what: string): ReadXml {
  return { ok: false, code: "malformed-xml", sentence: `The XML ${what}.` };
}

function tooDeep(): ReadXml {
  const sentence = `The XML is nested more than ${MAX_DEPTH} levels deep.`;
  return { ok: false, code: "too-deep", sentence };
}
