// Templates in a text as pills.

import { expect, test } from "vitest";
import {
  argumentOf,
  argumentText,
  filterTexts,
  pathWords,
  pillFault,
  pillsIn,
  pillWords,
  showValue,
  withFilters,
} from "../../../client/editor/data/template-pills.ts";

const names = new Map([
  ["trigger", "New order"],
  ["http", "Ask the shop"],
]);
const one = (text: string) => {
  const [pill] = pillsIn(text);
  if (!pill) throw new Error(`no pill in ${text}`);
  return pill;
};

test("every template that can be read is a pill, and what cannot stays text", () => {
  const text = "a {{trigger.x}} {{ broken {{http.y | upper}} \\{{no.pill}} {{trigger.z";
  expect(pillsIn(text).map(({ source }) => source)).toEqual(["{{trigger.x}}", "{{http.y | upper}}"]);
  expect(pillsIn(text).map(({ from, to }) => text.slice(from, to))).toEqual([
    "{{trigger.x}}",
    "{{http.y | upper}}",
  ]);
});

test("a pill is called after its step and the way to the value", () => {
  expect(pillWords(one("{{trigger.body.lines[0].sku | upper | trim}}"), names)).toEqual({
    step: "New order",
    path: "body › lines › no. 1 › sku",
    filters: ["upper", "trim"],
  });
  expect(pillWords(one("{{now}}"), names)).toEqual({ step: "now", path: "", filters: [] });
  expect(pathWords([-1, "a", -3])).toBe("last › a › 3 from the end");
});

test("a pill that cannot work says why", () => {
  expect(pillFault(one("{{trigger.x | upper}}"), names)).toBeUndefined();
  expect(pillFault(one("{{now}}"), names)).toBeUndefined();
  expect(pillFault(one("{{gone.x}}"), names)).toBe("No step before this one is called “gone”.");
  expect(pillFault(one("{{trigger.x | default: gone.y}}"), names)).toContain("“gone”");
  expect(pillFault(one("{{trigger.x | uper}}"), names)).toContain("Did you mean “upper”?");
});

test("a pill is written again with other filters, its arguments unharmed", () => {
  const pill = one('{{trigger["first name"] | default: http.name, "x"}}');
  expect(withFilters(pill, [...filterTexts(pill), { name: "truncate", args: [9] }])).toBe(
    '{{trigger["first name"] | default: http.name, "x" | truncate: 9}}',
  );
  expect(withFilters(pill, [])).toBe('{{trigger["first name"]}}');
});

test("an argument is a number, data or text by what was typed and what the filter takes", () => {
  expect(argumentOf("10", "integer", names)).toBe(10);
  expect(argumentOf("10", "text", names)).toBe("10");
  expect(argumentOf("trigger.body.name", "any", names)).toEqual({
    stepId: "trigger",
    path: ["body", "name"],
  });
  expect(argumentOf("{{trigger.total}}", "number", names)).toEqual({ stepId: "trigger", path: ["total"] });
  expect(argumentOf("example.com", "text", names)).toBe("example.com");
  expect(argumentOf(" ", "text", names)).toBe(" ");
  for (const typed of ["trigger.body.name", "10", "dd.MM.yyyy"]) {
    expect(argumentText(argumentOf(typed, "any", names))).toBe(typed);
  }
});

test("a preview gives the value, or the sentence that says why there is none", () => {
  const scope = { trigger: { name: "ada" } };
  expect(showValue("Hi {{trigger.name | upper}}", scope, 0)).toEqual({ ok: true, value: "Hi ADA" });
  expect(showValue("{{trigger.nme}}", scope, 0)).toMatchObject({
    ok: false,
    sentence: expect.stringContaining("Did you mean “name”"),
  });
});
