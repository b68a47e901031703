// Conditions, cases and schedules in words.

import { expect, test } from "vitest";
import { casesOf, moveCase, withNewCase } from "../../../client/form/case-list.ts";
import {
  conditionsOf,
  OPERATORS,
  operatorWords,
  takesRight,
  withOperator,
} from "../../../client/form/condition-words.ts";
import { CRON_PRESETS, cronWords } from "../../../client/form/cron-words.ts";
import { Case, ConditionOperator } from "../../../shared/field.ts";

test("every operator has words, once", () => {
  const listed = OPERATORS.flatMap(({ items }) => items.map(({ value }) => value));
  expect([...listed].sort()).toEqual([...ConditionOperator.options].sort());
  expect(operatorWords("greaterOrEqual")).toBe("is at least");
});

test("conditions are read from whatever is there", () => {
  expect(conditionsOf(undefined)).toEqual({ match: "all", rules: [] });
  expect(conditionsOf({ match: "any", rules: [{ left: 1, op: "less", right: 2 }, null] })).toEqual({
    match: "any",
    rules: [
      { left: 1, op: "less", right: 2 },
      { left: undefined, op: "equals" },
    ],
  });
});

test("an operator that compares with nothing drops the right side", () => {
  expect(takesRight("empty")).toBe(false);
  expect(withOperator({ left: "a", op: "equals", right: "b" }, "empty")).toEqual({ left: "a", op: "empty" });
  expect(withOperator({ left: "a", op: "empty" }, "equals")).toEqual({ left: "a", op: "equals", right: "" });
});

test("a new case gets an id of its own that a port may have", () => {
  const first = casesOf([{ id: "case2", name: "x", when: {} }]);
  const [, added] = withNewCase(first);
  expect(added).toMatchObject({ id: "case3", name: "case 3" });
  expect(Case.safeParse(added).success).toBe(true);
  expect(moveCase(withNewCase(first), 0, 1).map(({ id }) => id)).toEqual(["case3", "case2"]);
  expect(moveCase(first, 0, -1)).toEqual(first);
});

test.each([
  ["0 9 * * 1-5", "Every weekday (Monday to Friday) at 9:00"],
  ["30 7 * * *", "Every day at 7:30"],
  ["5 8 * * 1,3", "Every Monday and Wednesday at 8:05"],
  ["*/15 * * * *", "Every 15 minutes"],
  ["0 * * * *", "Every hour, on the hour"],
  ["0 0 L * *", "On the last day of every month at 0:00"],
  ["0 9 1 * *", "On day 1 of every month at 9:00"],
  ["0 9 * 2 1", undefined],
  ["0 9", undefined],
  ["61 9 * * *", undefined],
  ["0 24 * * *", undefined],
  ["0 9 * * xyz", undefined],
])("%s is “%s”", (cron, words) => {
  expect(cronWords(cron)).toBe(words);
});

test("every ready-made schedule is told in words", () => {
  for (const { cron } of CRON_PRESETS) expect(cronWords(cron)).toBeDefined();
});
