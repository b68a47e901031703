// The list of mutants fits the source: each line that they break is there, once, and so are the tests that guard it.

import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { MUTANTS } from "../mutants/list.ts";
import { whyStale } from "../mutants/mutant.ts";

const ROOT = resolve(import.meta.dirname, "../..");

const byName = MUTANTS.map((mutant) => [mutant.name, mutant] as const);

describe("the mutant", () => {
  test.each(byName)("“%s” can be made of the source as it is", (_, mutant) => {
    expect(whyStale(mutant, readFileSync(join(ROOT, mutant.file), "utf8"))).toBeNull();
    expect(mutant.replace).not.toBe(mutant.find);
    for (const file of mutant.tests) expect(existsSync(join(ROOT, file)), file).toBe(true);
  });
});

test("no two mutants have the same name", () => {
  const names = MUTANTS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
