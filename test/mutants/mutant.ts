// What a mutant is: one safety line of the source, and what it would be with its promise given up.

export interface Mutant {
  /** What is given up, as a sentence. */
  name: string;
  file: string;
  /** The line as it stands in the file, once. */
  find: string;
  replace: string;
  /** The test files of which at least one must fail. */
  tests: string[];
}

type Change = Pick<Mutant, "name" | "find" | "replace">;

/** The mutants of one file, which the same tests guard. */
export function inFile(file: string, tests: string[], changes: Change[]): Mutant[] {
  return changes.map((change) => ({ ...change, file, tests }));
}

/** Why the mutant cannot be made of this text; null when it can. A line that was changed leaves its mutant stale. */
export function whyStale({ find, file }: Mutant, text: string): string | null {
  const times = text.split(find).length - 1;
  if (times === 1) return null;
  return `“${find}” stands ${times} times in ${file}, and must stand there once. Bring the mutant up to date.`;
}
