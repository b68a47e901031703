// What one {{…}} is worth: follows its path, sends the value through its filters.

import { FILTERS, findFilter } from "./filters.ts";
import { checkCount, type Filter, type FilterContext, fitArgument } from "./filters-kit.ts";
import type { Meter } from "./template-budget.ts";
import { describeValue, explainMissing, resolvePath, shorten, suggestName } from "./template-data.ts";
import { type TemplateCode, TemplateError } from "./template-error.ts";
import {
  type ArgumentNode,
  type ExpressionPart,
  type FilterNode,
  NOW,
  type PathNode,
  referenceText,
} from "./template-syntax.ts";

export interface Scene {
  scope: Readonly<Record<string, unknown>>;
  now: number;
  timeZone: string;
  meter: Meter;
}

/**
 * The value of an expression. What is missing before a `default` in the chain is not an error but becomes that
 * default, whose argument is only looked up if it is needed.
 */
export function evaluate(expression: ExpressionPart, scene: Scene): unknown {
  if (expression.filters.length === 0) return readPath(expression.root, scene, false);
  const calls = expression.filters.map((call) => ({ call, filter: knownFilter(expression, call) }));
  const lastDefault = calls.findLastIndex(({ filter }) => filter.name === "default");
  let value = orMissing(-1, () => readPath(expression.root, scene, lastDefault > -1));
  for (const [index, { call, filter }] of calls.entries()) {
    scene.meter.step();
    if (filter.name === "default") {
      if (!isBlank(value)) continue;
    } else if (index < lastDefault && (value === MISSING || value === null)) continue;
    value = orMissing(index, () => apply(expression, call, filter, value, index < lastDefault, scene));
  }
  return value;

  function orMissing(index: number, get: () => unknown): unknown {
    try {
      return get();
    } catch (error) {
      const isCovered = error instanceof TemplateError && error.problem.code === "template-missing";
      if (isCovered && index < lastDefault) return MISSING;
      throw error;
    }
  }
}

/** What is wrong with an expression that can be seen without data: its filters and their literal arguments. */
export function checkExpression(expression: ExpressionPart, meter: Meter): TemplateError[] {
  const errors: TemplateError[] = [];
  for (const call of expression.filters) {
    try {
      const filter = knownFilter(expression, call);
      for (const [index, node] of call.args.entries())
        if (node.kind === "literal") coerce(expression, filter, index, node.value, meter);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      errors.push(error);
    }
  }
  return errors;
}

/** Stands for what is not there while a default may still replace it. */
const MISSING = Symbol("missing");

function isBlank(value: unknown): boolean {
  return value === MISSING || value === undefined || value === null || value === "";
}

function readPath(node: PathNode, scene: Scene, isCovered: boolean): unknown {
  scene.meter.step(node.path.length + 1);
  const isNow = node.stepId === NOW;
  const scope = isNow ? { [NOW]: new Date(scene.now).toISOString() } : scene.scope;
  const path = [node.stepId, ...node.path];
  const resolved = resolvePath(scope, path);
  if (resolved.found) return resolved.value;
  if (isCovered) throw new TemplateError({ code: "template-missing", sentence: "Replaced by a default." });
  const reference = shorten(referenceText(node.stepId, node.path), 120);
  if (resolved.stopped === 0)
    throw new TemplateError({
      code: "template-missing",
      sentence: `${reference}: there is no data from a step “${shorten(node.stepId)}”.${suggestName(node.stepId, Object.keys(scene.scope))}`,
      hint: "Pick a step that ran before this one. If it may be left out, add | default: and a value.",
    });
  throw new TemplateError({
    code: "template-missing",
    sentence: `${reference}: ${explainMissing(path, resolved.stopped, resolved.holder)}`,
    hint: 'Pick the value from the list of data. If it may be missing, add | default: "" or another value.',
  });
}

function apply(
  expression: ExpressionPart,
  call: FilterNode,
  filter: Filter,
  input: unknown,
  isCovered: boolean,
  scene: Scene,
): unknown {
  const { meter, now, timeZone } = scene;
  const args = call.args.map((node, index) =>
    coerce(expression, filter, index, readArgument(node, isCovered, scene), meter),
  );
  meter.read(input);
  for (const arg of args) meter.read(arg);
  const value = filter.run(
    input === MISSING ? null : input,
    args,
    context(expression, filter, isCovered, { meter, now, timeZone }),
  );
  meter.read(value);
  if (typeof value === "string") meter.fits(value.length);
  return value;
}

function readArgument(node: ArgumentNode, isCovered: boolean, scene: Scene): unknown {
  return node.kind === "literal" ? node.value : readPath(node, scene, isCovered);
}

function knownFilter(expression: ExpressionPart, call: FilterNode): Filter {
  const filter = findFilter(call.name);
  if (filter === undefined) {
    const names = FILTERS.map(({ name }) => name);
    throw problem(
      expression,
      "template-unknown-filter",
      `there is no filter “${shorten(call.name)}”.${suggestName(call.name, names)}`,
      "Pick a filter from the list; the docs page “Templates” explains each one.",
    );
  }
  const wrong = checkCount(filter, call.args.length);
  if (wrong !== undefined)
    throw problem(expression, "template-filter-argument", `“${filter.name}” ${wrong}.`);
  return filter;
}

function coerce(
  expression: ExpressionPart,
  filter: Filter,
  index: number,
  value: unknown,
  meter: Meter,
): unknown {
  const parameter = filter.takes[index];
  if (parameter === undefined) return value;
  const fitted = fitArgument(parameter, value, meter);
  if ("value" in fitted) return fitted.value;
  throw problem(expression, "template-filter-argument", `“${filter.name}” ${fitted.problem}.`);
}

function context(
  expression: ExpressionPart,
  filter: Filter,
  isCovered: boolean,
  scene: Pick<FilterContext, "meter" | "now" | "timeZone">,
): FilterContext {
  const name = `“${filter.name}”`;
  return {
    ...scene,
    needs: (what, got, hint) =>
      problem(
        expression,
        "template-filter-argument",
        `${name} needs ${what}, and got ${describeValue(got)}.`,
        hint,
      ),
    refuse: (what, hint) => problem(expression, "template-filter-argument", `${name} ${what}.`, hint),
    missing: (explain) =>
      problem(
        expression,
        "template-missing",
        isCovered ? "replaced by a default." : `${name} ${explain()}`,
        "If it may be missing, add | default: and a value.",
      ),
  };
}

function problem(expression: ExpressionPart, code: TemplateCode, what: string, hint?: string): TemplateError {
  const sentence = `${shorten(expression.source, 120)}: ${what}`;
  return new TemplateError({ code, sentence, ...(hint === undefined ? {} : { hint }) });
}
