// Conditions judged with the data at hand, before anything runs.

import { expect, test } from "vitest";
import { holdsWith } from "../../../client/editor/data/holds-with.ts";

const scope = { trigger: { total: "59.80", at: "soon" } };
const rule = (left: string, op: string, right?: string) => ({ match: "all", rules: [{ left, op, right }] });

test.each([
  [rule("{{trigger.total}}", "greater", "50"), true],
  [rule("{{trigger.total}}", "less", "50"), false],
  [rule("{{trigger.gone}}", "exists"), undefined],
  [rule('{{trigger.gone | default: ""}}', "empty"), true],
  [rule("{{trigger.at}}", "before", "2026-01-01"), undefined],
  [rule("", "equals", ""), undefined],
  [{ match: "all", rules: [] }, undefined],
  ["{{trigger.total}}", undefined],
])("%j: %s", (conditions, holds) => {
  expect(holdsWith(conditions, scope, 0)).toBe(holds);
});
