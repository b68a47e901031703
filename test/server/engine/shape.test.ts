// What is worked out of a graph once, for all its runs.

import { expect, test } from "vitest";
import { shapeOf } from "../../../server/engine/shape.ts";
import { graph } from "../../kit/graph.ts";

const set = (value: unknown) => ({ uses: "logic.setFields", input: { fields: [{ name: "a", value }] } });

test("a step is pure when it reaches for nothing outside and does not ask for the time", () => {
  const { pure } = shapeOf(
    graph("trigger -> set -> now -> late -> call", {
      set: set("{{trigger.body.a}}"),
      now: set("{{now}}"),
      late: set("{{trigger.body.at | default: now}}"),
      call: { uses: "http.request", input: { url: "https://api.example.com" } },
    }),
  );
  expect([...pure]).toEqual(["set"]);
});

test("each step knows whose outputs it asks for, each once", () => {
  const { references } = shapeOf(
    graph("trigger -> one -> two", {
      one: set("{{trigger.body.a}} and {{trigger.body.b}}"),
      two: set("{{one.a | default: trigger.body.c}}"),
    }),
  );
  expect(Object.fromEntries(references)).toEqual({ trigger: [], one: ["trigger"], two: ["one", "trigger"] });
});

test("a flow answers by itself when a step of it does", () => {
  expect(shapeOf(graph("trigger -> set", { set: set(1) })).answers).toBe(false);
  expect(shapeOf(graph("trigger -> say", { say: { uses: "logic.respond", input: {} } })).answers).toBe(true);
});
