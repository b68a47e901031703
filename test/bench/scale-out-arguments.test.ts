// What the command line of the benchmark of several processes takes and refuses.

import { expect, test } from "vitest";
import { readServersArguments, SERVER_PARTS, SERVERS_HELP } from "./scale-out-arguments.ts";

const read = (line: string) => readServersArguments(line.split(" ").filter(Boolean));

test("with nothing asked for, both parts are measured", () => {
  const options = {
    seconds: 4,
    rounds: 3,
    workers: [1, 2, 4],
    only: null,
    warm: 2_000,
    profile: undefined,
    json: undefined,
  };
  expect(read("")).toEqual({ kind: "run", options });
});

test("every option is read, with the value behind it or after an equals sign", () => {
  const line = "--seconds 2 --rounds=5 --workers 1,3 --only calls --warm=10 --profile out --json out.json";
  expect(read(line)).toEqual({
    kind: "run",
    options: {
      seconds: 2,
      rounds: 5,
      workers: [1, 3],
      only: "calls",
      warm: 10,
      profile: "out",
      json: "out.json",
    },
  });
});

test.each([
  ["--wokers 2", "There is no option “--wokers”."],
  ["-x", "There is no option “-x”."],
  ["fast", "“fast” belongs to no option."],
  ["--json", "--json needs a value after it."],
  ["--json --only calls", "--json needs a value after it."],
  ["--json nowhere/out.json", "--json: there is no folder nowhere to write into."],
  ["--only nonsense", "--only knows calls, rounds, and no “nonsense”."],
  ["--seconds 0", "--seconds needs a whole number from 1 to 3600, not “0”."],
  ["--rounds two", "--rounds needs a whole number from 1 to 3600, not “two”."],
  ["--warm 1.5", "--warm needs a whole number from 1 to 1000000, not “1.5”."],
  ["--workers 1,x", "--workers needs growing numbers from 1 to 64, as in 1,2,4, not “1,x”."],
  ["--workers 2,1", "--workers needs growing numbers from 1 to 64, as in 1,2,4, not “2,1”."],
])("“%s” is refused with a sentence", (line, sentence) => {
  expect(read(line)).toEqual({ kind: "wrong", sentence: `${sentence} --help lists the options.` });
});

test("help names every part, and wins over the rest", () => {
  expect(read("--seconds 0 --help")).toEqual({ kind: "help" });
  expect(read("-h")).toEqual({ kind: "help" });
  for (const part of SERVER_PARTS) expect(SERVERS_HELP).toContain(part);
});
