// The difference of two graphs says all there is to say, and nothing of what does not count.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Edge, type Graph, type Step, stepsOf } from "../../shared/graph.ts";
import { differenceBetween, type GraphDifference, isSameGraph } from "../../shared/graph-difference.ts";
import { graph } from "../kit/graph.ts";

const base = graph("trigger -> a -> b; a:error -> c", {
  a: { uses: "http.request", input: { url: "https://example.com", headers: [{ name: "x", value: "1" }] } },
});

const change = (id: string, fields: Partial<Step>): Graph => ({
  ...base,
  steps: { ...base.steps, [id]: { ...(base.steps[id] as Step), ...fields } },
});

describe("the difference of two graphs", () => {
  test("is nothing where only places and the ids of edges differ", () => {
    const moved: Graph = {
      steps: Object.fromEntries(stepsOf(base).map((s, i) => [s.id, { ...s, at: { x: i * 300, y: -7 } }])),
      edges: Object.fromEntries(
        Object.values(base.edges).map((e, i) => [`again${i}`, { ...e, id: `again${i}` }]),
      ),
    };
    expect(isSameGraph(differenceBetween(base, moved))).toBe(true);
  });

  test("is nothing where keys stand in another order", () => {
    const turned = change("a", {
      input: { headers: [{ value: "1", name: "x" }], url: "https://example.com", more: undefined },
    });
    expect(isSameGraph(differenceBetween(base, turned))).toBe(true);
  });

  test("names the steps and edges that came and went", () => {
    const after = graph("trigger -> a -> d; a:error -> c", { a: base.steps.a ?? {} });
    expect(differenceBetween(base, after)).toMatchObject({
      added: [{ id: "d" }],
      removed: [{ id: "b" }],
      changed: [],
      edgesAdded: [{ from: "a", port: "main", to: "d" }],
      edgesRemoved: [{ from: "a", port: "main", to: "b" }],
    });
  });

  test("names the fields of a step that changed, with what they were and are", () => {
    const after = change("a", {
      name: "Call",
      connectionId: "con_1",
      retry: { attempts: 2, baseMs: 100, capMs: 1_000 },
      input: { url: "https://example.com", query: [], headers: [{ name: "x", value: 1 }] },
    });
    const { changed, added, removed } = differenceBetween(base, after);
    expect([added, removed]).toEqual([[], []]);
    expect(changed).toHaveLength(1);
    expect(changed[0]?.fields).toEqual([
      { key: "name", before: "a", after: "Call" },
      { key: "connectionId", before: undefined, after: "con_1" },
      { key: "retry", before: undefined, after: { attempts: 2, baseMs: 100, capMs: 1_000 } },
      { key: "input.headers", before: [{ name: "x", value: "1" }], after: [{ name: "x", value: 1 }] },
      { key: "input.query", before: undefined, after: [] },
    ]);
  });

  test("says which sticky notes came and went, wherever they lie", () => {
    const note = (id: string, text: string, x = 0) =>
      ({ id, text, at: { x, y: 0 }, width: 200, height: 100, color: "amber" }) as const;
    const before = { ...base, notes: { n1: note("n1", "stays"), n2: note("n2", "goes") } };
    const after = { ...base, notes: { n3: note("n3", "stays", 90), n4: note("n4", "comes") } };
    expect(differenceBetween(before, after)).toMatchObject({
      notesAdded: [{ text: "comes" }],
      notesRemoved: [{ text: "goes" }],
      changed: [],
    });
  });

  test("is not fooled by names that objects have a meaning for", () => {
    const input: Record<string, unknown> = JSON.parse('{ "__proto__": { "x": 1 }, "constructor": "me" }');
    const [change1] = differenceBetween(change("b", { input: {} }), change("b", { input })).changed;
    expect(change1?.fields.map(({ key }) => key).toSorted()).toEqual([
      "input.__proto__",
      "input.constructor",
    ]);
  });
});

/** Puts a difference into practice; places stay what they were, or what a new step brings. */
function apply(to: Graph, { added, removed, changed, edgesAdded, edgesRemoved }: GraphDifference): Graph {
  const gone = new Set(removed.map(({ id }) => id));
  const key = ({ from, port, to: end }: Edge) => `${from}:${port}>${end}`;
  const cut = new Set(edgesRemoved.map(key));
  const steps = new Map(
    stepsOf(to)
      .filter(({ id }) => !gone.has(id))
      .map((s) => [s.id, s]),
  );
  for (const step of added) steps.set(step.id, step);
  for (const { after, fields } of changed) {
    const was = steps.get(after.id);
    if (!was) throw new Error(`${after.id} is not there`);
    const next: Record<string, unknown> & { input: Record<string, unknown> } = {
      ...was,
      input: { ...was.input },
    };
    for (const field of fields) {
      if (field.key.startsWith("input.")) next.input[field.key.slice(6)] = field.after;
      else next[field.key] = field.after;
    }
    steps.set(after.id, next as unknown as Step);
  }
  const edges = [...Object.values(to.edges).filter((e) => !cut.has(key(e))), ...edgesAdded];
  return {
    steps: Object.fromEntries(steps),
    edges: Object.fromEntries(edges.map((e) => [key(e), { ...e, id: key(e) }])),
  };
}

const ids = fc.constantFrom("trigger", "a", "b", "c", "d");
const aStep = fc.record(
  {
    uses: fc.constantFrom("http.request", "logic.filter", "email.send"),
    name: fc.string({ minLength: 1, maxLength: 5 }),
    input: fc.dictionary(fc.constantFrom("url", "json", "to"), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 }),
    connectionId: fc.constantFrom("con_1", "con_2"),
    disabled: fc.boolean(),
    note: fc.string({ maxLength: 4 }),
    at: fc.record({ x: fc.nat(9), y: fc.nat(9) }),
  },
  { requiredKeys: ["uses", "name", "input", "at"] },
);
const graphs: fc.Arbitrary<Graph> = fc
  .record({
    steps: fc.dictionary(ids, aStep, { maxKeys: 5 }),
    edges: fc.array(fc.tuple(ids, fc.constantFrom("main", "error"), ids), { maxLength: 6 }),
  })
  .map(({ steps, edges }) => ({
    steps: Object.fromEntries(Object.entries(steps).map(([id, s]) => [id, { id, ...s }])),
    edges: Object.fromEntries(edges.map(([from, port, to], i) => [`e${i}`, { id: `e${i}`, from, port, to }])),
  }));

describe("for any two graphs", () => {
  test("a graph does not differ from itself", () => {
    fc.assert(fc.property(graphs, (a) => isSameGraph(differenceBetween(a, structuredClone(a)))));
  });

  test("the first one with the difference put into practice is the second one", () => {
    fc.assert(
      fc.property(graphs, graphs, (a, b) =>
        isSameGraph(differenceBetween(apply(a, differenceBetween(a, b)), b)),
      ),
    );
  });

  test("the difference the other way round is the mirror image", () => {
    fc.assert(
      fc.property(graphs, graphs, (a, b) => {
        const [there, back] = [differenceBetween(a, b), differenceBetween(b, a)];
        const idsOf = (steps: Step[]) => steps.map(({ id }) => id).toSorted();
        expect(idsOf(there.added)).toEqual(idsOf(back.removed));
        expect(idsOf(there.removed)).toEqual(idsOf(back.added));
        expect(idsOf(there.changed.map((c) => c.after))).toEqual(idsOf(back.changed.map((c) => c.before)));
        expect(there.edgesAdded).toEqual(back.edgesRemoved);
      }),
    );
  });
});
