// How the value of a field stands in its editor as text, and what a text means as a value.

import { readJsonText, writeJsonText } from "./json-text.ts";

/** One line, several lines, a number, or any JSON. */
export type TextKind = "line" | "lines" | "number" | "json";

export function writeFieldText(kind: TextKind, value: unknown): string {
  if (kind === "json") return writeJsonText(value);
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

export function readFieldText(kind: TextKind, text: string): unknown {
  if (kind === "json") {
    const read = readJsonText(text);
    return read.ok ? read.value : text;
  }
  const trimmed = text.trim();
  if (kind === "number" && trimmed !== "" && Number.isFinite(Number(trimmed))) return Number(trimmed);
  return text;
}

/** Does the text in the editor still mean the value, so that it can stay as it was typed? */
export function means(kind: TextKind, text: string, value: unknown): boolean {
  const read = readFieldText(kind, text);
  return (
    read === value || JSON.stringify(read) === JSON.stringify(value) || text === writeFieldText(kind, value)
  );
}

/** What is wrong with the text itself, whatever the data. */
export function faultOf(kind: TextKind, text: string): string | undefined {
  if (kind === "json") {
    const read = readJsonText(text);
    return read.ok ? undefined : read.sentence;
  }
  if (kind !== "number" || text.trim() === "" || text.includes("{{")) return undefined;
  return Number.isFinite(Number(text.trim())) ? undefined : "This must be a number.";
}
