// What differs between two graphs: steps that came, went or changed, and the edges. Where things lie is no difference.

import { type Edge, edgesOf, type Graph, type Step, stepOf, stepsOf } from "./graph.ts";
import { type Note, notesOf } from "./graph-notes.ts";

export interface FieldChange {
  /** "name", "connectionId" …; "input.url" for a field of the step's form. */
  key: string;
  /** Undefined where it was not, or is no more. */
  before: unknown;
  after: unknown;
}

export interface StepChange {
  before: Step;
  after: Step;
  /** Never empty. */
  fields: FieldChange[];
}

export interface GraphDifference {
  added: Step[];
  removed: Step[];
  changed: StepChange[];
  /** An edge that was drawn again between the same ports is the same edge. */
  edgesAdded: Edge[];
  edgesRemoved: Edge[];
  /** Sticky notes by what they say. */
  notesAdded: Note[];
  notesRemoved: Note[];
}

export function differenceBetween(before: Graph, after: Graph): GraphDifference {
  const edgesBefore = new Set(edgesOf(before).map(edgeKey));
  const edgesAfter = new Set(edgesOf(after).map(edgeKey));
  const notesBefore = new Set(notesOf(before).map(({ text }) => text));
  const notesAfter = new Set(notesOf(after).map(({ text }) => text));
  return {
    added: stepsOf(after).filter(({ id }) => !stepOf(before, id)),
    removed: stepsOf(before).filter(({ id }) => !stepOf(after, id)),
    changed: stepsOf(after).flatMap((step) => {
      const was = stepOf(before, step.id);
      const fields = was ? changedFields(was, step) : [];
      return was && fields.length > 0 ? [{ before: was, after: step, fields }] : [];
    }),
    edgesAdded: edgesOf(after).filter((edge) => !edgesBefore.has(edgeKey(edge))),
    edgesRemoved: edgesOf(before).filter((edge) => !edgesAfter.has(edgeKey(edge))),
    notesAdded: notesOf(after).filter(({ text }) => !notesBefore.has(text)),
    notesRemoved: notesOf(before).filter(({ text }) => !notesAfter.has(text)),
  };
}

export function isSameGraph(difference: GraphDifference): boolean {
  return Object.values(difference).every((list) => list.length === 0);
}

/** What is compared field by field; `id` is the same, and `at` does not count. */
const OWN_FIELDS = [
  "uses",
  "name",
  "connectionId",
  "disabled",
  "retry",
  "timeoutMs",
  "ifInterrupted",
  "note",
] as const satisfies (keyof Step)[];

function changedFields(before: Step, after: Step): FieldChange[] {
  const own = OWN_FIELDS.map((key) => ({ key, before: before[key], after: after[key] }));
  const inputs = [...new Set([...Object.keys(before.input), ...Object.keys(after.input)])].map((key) => ({
    key: `input.${key}`,
    before: ownValue(before.input, key),
    after: ownValue(after.input, key),
  }));
  return [...own, ...inputs].filter((change) => !isSame(change.before, change.after));
}

function ownValue(input: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(input, key) ? input[key] : undefined;
}

function edgeKey({ from, port, to }: Edge): string {
  return JSON.stringify([from, port, to]);
}

/** Same JSON, whatever the order of keys. A key that holds undefined is not there. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) return Object.is(a, b);
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, i) => isSame(one, b[i]))
    );
  }
  const [left, right] = [entriesOf(a), entriesOf(b)];
  return (
    left.size === right.size && [...left].every(([key, one]) => right.has(key) && isSame(one, right.get(key)))
  );
}

function entriesOf(value: object): Map<string, unknown> {
  return new Map(Object.entries(value).filter(([, one]) => one !== undefined));
}
