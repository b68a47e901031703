// References follow steps that get another id: `{{email.id}}` becomes `{{email2.id}}`, and all else stays letter for letter.

import { isRecord, setOwn } from "./template-data.ts";
import { TemplateError } from "./template-error.ts";
import { type PathNode, parseTemplate, referenceText, type TemplatePart } from "./template-syntax.ts";

/** The value with every reference to a step of `ids` (old → new) pointing to its new id. Keys are left alone. */
export function renameReferences<T>(value: T, ids: ReadonlyMap<string, string>): T;
export function renameReferences(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return renameInText(value, ids);
  if (Array.isArray(value)) return value.map((inner) => renameReferences(inner, ids));
  if (!isRecord(value)) return value;
  const renamed: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) setOwn(renamed, key, renameReferences(inner, ids));
  return renamed;
}

function renameInText(text: string, ids: ReadonlyMap<string, string>): string {
  const paths = partsOf(text)
    .flatMap((part): PathNode[] => {
      if (part.kind === "text") return [];
      const args = part.filters.flatMap((filter) => filter.args);
      return [part.root, ...args.filter((arg) => arg.kind === "path")];
    })
    .filter((path) => ids.has(path.stepId));
  // From the end, so that the places of those before stay true.
  return paths
    .sort((a, b) => b.from - a.from)
    .reduce((now, path) => {
      const written = referenceText(ids.get(path.stepId) ?? path.stepId, path.path).slice(2, -2);
      return now.slice(0, path.from) + written + now.slice(path.to);
    }, text);
}

/** A text that cannot be read has no references: it stays as it is, and its problem is shown where it stands. */
function partsOf(text: string): TemplatePart[] {
  try {
    return parseTemplate(text);
  } catch (error) {
    if (error instanceof TemplateError) return [];
    throw error;
  }
}
