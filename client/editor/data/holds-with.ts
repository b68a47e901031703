// Whether conditions hold with the data at hand: the same rules that a run goes by.

import { checkConditions } from "../../../shared/conditions.ts";
import { Conditions } from "../../../shared/field.ts";
import { Refused } from "../../../shared/problem.ts";
import { showValue } from "./template-pills.ts";

/** Undefined while it cannot be told: nothing is filled in yet, data is missing, or a time is none. */
export function holdsWith(
  conditions: unknown,
  scope: Record<string, unknown>,
  now: number,
): boolean | undefined {
  const asked = Conditions.safeParse(conditions);
  if (!asked.success || asked.data.rules.every(({ left }) => left === "")) return undefined;
  const filled = showValue(conditions, scope, now);
  const parsed = filled.ok ? Conditions.safeParse(filled.value) : undefined;
  if (!parsed?.success) return undefined;
  try {
    return checkConditions(parsed.data).passed;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}
