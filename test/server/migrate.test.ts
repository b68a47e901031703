// `npm run migrate`: what it takes and refuses, before anything is opened.

import { resolve } from "node:path";
import { expect, test } from "vitest";
import { readCall } from "../../server/migrate.ts";

const TO = "mongodb://user:sesame@127.0.0.1/flowcatch";

test("it is called with a folder and an address, or the MONGO_URL of the environment", () => {
  const call = { from: resolve("data"), to: TO, verifyOnly: false };
  expect(readCall(["--from", "data", "--to", TO], {})).toEqual(call);
  expect(readCall(["--from=data", "--verify-only"], { MONGO_URL: TO })).toEqual({
    ...call,
    verifyOnly: true,
  });
});

test.each([
  [[], "--from is missing"],
  [["--from", "data"], "--to is missing"],
  [["--from", "data", "--to", "sesame"], "--to is no address that begins with mongodb:// or mongodb+srv://"],
  [["--from", "--to", TO], "--from needs a value"],
  [["--form", "data"], "There is no flag --form"],
  [["-f", "data"], "There is no flag -f"],
  [["data"], "“data” belongs to no flag"],
  [["--verify-only=yes"], "--verify-only takes no value"],
])("with %j it says what is wrong, and shows no password", (args, sentence) => {
  let said = "";
  try {
    readCall(args, {});
  } catch (error) {
    said = error instanceof Error ? error.message : "";
  }
  expect(said).toContain(sentence);
  expect(said).not.toContain("sesame");
});

test("an address of the environment that is none is named as what it is", () => {
  expect(() => readCall(["--from", "data"], { MONGO_URL: "http://db" })).toThrow(/^MONGO_URL is no address/);
});

test("help wins over the rest of what is known", () => {
  expect(readCall(["--help"], {})).toBeNull();
  expect(readCall(["-h"], {})).toBeNull();
});
