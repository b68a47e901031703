// What a filter is, and how filters read what they are given: clear words for everything that does not fit.

import type { Meter } from "./template-budget.ts";
import { describeValue, isRecord, type PathPart, plural, toText } from "./template-data.ts";
import type { TemplateError } from "./template-error.ts";
import { parsePath } from "./template-syntax.ts";

export const FILTER_GROUPS = ["text", "number", "date", "list", "JSON", "encode", "hash"] as const;
export type FilterGroup = (typeof FILTER_GROUPS)[number];

export interface Filter {
  name: string;
  group: FilterGroup;
  takes: readonly FilterParameter[];
  /** One sentence for the docs and the editor. */
  summary: string;
  /** Documentation and test in one: each one is played. */
  examples: readonly FilterExample[];
  /** Data in, data out; never changes its input. `args` fit `takes`; one left out is undefined. */
  run(input: unknown, args: readonly unknown[], ctx: FilterContext): unknown;
}

export interface FilterParameter {
  name: string;
  /** A number in text passes as a number, a number or a boolean passes as text. */
  kind: "text" | "number" | "integer" | "list" | "any";
  optional?: true;
  choices?: readonly string[];
  /** What is wrong with a value of the right kind, as in `needs a time zone …`; undefined if nothing is. */
  check?: (value: string) => string | undefined;
}

export interface FilterExample {
  template: string;
  scope?: Record<string, unknown>;
  gives: unknown;
}

export interface FilterContext {
  /** Milliseconds since 1970. */
  now: number;
  /** For dates that do not say theirs. */
  timeZone: string;
  meter: Meter;
  /** The error for an input that does not fit: `needs a number`. */
  needs(what: string, got: unknown, hint?: string): TemplateError;
  /** The error for anything else: `“slug” …`, written as what follows the filter's name. */
  refuse(what: string, hint?: string): TemplateError;
  /** The error for what is not there, which a later `default` replaces; so it is worded only if needed. */
  missing(explain: () => string): TemplateError;
}

/** `now` in the examples: 1 March 2026, 09:05 UTC. */
export const EXAMPLE_NOW = Date.UTC(2026, 2, 1, 9, 5);

/** An example of a filter, with `data` as what the trigger gave. */
export function example(template: string, data: Record<string, unknown>, gives: unknown): FilterExample {
  return { template, scope: { trigger: data }, gives };
}

/** The input as text: text, numbers and booleans; nothing for null. */
export function textOf(input: unknown, ctx: FilterContext): string {
  if (typeof input === "object" && input !== null)
    throw ctx.needs(
      "a text",
      input,
      "Pick one value inside it, or use “join” for a list and “json” for an object.",
    );
  return toText(input, ctx.meter);
}

/** The input as a number; a number in text counts. */
export function numberOf(input: unknown, ctx: FilterContext): number {
  const number = toNumber(input);
  if (number === undefined)
    throw ctx.needs("a number", input, "Use “number” first if the text holds more than digits.");
  return number;
}

/** The input as a list. */
export function listOf(input: unknown, ctx: FilterContext): readonly unknown[] {
  if (!Array.isArray(input)) throw ctx.needs("a list", input);
  return input;
}

/** The input as an object. */
export function recordOf(input: unknown, ctx: FilterContext): Record<string, unknown> {
  if (!isRecord(input)) throw ctx.needs("an object", input);
  return input;
}

/** A number, or a plain decimal number in text. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string" || value.length > 60) return undefined;
  const text = value.trim();
  if (!/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** The pieces as one text, whose length is checked before it is made. */
export function joinTexts(pieces: readonly string[], between: string, ctx: FilterContext): string {
  ctx.meter.read(pieces);
  let chars = between.length * Math.max(0, pieces.length - 1);
  for (const piece of pieces) chars += piece.length;
  ctx.meter.fits(chars);
  return pieces.join(between);
}

/** The argument at `index`, which its parameter says is text. */
export function textArg(args: readonly unknown[], index: number, otherwise = ""): string {
  const value = args[index];
  return typeof value === "string" ? value : otherwise;
}

/** The argument at `index`, which its parameter says is a number. */
export function numberArg(args: readonly unknown[], index: number, otherwise = 0): number {
  const value = args[index];
  return typeof value === "number" ? value : otherwise;
}

/** A key as a filter takes it: `price`, `address.city`, `lines[0].sku`, or any other text as one plain key. */
export function keyArg(args: readonly unknown[], index: number): PathPart[] {
  const key = textArg(args, index);
  return parsePath(key) ?? [key];
}

/** An argument as its parameter wants it, or a sentence's end about why it does not fit. */
export function fitArgument(
  parameter: FilterParameter,
  value: unknown,
  meter: Meter,
): { value: unknown } | { problem: string } {
  const { kind, choices, check } = parameter;
  if (kind === "any") return { value };
  if (kind === "list") return Array.isArray(value) ? { value } : misfit("a list");
  if (kind === "number" || kind === "integer") {
    const number = toNumber(value);
    if (number === undefined) return misfit("a number");
    return kind === "integer" && !Number.isSafeInteger(number) ? misfit("a whole number") : { value: number };
  }
  if (typeof value === "object" && value !== null) return misfit("a text");
  const text = toText(value, meter);
  if (choices !== undefined && !choices.includes(text)) return misfit(anyOf(choices));
  const problem = check?.(text);
  return problem === undefined ? { value: text } : { problem: `${problem}, and got ${describeValue(value)}` };

  function misfit(what: string): { problem: string } {
    return { problem: `needs ${what} as its “${parameter.name}”, and got ${describeValue(value)}` };
  }
}

/** What is wrong with the number of arguments, or undefined. */
export function checkCount(filter: Filter, count: number): string | undefined {
  const most = filter.takes.length;
  const least = filter.takes.filter((parameter) => !parameter.optional).length;
  if (count >= least && count <= most) return undefined;
  const names = filter.takes.map(({ name, optional }) => (optional ? `${name} (optional)` : name)).join(", ");
  if (most === 0) return `takes no arguments, and got ${count}`;
  const range = least === most ? "" : `${least} to `;
  return `takes ${range}${plural(most, "argument")} (${names}), and got ${count}`;
}

function anyOf(choices: readonly string[]): string {
  const quoted = choices.map((choice) => `“${choice}”`);
  return `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}
