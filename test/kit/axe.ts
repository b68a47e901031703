// What axe-core finds on a page. Its source is evaluated rather than added as a script, which the page's CSP forbids.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, ImpactValue } from "axe-core";
import type { Page } from "playwright-core";

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export interface Finding {
  rule: string;
  impact: ImpactValue;
  help: string;
  /** The elements, by selector, each with why. */
  where: string[];
}

export async function lookWithAxe(page: Page): Promise<Finding[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(SOURCE);
  const { violations } = await page.evaluate<AxeResults>(
    "axe.run(document, { resultTypes: ['violations'] })",
  );
  return violations.map(({ id, impact, help, nodes }) => ({
    rule: id,
    impact: impact ?? null,
    help,
    where: nodes
      .slice(0, 6)
      .map(({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary?.replaceAll(/\s+/g, " ")}`),
  }));
}
