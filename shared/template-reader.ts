// Reads one expression of a template, character by character, in one pass: no backtracking, no lookups.

import { overBudget } from "./template-budget.ts";
import { type PathPart, shorten } from "./template-data.ts";
import { TemplateError } from "./template-error.ts";
import type { ArgumentNode, ExpressionPart, FilterNode, PathNode } from "./template-syntax.ts";

/** Where reading has come to in a text. */
export interface Cursor {
  readonly text: string;
  /** Where the `{{` stands, for what is said about it. */
  readonly start: number;
  /** One `{{…}}` may not reach beyond this. */
  readonly end: number;
  at: number;
}

const NAME = /[\p{L}_$][\p{L}\p{M}\p{N}_$-]*/uy;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const INDEX = /-?\d{1,15}/y;
const BLANKS = /\s+/y;
const PLAIN_CHARS = /[^"'\\]+/y;
const HEX = /[0-9a-fA-F]{4}/y;

/** Names that are values when they stand as an argument. */
export const WORDS = new Map<string, boolean | null>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

const ESCAPES = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["b", "\b"],
  ["f", "\f"],
  ["\\", "\\"],
  ["/", "/"],
  ['"', '"'],
  ["'", "'"],
]);

const HINT = "Pick the value from the list of data. For the two braces themselves write \\{{";

/** Reads one `{{…}}`, the cursor standing just behind its `{{`. Throws TemplateError. */
export function readExpression(cursor: Cursor): ExpressionPart {
  skipBlanks(cursor);
  const root = readPath(cursor, `a template starts with a step’s id, as in {{trigger.body}}`);
  const filters: FilterNode[] = [];
  for (;;) {
    skipBlanks(cursor);
    if (cursor.text.startsWith("}}", cursor.at)) break;
    if (!take(cursor, "|")) throw unreadable(cursor, "after a value comes “|” and a filter, or “}}”");
    filters.push(readFilter(cursor));
  }
  cursor.at += 2;
  const { start: from, at: to } = cursor;
  if (to > cursor.end) throw tooLong(cursor);
  return { kind: "expression", source: cursor.text.slice(from, to), root, filters, from, to };
}

/** Reads a path that starts with a key or an index instead of a step, and is the whole text. */
export function readLonePath(text: string): PathPart[] | undefined {
  const cursor: Cursor = { text, start: 0, end: text.length, at: 0 };
  const first = readMatch(cursor, NAME);
  const path = [...(first === undefined ? [] : [first]), ...readPathParts(cursor)];
  return cursor.at === text.length && path.length > 0 ? path : undefined;
}

/** Whether a key can stand in a path without quotes. */
export function isName(text: string): boolean {
  NAME.lastIndex = 0;
  return NAME.exec(text)?.[0] === text;
}

function readFilter(cursor: Cursor): FilterNode {
  skipBlanks(cursor);
  const from = cursor.at;
  const name = readMatch(cursor, NAME);
  if (name === undefined) throw unreadable(cursor, "after “|” comes the name of a filter");
  const args: ArgumentNode[] = [];
  let to = cursor.at;
  skipBlanks(cursor);
  if (take(cursor, ":")) {
    do {
      skipBlanks(cursor);
      args.push(readArgument(cursor));
      to = cursor.at;
      skipBlanks(cursor);
    } while (take(cursor, ","));
  }
  return { name, args, from, to };
}

function readArgument(cursor: Cursor): ArgumentNode {
  const from = cursor.at;
  const next = cursor.text[from];
  if (next === '"' || next === "'") {
    const value = readString(cursor);
    return { kind: "literal", value, from, to: cursor.at };
  }
  const number = readMatch(cursor, NUMBER);
  if (number !== undefined) {
    const value = Number(number);
    if (!Number.isFinite(value)) throw unreadable(cursor, `the number ${shorten(number)} is too big`);
    return { kind: "literal", value, from, to: cursor.at };
  }
  const path = readPath(
    cursor,
    "an argument is a “text” in quotes, a number, true, false, null or a reference",
  );
  const word = path.path.length === 0 && cursor.text[from] !== "[" ? WORDS.get(path.stepId) : undefined;
  return word === undefined ? path : { kind: "literal", value: word, from, to: cursor.at };
}

function readPath(cursor: Cursor, expected: string): PathNode {
  const from = cursor.at;
  let stepId = readMatch(cursor, NAME);
  if (stepId === undefined && take(cursor, "[")) {
    skipBlanks(cursor);
    if (cursor.text[cursor.at] === '"' || cursor.text[cursor.at] === "'") stepId = readString(cursor);
    closeBracket(cursor);
  }
  if (stepId === undefined) throw unreadable(cursor, expected);
  const path = readPathParts(cursor);
  return { kind: "path", stepId, path, from, to: cursor.at };
}

function readPathParts(cursor: Cursor): PathPart[] {
  const path: PathPart[] = [];
  for (;;) {
    if (take(cursor, ".")) {
      const name = readMatch(cursor, NAME);
      if (name === undefined)
        throw unreadable(cursor, 'after “.” comes a key; write an item as [0], any other key as ["the key"]');
      path.push(name);
    } else if (take(cursor, "[")) {
      path.push(readBracket(cursor));
    } else {
      return path;
    }
  }
}

function readBracket(cursor: Cursor): PathPart {
  skipBlanks(cursor);
  const quote = cursor.text[cursor.at];
  if (quote === '"' || quote === "'") {
    const key = readString(cursor);
    closeBracket(cursor);
    return key;
  }
  const index = readMatch(cursor, INDEX);
  if (index === undefined) throw unreadable(cursor, "in [ ] stands a whole number or a key in quotes");
  closeBracket(cursor);
  return Number(index) || 0;
}

function closeBracket(cursor: Cursor): void {
  skipBlanks(cursor);
  if (!take(cursor, "]")) throw unreadable(cursor, "a “[” needs its “]”");
}

function readString(cursor: Cursor): string {
  const quote = cursor.text[cursor.at++];
  let value = "";
  for (;;) {
    value += readMatch(cursor, PLAIN_CHARS) ?? "";
    if (cursor.at >= cursor.end || cursor.at >= cursor.text.length)
      throw unreadable(cursor, "a text is missing its closing quote");
    const next = cursor.text[cursor.at++] ?? "";
    if (next === quote) return value;
    value += next === "\\" ? readEscape(cursor) : next;
  }
}

function readEscape(cursor: Cursor): string {
  const letter = cursor.text[cursor.at++] ?? "";
  if (letter === "u") {
    const hex = readMatch(cursor, HEX);
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
  }
  const character = ESCAPES.get(letter);
  if (character !== undefined) return character;
  cursor.at--;
  throw unreadable(cursor, "after “\\” comes n, r, t, a quote, u and four digits, or another “\\”");
}

function skipBlanks(cursor: Cursor): void {
  readMatch(cursor, BLANKS);
}

function take(cursor: Cursor, token: string): boolean {
  if (cursor.text[cursor.at] !== token) return false;
  cursor.at++;
  return true;
}

function readMatch(cursor: Cursor, pattern: RegExp): string | undefined {
  if (cursor.at >= cursor.end) return undefined;
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text)?.[0];
  cursor.at += match?.length ?? 0;
  return match;
}

function unreadable(cursor: Cursor, expected: string): TemplateError {
  if (cursor.at >= cursor.end && cursor.end < cursor.text.length) return tooLong(cursor);
  const close = cursor.text.indexOf("}}", cursor.start);
  const source = shorten(cursor.text.slice(cursor.start, close === -1 ? cursor.start + 80 : close + 2), 80);
  const found = /^.?/su.exec(cursor.text.slice(cursor.at, cursor.at + 2))?.[0];
  const instead = found ? `there is “${found}”` : "the text ends";
  return new TemplateError(
    {
      code: "template-syntax",
      sentence: `${source} cannot be read: ${expected}, but ${instead}.`,
      hint: HINT,
    },
    { position: cursor.at },
  );
}

function tooLong(cursor: Cursor): TemplateError {
  return overBudget(
    `One template has more than ${cursor.end - cursor.start} characters: ${shorten(cursor.text.slice(cursor.start, cursor.start + 80))}`,
    "Close it with “}}”, or move its long texts to a step of their own.",
  );
}
