// The data picker's tree as rows.

import { expect, test } from "vitest";
import { firstOpen, placesIn, rowsOf } from "../../../client/editor/data/data-rows.ts";
import type { DataSource } from "../../../client/editor/data/data-sources.ts";

const source = (stepId: string, value: unknown): DataSource => ({
  stepId,
  name: stepId === "trigger" ? "New order" : stepId,
  uses: "webhook.catch",
  value,
  origin: "event",
  at: 1,
});
const order = source("trigger", {
  method: "POST",
  body: { "first name": "Ada", lines: [{ sku: "TEA" }, { sku: "KETTLE" }], paid: true, note: null },
});
const shown = (query: string, open = new Set<string>()) =>
  rowsOf([order], open, query).map(
    ({ label, level, preview }) => `${"  ".repeat(level)}${label}: ${preview}`,
  );

test("steps and the body of an event are open to begin with", () => {
  expect(shown("", firstOpen([order]))).toEqual([
    "New order: { method, body }",
    "  method: POST",
    "  body: { first name, lines, paid, … }",
    "    first name: Ada",
    "    lines: 2 items",
    "    paid: true",
    "    note: null",
  ]);
});

test("a row's id is what a click inserts", () => {
  const ids = rowsOf([order], new Set(), "sku").map(({ id }) => id);
  expect(ids).toContain("{{trigger.body.lines[1].sku}}");
  expect(rowsOf([order], firstOpen([order])).map(({ id }) => id)).toContain('{{trigger.body["first name"]}}');
});

test("a search looks at names and values, and shows what leads to them", () => {
  expect(shown("kettle")).toEqual([
    "New order: { method, body }",
    "  body: { first name, lines, paid, … }",
    "    lines: 2 items",
    "      2.: { sku }",
    "        sku: KETTLE",
  ]);
  expect(shown("first")).toEqual([
    "New order: { method, body }",
    "  body: { first name, lines, paid, … }",
    "    first name: Ada",
  ]);
  expect(shown("nowhere")).toEqual([]);
});

test("a long list is cut, and says so", () => {
  const long = source(
    "a",
    Array.from({ length: 250 }, (_, index) => index),
  );
  const rows = rowsOf([long], new Set(["{{a}}"]));
  expect(rows).toHaveLength(102);
  expect(rows.at(-1)?.more).toBe(150);
  expect(rowsOf([long], new Set(), "249").map(({ label }) => label)).toEqual(["a", "249.", "250."]);
});

test("huge data is searched without hanging", () => {
  const huge = source(
    "a",
    Array.from({ length: 60_000 }, (_, index) => ({ id: index, text: "x".repeat(50) })),
  );
  const began = performance.now();
  expect(rowsOf([huge], new Set(), "x").length).toBeLessThanOrEqual(400);
  rowsOf([huge], new Set(), "not there at all");
  expect(performance.now() - began).toBeLessThan(1_000);
});

test("typing offers the outer places first, and of a list the first item", () => {
  expect(placesIn([order]).map(({ id }) => id)).toEqual([
    "{{trigger}}",
    "{{trigger.method}}",
    "{{trigger.body}}",
    '{{trigger.body["first name"]}}',
    "{{trigger.body.lines}}",
    "{{trigger.body.paid}}",
    "{{trigger.body.note}}",
    "{{trigger.body.lines[0]}}",
    "{{trigger.body.lines[0].sku}}",
  ]);
});
