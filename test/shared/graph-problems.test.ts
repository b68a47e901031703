// Every problem a graph can have is found, named, and said in words; a good graph has none.

import { describe, expect, test } from "vitest";
import { manifests } from "../../server/connectors/registry.ts";
import { problemsIn } from "../../shared/graph-problems.ts";
import { indexManifests } from "../../shared/manifest.ts";
import { graph, type StepChange } from "../kit/graph.ts";

const known = indexManifests(manifests);
const check = (
  text: string,
  steps: Record<string, StepChange> = {},
  connections?: { id: string; connectorId: string }[],
) => problemsIn(graph(text, steps), known, connections);
const set = (value: unknown): StepChange => ({
  uses: "logic.setFields",
  input: { fields: [{ name: "value", value }] },
});
const good = { a: set(1), b: set(2), c: set(3), d: set(4) };
const each: StepChange = { uses: "logic.each", input: { items: "{{trigger.body}}" } };

test("a good graph has no problems", () => {
  expect(check("trigger -> a -> b; a -> c -> d; b -> d", good)).toEqual([]);
});

describe("is found:", () => {
  test.each<
    [string, string, Record<string, StepChange>, { code: string; stepId?: string; field?: string }[]]
  >([
    [
      "a missing trigger",
      "a -> b",
      good,
      [
        { code: "trigger-missing" },
        { code: "step-unreachable", stepId: "a" },
        { code: "step-unreachable", stepId: "b" },
      ],
    ],
    [
      "a second trigger",
      "trigger -> a; b -> a",
      { ...good, b: { uses: "webhook.catch" } },
      [
        { code: "trigger-second", stepId: "b" },
        { code: "step-unreachable", stepId: "b" },
      ],
    ],
    [
      "a trigger that is none",
      "trigger -> a",
      { ...good, trigger: { uses: "http.request" } },
      [{ code: "trigger-unknown", stepId: "trigger" }],
    ],
    ["a circle", "trigger -> a -> b -> c -> a", good, [{ code: "cycle", stepId: "a" }]],
    [
      "an edge into the trigger",
      "trigger -> a; b -> trigger",
      good,
      [
        { code: "edge-into-trigger", stepId: "b" },
        { code: "step-unreachable", stepId: "b" },
      ],
    ],
    [
      "an unknown action",
      "trigger -> a",
      { a: { uses: "acme.doIt" } },
      [{ code: "action-unknown", stepId: "a" }],
    ],
    [
      "an inherited name as an action",
      "trigger -> a",
      { a: { uses: "logic.constructor" } },
      [{ code: "action-unknown", stepId: "a" }],
    ],
    [
      "a port that is not there",
      "trigger -> a; a:nowhere -> b",
      good,
      [{ code: "port-unknown", stepId: "a" }],
    ],
    [
      "a missing required field",
      "trigger -> a",
      { a: { uses: "http.request", input: { method: "GET", url: " " } } },
      [{ code: "field-required", stepId: "a", field: "url" }],
    ],
    [
      "a missing field that only this choice shows",
      "trigger -> a",
      { a: { uses: "logic.wait", input: { mode: "until" } } },
      [{ code: "field-required", stepId: "a", field: "until" }],
    ],
    [
      "a missing connection",
      "trigger -> a",
      { a: { uses: "slack.sendMessage", input: { text: "hi" } } },
      [{ code: "connection-missing", stepId: "a" }],
    ],
    [
      "an unreachable step",
      "trigger -> a; b -> c",
      good,
      [
        { code: "step-unreachable", stepId: "b" },
        { code: "step-unreachable", stepId: "c" },
      ],
    ],
    [
      "a reference to no step",
      "trigger -> a",
      { a: set("{{ghost.x}}") },
      [{ code: "reference-unknown", stepId: "a", field: "fields.0.value" }],
    ],
    [
      "a reference to a step beside it",
      "trigger -> a; trigger -> b",
      { a: set(1), b: set("{{a.value}}") },
      [{ code: "reference-not-upstream", stepId: "b" }],
    ],
    [
      "a reference to a step after it",
      "trigger -> a -> b",
      { a: set("{{b.value}}"), b: set(1) },
      [{ code: "reference-not-upstream", stepId: "a" }],
    ],
    [
      "a reference into a loop from outside",
      "trigger -> each; each:each -> a; each:done -> b",
      { each, a: set(1), b: set("{{a.value}}") },
      [{ code: "reference-not-upstream", stepId: "b" }],
    ],
    [
      "a template that cannot be read",
      "trigger -> a",
      { a: set("{{trigger.body | nofilter}}") },
      [{ code: "template-unknown-filter", stepId: "a" }],
    ],
    [
      "an edge out of a loop",
      "trigger -> each; each:each -> a -> b; each:done -> b",
      { ...good, each },
      [{ code: "loop-border", stepId: "b" }],
    ],
    [
      "an edge into a loop",
      "trigger -> each; each:each -> a; trigger -> b -> a",
      { ...good, each },
      [{ code: "loop-border", stepId: "a" }],
    ],
  ])("%s", (_, text, steps, expected) => {
    const problems = check(text, steps);
    expect(problems.map((p) => ({ code: p.code, stepId: p.stepId }))).toEqual(
      expected.map(({ code, stepId }) => ({ code, stepId })),
    );
    for (const [i, { field }] of expected.entries()) if (field) expect(problems[i]?.field).toBe(field);
    for (const { sentence } of problems) expect(sentence).toMatch(/^.{10,}[.!?:)]$/s);
  });
});

test("a connection must exist and fit its connector", () => {
  const steps = { a: { uses: "slack.sendMessage", input: { text: "hi" }, connectionId: "con_1" } };
  expect(check("trigger -> a", steps, [{ id: "con_1", connectorId: "slack" }])).toEqual([]);
  expect(check("trigger -> a", steps, [{ id: "con_1", connectorId: "email" }])).toMatchObject([
    { code: "connection-missing" },
  ]);
  expect(check("trigger -> a", steps, [])).toMatchObject([{ code: "connection-missing" }]);
  expect(check("trigger -> a", steps)).toEqual([]);
});

test("a switched-off step is not asked for anything", () => {
  expect(check("trigger -> a -> b", { a: { uses: "http.request", disabled: true }, b: set(1) })).toEqual([]);
});

test("inside a loop its item and the steps before it can be used", () => {
  const steps = { each, a: set("{{each.item.id}}"), b: set("{{a.value}}"), c: set("{{each.results}}") };
  expect(check("trigger -> each; each:each -> a -> b; each:done -> c", steps)).toEqual([]);
});

test("three hundred steps are checked in one go", () => {
  const ids = Array.from({ length: 300 }, (_, i) => `s${i}`);
  const steps = Object.fromEntries(ids.map((id, i) => [id, set(i === 0 ? 1 : `{{s${i - 1}.value}}`)]));
  expect(check(["trigger", ...ids].join(" -> "), steps)).toEqual([]);
});
