// The paths that settings of a catch URL name data by, such as `body.items.0.sku`.

import { isRecord, readOwn } from "../../shared/template-data.ts";

/**
 * What lies at a path: names and numbers with dots between them, `items[0]` for an item too, and `["a.b"]` for a name
 * with a dot in it. An empty path is the data itself. Own properties only; undefined when there is nothing, or the path
 * cannot be read.
 */
export function valueAt(data: unknown, path: string): unknown {
  let value = data;
  for (const part of partsOf(path) ?? [undefined]) {
    if (part === undefined) return undefined;
    if (Array.isArray(value)) value = INDEX.test(part) ? readOwn(value, part) : undefined;
    else value = isRecord(value) ? readOwn(value, part) : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

export function isDataPath(path: string): boolean {
  return partsOf(path) !== undefined;
}

const INDEX = /^(0|[1-9]\d{0,9})$/;
/** A name after its dot, a number in brackets, or a text in brackets. */
const PART = /(?:^|(?<=.)\.)([^.[\]]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** Undefined when the text is no path. */
function partsOf(path: string): string[] | undefined {
  const parts: string[] = [];
  const text = path.trim();
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const found = PART.exec(text);
    if (!found) return undefined;
    const [, name, index, quoted] = found;
    parts.push(name?.trim() ?? index ?? (quoted ?? "").replaceAll(/\\(.)/g, "$1"));
  }
  return parts;
}
