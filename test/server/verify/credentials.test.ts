// Passwords, tokens and the client state: one right way, and the near misses.

import { expect, test } from "vitest";
import { createVerifier, maskedFor } from "../../../server/verify/verify.ts";
import type { Verification } from "../../../shared/verification.ts";
import { caught, inAWord, preset } from "./requests.ts";
import { nobody } from "./world.ts";

const verifier = createVerifier({ http: nobody });
const BAD = "401 bad-credentials";
const TWICE = "401 came-twice";
const NONE = "500 secret-missing";

async function word(verification: Verification, secrets: string[], over: Parameters<typeof caught>[0]) {
  return inAWord(await verifier.verify(verification, secrets, caught(over)));
}

const basic: Verification = { kind: "basic", user: "anna" };
const shown = (text: string) => Buffer.from(text).toString("base64");

test.each([
  [`Basic ${shown("anna:pass:wörd")}`, "ok"],
  [`basic  ${shown("anna:pass:wörd")}`, "ok"],
  [`Basic ${shown("anna:second")}`, "ok"],
  [`Basic ${shown("anna:pass")}`, BAD],
  [`Basic ${shown("anna:")}`, BAD],
  [`Basic ${shown("anna")}`, BAD],
  [`Basic ${shown("Anna:pass:wörd")}`, BAD],
  [`Basic ${shown(":pass:wörd")}`, BAD],
  [`Basic ${shown("anna:pass:wörd")}!`, BAD],
  [`Basic ${shown("anna:pass:wörd ")}`, BAD],
  [`Bearer ${shown("anna:pass:wörd")}`, BAD],
  ["Basic ", BAD],
  ["", BAD],
])("of Basic, %j is answered with %s", async (authorization, answer) => {
  expect(await word(basic, ["pass:wörd", "second"], { headers: { authorization } })).toBe(answer);
});

test.each([
  ["token-1", "ok"],
  ["token-2", "ok"],
  ["token", BAD],
  ["token-11", BAD],
  ["Token-1", BAD],
  ["token-1, token-1", BAD],
  ["", BAD],
])("of a header, %j is answered with %s", async (value, answer) => {
  const header: Verification = { kind: "header", header: "x-api-key", bearer: false };
  expect(await word(header, ["token-1", "token-2"], { headers: { "x-api-key": value } })).toBe(answer);
  const bearer: Verification = { kind: "header", header: "authorization", bearer: true };
  const secrets = ["token-1", "token-2"];
  expect(await word(bearer, secrets, { headers: { authorization: `Bearer ${value}` } })).toBe(answer);
  expect(await word(bearer, secrets, { headers: { authorization: value } })).toBe(BAD);
});

test.each([
  [{ key: "token-1" }, "ok"],
  [{ key: "token-2" }, BAD],
  [{ key: "" }, BAD],
  [{}, BAD],
  [{ key: ["token-1", "token-1"] }, TWICE],
  [{ key: ["token-1"] }, TWICE],
])("of the address, %j is answered with %s", async (query, answer) => {
  expect(await word({ kind: "query", parameter: "key" }, ["token-1"], { query })).toBe(answer);
});

test("a header that came twice is not taken, whichever of them is right", async () => {
  const headers = { authorization: `Basic ${shown("anna:p")}`, "x-api-key": "t" };
  const repeated = new Set(["authorization", "x-api-key"]);
  expect(await word(basic, ["p"], { headers, repeated })).toBe(TWICE);
  expect(
    await word({ kind: "header", header: "x-api-key", bearer: false }, ["t"], { headers, repeated }),
  ).toBe(TWICE);
});

test("without a secret nobody comes in, not even with an empty one", async () => {
  const headers = { authorization: `Basic ${shown("anna:")}`, "x-api-key": "" };
  for (const secrets of [[], [""]]) {
    expect(await word(basic, secrets, { headers })).toBe(NONE);
    expect(await word({ kind: "header", header: "x-api-key", bearer: false }, secrets, { headers })).toBe(
      NONE,
    );
    expect(await word({ kind: "query", parameter: "key" }, secrets, { query: { key: "" } })).toBe(NONE);
    expect(await word(preset("microsoft-graph"), secrets, { body: '{"value":[{"clientState":""}]}' })).toBe(
      NONE,
    );
  }
});

test.each([
  ['{"value":[{"clientState":"state"}]}', "ok"],
  ['{"value":[{"clientState":"state"},{"clientState":"state"}]}', "ok"],
  ['{"value":[{"clientState":"state"},{"clientState":"stat"}]}', BAD],
  ['{"value":[{"clientState":"other"},{"clientState":"state"}]}', BAD],
  ['{"value":[{"clientState":"state"},{}]}', BAD],
  ['{"value":[{"clientState":["state"]}]}', BAD],
  ['{"value":[{"clientState":""}]}', BAD],
  ['{"value":[null]}', BAD],
  ['{"value":[]}', BAD],
  ['{"value":{"clientState":"state"}}', BAD],
  ['{"clientState":"state"}', BAD],
  ["", BAD],
  ["{", BAD],
])("of Microsoft Graph, %s is answered with %s", async (body, answer) => {
  expect(await word(preset("microsoft-graph"), ["state"], { body })).toBe(answer);
});

test("whoever need not be known comes in", async () => {
  expect(await word({ kind: "none" }, [], {})).toBe("ok");
});

test("what is itself the secret is masked where a request is kept, a signature is not", () => {
  expect(maskedFor(basic)).toEqual({ headers: ["authorization"], query: [] });
  expect(maskedFor({ kind: "header", header: "x-api-key", bearer: false })).toEqual({
    headers: ["x-api-key"],
    query: [],
  });
  expect(maskedFor({ kind: "query", parameter: "key" })).toEqual({ headers: [], query: ["key"] });
  const jwt: Verification = {
    kind: "jwt",
    header: "x-token",
    key: "secret",
    publicKey: "",
    jwksUrl: "",
    issuer: "",
    audience: "",
  };
  expect(maskedFor(jwt)).toEqual({ headers: ["x-token"], query: [] });
  expect(maskedFor(preset("stripe"))).toEqual({ headers: [], query: [] });
  expect(maskedFor({ kind: "none" })).toEqual({ headers: [], query: [] });
});
