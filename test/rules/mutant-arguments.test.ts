// What the command line of the mutants takes and refuses.

import { expect, test } from "vitest";
import { choose } from "../mutants/arguments.ts";
import type { Mutant } from "../mutants/mutant.ts";

const named = (name: string): Mutant => ({ name, file: "a.ts", find: "a", replace: "b", tests: [] });
const MUTANTS = ["a catch URL is checked", "a fence is kept", "a fence is raised"].map(named);

function numbers(...wanted: string[]): number[] {
  const given = choose(MUTANTS, wanted);
  if (given.kind !== "run") throw new Error(JSON.stringify(given));
  return given.chosen.map(({ number }) => number);
}

test("they are named by number or by words of the name, each once, and no word names all", () => {
  expect(numbers()).toEqual([1, 2, 3]);
  expect(numbers("3")).toEqual([3]);
  expect(numbers("Catch URL")).toEqual([1]);
  expect(numbers("2", "fence")).toEqual([2, 3]);
});

test.each([
  ["999", "No mutant has the number or the words “999”."],
  ["nonsense", "No mutant has the number or the words “nonsense”."],
  ["--nope", "There is no option “--nope”."],
])("“%s” is refused with a sentence", (words, sentence) => {
  const given = choose(MUTANTS, ["1", words]);
  expect(given).toEqual({ kind: "wrong", sentence: expect.stringContaining(sentence) });
});

test("help wins over the rest", () => {
  expect(choose(MUTANTS, ["999", "--help"])).toEqual({ kind: "help" });
  expect(choose(MUTANTS, ["-h"])).toEqual({ kind: "help" });
});
