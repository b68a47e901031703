// Templates: {{step.path | filter: argument}} in the texts of an input, replaced once by what the steps before gave.

import type { Problem } from "./problem.ts";
import { type Budget, DEFAULT_BUDGET, overBudget, startMeter } from "./template-budget.ts";
import { copyData, isData, type PathPart, readOwn, setOwn, toText } from "./template-data.ts";
import { TemplateError } from "./template-error.ts";
import { checkExpression, evaluate, type Scene } from "./template-evaluate.ts";
import {
  type ExpressionPart,
  NOW,
  type PathNode,
  parseTemplate,
  type TemplatePart,
} from "./template-syntax.ts";

// What callers need of the files below, so that one import is enough to use templates.
export type { Budget } from "./template-budget.ts";
export type { PathPart } from "./template-data.ts";
export { type TemplateCode, TemplateError } from "./template-error.ts";
export {
  type ArgumentNode,
  type ExpressionPart,
  type FilterNode,
  type FilterText,
  type LiteralNode,
  type PathNode,
  parseTemplate,
  referenceText,
  type TemplatePart,
  type TextPart,
} from "./template-syntax.ts";

/** One mention of a step's output, in a template somewhere in a value. */
export interface Reference {
  stepId: string;
  path: PathPart[];
  /** A `default` stands in for it when it is missing. */
  hasDefault: boolean;
  /** The whole `{{…}}`. */
  source: string;
  /** Where in the value its text is: `["headers", 0, "value"]`. */
  at: PathPart[];
}

export interface RenderOptions {
  /** Milliseconds since 1970, for `{{now}}`. */
  now: number;
  /** For dates that name no zone of their own; "UTC" unless said. */
  timeZone?: string;
  budget?: Partial<Budget>;
}

/**
 * The value with every template in its texts replaced by data. A text that is one lone `{{…}}` becomes the value
 * itself, of whatever type; in other texts, values are written out. Keys are left alone. The result shares nothing
 * with the value or the scope. Throws TemplateError, whose `field` says where in the value it is.
 */
export function render(
  value: unknown,
  scope: Readonly<Record<string, unknown>>,
  options: RenderOptions,
): unknown {
  const scene: Scene = {
    scope,
    now: options.now,
    timeZone: options.timeZone ?? "UTC",
    meter: startMeter(options.budget),
  };
  const at: PathPart[] = [];
  try {
    return renderValue(value, scene, at);
  } catch (error) {
    throw error instanceof TemplateError ? error.in(at.join(".")) : error;
  }
}

/** Every reference in the value, in order. A text that cannot be read has none here: see `problemsInTemplate`. */
export function referencesIn(value: unknown): Reference[] {
  const references: Reference[] = [];
  visitTexts(value, (text, at) => {
    for (const expression of readExpressions(text)) {
      const { source, filters } = expression;
      const lastDefault = filters.findLastIndex(({ name }) => name === "default");
      const add = ({ stepId, path }: PathNode, hasDefault: boolean) => {
        if (stepId !== NOW) references.push({ stepId, path: [...path], hasDefault, source, at: [...at] });
      };
      add(expression.root, lastDefault > -1);
      for (const [index, { args }] of filters.entries())
        for (const arg of args) if (arg.kind === "path") add(arg, index < lastDefault);
    }
  });
  return references;
}

/** Does any text in the value ask for the time? Then rendering it twice may give two results. */
export function asksForTime(value: unknown): boolean {
  let found = false;
  const isAllRead = visitTexts(value, (text) => {
    found ||= readExpressions(text).some(
      ({ root, filters }) =>
        root.stepId === NOW ||
        filters.some(({ args }) => args.some((arg) => arg.kind === "path" && arg.stepId === NOW)),
    );
  });
  return found || !isAllRead;
}

/** What is wrong with the templates themselves, whatever the data: texts that cannot be read, filters, arguments. */
export function problemsInTemplate(value: unknown): Problem[] {
  const problems: Problem[] = [];
  const meter = startMeter({ steps: Number.POSITIVE_INFINITY });
  const report = (error: unknown, at: readonly PathPart[]) => {
    if (!(error instanceof TemplateError)) throw error;
    problems.push(error.in(at.join(".")).problem);
  };
  const isAllRead = visitTexts(value, (text, at) => {
    try {
      for (const part of parseTemplate(text))
        if (part.kind === "expression") for (const error of checkExpression(part, meter)) report(error, at);
    } catch (error) {
      report(error, at);
    }
  });
  if (!isAllRead) problems.push(tooDeep(DEFAULT_BUDGET.depth).problem);
  return problems;
}

/** Whether any text in the value has to be rendered. Values too deep to look through count as having one. */
export function hasTemplate(value: unknown): boolean {
  let found = false;
  const isAllRead = visitTexts(value, (text) => {
    found ||= text.includes("{{");
  });
  return found || !isAllRead;
}

/** `at` is where in the value it is; after an error it says where that came about. */
function renderValue(value: unknown, scene: Scene, at: PathPart[]): unknown {
  const { meter } = scene;
  if (typeof value === "string")
    return value.includes("{{") ? renderText(value, scene) : copyData(value, meter);
  if (typeof value !== "object" || value === null) return copyData(value, meter);
  if (at.length >= meter.budget.depth) throw tooDeep(meter.budget.depth);
  if (Array.isArray(value)) return value.map((item, index) => renderAt(index, item, scene, at));
  const rendered: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const inner = readOwn(value, key);
    if (!isData(inner)) continue;
    meter.output(key.length);
    setOwn(rendered, key, renderAt(key, inner, scene, at));
  }
  return rendered;
}

function renderAt(part: PathPart, value: unknown, scene: Scene, at: PathPart[]): unknown {
  at.push(part);
  const rendered = renderValue(value, scene, at);
  at.pop();
  return rendered;
}

function renderText(text: string, scene: Scene): unknown {
  const { parts, lone } = read(text, scene.meter.budget);
  if (lone !== undefined) return copyData(evaluate(lone, scene), scene.meter);
  let rendered = "";
  for (const part of parts) {
    const piece = part.kind === "text" ? part.text : toText(evaluate(part, scene), scene.meter);
    scene.meter.output(piece.length);
    rendered += piece;
  }
  return rendered;
}

interface ReadText {
  parts: readonly TemplatePart[];
  /** The one expression of a text that holds nothing else but blanks. */
  lone: ExpressionPart | undefined;
}

/** The texts of a flow's steps come again with every run. */
const known = new Map<string, ReadText>();
const MOST_KNOWN = 2_000;
const LONGEST_KNOWN = 2_000;

function read(text: string, budget: Readonly<Budget>): ReadText {
  const { templateChars, nodes } = DEFAULT_BUDGET;
  const isUsual = budget.templateChars === templateChars && budget.nodes === nodes;
  const before = isUsual ? known.get(text) : undefined;
  if (before) return before;
  const parts = parseTemplate(text, budget);
  const fresh = { parts, lone: loneExpression(parts) };
  if (!isUsual || text.length > LONGEST_KNOWN) return fresh;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, fresh);
  return fresh;
}

function loneExpression(parts: readonly TemplatePart[]): ExpressionPart | undefined {
  const [only, ...more] = parts.filter((part) => part.kind === "expression" || part.text.trim() !== "");
  return only?.kind === "expression" && more.length === 0 ? only : undefined;
}

function readExpressions(text: string): ExpressionPart[] {
  try {
    return parseTemplate(text).filter((part) => part.kind === "expression");
  } catch (error) {
    if (error instanceof TemplateError) return [];
    throw error;
  }
}

/** Calls `visit` for each text in a value, in order; false if some of it was too deep to look at. */
function visitTexts(
  value: unknown,
  visit: (text: string, at: readonly PathPart[]) => void,
  at: readonly PathPart[] = [],
): boolean {
  if (typeof value === "string") visit(value, at);
  if (typeof value !== "object" || value === null) return true;
  if (at.length >= DEFAULT_BUDGET.depth) return false;
  if (Array.isArray(value))
    return value.reduce<boolean>(
      (whole, item, index) => visitTexts(item, visit, [...at, index]) && whole,
      true,
    );
  return Object.keys(value).reduce(
    (whole, key) => visitTexts(readOwn(value, key), visit, [...at, key]) && whole,
    true,
  );
}

function tooDeep(depth: number): TemplateError {
  return overBudget(
    `This value has more than ${depth} levels of lists and objects inside each other.`,
    "Write it with fewer levels, or take the deep part from the data with one template.",
  );
}
