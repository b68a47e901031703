// What each comparison means, as a table: left, operator, right, holds.

import { describe, expect, test } from "vitest";
import { type CheckedRule, checkConditions, checkRule } from "../../shared/conditions.ts";
import { type ConditionOperator, Conditions } from "../../shared/field.ts";
import { Refused } from "../../shared/problem.ts";

const TABLE: [unknown, ConditionOperator, unknown, boolean][] = [
  // equal
  ["paid", "equals", "paid", true],
  ["paid", "equals", "Paid", false],
  [59.8, "equals", "59.80", true],
  ["59.8", "equals", "59.80", true],
  ["007", "equals", "7", false],
  ["12345678901234567890", "equals", "12345678901234567891", false],
  ["1e3", "equals", 1000, false],
  [true, "equals", "true", true],
  [null, "equals", "", true],
  [null, "equals", null, true],
  [undefined, "equals", null, true],
  [0, "equals", "", false],
  [0, "equals", false, false],
  [{ a: 1, b: [2] }, "equals", { b: [2], a: 1 }, true],
  [{ a: 1 }, "equals", { a: 1, b: 2 }, false],
  [[1, 2], "equals", [2, 1], false],
  [[1], "equals", "1", false],
  [[], "equals", {}, false],
  [{ toString: 1 }, "equals", {}, false],
  [{}, "equals", { toString: 1 }, false],
  ["a", "notEquals", "b", true],
  [1, "notEquals", "1", false],
  // order
  [10, "greater", 9, true],
  ["10", "greater", "9", true],
  ["10", "greater", 9, true],
  [10, "greater", 10, false],
  [10, "greaterOrEqual", "10.0", true],
  [-1, "less", 0, true],
  [5, "lessOrEqual", 5, true],
  ["apple", "less", "banana", true],
  ["abc", "greater", 5, false],
  ["abc", "less", 5, false],
  ["abc", "lessOrEqual", 5, false],
  [null, "less", 5, false],
  [null, "greaterOrEqual", 0, false],
  ["", "less", "a", false],
  [[3], "greater", 2, false],
  // contains
  ["first-order, vip", "contains", "vip", true],
  ["vip", "contains", "VIP", false],
  [["a", "vip"], "contains", "vip", true],
  [["a", "vip"], "contains", "vi", false],
  [[1, 2], "contains", "2", true],
  [[{ id: 1 }], "contains", { id: 1 }, true],
  [{ note: 1 }, "contains", "note", true],
  [{ note: 1 }, "contains", "constructor", false],
  [12345, "contains", 34, true],
  [null, "contains", "a", false],
  ["a", "contains", ["a"], false],
  [["a"], "notContains", "b", true],
  ["abc", "notContains", "b", false],
  ["#1001", "startsWith", "#", true],
  ["#1001", "startsWith", "1", false],
  ["invoice.pdf", "endsWith", ".pdf", true],
  [["#1"], "startsWith", "#", false],
  // in
  ["DE", "in", "DE, FR,NL", true],
  ["D", "in", "DE, FR", false],
  ["FR", "in", ["DE", "FR"], true],
  [2, "in", "1, 2", true],
  ["", "in", "a,,b", false],
  [null, "in", "", false],
  [null, "in", [null], true],
  // there or not
  [null, "exists", undefined, false],
  [undefined, "exists", undefined, false],
  ["", "exists", undefined, true],
  [0, "exists", undefined, true],
  [null, "notExists", undefined, true],
  [false, "notExists", undefined, false],
  ["", "empty", undefined, true],
  ["  \n", "empty", undefined, true],
  [null, "empty", undefined, true],
  [[], "empty", undefined, true],
  [{}, "empty", undefined, true],
  [0, "empty", undefined, false],
  [false, "empty", undefined, false],
  [[null], "empty", undefined, false],
  ["x", "notEmpty", undefined, true],
  ["", "notEmpty", undefined, false],
  // true or false
  [true, "isTrue", undefined, true],
  ["Yes", "isTrue", undefined, true],
  [1, "isTrue", undefined, true],
  ["no", "isTrue", undefined, false],
  [[], "isTrue", undefined, false],
  [false, "isFalse", undefined, true],
  ["off", "isFalse", undefined, true],
  [0, "isFalse", undefined, true],
  [null, "isFalse", undefined, false],
  ["maybe", "isFalse", undefined, false],
  // times
  ["2026-01-14", "before", "2026-01-15", true],
  ["2026-01-15T09:00:00+01:00", "before", "2026-01-15T08:30:00Z", true],
  ["2026-01-15T09:00:00+01:00", "after", "2026-01-15T07:30:00Z", true],
  [1_768_478_400, "after", "2026-01-15T11:59:59Z", true],
  [1_768_478_400_000, "before", "2026-01-15T12:00:01Z", true],
  ["2026-01-15", "after", "2026-01-15", false],
  [null, "before", "2026-01-15", false],
  ["", "after", "2026-01-15", false],
];

test.each(TABLE)("%j %s %j: %s", (left, op, right, holds) => {
  expect(checkRule({ left, op, right })).toBe(holds);
});

test("comparing times with something that is no time says so", () => {
  expect(() => checkRule({ left: "soon", op: "before", right: "2026-01-15" })).toThrow(Refused);
  expect(() => checkRule({ left: "2026-02-30", op: "after", right: "2026-01-15" })).toThrow("2026-02-30");
  expect(() => checkRule({ left: ["2026-01-15"], op: "after", right: "2026-01-15" })).toThrow(Refused);
});

describe("all and any", () => {
  const yes = { left: 1, op: "equals" as const, right: 1 };
  const no = { left: 1, op: "equals" as const, right: 2 };
  const passed = (rule: CheckedRule) => rule.passed;

  test.each([
    ["all", [yes, yes], true],
    ["all", [yes, no], false],
    ["any", [no, yes], true],
    ["any", [no, no], false],
  ] as const)("%s of %j: %s", (match, rules, holds) => {
    expect(checkConditions({ match, rules: [...rules] }).passed).toBe(holds);
  });

  test("every rule is looked at, and says how it went", () => {
    expect(checkConditions({ match: "all", rules: [no, yes, no] }).rules.map(passed)).toEqual([
      false,
      true,
      false,
    ]);
  });

  test("conditions without a rule are not accepted: they would hold for everything", () => {
    expect(Conditions.safeParse({ match: "all", rules: [] }).success).toBe(false);
  });
});
