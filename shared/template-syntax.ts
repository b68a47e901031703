// The grammar of templates: from text to parts with their positions, and from a reference back to text.
//
//   text        plain, {{ expression }}, plain …      \{{ is the two braces themselves, \\{{ a backslash and a template
//   expression  path | filter | filter: argument, argument
//   path        name .name ["any key"] [0] [-1]       the first one is a step's id; ["an id"] if it is no plain name
//   argument    "text" 'text' 12.5 true false null, or a path

import { type Budget, DEFAULT_BUDGET, overBudget } from "./template-budget.ts";
import type { PathPart } from "./template-data.ts";
import { TemplateError } from "./template-error.ts";
import { isName, readExpression, readLonePath, WORDS } from "./template-reader.ts";

/** `from` and `to` are offsets into the whole text; `to` is the first character that does not belong. */
export interface Span {
  from: number;
  to: number;
}

/** Plain text, with `\{{` already turned into `{{`. */
export interface TextPart extends Span {
  kind: "text";
  text: string;
}

/** One `{{…}}`; `source` is its text, braces and all. */
export interface ExpressionPart extends Span {
  kind: "expression";
  source: string;
  root: PathNode;
  filters: FilterNode[];
}

/** A place in the data: a step's id (or `now`) and what is inside its output. */
export interface PathNode extends Span {
  kind: "path";
  stepId: string;
  path: PathPart[];
}

export interface LiteralNode extends Span {
  kind: "literal";
  value: string | number | boolean | null;
}

export interface FilterNode extends Span {
  name: string;
  args: ArgumentNode[];
}

export type ArgumentNode = PathNode | LiteralNode;
export type TemplatePart = TextPart | ExpressionPart;

/** The root that is no step: the time of the render, as ISO text. */
export const NOW = "now";

/** Reads a text into its parts, which cover it without a gap. Throws TemplateError, with `position`. */
export function parseTemplate(text: string, limits: Partial<Budget> = {}): TemplatePart[] {
  const { templateChars, nodes } = { ...DEFAULT_BUDGET, ...limits };
  const parts: TemplatePart[] = [];
  let plain: TextPart = { kind: "text", text: "", from: 0, to: 0 };
  let position = 0;
  let expressions = 0;

  while (position < text.length) {
    const open = text.indexOf("{{", position);
    if (open === -1) {
      addPlain(text.slice(position), text.length);
      break;
    }
    let slashes = 0;
    while (open - slashes > position && text[open - slashes - 1] === "\\") slashes++;
    addPlain(text.slice(position, open - slashes) + "\\".repeat(slashes >> 1), open);
    if (slashes % 2 === 1) {
      addPlain("{{", open + 2);
      continue;
    }
    if (++expressions > nodes)
      throw overBudget(
        `A text has more than ${nodes} templates.`,
        "Split it into several texts, or make the repeated part with “map” and “join”.",
      );
    const expression = readExpression({ text, start: open, end: open + templateChars, at: open + 2 });
    if (plain.to > plain.from) parts.push(plain);
    parts.push(expression);
    position = expression.to;
    plain = { kind: "text", text: "", from: position, to: position };
  }
  if (plain.to > plain.from) parts.push(plain);
  return parts;

  function addPlain(more: string, to: number): void {
    plain = { ...plain, text: plain.text + more, to };
    position = to;
  }
}

/** Reads `address.city`, `lines[0].sku`, `["any key"]`: a path without a step, as filters take it. */
export function parsePath(text: string): PathPart[] | undefined {
  try {
    return readLonePath(text);
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}

/** A filter as `referenceText` writes it. */
export interface FilterText {
  name: string;
  args?: readonly (LiteralNode["value"] | { stepId: string; path: readonly PathPart[] })[];
}

/** The template for a place in the data, quoting keys where they need it: `{{trigger.body["first name"]}}`. */
export function referenceText(
  stepId: string,
  path: readonly PathPart[],
  filters: readonly FilterText[] = [],
): string {
  const chain = filters.map(({ name, args = [] }) => {
    const texts = args.map((arg) =>
      typeof arg === "object" && arg !== null ? writePath(arg.stepId, arg.path) : JSON.stringify(arg),
    );
    return ` | ${name}${texts.length > 0 ? `: ${texts.join(", ")}` : ""}`;
  });
  return `{{${writePath(stepId, path)}${chain.join("")}}}`;
}

function writePath(stepId: string, path: readonly PathPart[]): string {
  const root = isName(stepId) && !WORDS.has(stepId) ? stepId : `[${JSON.stringify(stepId)}]`;
  return path.reduce<string>((text, part) => {
    if (typeof part === "string" && isName(part)) return `${text}.${part}`;
    return `${text}[${isIndex(part) ? part : JSON.stringify(String(part))}]`;
  }, root);
}

/** Whether a part is a number that `[ ]` reads: whole, and of 15 digits at most. */
function isIndex(part: PathPart): boolean {
  return typeof part === "number" && Number.isInteger(part) && Math.abs(part) < 1e15;
}
