// Conditions in words, and what their rows are made of; without any drawing.

import type { ConditionOperator, Conditions } from "../../shared/field.ts";
import { recordOf } from "./form-values.ts";

export interface RuleShown {
  left: unknown;
  op: ConditionOperator;
  right?: unknown;
}

/** Grouped as a person looks for them. */
export const OPERATORS: { group: string; items: { value: ConditionOperator; label: string }[] }[] = [
  {
    group: "Any value",
    items: [
      { value: "equals", label: "is" },
      { value: "notEquals", label: "is not" },
      { value: "in", label: "is one of" },
      { value: "exists", label: "is there" },
      { value: "notExists", label: "is not there" },
      { value: "empty", label: "is empty" },
      { value: "notEmpty", label: "is not empty" },
    ],
  },
  {
    group: "Numbers",
    items: [
      { value: "greater", label: "is more than" },
      { value: "greaterOrEqual", label: "is at least" },
      { value: "less", label: "is less than" },
      { value: "lessOrEqual", label: "is at most" },
    ],
  },
  {
    group: "Texts and lists",
    items: [
      { value: "contains", label: "contains" },
      { value: "notContains", label: "does not contain" },
      { value: "startsWith", label: "begins with" },
      { value: "endsWith", label: "ends with" },
    ],
  },
  {
    group: "Yes or no",
    items: [
      { value: "isTrue", label: "is true" },
      { value: "isFalse", label: "is false" },
    ],
  },
  {
    group: "Times",
    items: [
      { value: "before", label: "is before" },
      { value: "after", label: "is after" },
    ],
  },
];

const ALONE = new Set<string>(["exists", "notExists", "empty", "notEmpty", "isTrue", "isFalse"]);

/** Does the operator compare with something? */
export function takesRight(op: ConditionOperator): boolean {
  return !ALONE.has(op);
}

const known = new Map(OPERATORS.flatMap(({ items }) => items).map(({ value, label }) => [value, label]));

export function operatorWords(op: ConditionOperator): string {
  return known.get(op) ?? op;
}

export const NEW_RULE: RuleShown = { left: "", op: "equals", right: "" };

/** The conditions in a value, whatever state it is in. */
export function conditionsOf(value: unknown): { match: Conditions["match"]; rules: RuleShown[] } {
  const { match, rules } = recordOf(value);
  return {
    match: match === "any" ? "any" : "all",
    rules: (Array.isArray(rules) ? rules : []).map((rule): RuleShown => {
      const { left, op, right } = recordOf(rule);
      const operator = [...known.keys()].find((one) => one === op) ?? "equals";
      return right === undefined ? { left, op: operator } : { left, op: operator, right };
    }),
  };
}

/** The rule with another operator; what it compares with goes when it is not used any more. */
export function withOperator(rule: RuleShown, op: ConditionOperator): RuleShown {
  return takesRight(op) ? { ...rule, op, right: rule.right ?? "" } : { left: rule.left, op };
}
