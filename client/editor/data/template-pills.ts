// The templates inside a text as pills: where they are, what they are called, and how a changed one is written.

import {
  type ArgumentNode,
  type ExpressionPart,
  type FilterText,
  type PathPart,
  problemsInTemplate,
  referenceText,
  render,
  TemplateError,
} from "../../../shared/template.ts";
import { readExpression } from "../../../shared/template-reader.ts";

/** Every `{{…}}` that can be read; what cannot is left as text. */
export function pillsIn(text: string): ExpressionPart[] {
  const pills: ExpressionPart[] = [];
  for (let open = text.indexOf("{{"); open !== -1 && pills.length < 500; ) {
    const pill = isEscaped(text, open) ? undefined : readPill(text, open);
    if (pill) pills.push(pill);
    open = text.indexOf("{{", pill ? pill.to : open + 2);
  }
  return pills;
}

export function readPill(text: string, open: number): ExpressionPart | undefined {
  try {
    return readExpression({ text, start: open, end: open + 8_192, at: open + 2 });
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}

function isEscaped(text: string, open: number): boolean {
  let slashes = 0;
  while (text[open - slashes - 1] === "\\") slashes++;
  return slashes % 2 === 1;
}

/** `body › customer › email` */
export function pathWords(path: readonly PathPart[]): string {
  return path.map((part) => (typeof part === "number" ? itemWords(part) : part)).join(" › ");
}

function itemWords(index: number): string {
  if (index === -1) return "last";
  return index < 0 ? `${-index} from the end` : `no. ${index + 1}`;
}

export interface PillWords {
  step: string;
  path: string;
  filters: string[];
}

/** What a pill says; `names` are the names of the steps by id. */
export function pillWords(pill: ExpressionPart, names: ReadonlyMap<string, string>): PillWords {
  const { stepId, path } = pill.root;
  return {
    step: stepId === "now" ? "now" : (names.get(stepId) ?? stepId),
    path: pathWords(path),
    filters: pill.filters.map(({ name }) => name),
  };
}

/** Why a pill cannot work, whatever the data; undefined when it can. */
export function pillFault(pill: ExpressionPart, names: ReadonlyMap<string, string>): string | undefined {
  const mentioned = [pill.root, ...pill.filters.flatMap(({ args }) => args.filter((a) => a.kind === "path"))];
  const lost = mentioned.find(({ stepId }) => stepId !== "now" && !names.has(stepId));
  if (lost) return `No step before this one is called “${lost.stepId}”.`;
  return problemsInTemplate(pill.source)[0]?.sentence;
}

/** The filters of a pill in the form that `referenceText` takes. */
export function filterTexts(pill: ExpressionPart): FilterText[] {
  return pill.filters.map(({ name, args }) => ({ name, args: args.map(argText) }));
}

function argText(arg: ArgumentNode) {
  return arg.kind === "literal" ? arg.value : { stepId: arg.stepId, path: arg.path };
}

/** The pill with other filters. */
export function withFilters(pill: ExpressionPart, filters: readonly FilterText[]): string {
  return referenceText(pill.root.stepId, pill.root.path, filters);
}

/** What a template is worth with this data, or why it is worth nothing. */
export type Shown = { ok: true; value: unknown } | { ok: false; sentence: string; hint: string | undefined };

export function showValue(value: unknown, scope: Record<string, unknown>, now: number): Shown {
  try {
    return { ok: true, value: render(value, scope, { now }) };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { ok: false, sentence: error.problem.sentence, hint: error.problem.hint };
  }
}

/** One argument of a filter. */
export type Argument = NonNullable<FilterText["args"]>[number];

/** An argument as a person types it: `10` is a number, `trigger.body.name` data, everything else text. */
export function argumentOf(typed: string, kind: string, names: ReadonlyMap<string, string>): Argument {
  const text = typed.trim();
  if (/^\{\{.*\}\}$/s.test(text)) {
    const pill = readPill(text, 0);
    if (pill && pill.to === text.length) return { stepId: pill.root.stepId, path: pill.root.path };
  }
  const path = readPill(`{{${text}}}`, 0);
  if (path && path.filters.length === 0 && path.root.path.length > 0 && names.has(path.root.stepId)) {
    return { stepId: path.root.stepId, path: path.root.path };
  }
  if (kind !== "text" && text !== "" && Number.isFinite(Number(text))) return Number(text);
  return typed;
}

/** The other way round: how an argument stands in its input. */
export function argumentText(arg: Argument): string {
  if (typeof arg === "object" && arg !== null) return referenceText(arg.stepId, arg.path).slice(2, -2);
  return arg === null ? "null" : String(arg);
}
