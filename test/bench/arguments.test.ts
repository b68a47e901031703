// What the command line of the benchmark takes and refuses.

import { expect, test } from "vitest";
import { HELP, PARTS, readArguments } from "./arguments.ts";

function optionsOf(line: string) {
  const read = readArguments(line.split(" ").filter(Boolean));
  if (read.kind !== "run") throw new Error(JSON.stringify(read));
  return read.options;
}

test("with nothing asked for, all parts are measured on the server", () => {
  expect(optionsOf("")).toMatchObject({ quick: false, only: null, json: undefined, peer: undefined });
});

test("every option is read, with the value behind it or after an equals sign", () => {
  expect(
    optionsOf(
      "--quick --json out.json --seconds 4 --rounds=2 --only=closed,open --history 5000000 --sink-port=8080",
    ),
  ).toEqual({
    quick: true,
    json: "out.json",
    seconds: 4,
    rounds: 2,
    only: ["closed", "open"],
    history: 5_000_000,
    peer: undefined,
    sinkPort: 8080,
  });
});

test("a peer has an address and a name", () => {
  expect(optionsOf("--peer http://127.0.0.1:5678/webhook/x?a=b --flow other").peer).toEqual({
    url: "http://127.0.0.1:5678/webhook/x?a=b",
    flow: "other",
  });
  expect(optionsOf("--peer=http://127.0.0.1:5678/x").peer?.flow).toBe("the peer");
});

test.each([
  ["--qiuck", "There is no option “--qiuck”."],
  ["fast", "There is no option “fast”."],
  ["--json", "--json needs a value after it."],
  ["--json --quick", "--json needs a value after it."],
  ["--json nowhere/out.json", "--json: there is no folder nowhere to write into."],
  ["--only speed", "--only knows closed, open, limits, cold, scale, verified, history, and no “speed”."],
  ["--only open,", "--only knows closed, open, limits, cold, scale, verified, history, and no “”."],
  ["--seconds 0", "--seconds needs a whole number from 1 to 3600, not “0”."],
  ["--rounds 1.5", "--rounds needs a whole number from 1 to 3600, not “1.5”."],
  ["--sink-port 70000", "--sink-port needs a whole number from 1 to 65535, not “70000”."],
  ["--peer localhost:5678", "--peer needs the http address of a webhook, not “localhost:5678”."],
  ["--flow other", "--flow goes with --peer."],
  ["--peer http://x.example --only scale", "--peer measures closed and open, not scale."],
])("“%s” is refused with a sentence", (line, sentence) => {
  expect(readArguments(line.split(" "))).toEqual({
    kind: "wrong",
    sentence: `${sentence} --help lists the options.`,
  });
});

test("help names every part, and wins over the rest", () => {
  expect(readArguments(["--quick", "--help"])).toEqual({ kind: "help" });
  for (const part of PARTS) expect(HELP).toContain(part);
});
