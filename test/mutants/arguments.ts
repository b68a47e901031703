// The command line of the mutants.

import type { Mutant } from "./mutant.ts";

export interface Numbered extends Mutant {
  number: number;
}

export type MutantArguments =
  | { kind: "run"; chosen: Numbered[] }
  | { kind: "help" }
  | { kind: "wrong"; sentence: string };

export const HELP = `Breaks each safety line once, in a copy, and sees whether a test notices.

  npm run mutants                      all of them; it takes some minutes
  npm run mutants -- 12 "catch URL"    by number, or by words of the name
  npm run mutants -- --help            this text

It ends with 0 when a test noticed each of them, 1 when not, and 2 when it was called wrongly.
`;

/** The mutants that the words of the command line name, each once; none are all. */
export function choose(mutants: readonly Mutant[], wanted: readonly string[]): MutantArguments {
  if (wanted.includes("--help") || wanted.includes("-h")) return { kind: "help" };
  const option = wanted.find((words) => words.startsWith("-"));
  if (option !== undefined) {
    return { kind: "wrong", sentence: `There is no option “${option}”. --help says what there is.` };
  }
  const all = mutants.map((mutant, index) => ({ ...mutant, number: index + 1 }));
  if (wanted.length === 0) return { kind: "run", chosen: all };
  const chosen = new Set<Numbered>();
  for (const words of wanted) {
    const found = find(all, words);
    if (found.length === 0) {
      return {
        kind: "wrong",
        sentence: `No mutant has the number or the words “${words}”. There are the numbers 1 to ${all.length}, and the names in test/mutants.`,
      };
    }
    for (const mutant of found) chosen.add(mutant);
  }
  return { kind: "run", chosen: [...chosen] };
}

function find(all: readonly Numbered[], words: string): Numbered[] {
  const isNumber = /^\d+$/.test(words);
  return all.filter(({ name, number }) =>
    isNumber ? number === Number(words) : name.toLowerCase().includes(words.toLowerCase()),
  );
}
