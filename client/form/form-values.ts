// The logic of a form drawn from fields, without any drawing: what it starts with, shows, demands and sends.

import { type FieldSpec, isDemanded } from "../../shared/field.ts";

export type Values = Record<string, unknown>;

/** What was kept, and every other field's default. */
export function initialValues(fields: FieldSpec[], kept: Values = {}): Values {
  return Object.fromEntries(
    fields.map((field) => [field.key, Object.hasOwn(kept, field.key) ? kept[field.key] : startOf(field)]),
  );
}

/** What a field that nothing was entered into holds. */
export function startOf(field: FieldSpec): unknown {
  if (field.default !== undefined) return field.default;
  switch (field.control) {
    case "toggle":
      return false;
    case "pairs":
    case "list":
    case "cases":
      return [];
    default:
      return "";
  }
}

/** Does the form show it, with the values as they are? A value that is absent counts as its field's default. */
export function isShown(field: FieldSpec, values: Values, fields: readonly FieldSpec[] = []): boolean {
  const { showIf } = field;
  if (showIf === undefined) return true;
  const other = fields.find(({ key }) => key === showIf.field);
  if (other && !isShown(other, values, fields)) return false;
  const value = values[showIf.field] ?? other?.default;
  return showIf.in.includes(value) || (typeof value === "string" && value.includes("{{"));
}

/** Is it empty, though it must not be? */
export function isWanting(field: FieldSpec, value: unknown): boolean {
  return isDemanded(field) && isEmpty(value ?? field.default);
}

export function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}

/** What keeps the values from being sent, by field. `keptSecrets` names secrets that may stay empty. */
export function problemsOf(
  fields: FieldSpec[],
  values: Values,
  keptSecrets: ReadonlySet<string> = new Set(),
): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const field of fields) {
    const problem = isShown(field, values) ? problemOf(field, values[field.key], keptSecrets) : undefined;
    if (problem) problems[field.key] = problem;
  }
  return problems;
}

function problemOf(field: FieldSpec, value: unknown, kept: ReadonlySet<string>): string | undefined {
  if (isEmpty(value)) {
    const mayBeEmpty = !isDemanded(field) || (field.control === "secret" && kept.has(field.key));
    return mayBeEmpty ? undefined : `${field.label} must not be empty.`;
  }
  if (field.control === "number" && typeof value === "string" && !Number.isFinite(Number(value))) {
    return `${field.label} is a number.`;
  }
  if (field.control === "json" && typeof value === "string" && !isJson(value))
    return "This is not valid JSON.";
  return undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The values as the API takes them: shown fields only, nothing empty, JSON as data. */
export function toSend(fields: FieldSpec[], values: Values): Values {
  return Object.fromEntries(
    fields
      .filter((field) => isShown(field, values) && !isEmpty(values[field.key]))
      .map((field) => [field.key, sent(field, values[field.key])]),
  );
}

function sent(field: FieldSpec, value: unknown): unknown {
  if (field.control === "json" && typeof value === "string" && isJson(value)) return JSON.parse(value);
  if (field.control === "list" && field.items && Array.isArray(value)) {
    const items = field.items;
    return value.map((row: unknown) => toSend(items, recordOf(row)));
  }
  return value;
}

export function recordOf(value: unknown): Values {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
