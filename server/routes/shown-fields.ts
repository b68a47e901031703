// What may be shown of a connection's fields.

import type { FieldSpec } from "../../shared/field.ts";

const HIDDEN = "••••";
/** Of a shorter secret its last four characters would be too much of it. */
const LONG_ENOUGH = 12;

/** Plain fields as they are; of secrets, and of everything that is no plain text, next to nothing. */
export function shownFields(specs: FieldSpec[], fields: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    specs.flatMap((spec) => {
      const value = Object.hasOwn(fields, spec.key) ? fields[spec.key] : undefined;
      if (value === undefined || value === null || value === "") return [];
      return [[spec.key, show(spec, value)]];
    }),
  );
}

function show(spec: FieldSpec, value: unknown): string {
  if (spec.secret || spec.control === "secret") {
    return typeof value === "string" && value.length >= LONG_ENOUGH ? `${HIDDEN}${value.slice(-4)}` : HIDDEN;
  }
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  // Lists and rows could hold a secret in any of their parts.
  return typeof value === "string" ? withoutPassword(value) : HIDDEN;
}

/** An address may carry a password: https://user:password@host. */
function withoutPassword(text: string): string {
  if (!text.includes("@") || !URL.canParse(text)) return text;
  const url = new URL(text);
  return url.password === "" ? text : text.replace(`:${url.password}@`, `:${HIDDEN}@`);
}
