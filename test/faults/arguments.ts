// The command line of the faults.

export type FaultArguments =
  /** `ids` is null for all the fast ones; with `full`, for all there are. */
  | { kind: "run"; ids: string[] | null; full: boolean }
  | { kind: "help" }
  | { kind: "wrong"; sentence: string };

export function faultsHelp(known: readonly string[]): string {
  return `Does bad things to the real program, and says in figures what held.

  npm run faults               the fast ones, shortened
  npm run faults -- --all      all of them, at full length
  npm run faults -- F1 F7      those two; with --all, at full length
  npm run faults -- --help     this text

There are: ${known.join(", ")}.
It ends with 0 when everything held, 1 when not, and 2 when it was called wrongly.
`;
}

export function readFaultArguments(words: readonly string[], known: readonly string[]): FaultArguments {
  if (words.includes("--help") || words.includes("-h")) return { kind: "help" };
  const named = words.filter((word) => word !== "--all");
  const option = named.find((word) => word.startsWith("-"));
  if (option !== undefined) {
    return { kind: "wrong", sentence: `There is no option “${option}”. --help lists what there is.` };
  }
  const idOf = (word: string) => known.find((id) => id.toLowerCase() === word.toLowerCase());
  const unknown = named.filter((word) => idOf(word) === undefined);
  if (unknown.length > 0) {
    return {
      kind: "wrong",
      sentence: `There is no fault ${unknown.join(", ")}. There are: ${known.join(", ")}; --all is all of them.`,
    };
  }
  const ids = named.flatMap((word) => idOf(word) ?? []);
  return { kind: "run", ids: ids.length > 0 ? ids : null, full: words.includes("--all") };
}
