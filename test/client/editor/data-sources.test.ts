// Which data a step can use, and where it comes from.

import { expect, test } from "vitest";
import { type Known, nothingKnown, scopeOf, sourcesFor } from "../../../client/editor/data/data-sources.ts";
import { manifests as connectorManifests } from "../../../server/connectors/registry.ts";
import type { Edge, Graph, Step } from "../../../shared/graph.ts";
import { indexManifests } from "../../../shared/manifest.ts";
import type { StepRun } from "../../../shared/run.ts";

const manifests = indexManifests(connectorManifests);

function graphOf(steps: Record<string, string>, edges: string[]): Graph {
  return {
    steps: Object.fromEntries(
      Object.entries(steps).map(([id, uses]): [string, Step] => [
        id,
        { id, uses, name: id.toUpperCase(), input: {}, at: { x: 0, y: 0 } },
      ]),
    ),
    edges: Object.fromEntries(
      edges.map((edge): [string, Edge] => {
        const [from = "", port = "", to = ""] = edge.split(" ");
        return [edge.replaceAll(" ", "-"), { id: edge.replaceAll(" ", "-"), from, port, to }];
      }),
    ),
  };
}

function ran(path: string, more: Partial<StepRun>): StepRun {
  return {
    path,
    status: "done",
    attempt: 1,
    input: null,
    output: null,
    port: "main",
    problem: null,
    startedAt: 10,
    finishedAt: 20,
    until: null,
    attempts: [],
    ...more,
  };
}

const line = graphOf(
  { trigger: "webhook.catch", a: "http.request", b: "http.request", other: "http.request" },
  ["trigger main a", "a main b", "trigger main other"],
);

test("only steps that come before are offered, in the order in which they run", () => {
  expect(sourcesFor(line, "b", manifests, nothingKnown).map(({ stepId }) => stepId)).toEqual([
    "trigger",
    "a",
  ]);
  expect(sourcesFor(line, "trigger", manifests, nothingKnown)).toEqual([]);
});

test("before anything ran, the connector's example stands in", () => {
  const [trigger, a] = sourcesFor(line, "b", manifests, nothingKnown);
  expect(trigger).toMatchObject({ origin: "example", at: null, name: "TRIGGER" });
  expect(trigger?.value).toHaveProperty("body.name", "#1001");
  expect(a?.value).toHaveProperty("status", 201);
});

test("the chosen event and the run's outputs come before the example, and the newer of run and test counts", () => {
  const known: Known = {
    event: { data: { body: 1 }, at: 5 },
    graph: null,
    steps: [ran("a", { output: { from: "run" } })],
    tests: { a: { uses: "http.request", output: { from: "test" }, at: 19 } },
  };
  expect(scopeOf(sourcesFor(line, "b", manifests, known))).toEqual({
    trigger: { body: 1 },
    a: { from: "run" },
  });
  const later: Known = { ...known, tests: { a: { uses: "http.request", output: { from: "test" }, at: 21 } } };
  expect(sourcesFor(line, "b", manifests, later)[1]).toMatchObject({
    origin: "test",
    value: { from: "test" },
  });
});

const loop = graphOf(
  { trigger: "webhook.catch", each: "logic.each", inside: "http.request", after: "http.request" },
  ["trigger main each", "each each inside", "each done after"],
);

test("inside a loop its data is one item; after it, the results", () => {
  const known: Known = {
    event: null,
    graph: null,
    steps: [
      ran("each", {
        input: { items: [{ sku: "A" }, { sku: "B" }] },
        output: { results: [1, 2], count: 2, failed: 0 },
      }),
      ran("each[0]/inside", { output: { status: 200 } }),
    ],
    tests: {},
  };
  expect(scopeOf(sourcesFor(loop, "inside", manifests, known)).each).toEqual({
    item: { sku: "A" },
    index: 0,
    number: 1,
    count: 2,
    first: true,
    last: false,
  });
  const after = sourcesFor(loop, "after", manifests, known);
  expect(after.map(({ stepId }) => stepId)).toEqual(["trigger", "each"]);
  expect(scopeOf(after).each).toEqual({ results: [1, 2], count: 2, failed: 0 });
});

test("a tested loop gives its first item to the steps inside it", () => {
  const tests = { each: { uses: "logic.each", output: { items: ["x"], count: 1 }, at: 1 } };
  const sources = sourcesFor(loop, "inside", manifests, { ...nothingKnown, tests });
  expect(scopeOf(sources).each).toMatchObject({ item: "x", first: true, last: true });
  expect(sourcesFor(loop, "after", manifests, { ...nothingKnown, tests })[1]?.value).toHaveProperty(
    "results",
  );
});

test("behind an error port, a step's data is what went wrong", () => {
  const graph = graphOf({ trigger: "webhook.catch", a: "http.request", alert: "http.request" }, [
    "trigger main a",
    "a error alert",
  ]);
  const [, a] = sourcesFor(graph, "alert", manifests, nothingKnown);
  expect(a?.value).toHaveProperty("error.sentence");
  const problem = { code: "http-refused", sentence: "No." };
  const known: Known = { ...nothingKnown, steps: [ran("a", { status: "failed", problem })] };
  expect(sourcesFor(graph, "alert", manifests, known)[1]?.value).toEqual({ error: problem });
});

test("a step of the same id that was another one before does not lend its data", () => {
  const before = graphOf({ trigger: "webhook.catch", a: "logic.setFields" }, ["trigger main a"]);
  const known: Known = {
    event: null,
    graph: before,
    steps: [ran("a", { output: { old: true } })],
    tests: { a: { uses: "logic.setFields", output: { old: true }, at: 5 } },
  };
  expect(sourcesFor(line, "b", manifests, known)[1]).toMatchObject({ origin: "example" });
});
