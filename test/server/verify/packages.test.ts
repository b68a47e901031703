// The providers' own packages as senders, and as those who check what we sign.

import { sign as octokitSign, verify as octokitVerify } from "@octokit/webhooks-methods";
import { Webhook as StandardWebhook } from "standardwebhooks";
import Stripe from "stripe";
import { Webhook as SvixWebhook } from "svix";
import twilio from "twilio";
import { describe, expect, test } from "vitest";
import { sign } from "../../../server/verify/sign.ts";
import { createVerifier } from "../../../server/verify/verify.ts";
import { findPreset } from "../../../shared/verification-presets.ts";
import { caught, NOW, preset, queryOf } from "./requests.ts";
import { nobody } from "./world.ts";

const verifier = createVerifier({ http: nobody });
const BODIES = [
  '{"id":"evt_1","object":"event"}',
  '{ "name": "Zoë — 東京 🗼",\r\n\t"n": 1.0 }',
  '{"a":"\\u0000\\ud83d"}',
  "x".repeat(70_000),
];
const WHSEC = `whsec_${Buffer.from("a key of thirty two bytes, yes!!").toString("base64")}`;
const OK = { kind: "ok" };
const stripe = new Stripe("sk_test_x");

function schemeOf(id: string) {
  const scheme = findPreset(id)?.scheme;
  if (!scheme) throw new Error(`${id} has no scheme`);
  return scheme;
}

describe.each(BODIES)("what a provider's package sends with the body %.40j", (body) => {
  test("is accepted from Stripe", () => {
    const header = stripe.webhooks.generateTestHeaderString({
      payload: body,
      secret: "whsec_test",
      timestamp: NOW / 1000,
    });
    const request = caught({ body, headers: { "stripe-signature": header } });
    expect(verifier.verify(preset("stripe"), ["whsec_test"], request)).toEqual(OK);
    expect(verifier.verify(preset("stripe"), ["whsec_other"], request)).not.toEqual(OK);
  });

  test("is accepted from GitHub", async () => {
    const request = caught({
      body,
      headers: { "x-hub-signature-256": await octokitSign("geheim", body) },
    });
    expect(verifier.verify(preset("github"), ["geheim"], request)).toEqual(OK);
    expect(verifier.verify(preset("github"), ["geheim "], request)).not.toEqual(OK);
  });

  test("is accepted from Standard Webhooks and Svix, under either name of its headers", () => {
    const signatures = [
      new StandardWebhook(WHSEC).sign("msg_1", new Date(NOW), body),
      new SvixWebhook(WHSEC).sign("msg_1", new Date(NOW), body),
    ];
    for (const signature of signatures) {
      for (const prefix of ["webhook", "svix"]) {
        const headers = {
          [`${prefix}-id`]: "msg_1",
          [`${prefix}-timestamp`]: String(NOW / 1000),
          [`${prefix}-signature`]: `v1a,AAAA ${signature} v1,bm8=`,
        };
        expect(verifier.verify(preset("standard-webhooks"), [WHSEC], caught({ body, headers }))).toEqual(OK);
        const other = { ...headers, [`${prefix}-id`]: "msg_2" };
        expect(
          verifier.verify(preset("standard-webhooks"), [WHSEC], caught({ body, headers: other })),
        ).not.toEqual(OK);
      }
    }
  });

  test("is accepted from Twilio as JSON, by its hash in the address", () => {
    const url = new URL("https://flows.example.com/catch/k?a=%20b");
    url.searchParams.set("bodySHA256", twilio.getExpectedBodyHash(body));
    const request = caught({
      url: url.href,
      query: queryOf(url.href),
      body,
      headers: { "x-twilio-signature": twilio.getExpectedTwilioSignature("token", url.href, {}) },
    });
    expect(verifier.verify(preset("twilio"), ["token"], request)).toEqual(OK);
    const changed = { ...request, raw: Buffer.from(`${body} `) };
    expect(verifier.verify(preset("twilio"), ["token"], changed)).not.toEqual(OK);
  });

  test("goes the other way too: what we sign, they accept", async () => {
    const toSign = { ...caught({ body }), id: "msg_1" };
    const forStripe = sign(schemeOf("stripe"), "whsec_test", { ...toSign, now: Date.now() });
    if (body.startsWith("{")) {
      expect(() =>
        stripe.webhooks.constructEvent(body, forStripe.headers["stripe-signature"] ?? "", "whsec_test"),
      ).not.toThrow();
    }
    const forGithub = sign(schemeOf("github"), "geheim", toSign);
    expect(await octokitVerify("geheim", body, forGithub.headers["x-hub-signature-256"] ?? "")).toBe(true);
    const standard = sign(schemeOf("standard-webhooks"), WHSEC, { ...toSign, now: Date.now() });
    expect(standard.headers["webhook-signature"]).toBe(
      new StandardWebhook(WHSEC).sign(
        "msg_1",
        new Date(Number(standard.headers["webhook-timestamp"]) * 1000),
        body,
      ),
    );
    const forTwilio = sign(schemeOf("twilio"), "token", toSign);
    expect(
      twilio.validateRequestWithBody(
        "token",
        forTwilio.headers["x-twilio-signature"] ?? "",
        forTwilio.url,
        body,
      ),
    ).toBe(true);
  });
});

describe("a form from Twilio", () => {
  const params = { To: "+1", From: "+2", Body: "a&b=c ü", MediaUrl: ["b", "a", "b"] };
  const raw = Buffer.from(
    new URLSearchParams([
      ["To", "+1"],
      ["From", "+2"],
      ["Body", "a&b=c ü"],
      ["MediaUrl", "b"],
      ["MediaUrl", "a"],
      ["MediaUrl", "b"],
    ]).toString(),
  );
  const form = (url: string, signedUrl: string, over = {}) =>
    caught({
      url,
      raw,
      query: queryOf(url),
      contentType: "application/x-www-form-urlencoded; charset=UTF-8",
      headers: { "x-twilio-signature": twilio.getExpectedTwilioSignature("token", signedUrl, params) },
      ...over,
    });

  test.each([
    ["https://f.example/k?x=1", "https://f.example/k?x=1"],
    ["https://f.example/k?x=1", "https://f.example:443/k?x=1"],
    ["https://f.example:8443/k", "https://f.example/k"],
    ["https://f.example:8443/k", "https://f.example:8443/k"],
    ["http://f.example/k", "http://f.example:80/k"],
  ])("at %s is accepted when %s was signed", (url, signedUrl) => {
    expect(verifier.verify(preset("twilio"), ["token"], form(url, signedUrl))).toEqual(OK);
  });

  test.each([
    ["https://f.example/k?x=1", "https://f.example/k?x=2"],
    ["https://f.example/k", "https://f.example:8443/k"],
    ["https://f.example/k", "http://f.example/k"],
    ["https://f.example/k", "https://g.example/k"],
  ])("at %s is refused when %s was signed", (url, signedUrl) => {
    expect(verifier.verify(preset("twilio"), ["token"], form(url, signedUrl))).toMatchObject({
      problem: { code: "bad-signature" },
    });
  });

  test("is refused when its fields are called something else, so that they were not signed", () => {
    const url = "https://f.example/k";
    const unsigned = {
      contentType: "application/json",
      headers: { "x-twilio-signature": twilio.getExpectedTwilioSignature("token", url, {}) },
    };
    expect(verifier.verify(preset("twilio"), ["token"], form(url, url, unsigned))).toMatchObject({
      problem: { code: "bad-signature" },
      detail: { reason: "uncovered" },
    });
  });
});
