// Graph functions change nothing in place, keep graphs acyclic, and are not fooled by names that objects inherit.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addStep,
  connect,
  downstreamOf,
  edgesOf,
  emptyGraph,
  freshStepId,
  Graph,
  loopsOf,
  moveStep,
  removeEdge,
  removeStep,
  type Step,
  stepOf,
  stepsOf,
  topologicalOrder,
  upstreamOf,
  whyNotConnect,
} from "../../shared/graph.ts";
import { graph } from "../kit/graph.ts";

const step = (id: string, more: Partial<Step> = {}): Step => ({
  id,
  uses: "http.request",
  name: id,
  input: {},
  at: { x: 0, y: 0 },
  ...more,
});

describe("the schema", () => {
  test("takes its examples and refuses its anti-examples", () => {
    const { examples, antiExamples } = Graph.meta() as { examples: unknown[]; antiExamples: unknown[] };
    for (const example of examples) expect(Graph.safeParse(example).success).toBe(true);
    for (const bad of antiExamples) expect(Graph.safeParse(bad).success).toBe(false);
  });

  test.each([
    [
      "__proto__",
      '{"steps":{"__proto__":{"id":"__proto__","uses":"a.b","name":"x","input":{},"at":{"x":0,"y":0}}},"edges":{}}',
    ],
    [
      "now",
      '{"steps":{"now":{"id":"now","uses":"a.b","name":"x","input":{},"at":{"x":0,"y":0}}},"edges":{}}',
    ],
    [
      "a b",
      '{"steps":{"a b":{"id":"a b","uses":"a.b","name":"x","input":{},"at":{"x":0,"y":0}}},"edges":{}}',
    ],
  ])("refuses the step id %s", (_, text) => {
    expect(Graph.safeParse(JSON.parse(text)).success).toBe(false);
  });

  test("takes step ids that objects inherit a meaning for, and input keys of any name", () => {
    const text = `{"steps":{"constructor":${JSON.stringify(step("constructor"))},"toString":${JSON.stringify(step("toString")).replace('"input":{}', '"input":{"__proto__":{"x":1}}')}},"edges":{}}`;
    const parsed = Graph.parse(JSON.parse(text));
    expect(stepsOf(parsed).map((s) => s.id)).toEqual(["constructor", "toString"]);
    expect(Object.keys(stepOf(parsed, "toString")?.input ?? {})).toEqual(["__proto__"]);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  test("refuses more than 500 steps", () => {
    const many = Array.from({ length: 501 }, (_, i) => step(`s${i}`));
    expect(
      Graph.safeParse({ steps: Object.fromEntries(many.map((s) => [s.id, s])), edges: {} }).success,
    ).toBe(false);
  });
});

describe("editing", () => {
  test("gives new graphs and leaves the old ones", () => {
    const before = graph("trigger -> a -> b");
    const copy = structuredClone(before);
    const after = removeStep(moveStep(addStep(before, step("c")), "a", { x: 7, y: 8 }), "b");
    expect(before).toEqual(copy);
    expect(after.steps.a?.at).toEqual({ x: 7, y: 8 });
    expect(Object.keys(after.steps)).toEqual(["trigger", "a", "c"]);
    expect(edgesOf(after).map((e) => e.to)).toEqual(["a"]);
  });

  test("an edge can be taken away", () => {
    expect(edgesOf(removeEdge(graph("trigger -> a"), "e1"))).toEqual([]);
  });

  test.each([
    ["a circle", "trigger -> a -> b", "b", "a", "cycle"],
    ["itself", "trigger -> a", "a", "a", "cycle"],
    ["the trigger", "trigger -> a", "a", "trigger", "edge-into-trigger"],
    ["the same place twice", "trigger -> a", "trigger", "a", "edge-twice"],
    ["nothing", "trigger -> a", "a", "ghost", "step-missing"],
    ["an inherited name", "trigger -> a", "a", "constructor", "step-missing"],
  ])("refuses to connect to %s, and says why", (_, text, from, to, code) => {
    const g = graph(text);
    expect(whyNotConnect(g, from, "main", to)?.code).toBe(code);
    expect(connect(g, { id: "new", from, port: "main", to })).toBe(g);
  });

  test("ids of new steps read well", () => {
    const g = addStep(addStep(emptyGraph, step("http")), step("http2"));
    expect([
      freshStepId(g, "http.request"),
      freshStepId(g, "logic.each"),
      freshStepId(g, "my-crm.find"),
    ]).toEqual(["http3", "each", "myCrm"]);
  });

  test("no sequence of connections makes a circle", () => {
    const ids = ["trigger", "a", "b", "c", "d", "e"];
    const pair = fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids));
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 40 }), (pairs) => {
        const start = ids.reduce((g, id) => addStep(g, step(id)), emptyGraph);
        const g = pairs.reduce(
          (so, [from, to], i) => connect(so, { id: `e${i}`, from, port: "main", to }),
          start,
        );
        expect(topologicalOrder(g).cycle).toEqual([]);
        for (const { from, to } of edgesOf(g)) expect(upstreamOf(g, from).has(to)).toBe(false);
      }),
    );
  });
});

describe("looking around", () => {
  const g = graph("trigger -> out; out:each -> in -> x; in:each -> deep; in:done -> y; out:done -> end");

  test("upstream and downstream are told apart", () => {
    expect([...upstreamOf(g, "deep")].sort()).toEqual(["in", "out", "trigger"]);
    expect([...downstreamOf(g, "in")].sort()).toEqual(["deep", "x", "y"]);
    expect([...downstreamOf(g, "out", "done")]).toEqual(["end"]);
  });

  test("each step knows the loops it stands in", () => {
    expect(Object.fromEntries(loopsOf(g))).toEqual({
      trigger: [],
      out: [],
      in: ["out"],
      x: ["out"],
      deep: ["out", "in"],
      y: ["out"],
      end: [],
    });
  });
});
