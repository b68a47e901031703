// Templates: {{step.path | filter: argument}} in the texts of an input, replaced once by what the steps before gave.

import type { Problem } from "./problem.ts";
import { type Budget, DEFAULT_BUDGET, type Meter, overBudget, startMeter } from "./template-budget.ts";
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
  return renderValue(value, scene, []);
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

function renderValue(value: unknown, scene: Scene, at: readonly PathPart[]): unknown {
  if (typeof value === "string")
    return value.includes("{{") ? renderText(value, scene, at) : copyHere(value, scene.meter, at);
  if (typeof value !== "object" || value === null) return copyHere(value, scene.meter, at);
  if (at.length >= scene.meter.budget.depth) throw tooDeep(scene.meter.budget.depth).in(at.join("."));
  if (Array.isArray(value)) return value.map((item, index) => renderValue(item, scene, [...at, index]));
  const rendered: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const inner = readOwn(value, key);
    if (!isData(inner)) continue;
    scene.meter.output(key.length);
    setOwn(rendered, key, renderValue(inner, scene, [...at, key]));
  }
  return rendered;
}

function renderText(text: string, scene: Scene, at: readonly PathPart[]): unknown {
  try {
    const parts = partsOf(text, scene.meter.budget);
    const lone = loneExpression(parts);
    if (lone !== undefined) return copyData(evaluate(lone, scene), scene.meter);
    let rendered = "";
    for (const part of parts) {
      const piece = part.kind === "text" ? part.text : toText(evaluate(part, scene), scene.meter);
      scene.meter.output(piece.length);
      rendered += piece;
    }
    return rendered;
  } catch (error) {
    throw error instanceof TemplateError ? error.in(at.join(".")) : error;
  }
}

/** The texts of a flow's steps come again with every run. */
const parsed = new Map<string, readonly TemplatePart[]>();
const MOST_PARSED = 2_000;
const LONGEST_PARSED = 2_000;

function partsOf(text: string, budget: Readonly<Budget>): readonly TemplatePart[] {
  const { templateChars, nodes } = DEFAULT_BUDGET;
  if (text.length > LONGEST_PARSED || budget.templateChars !== templateChars || budget.nodes !== nodes)
    return parseTemplate(text, budget);
  const known = parsed.get(text);
  if (known) return known;
  const parts = parseTemplate(text, budget);
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(text, parts);
  return parts;
}

function copyHere(value: unknown, meter: Meter, at: readonly PathPart[]): unknown {
  try {
    return copyData(value, meter);
  } catch (error) {
    throw error instanceof TemplateError ? error.in(at.join(".")) : error;
  }
}

/** The one expression of a text that holds nothing else but blanks. */
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
