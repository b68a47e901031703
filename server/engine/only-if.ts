// Whether an event is one that the flow's “only if” lets through.

import { checkConditions } from "../../shared/conditions.ts";
import type { WebhookData } from "../../shared/event.ts";
import type { Conditions } from "../../shared/field.ts";
import { Refused } from "../../shared/problem.ts";
import { valueAt } from "../formats/data-path.ts";

/** `left` of each rule is a path into what the steps see as `trigger`. A comparison that makes no sense does not hold. */
export function holdsFor({ match, rules }: Conditions, data: WebhookData): boolean {
  const read = rules.map((rule) => ({ ...rule, left: valueAt(data, String(rule.left)) }));
  try {
    return checkConditions({ match, rules: read }).passed;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}
