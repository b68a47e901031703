// What the command line of the faults takes and refuses.

import { expect, test } from "vitest";
import { faultsHelp, readFaultArguments } from "./arguments.ts";

const KNOWN = ["F1", "F2", "F16m"];
const read = (line: string) => readFaultArguments(line.split(" ").filter(Boolean), KNOWN);

test("nothing means the fast ones, --all all of them, and a name only that one", () => {
  expect(read("")).toEqual({ kind: "run", ids: null, full: false });
  expect(read("--all")).toEqual({ kind: "run", ids: null, full: true });
  expect(read("f16M F1 --all")).toEqual({ kind: "run", ids: ["F16m", "F1"], full: true });
});

test.each([
  ["F99", "There is no fault F99. There are: F1, F2, F16m; --all is all of them."],
  ["F1 F98 F99", "There is no fault F98, F99. There are: F1, F2, F16m; --all is all of them."],
  ["--nope", "There is no option “--nope”. --help lists what there is."],
])("“%s” is refused with a sentence", (line, sentence) => {
  expect(read(line)).toEqual({ kind: "wrong", sentence });
});

test("help names every fault, and wins over the rest", () => {
  expect(read("F99 --help")).toEqual({ kind: "help" });
  expect(read("-h")).toEqual({ kind: "help" });
  for (const id of KNOWN) expect(faultsHelp(KNOWN)).toContain(id);
});
