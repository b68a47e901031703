// How templates read data: own properties of plain JSON values and nothing else, never a prototype.

import { MAX_DATA_DEPTH, type Meter, overBudget } from "./template-budget.ts";

/** A key of an object, or the index of an item; a negative index counts from the end. */
export type PathPart = string | number;

/** What a path leads to, or `stopped`: the index of the part that was not there, and the value that lacked it. */
export type Resolved = { found: true; value: unknown } | { found: false; stopped: number; holder: unknown };

/** Follows a path into a value. */
export function resolvePath(root: unknown, path: readonly PathPart[]): Resolved {
  let value = root;
  let stopped = 0;
  for (const part of path) {
    const next = readPart(value, part);
    if (!isData(next)) return { found: false, stopped, holder: value };
    value = next;
    stopped++;
  }
  return { found: true, value };
}

/** The own property `part` of an object, or the item of a list; undefined when there is none. */
export function readPart(holder: unknown, part: PathPart): unknown {
  if (Array.isArray(holder)) {
    if (typeof part !== "number") return undefined;
    return readOwn(holder, String(part < 0 ? holder.length + part : part));
  }
  return isRecord(holder) && typeof part === "string" ? readOwn(holder, part) : undefined;
}

/** An own property as the data it holds: never runs a getter and never looks at a prototype. */
export function readOwn(holder: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(holder, key)?.value;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Why a path leads nowhere, as the end of a sentence: `“body” has no “custmer”. Did you mean “customer”?` */
export function explainMissing(path: readonly PathPart[], stopped: number, holder: unknown): string {
  const part = path[stopped] ?? "";
  const before = path[stopped - 1];
  const name =
    before === undefined
      ? "the value"
      : typeof before === "number"
        ? `item [${before}]`
        : `“${shorten(before)}”`;
  const wanted = typeof part === "number" ? `[${part}]` : `“${shorten(part)}”`;
  if (Array.isArray(holder)) {
    if (typeof part === "number") return `${name} has ${plural(holder.length, "item")}, and no ${wanted}.`;
    return `${name} is a list, and a list has no ${wanted}. Pick one item, as in [0], or use “map”.`;
  }
  if (!isRecord(holder)) return `${name} is ${describeKind(holder)}, and has no ${wanted}.`;
  if (typeof part === "number") return `${name} is an object, not a list, and has no ${wanted}.`;
  return `${name} has no ${wanted}.${suggestName(part, Object.keys(holder))}`;
}

/** ` Did you mean “customer”?` when one of the names is close to what was written, else nothing. */
export function suggestName(written: string, names: readonly string[]): string {
  let best: string | undefined;
  let bestDistance = Math.min(3, Math.floor(written.length / 3) + 1);
  if (written.length > 40) return "";
  for (const name of names.slice(0, 100)) {
    if (Math.abs(name.length - written.length) >= 3) continue;
    const distance = editDistance(written.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance || (distance === bestDistance && best === undefined)) {
      best = name;
      bestDistance = distance;
    }
  }
  return best === undefined ? "" : ` Did you mean “${best}”?`;
}

/** A value in words, for a sentence about it: `the text “abc”`, `a list with 3 items`. */
export function describeValue(value: unknown): string {
  if (typeof value === "string") return value === "" ? "an empty text" : `the text “${shorten(value)}”`;
  if (typeof value === "number") return `the number ${value}`;
  if (Array.isArray(value)) return `a list with ${plural(value.length, "item")}`;
  if (typeof value === "boolean") return String(value);
  return describeKind(value);
}

function describeKind(value: unknown): string {
  if (value === null || value === undefined) return "empty (null)";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}

/** A text short enough to stand in a sentence, on one line. */
export function shorten(text: string, chars = 40): string {
  const line = text.slice(0, chars * 2).replace(/\s+/g, " ");
  return line.length > chars || text.length > chars * 2
    ? `${line.slice(0, chars - 1).toWellFormed()}…`
    : line;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A copy of a JSON value that shares nothing with it. Each character of it counts as output. */
export function copyData(value: unknown, meter: Meter, level = 0): unknown {
  if (typeof value === "string") {
    meter.output(value.length + 2);
    return value;
  }
  meter.output(2);
  if (typeof value !== "object" || value === null) return isData(value) ? value : null;
  checkLevel(level);
  if (Array.isArray(value)) return Array.from(value, (item) => copyData(item, meter, level + 1));
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const inner = readOwn(value, key);
    if (!isData(inner)) continue;
    meter.output(key.length + 3);
    setOwn(copy, key, copyData(inner, meter, level + 1));
  }
  return copy;
}

/** Sets an own property, also one called `__proto__`. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** How a value stands in the middle of a text: text as it is, nothing for null, JSON for lists and objects. */
export function toText(value: unknown, meter: Meter): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null) return toJson(value, meter);
  return value === null || !isData(value) ? "" : String(value);
}

/** A value as JSON. With an indent, one line for each property; with `sorted`, equal objects give equal texts. */
export function toJson(value: unknown, meter: Meter, style: { indent?: number; sorted?: true } = {}): string {
  const indent = style.indent ?? 0;
  let chars = 0;
  const json = write(value, 0);
  meter.read(json);
  return json;

  function emit(text: string): string {
    chars += text.length;
    meter.fits(chars);
    return text;
  }
  function write(value: unknown, level: number): string {
    if (typeof value === "string") return emit(JSON.stringify(value));
    if (typeof value !== "object" || value === null) return emit(isData(value) ? String(value) : "null");
    checkLevel(level);
    if (Array.isArray(value)) return writeAll(value, level, "[", "]", (item) => write(item, level + 1));
    const keys = Object.keys(value).filter((key) => isData(readOwn(value, key)));
    if (style.sorted) keys.sort();
    const colon = indent > 0 ? ": " : ":";
    return writeAll(
      keys,
      level,
      "{",
      "}",
      (key) => emit(JSON.stringify(key) + colon) + write(readOwn(value, key), level + 1),
    );
  }
  function writeAll<T>(
    items: readonly T[],
    level: number,
    open: string,
    close: string,
    one: (item: T) => string,
  ): string {
    if (items.length === 0) return emit(open + close);
    const line = indent > 0 ? `\n${" ".repeat(indent * (level + 1))}` : "";
    let out = emit(open);
    for (const [index, item] of items.entries()) out += emit(index > 0 ? `,${line}` : line) + one(item);
    return out + emit(indent > 0 ? `\n${" ".repeat(indent * level)}${close}` : close);
  }
}

/** Whether two JSON values are the same; the order of an object's keys does not matter. */
export function isSame(a: unknown, b: unknown, meter: Meter, level = 0): boolean {
  meter.step(0.01);
  if (typeof a === "string" && typeof b === "string" && a.length === b.length) meter.read(a);
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  checkLevel(level);
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => isSame(item, b[index], meter, level + 1));
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) => Object.hasOwn(b, key) && isSame(readOwn(a, key), readOwn(b, key), meter, level + 1),
  );
}

/** Whether JSON can carry it: what is left out of an object, and is null in a list, otherwise. */
export function isData(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value === "string" || typeof value === "boolean" || typeof value === "object";
}

function checkLevel(level: number): void {
  if (level < MAX_DATA_DEPTH) return;
  throw overBudget(
    `The data of a template has more than ${MAX_DATA_DEPTH} levels of lists and objects inside each other.`,
    "Pick a part of it that is less deep.",
  );
}

/** The number of letters to change, add or drop, to get from one name to the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
