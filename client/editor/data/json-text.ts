// JSON as it is written in a field: templates may stand in a text, or bare in place of a value.
//
//   { "order": {{trigger.body.id}}, "greeting": "Hello {{trigger.body.name}}" }
//
// A bare template is kept as a text that holds nothing else, which gives the value itself, of whatever type.

import { readPill } from "./template-pills.ts";

export type JsonRead = { ok: true; value: unknown } | { ok: false; sentence: string };

/** The value that a text means. Text that is no JSON and does not look like any is a text. */
export function readJsonText(text: string): JsonRead {
  const trimmed = text.trim();
  if (trimmed === "") return { ok: true, value: "" };
  try {
    return { ok: true, value: JSON.parse(strictJson(trimmed)) };
  } catch (error) {
    const lone = readPill(trimmed, 0);
    const looksLikeJson = /^["[]/.test(trimmed) || (trimmed.startsWith("{") && !trimmed.startsWith("{{"));
    if (looksLikeJson && !lone)
      return { ok: false, sentence: `This is not valid JSON yet: ${whyNot(error)}.` };
    return { ok: true, value: text };
  }
}

/** How a value stands in the field. */
export function writeJsonText(value: unknown): string {
  if (value === undefined || value === "") return "";
  if (typeof value === "string" && !meansSomethingElse(value)) return value;
  return write(value, "");
}

/** Would the text, read again, be another value than this text? */
function meansSomethingElse(text: string): boolean {
  const read = readJsonText(text);
  return read.ok && read.value !== text;
}

function write(value: unknown, indent: string): string {
  if (typeof value === "string") return writeString(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item) => `${inner}${write(item, inner)}`)
    : Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${write(item, inner)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return parts.length === 0 ? `${open}${close}` : `${open}\n${parts.join(",\n")}\n${indent}${close}`;
}

/** A text in quotes with its templates as they are; one that is a template and nothing else stands bare. */
function writeString(text: string): string {
  const lone = text.startsWith("{{") ? readPill(text, 0) : undefined;
  if (lone?.to === text.length) return text;
  let out = "";
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf("{{", at);
    if (open === -1) return `"${out}${quoted(text.slice(at))}"`;
    const pill = readPill(text, open);
    out += quoted(text.slice(at, open)) + (pill ? pill.source : "{{");
    at = pill ? pill.to : open + 2;
  }
  return `"${out}"`;
}

const quoted = (text: string) => JSON.stringify(text).slice(1, -1);

/** The text as strict JSON: quotes inside templates escaped, bare templates quoted. */
function strictJson(text: string): string {
  let out = "";
  let inString = false;
  for (let at = 0; at < text.length; ) {
    const pill = text.startsWith("{{", at) ? readPill(text, at) : undefined;
    if (pill && (inString || isValuePlace(out))) {
      out += inString ? quoted(pill.source) : `"${quoted(pill.source)}"`;
      at = pill.to;
      continue;
    }
    const character = text[at] ?? "";
    if (inString && character === "\\") {
      out += text.slice(at, at + 2);
      at += 2;
      continue;
    }
    if (character === '"') inString = !inString;
    out += character;
    at++;
  }
  return out;
}

/** Can a value begin behind this much JSON? */
function isValuePlace(before: string): boolean {
  const last = before.trimEnd().at(-1);
  return last === undefined || last === ":" || last === "," || last === "[";
}

function whyNot(error: unknown): string {
  const said = error instanceof Error ? error.message : "";
  if (/end of JSON|Unterminated/i.test(said)) return "it ends too early";
  const line = /line (\d+)/.exec(said)?.[1];
  return line ? `look at line ${line}, or the one above it` : "a comma, a quote or a bracket is wrong";
}
