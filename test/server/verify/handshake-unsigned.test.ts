// Senders that ask before anything is verified get what they ask for; nobody else gets anything out of it.

import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { unsignedHandshake } from "../../../server/verify/handshake.ts";
import type { SignatureScheme } from "../../../shared/verification.ts";
import { CATCH_URL, caught, caughtSample, presetVerification } from "../../kit/caught.ts";
import { get, HTML, isAnswer, LONG, NONE, PLAIN } from "../../kit/handshakes.ts";

describe("Meta", () => {
  const meta = presetVerification("meta", { verifyToken: "our own word" });
  const ask = (token: string, challenge: string, verification = meta) =>
    unsignedHandshake(
      verification,
      [],
      get(
        `hub.mode=subscribe&hub.verify_token=${encodeURIComponent(token)}&hub.challenge=${encodeURIComponent(challenge)}`,
      ),
    );

  test("gets its challenge back when it knows the verify token", () => {
    expect(ask("our own word", "1158201444")).toMatchObject({ status: 200, body: "1158201444", ...PLAIN });
  });

  test.each([
    ["another token", "another word", "1158201444"],
    ["an empty token", "", "1158201444"],
    ["the start of the token", "our own", "1158201444"],
    ["HTML as its challenge", "our own word", HTML],
    ["a challenge of 10 kB", "our own word", "1".repeat(10 * 1024)],
    ["a word as its challenge", "our own word", "abc"],
  ])("is refused with %s", (_, token, challenge) => {
    expect(ask(token, challenge)).toBe("refused");
  });

  test("is refused as long as the flow has no verify token, even with an empty one", () => {
    expect(ask("", "1", presetVerification("meta"))).toBe("refused");
    expect(ask("", "1", presetVerification("meta", { verifyToken: "" }))).toBe("refused");
  });

  test("is refused when the token comes twice", () => {
    const twice = get(
      "hub.mode=subscribe&hub.verify_token=our%20own%20word&hub.verify_token=x&hub.challenge=1",
    );
    expect(unsignedHandshake(meta, [], twice)).toBe("refused");
  });

  test("asks nothing with its events", () => {
    expect(unsignedHandshake(meta, ["s"], caughtSample("meta", { secret: "s" }))).toBeNull();
  });
});

describe("Dropbox", () => {
  test.each([
    ["chosen", presetVerification("dropbox")],
    ["with no verification at all", NONE],
  ])("%s gets its challenge back", (_, verification) => {
    const answer = unsignedHandshake(verification, [], get("challenge=k3Zx-9_Qw"));
    expect(answer).toMatchObject({ status: 200, body: "k3Zx-9_Qw", ...PLAIN });
  });

  test.each([
    ["HTML", get(`challenge=${encodeURIComponent(HTML)}`)],
    ["10 kB", get(`challenge=${LONG}`)],
    ["two challenges", get("challenge=a&challenge=b")],
    ["other parameters beside it", get("challenge=a&order=7")],
    ["POST", caught({ url: `${CATCH_URL}?challenge=a` })],
    ["a body", { ...get("challenge=a"), raw: Buffer.from("x") }],
    ["nothing", get("challenge=")],
  ])("is not answered with %s", (_, request) => {
    expect(unsignedHandshake(presetVerification("dropbox"), [], request)).toBeNull();
    expect(unsignedHandshake(NONE, [], request)).toBeNull();
  });
});

describe("Microsoft", () => {
  const token = "Validation: Testing client application reachability for subscription Request-Id: 0b1f-44";
  const ask = (text: string) => caught({ url: `${CATCH_URL}?validationToken=${encodeURIComponent(text)}` });

  test.each([
    ["chosen", presetVerification("microsoft-graph")],
    ["with no verification at all", NONE],
  ])("%s gets its validation token back, decoded", (_, verification) => {
    expect(unsignedHandshake(verification, [], ask(token))).toMatchObject({
      status: 200,
      body: token,
      ...PLAIN,
    });
  });

  test.each([
    ["HTML", ask(HTML)],
    ["a quote", ask('a" onload="x')],
    ["a line break", ask("a\r\nSet-Cookie: x")],
    ["10 kB", ask(LONG)],
    ["a body", { ...ask(token), raw: Buffer.from("{}") }],
    ["GET", { ...ask(token), method: "GET" }],
  ])("is not answered with %s", (_, request) => {
    expect(unsignedHandshake(presetVerification("microsoft-graph"), [], request)).toBeNull();
  });
});

describe("X", () => {
  const scheme: SignatureScheme = {
    signature: { in: "header", name: "x-twitter-webhooks-signature" },
    layout: { kind: "prefix", prefix: "sha256=" },
    algorithm: "hmac-sha256",
    encoding: "base64",
    key: "text",
    signed: ["body"],
    timestamp: null,
    timestampUnit: "s",
    toleranceSeconds: null,
    id: null,
  };
  const ask = (query: string, changes: Partial<SignatureScheme> = {}, secrets = ["secret"]) =>
    unsignedHandshake({ kind: "signature", scheme: { ...scheme, ...changes } }, secrets, get(query));

  test("gets its token signed", () => {
    const answer = ask("crc_token=9b4507b3-9040");
    isAnswer(answer);
    const signed = createHmac("sha256", "secret").update("9b4507b3-9040").digest("base64");
    expect(JSON.parse(answer.body)).toEqual({ response_token: `sha256=${signed}` });
  });

  test.each(['{"paid":true}', "123", "true", "null", '"text"', "1700000000.{}", LONG])(
    "does not get %j signed, which could be a body",
    (token) => {
      expect(ask(`crc_token=${encodeURIComponent(token)}`)).toBeNull();
    },
  );

  test("gets nothing signed for another scheme, or without a secret", () => {
    expect(ask("crc_token=abc", { signature: { in: "header", name: "x-signature" } })).toBeNull();
    expect(ask("crc_token=abc", { signed: [{ text: "v0:" }, "body"] })).toBeNull();
    expect(ask("crc_token=abc", {}, [])).toBeNull();
    expect(unsignedHandshake(NONE, ["secret"], get("crc_token=abc"))).toBeNull();
  });
});
