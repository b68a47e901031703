// The rows of the data picker: the data of all steps before as one tree, laid out flat, searched and opened.

import type { PathPart } from "../../../shared/template.ts";
import { referenceText } from "../../../shared/template.ts";
import type { DataSource } from "./data-sources.ts";
import { isNested, previewOf } from "./value-text.ts";

export interface DataRow {
  /** The reference, which is also what a click inserts. */
  id: string;
  stepId: string;
  path: PathPart[];
  /** What the row is called: a key, the number of an item, or the step's name. */
  label: string;
  level: number;
  preview: string;
  kind: "text" | "number" | "word" | "list" | "object";
  nested: boolean;
  open: boolean;
  /** For the row of a step. */
  source?: DataSource;
  /** A row that says that there is more than can be shown. */
  more?: number;
}

/** Of one list or object, while nothing is searched. */
const MOST_CHILDREN = 100;
const MOST_ROWS = 400;
const MOST_VISITED = 20_000;

/** The rows that show. With a query: those whose name or value holds it, and what leads to them. */
export function rowsOf(sources: readonly DataSource[], open: ReadonlySet<string>, query = ""): DataRow[] {
  const wanted = query.trim().toLowerCase();
  const rows: DataRow[] = [];
  let visited = 0;
  for (const source of sources) add(source, [], source.value, source.name, 0);
  return rows.slice(0, MOST_ROWS);

  /** Adds the value with what is inside it; false if nothing of it is wanted. */
  function add(source: DataSource, path: PathPart[], value: unknown, label: string, level: number): boolean {
    if (++visited > MOST_VISITED || rows.length > MOST_ROWS || level > 32) return false;
    const id = referenceText(source.stepId, path);
    const nested = isNested(value);
    const own = wanted === "" || matches(label, value, wanted);
    const row: DataRow = {
      id,
      stepId: source.stepId,
      path,
      label,
      level,
      preview: previewOf(value),
      kind: kindOf(value),
      nested,
      open: nested && (wanted === "" ? open.has(id) : true),
      ...(path.length === 0 ? { source } : {}),
    };
    const at = rows.push(row);
    if (!nested || (wanted === "" && !row.open)) return own || remove(at);
    let found = false;
    const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    for (const [key, inner] of wanted === "" ? entries.slice(0, MOST_CHILDREN) : entries) {
      found = add(source, [...path, key], inner, labelOf(key), level + 1) || found;
    }
    if (wanted === "" && entries.length > MOST_CHILDREN) {
      rows.push({ ...row, id: `${id} more`, level: level + 1, more: entries.length - MOST_CHILDREN });
    }
    if (wanted !== "" && !found) row.open = false;
    return own || found || remove(at);
  }

  function remove(at: number): false {
    rows.length = at - 1;
    return false;
  }
}

/** Every place in the data, the outer ones first: what typing `{{` offers. Of a list only the first item. */
export function placesIn(sources: readonly DataSource[], most = 600): DataRow[] {
  const places: DataRow[] = [];
  let layer = sources.map((source) => ({ source, path: [] as PathPart[], value: source.value }));
  while (layer.length > 0 && places.length < most) {
    const next: typeof layer = [];
    for (const { source, path, value } of layer) {
      if (places.length >= most) break;
      const nested = isNested(value);
      const last = path.at(-1);
      places.push({
        id: referenceText(source.stepId, path),
        stepId: source.stepId,
        path,
        label: last === undefined ? source.name : labelOf(last),
        level: path.length,
        preview: previewOf(value),
        kind: kindOf(value),
        nested,
        open: false,
        ...(path.length === 0 ? { source } : {}),
      });
      if (!nested || path.length > 12) continue;
      const entries = Array.isArray(value)
        ? [...value.entries()].slice(0, 1)
        : Object.entries(value).slice(0, 200);
      for (const [key, inner] of entries) next.push({ source, path: [...path, key], value: inner });
    }
    layer = next;
  }
  return places;
}

/** What is open to begin with: every step, and the body of an event. */
export function firstOpen(sources: readonly DataSource[]): Set<string> {
  const open = new Set<string>();
  for (const { stepId, value } of sources) {
    open.add(referenceText(stepId, []));
    if (isNested(value) && "body" in value) open.add(referenceText(stepId, ["body"]));
    if (isNested(value) && "item" in value) open.add(referenceText(stepId, ["item"]));
  }
  return open;
}

const labelOf = (key: PathPart) => (typeof key === "number" ? `${key + 1}.` : key);

function matches(label: string, value: unknown, wanted: string): boolean {
  if (label.toLowerCase().includes(wanted)) return true;
  return !isNested(value) && String(value).slice(0, 10_000).toLowerCase().includes(wanted);
}

function kindOf(value: unknown): DataRow["kind"] {
  if (Array.isArray(value)) return "list";
  if (isNested(value)) return "object";
  if (typeof value === "string") return "text";
  return typeof value === "number" ? "number" : "word";
}
