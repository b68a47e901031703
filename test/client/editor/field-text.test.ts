// What the text of a field means as a value, and when it may stay as it was typed.

import { expect, test } from "vitest";
import { faultOf, means, readFieldText, writeFieldText } from "../../../client/editor/data/field-text.ts";

test("a number is kept as a number, data and half a number as text", () => {
  expect(readFieldText("number", " 12.5 ")).toBe(12.5);
  expect(readFieldText("number", "{{trigger.n}}")).toBe("{{trigger.n}}");
  expect(readFieldText("number", "-")).toBe("-");
  expect(readFieldText("number", "")).toBe("");
  expect(readFieldText("line", "12")).toBe("12");
});

test("what was typed stays while it means the same", () => {
  expect(means("number", "5.", 5)).toBe(true);
  expect(means("number", "5.0", 5)).toBe(true);
  expect(means("number", "5", 6)).toBe(false);
  expect(means("json", '{"a":1}', { a: 1 })).toBe(true);
  expect(means("json", '{"a":1}', { a: 2 })).toBe(false);
  expect(means("line", "", undefined)).toBe(true);
  expect(means("line", "a", "b")).toBe(false);
});

test("only text that cannot be the value is a fault", () => {
  expect(faultOf("number", "abc")).toBe("This must be a number.");
  expect(faultOf("number", "{{a.b}}")).toBeUndefined();
  expect(faultOf("json", '{ "a"')).toMatch(/not valid JSON/);
  expect(faultOf("line", "{{")).toBeUndefined();
});

test("values that are no text are shown as JSON", () => {
  expect(writeFieldText("line", 5)).toBe("5");
  expect(writeFieldText("line", null)).toBe("");
  expect(writeFieldText("lines", { a: 1 })).toBe('{"a":1}');
});
