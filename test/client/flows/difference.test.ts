// A difference as it is drawn and as it is put into words.

import { describe, expect, test } from "vitest";
import { differenceGraph } from "../../../client/editor/difference-graph.ts";
import { fieldLabel, shownValue } from "../../../client/flows/difference-words.ts";
import { manifests } from "../../../server/connectors/registry.ts";
import { differenceBetween } from "../../../shared/graph-difference.ts";
import { indexManifests } from "../../../shared/manifest.ts";
import { graph, type StepChange } from "../../kit/graph.ts";

const known = indexManifests(manifests);
const at = (y: number, more: StepChange = {}): StepChange => ({ ...more, at: { x: 0, y } });

describe("two graphs as one", () => {
  const before = graph("trigger -> a -> gone", { a: at(160), gone: at(320) });
  const after = graph("trigger -> a -> fresh", { a: at(160, { name: "A2" }), fresh: at(480) });
  const drawn = differenceGraph(after, differenceBetween(before, after));

  test("have every step and edge of both, marked by what happened to it", () => {
    expect(Object.keys(drawn.graph.steps)).toEqual(["trigger", "a", "fresh", "gone"]);
    expect([...drawn.steps]).toEqual([
      ["fresh", "added"],
      ["gone", "removed"],
      ["a", "changed"],
    ]);
    const edges = Object.values(drawn.graph.edges).map(({ id, to }) => [to, drawn.edges.get(id)]);
    expect(edges).toEqual([
      ["a", undefined],
      ["fresh", "added"],
      ["gone", "removed"],
    ]);
  });

  test("keep their places", () => {
    expect(drawn.graph.steps.gone?.at).toEqual({ x: 0, y: 320 });
    expect(drawn.graph.steps.fresh?.at).toEqual({ x: 0, y: 480 });
  });

  test("are laid out anew where something new lies on what is gone", () => {
    const same = graph("trigger -> a -> fresh", { a: at(160), fresh: at(330) });
    const { steps } = differenceGraph(same, differenceBetween(before, same)).graph;
    expect(Object.values(steps).map((step) => step.at)).toEqual(
      Array.from({ length: 4 }, () => ({ x: 0, y: 0 })),
    );
  });
});

describe("a changed field in words", () => {
  const step = graph("trigger -> a", { a: { uses: "http.request" } }).steps.a;
  if (!step) throw new Error("no step");

  test.each([
    ["input.url", "Address"],
    ["input.unknown", "unknown"],
    ["connectionId", "Connection"],
    ["toString", "toString"],
  ])("%s is called %s", (key, label) => {
    expect(fieldLabel(key, step, known)).toBe(label);
  });

  const names = new Map([["con_1", "Shop mailbox"]]);
  test.each<[string, unknown, string | undefined]>([
    ["name", "Call", "Call"],
    ["name", "", undefined],
    ["note", undefined, undefined],
    ["disabled", true, "yes"],
    ["connectionId", "con_1", "Shop mailbox"],
    ["connectionId", "con_2", "One that does not exist any more"],
    ["timeoutMs", 30_000, "30 seconds"],
    ["input.duration", { amount: 2, unit: "hours" }, "2 hours"],
    ["input.to", ["a@example.com", "b@example.com"], "a@example.com\nb@example.com"],
    ["input.json", { a: 1 }, '{\n  "a": 1\n}'],
    ["input.text", "x".repeat(3_000), `${"x".repeat(2_000)}…`],
  ])("%s: %j is shown as %j", (key, value, shown) => {
    expect(shownValue(key, value, names)).toBe(shown);
  });
});
