// For every mistake that people make: exactly that mistake, and the sentence that names it.

import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { explain } from "../../../server/verify/explain.ts";
import type { Refusal } from "../../../server/verify/refusal.ts";
import { type CaughtRequest, createVerifier } from "../../../server/verify/verify.ts";
import type { SignatureScheme, Verification } from "../../../shared/verification.ts";
import { CATCH_URL, caught, caughtSample, NOW, presetVerification } from "../../kit/caught.ts";

const verifier = createVerifier({
  http: {
    send() {
      throw new Error("nothing has to be fetched");
    },
  },
});

/** What the detective says of a request that was refused; fails when it was not refused. */
async function said(verification: Verification, secrets: string[], request: CaughtRequest) {
  const refusal = await refusalOf(verification, secrets, request);
  const problem = explain(verification, secrets, request, refusal);
  expect(problem.code).toBe(refusal.problem.code);
  expect(problem.hint).toMatch(/^\p{Lu}.*[.…]$/u);
  // Asked or not, it stays refused.
  expect(await verifier.verify(verification, secrets, request)).toEqual(refusal);
  const text = `${problem.sentence} ${problem.hint}`;
  for (const secret of secrets) if (secret.trim().length > 4) expect(text).not.toContain(secret.trim());
  // No signature, neither a wrong nor a right one, in any of its spellings.
  expect(text).not.toMatch(/[0-9a-f]{32}|[A-Za-z0-9+/]{36}/);
  return text;
}

async function refusalOf(
  verification: Verification,
  secrets: string[],
  request: CaughtRequest,
): Promise<Refusal> {
  const verified = await verifier.verify(verification, secrets, request);
  if (verified.kind === "ok") throw new Error("was not refused");
  return verified;
}

const CUSTOM: SignatureScheme = {
  signature: { in: "header", name: "x-signature" },
  layout: { kind: "plain" },
  algorithm: "hmac-sha256",
  encoding: "hex",
  key: "text",
  signed: ["body"],
  timestamp: null,
  timestampUnit: "s",
  toleranceSeconds: null,
  id: null,
};
const custom = (changes: Partial<SignatureScheme> = {}): Verification => ({
  kind: "signature",
  scheme: { ...CUSTOM, ...changes },
});
const SECRET = "Zm9ydHktdHdvIGJ5dGVz";
const BODY = '{"order":7,"name":"Björk / Co"}';

const hmac = (key: string | Buffer, content: string | Buffer = BODY) =>
  createHmac("sha256", key).update(content);
const withSignature = (signature: string, more: Partial<CaughtRequest> = {}) =>
  caught({
    raw: Buffer.from(BODY),
    contentType: "application/json",
    ...more,
    headers: { "x-signature": signature, ...more.headers },
  });

describe("the secret", () => {
  const signed = () => caughtSample("stripe", { secret: "whsec_the_right_one" });
  const stripe = presetVerification("stripe");

  test("is another one: it says where to find the right one", async () => {
    const text = await said(stripe, ["whsec_some_other_one"], signed());
    expect(text).toMatch(/made with another secret .* or over another body/);
    expect(text).toMatch(/Copy the secret again\. Signing secret: Workbench/);
    expect(text).toMatch(/Test mode, live mode/);
  });

  test.each([
    ["a space behind it", "whsec_the_right_one ", /space or line break around it/],
    ["a line break behind it", "whsec_the_right_one\n", /space or line break around it/],
    ["quotes around it", '"whsec_the_right_one"', /quotes around it/],
    ["curly quotes around it", "“whsec_the_right_one”", /quotes around it/],
    ["its name in front of it", "STRIPE_SECRET=whsec_the_right_one", /the name in front of it/],
    ["its name and quotes", "export STRIPE_SECRET='whsec_the_right_one'", /the name in front of it/],
    ["a line break inside it", "whsec_the_\nright_one", /space or line break inside it/],
  ])("was pasted with %s", async (_, pasted, sentence) => {
    expect(await said(stripe, [pasted], signed())).toMatch(sentence);
  });

  test("has a line break at the sender", async () => {
    const request = caughtSample("github", { secret: "correct horse\n" });
    expect(await said(presetVerification("github"), ["correct horse"], request)).toMatch(
      /right secret and a line break behind it.*echo/,
    );
  });

  test("is read as text by the sender, and as base64 here", async () => {
    const request = withSignature(hmac(SECRET).digest("hex"));
    expect(await said(custom({ key: "base64" }), [SECRET], request)).toMatch(
      /sender reads it as text, just as it stands, and here it is read as base64\. In the settings/,
    );
  });

  test("is read as base64 by the sender, and as text here", async () => {
    const request = withSignature(hmac(Buffer.from(SECRET, "base64")).digest("hex"));
    expect(await said(custom(), [SECRET], request)).toMatch(/sender reads it as base64, and here .* as text/);
  });

  test("is read as hex by the sender, and as text here", async () => {
    const hex = "00112233445566778899aabb";
    const request = withSignature(hmac(Buffer.from(hex, "hex")).digest("hex"));
    expect(await said(custom(), [hex], request)).toMatch(/sender reads it as hex/);
  });

  test("of Stripe was decoded like one of Standard Webhooks", async () => {
    const whsec = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const key = Buffer.from(whsec.slice(6), "base64");
    const time = NOW / 1000;
    const signature = hmac(key, `${time}.${BODY}`).digest("hex");
    const request = caught({
      raw: Buffer.from(BODY),
      headers: { "stripe-signature": `t=${time},v1=${signature}` },
    });
    expect(await said(stripe, [whsec], request)).toMatch(
      /sender reads it as base64, without whsec_ in front, .* Stripe itself reads it as text/,
    );
  });

  test("of Standard Webhooks was taken as text", async () => {
    const whsec = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const time = String(NOW / 1000);
    const signature = hmac(whsec, `msg_1.${time}.${BODY}`).digest("base64");
    const request = caught({
      raw: Buffer.from(BODY),
      headers: { "webhook-id": "msg_1", "webhook-timestamp": time, "webhook-signature": `v1,${signature}` },
    });
    expect(await said(presetVerification("standard-webhooks"), [whsec], request)).toMatch(
      /sender reads it as text, just as it stands/,
    );
  });

  test("was pasted with quotes where it has to be base64", async () => {
    const whsec = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const request = caughtSample("standard-webhooks", { secret: whsec });
    expect(await said(presetVerification("standard-webhooks"), [`"${whsec}"`], request)).toMatch(
      /quotes around it/,
    );
  });

  test.each([
    ["stripe", "sk_test_4eC39HqLyjWDarjtT1zdp7dc", /looks like an API key of Stripe.*Signing secret/],
    ["github", "ghp_16C7e42F292c6912E7710c838347Ae178B4a", /looks like an access token of GitHub/],
    ["github", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", /looks like a signing secret of Stripe/],
    ["slack", "xoxb-17653672481-19874698323", /looks like a token of Slack.*Signing secret/],
    ["shopify", "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", /looks like an access token of Shopify/],
    ["linear", "lin_api_abcdef", /looks like an API key of Linear/],
  ])("of %s is something else: %s", async (preset, secret, sentence) => {
    const request = caughtSample(preset, { secret: "the right one" });
    expect(await said(presetVerification(preset), [secret], request)).toMatch(sentence);
  });
});

describe("the signature", () => {
  test("is base64 where hex was expected, and the other way round", async () => {
    expect(await said(custom(), [SECRET], withSignature(hmac(SECRET).digest("base64")))).toMatch(
      /written in base64, and hex is expected\. In the settings/,
    );
    expect(
      await said(custom({ encoding: "base64" }), [SECRET], withSignature(hmac(SECRET).digest("hex"))),
    ).toMatch(/written in hex, and base64 is expected/);
  });

  test("is in the base64 of addresses", async () => {
    const bodies = Array.from({ length: 20 }, (_, i) => `${BODY}${" ".repeat(i)}`);
    const body = bodies.find((each) => /[+/]/.test(hmac(SECRET, each).digest("base64"))) ?? "";
    const request = withSignature(hmac(SECRET, body).digest("base64url"), { raw: Buffer.from(body) });
    expect(await said(custom({ encoding: "base64" }), [SECRET], request)).toMatch(/base64 of addresses/);
  });

  test("lacks what stands in front of it", async () => {
    const request = caughtSample("github", { secret: SECRET });
    const bare = { ...request.headers };
    bare["x-hub-signature-256"] = (bare["x-hub-signature-256"] ?? "").slice("sha256=".length);
    expect(await said(presetVerification("github"), [SECRET], { ...request, headers: bare })).toMatch(
      /“sha256=” is missing in front of the signature\..*Nothing like it comes from GitHub/,
    );
  });

  test("has something in front of it, and is in base64", async () => {
    const request = withSignature(`sha256=${hmac(SECRET).digest("base64")}`);
    expect(await said(custom(), [SECRET], request)).toMatch(
      /“sha256=” stands in front of the signature, and nothing is expected there, and the signature is written in base64/,
    );
  });

  test("has something else in front of it", async () => {
    const request = withSignature(`v0=${hmac(SECRET).digest("hex")}`);
    const expected = custom({ layout: { kind: "prefix", prefix: "sha256=" } });
    expect(await said(expected, [SECRET], request)).toMatch(/“v0=” stands in front .* instead of “sha256=”/);
  });

  test("is of another hash", async () => {
    const request = withSignature(createHmac("sha512", SECRET).update(BODY).digest("hex"));
    expect(await said(custom(), [SECRET], request)).toMatch(
      /made with HMAC-SHA512, and HMAC-SHA256 is expected/,
    );
  });

  test("is over the body alone, where the time belongs to it", async () => {
    const time = String(NOW / 1000);
    const expected = custom({
      signed: ["timestamp", { text: "." }, "body"],
      timestamp: { in: "header", name: "x-time" },
      toleranceSeconds: 300,
    });
    const request = withSignature(hmac(SECRET).digest("hex"), { headers: { "x-time": time } });
    expect(await said(expected, [SECRET], request)).toMatch(/what is signed is the body alone/);
  });
});

describe("the body", () => {
  const pretty = JSON.stringify(JSON.parse(BODY), null, 2);
  const changes: [string, string, string | Buffer, RegExp][] = [
    ["was written anew without spaces", pretty, BODY, /read and written anew/],
    ["was written anew with indents", BODY, pretty, /read and written anew/],
    [
      "was signed as Python writes it",
      '{"order": 7, "list": [1, {"a": "Bj\\u00f6rk"}]}',
      '{"order":7,"list":[1,{"a":"Björk"}]}',
      /read and written anew/,
    ],
    ["was signed as PHP writes it", '{"order":7,"name":"Bj\\u00f6rk \\/ Co"}', BODY, /read and written anew/],
    ["got a line break at its end", BODY, `${BODY}\n`, /line break or space was put behind it/],
    ["lost the line break at its end", `${BODY}\n`, BODY, /line break at its end is gone/],
    ["lost the line break of Windows at its end", `${BODY}\r\n`, BODY, /line break at its end is gone/],
    ["got spaces around it", BODY, `  ${BODY}  `, /around it/],
    ["got a byte order mark", BODY, `\ufeff${BODY}`, /byte order mark was put in front/],
    ["lost its byte order mark", `\ufeff${BODY}`, BODY, /byte order mark in front of it is gone/],
    ["got the line breaks of Windows", pretty, pretty.replaceAll("\n", "\r\n"), /line breaks were changed/],
    ["lost the line breaks of Windows", pretty.replaceAll("\n", "\r\n"), pretty, /line breaks were changed/],
  ];
  test.each(changes)("%s", async (_, signed, arrived, sentence) => {
    const request = withSignature(hmac(SECRET, signed).digest("hex"), { raw: Buffer.from(arrived) });
    const text = await said(custom(), [SECRET], request);
    expect(text).toMatch(sentence);
    expect(text).toMatch(/pass the bytes on as they are/);
  });

  test("is another one altogether: nothing is made up", async () => {
    const request = withSignature(hmac(SECRET, '{"order":8}').digest("hex"));
    expect(await said(custom(), [SECRET], request)).toMatch(/another secret .* or over another body/);
  });

  test("is too long to look for anything: there is still a sentence", async () => {
    const raw = Buffer.alloc(30 * 1024 * 1024, " ");
    const request = withSignature(hmac(SECRET, raw).digest("base64"), { raw });
    expect(await said(custom(), [SECRET], request)).toMatch(/does not fit this request/);
  });

  test("is not covered by the signature", async () => {
    const request = caughtSample("twilio", { secret: SECRET });
    const signature = createHmac("sha1", SECRET).update(CATCH_URL).digest("base64");
    const json = { ...request, contentType: "application/json", raw: Buffer.from(BODY) };
    const headers = { ...request.headers, "x-twilio-signature": signature };
    expect(await said(presetVerification("twilio"), [SECRET], { ...json, headers })).toMatch(
      /does not cover the body/,
    );
  });
});

describe("the time", () => {
  test.each([
    [12 * 60, /signed 12 minutes ago, and 5 minutes are the most/],
    [400, /signed 7 minutes ago/],
    [3 * 3600, /signed 3 hours ago/],
    [5 * 86_400, /signed 5 days ago/],
    [-1200, /signed 20 minutes in the future.*clock is fast/],
  ])("is off by %d seconds", async (seconds, sentence) => {
    const request = caughtSample("stripe", { secret: SECRET });
    const later = { ...request, now: request.now + seconds * 1000 };
    expect(await said(presetVerification("stripe"), [SECRET], later)).toMatch(sentence);
  });

  const timed = (unit: "s" | "ms" | "iso") =>
    custom({
      signed: ["timestamp", { text: "." }, "body"],
      timestamp: { in: "header", name: "x-time" },
      timestampUnit: unit,
      toleranceSeconds: 300,
    });
  const at = (time: string) =>
    withSignature(hmac(SECRET, `${time}.${BODY}`).digest("hex"), { headers: { "x-time": time } });

  test.each([
    ["milliseconds", "s", String(NOW), /written in milliseconds, and seconds are expected/],
    ["seconds", "ms", String(NOW / 1000), /written in seconds, and milliseconds are expected/],
    ["words", "s", new Date(NOW).toISOString(), /written in words, .* and seconds are expected/],
  ] as const)("is written in %s", async (_, unit, time, sentence) => {
    expect(await said(timed(unit), [SECRET], at(time))).toMatch(sentence);
  });
});

describe("the address that was signed", () => {
  const square = presetVerification("square");
  const signedFor = (url: string, headers: Record<string, string> = {}) => {
    const request = caughtSample("square", { secret: SECRET, url });
    return { ...request, url: CATCH_URL, query: {}, headers: { ...request.headers, ...headers } };
  };

  test("is with http instead of https", async () => {
    const text = await said(square, [SECRET], signedFor(CATCH_URL.replace("https", "http")));
    expect(text).toMatch(/signed the address http:\/\/flows\.example\.com….*takes itself for https/);
    expect(text).toMatch(/Set PUBLIC_URL/);
    expect(text).not.toContain("AbCdEf");
  });

  test("is of another host, which the request names", async () => {
    const request = signedFor(CATCH_URL.replace("flows.example.com", "hooks.example.org:8443"), {
      host: "hooks.example.org:8443",
    });
    expect(await said(square, [SECRET], request)).toMatch(
      /signed the address https:\/\/hooks\.example\.org:8443…/,
    );
  });

  test("has a slash at its end", async () => {
    expect(await said(square, [SECRET], signedFor(`${CATCH_URL}/`))).toMatch(/with a slash at its end/);
  });

  test("has no query", async () => {
    const request = { ...signedFor(CATCH_URL), url: `${CATCH_URL}?source=shop`, query: { source: "shop" } };
    expect(await said(square, [SECRET], request)).toMatch(/without its query/);
  });
});

describe("another sender", () => {
  test("is seen by its headers, when the expected signature is not there", async () => {
    const request = caughtSample("github", { secret: SECRET });
    expect(await said(presetVerification("stripe"), [SECRET], request)).toMatch(
      /looks like GitHub, but the catch URL expects Stripe\. They carry the headers x-github-event/,
    );
    expect(await said({ kind: "header", header: "x-token", bearer: false }, [SECRET], request)).toMatch(
      /looks like GitHub, but the catch URL expects a token in a header/,
    );
  });

  test("is seen when both sign in the same header", async () => {
    const request = caughtSample("github", { secret: "another secret" });
    expect(await said(presetVerification("meta"), [SECRET], request)).toMatch(
      /looks like GitHub, .* expects Meta/,
    );
  });

  test("is not made up of the right one without a secret", async () => {
    const request = caughtSample("github", { unsigned: true });
    expect(await said(presetVerification("github"), [SECRET], request)).toMatch(
      /looks like GitHub, but it is not signed: no secret seems to be entered there/,
    );
  });

  test("is not made up of a signature without its time", async () => {
    const request = caught({ headers: { "stripe-signature": `v1=${"0".repeat(64)}` } });
    expect(await said(presetVerification("stripe"), [SECRET], request)).not.toMatch(/not signed|looks like/);
  });

  test("does not hide that the flow has no secret", async () => {
    const request = caughtSample("github", { secret: SECRET });
    expect(await said(presetVerification("stripe"), [], request)).toMatch(/has no secret to check with/);
  });
});

describe("a token", () => {
  const inHeader = (bearer: boolean): Verification => ({ kind: "header", header: "authorization", bearer });
  const token = "a long and secret token";

  test("lacks “Bearer”, or has it without need", async () => {
    const bare = caught({ headers: { authorization: token } });
    expect(await said(inHeader(true), [token], bare)).toMatch(/“Bearer ” is missing in front of it/);
    const full = caught({ headers: { authorization: `Bearer ${token}` } });
    expect(await said(inHeader(false), [token], full)).toMatch(/“Bearer ” stands in front of it/);
  });

  test("was pasted with quotes", async () => {
    const request = caught({ headers: { authorization: token } });
    expect(await said(inHeader(false), [`"${token}"`], request)).toMatch(/right but for spaces, quotes/);
  });

  test("came in another place", async () => {
    const asHeader = caught({ headers: { "x-api-key": token } });
    expect(await said(inHeader(false), [token], asHeader)).toMatch(
      /token came in the header x-api-key, .* header authorization/,
    );
    const asQuery = caught({ url: `${CATCH_URL}?key=${encodeURIComponent(token)}` });
    expect(await said(inHeader(false), [token], asQuery)).toMatch(/came in the parameter key of the address/);
    expect(await said({ kind: "query", parameter: "token" }, [token], asHeader)).toMatch(
      /expected in the parameter token/,
    );
  });

  test("is another one: no more is said than that", async () => {
    const request = caught({ headers: { authorization: "another token" } });
    expect(await said(inHeader(false), [token], request)).toMatch(/is not right\./);
  });
});
