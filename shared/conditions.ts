// Whether a condition holds: what “equals”, “is greater than” or “contains” mean for values out of an event.
//
// The values are compared as a person reads them, not as a computer stores them:
//   numbers    by size, also when one of them is a text such as "19.90"
//   texts      letter by letter; capitals count
//   nothing    null, a missing value and an empty text are the same
//   lists and objects by their content

import type { ConditionOperator, Conditions } from "./field.ts";
import { Refused } from "./problem.ts";
import { readMoment } from "./template-time.ts";

export type Rule = Conditions["rules"][number];

export interface CheckedRule extends Rule {
  passed: boolean;
}

/** Checks every rule, also those that no longer matter: people want to see which of them failed. */
export function checkConditions({ match, rules }: Conditions): { passed: boolean; rules: CheckedRule[] } {
  const checked = rules.map((rule) => ({ ...rule, passed: checkRule(rule) }));
  return { passed: checked[match === "all" ? "every" : "some"]((rule) => rule.passed), rules: checked };
}

/** Throws `Refused` when a time has to be compared and is none. */
export function checkRule({ left, op, right }: Rule): boolean {
  return TESTS[op](left, right);
}

const TESTS: Record<ConditionOperator, (left: unknown, right: unknown) => boolean> = {
  equals: isEqual,
  notEquals: (left, right) => !isEqual(left, right),
  greater: (left, right) => compare(left, right) > 0,
  greaterOrEqual: (left, right) => compare(left, right) >= 0,
  less: (left, right) => compare(left, right) < 0,
  lessOrEqual: (left, right) => compare(left, right) <= 0,
  contains,
  notContains: (left, right) => !contains(left, right),
  startsWith: (left, right) => bothText(left, right, (a, b) => a.startsWith(b)),
  endsWith: (left, right) => bothText(left, right, (a, b) => a.endsWith(b)),
  in: isIn,
  exists: (left) => left !== null && left !== undefined,
  notExists: (left) => left === null || left === undefined,
  empty: isEmpty,
  notEmpty: (left) => !isEmpty(left),
  isTrue: (left) => TRUE_WORDS.has(textOf(left)?.trim().toLowerCase() ?? ""),
  isFalse: (left) => FALSE_WORDS.has(textOf(left)?.trim().toLowerCase() ?? ""),
  before: (left, right) => compareTimes(left, right) < 0,
  after: (left, right) => compareTimes(left, right) > 0,
};

const TRUE_WORDS = new Set(["true", "yes", "on", "1"]);
const FALSE_WORDS = new Set(["false", "no", "off", "0"]);

function isEqual(left: unknown, right: unknown): boolean {
  const a = numberOf(left);
  const b = numberOf(right);
  if (a !== undefined && b !== undefined) return a === b;
  const text = textOf(left);
  return text === undefined ? sameContent(left, right) : text === textOf(right);
}

/** Below, at or above zero; NaN (so that every comparison is false) where the two have no order. */
function compare(left: unknown, right: unknown): number {
  const a = numberOf(left);
  const b = numberOf(right);
  if (a !== undefined && b !== undefined) return a - b;
  if (typeof left !== "string" || typeof right !== "string" || left === "" || right === "") return Number.NaN;
  return left === right ? 0 : left < right ? -1 : 1;
}

function compareTimes(left: unknown, right: unknown): number {
  if (isEmpty(left) || isEmpty(right)) return Number.NaN;
  return timeOf(left) - timeOf(right);
}

function timeOf(value: unknown): number {
  const time = readMoment(value, "UTC");
  if (time !== undefined) return time;
  throw new Refused({
    code: "not-a-time",
    sentence: `A condition compares times, and “${String(textOf(value) ?? "a list or an object").slice(0, 60)}” is not one.`,
    hint: "Write it as 2026-01-31 or 2026-01-31T09:30:00Z, or give Unix seconds.",
  });
}

function contains(left: unknown, right: unknown): boolean {
  if (Array.isArray(left)) return left.some((item) => isEqual(item, right));
  if (isRecord(left)) return Object.hasOwn(left, textOf(right) ?? "");
  return bothText(left, right, (a, b) => a.includes(b));
}

function isIn(left: unknown, right: unknown): boolean {
  if (Array.isArray(right)) return right.some((item) => isEqual(left, item));
  const choices = (textOf(right) ?? "").split(",").map((choice) => choice.trim());
  return !isEmpty(left) && choices.some((choice) => isEqual(left, choice));
}

function bothText(left: unknown, right: unknown, test: (a: string, b: string) => boolean): boolean {
  const a = textOf(left);
  const b = textOf(right);
  return a !== undefined && b !== undefined && test(a, b);
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isRecord(value)) return Object.keys(value).length === 0;
  return (textOf(value) ?? "").trim() === "";
}

/** How a single value reads; undefined for lists and objects. */
function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? undefined : String(value);
}

/**
 * A number, or a text that reads as one. Texts with leading zeros (postcodes) and with more than 15 digits
 * (ids, which a number can't hold exactly) are not numbers.
 */
function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  if (!/^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) || text.replace(/\D/g, "").length > 15) return undefined;
  return Number(text);
}

function sameContent(left: unknown, right: unknown): boolean {
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => sameContent(item, right[index]));
  }
  if (!isRecord(left)) return left === right;
  if (!isRecord(right)) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && sameContent(left[key], right[key]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
