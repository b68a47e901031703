// PayPal's signature, with certificates that were made for this test, and the ways to slip in another certificate.

import { sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type CaughtRequest, createVerifier } from "../../../server/verify/verify.ts";
import { caught, inAWord, preset } from "./requests.ts";
import { nobody, web } from "./world.ts";

interface Pair {
  certificate: string;
  key: string;
}
const made: { authority: string; sameNamedAuthority: string; paypal: Pair; stranger: Pair } = JSON.parse(
  readFileSync(new URL("paypal-certificates.json", import.meta.url), "utf8"),
);

const URL_OF_IT = "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594";
const NOW = Date.UTC(2030, 0, 1);
const BODY = '{"id":"WH-1","event_type":"PAYMENT.CAPTURE.COMPLETED","summary":"12 € für Zoë"}';
const settings = preset("paypal", { settings: { webhookId: "9XL90610J3647323C" } });

interface Sent {
  body?: string;
  certUrl?: string;
  webhookId?: string;
  key?: string;
  headers?: Record<string, string>;
}

function sent({
  body = BODY,
  certUrl = URL_OF_IT,
  webhookId = "9XL90610J3647323C",
  key = made.paypal.key,
  headers,
}: Sent = {}): CaughtRequest {
  const id = "d938e770-8046-11e6-8103-6b62a8a99ac4";
  const time = "2030-01-01T00:00:00Z";
  const text = `${id}|${time}|${webhookId}|${crc32(Buffer.from(body))}`;
  return caught({
    body,
    now: NOW,
    headers: {
      "paypal-transmission-id": id,
      "paypal-transmission-time": time,
      "paypal-transmission-sig": sign("sha256", Buffer.from(text), key).toString("base64"),
      "paypal-cert-url": certUrl,
      "paypal-auth-algo": "SHA256withRSA",
      ...headers,
    },
  });
}

function paypal(page = made.paypal.certificate, certUrl = URL_OF_IT) {
  const internet = web({ [certUrl]: page });
  const verifier = createVerifier({ http: internet });
  return {
    internet,
    word: async (request: CaughtRequest, verification = settings) =>
      inAWord(await verifier.verify(verification, [], request)),
  };
}

const BAD = "401 bad-signature";

describe("a notification from PayPal", () => {
  test("is accepted, and its certificate fetched once a day", async () => {
    const { internet, word } = paypal(made.paypal.certificate + made.authority);
    expect(await Promise.all([word(sent()), word(sent({ body: "{}" })), word(sent())])).toEqual([
      "ok",
      "ok",
      "ok",
    ]);
    expect(internet.asked).toEqual([URL_OF_IT]);
    internet.pages.clear();
    expect(await word({ ...sent(), now: NOW + 23 * 3_600_000 })).toBe("ok");
    expect(internet.asked).toHaveLength(1);
  });

  test("is accepted from the sandbox", async () => {
    const certUrl = URL_OF_IT.replace("api.", "api.sandbox.");
    expect(await paypal(made.paypal.certificate, certUrl).word(sent({ certUrl }))).toBe("ok");
  });

  const right = sent();
  const header = (name: string) => right.headers[name] ?? "";
  const signature = header("paypal-transmission-sig");
  const bytes = Buffer.from(signature, "base64");
  const spoiled: [string, CaughtRequest, string][] = [
    ["another byte in the body", { ...right, raw: Buffer.from(BODY.replace("12", "13")) }, BAD],
    [
      "a signature that is cut off",
      sent({ headers: { "paypal-transmission-sig": bytes.subarray(1).toString("base64") } }),
      BAD,
    ],
    ["an empty signature", sent({ headers: { "paypal-transmission-sig": "" } }), "401 signature-missing"],
    ["the signature twice", { ...right, repeated: new Set(["paypal-transmission-sig"]) }, "401 came-twice"],
    ["another time", sent({ headers: { "paypal-transmission-time": "2031-01-01T00:00:00Z" } }), BAD],
    ["another delivery's id", sent({ headers: { "paypal-transmission-id": "d938e770" } }), BAD],
    ["another webhook's id", sent({ webhookId: "OTHER" }), BAD],
    ["the right bytes in hex", sent({ headers: { "paypal-transmission-sig": bytes.toString("hex") } }), BAD],
    ["another key's signature", sent({ key: made.stranger.key }), BAD],
    ["another algorithm", sent({ headers: { "paypal-auth-algo": "SHA1withRSA" } }), BAD],
    ["two addresses of certificates", { ...right, repeated: new Set(["paypal-cert-url"]) }, "401 came-twice"],
    ["no address of a certificate", sent({ headers: { "paypal-cert-url": "" } }), "401 signature-missing"],
    ["garbage after the signature", sent({ headers: { "paypal-transmission-sig": `${signature}*` } }), BAD],
  ];

  test.each(spoiled)("is refused with %s", async (_, request, answer) => {
    expect(await paypal().word(request)).toBe(answer);
  });

  test.each([
    "http://api.paypal.com/v1/notifications/certs/CERT-1",
    "https://api.paypal.com.example.org/v1/notifications/certs/CERT-1",
    "https://evilpaypal.com/v1/notifications/certs/CERT-1",
    "https://paypal.com.evil.example/v1/notifications/certs/CERT-1",
    "https://api.paypal.com@evil.example/v1/notifications/certs/CERT-1",
    "https://evil.example/v1/notifications/certs/CERT-1?.paypal.com",
    "https://evil.example/#.paypal.com/v1/notifications/certs/CERT-1",
    "https://api.paypal.com:8443/v1/notifications/certs/CERT-1",
    "https://www.paypal.com/uploads/v1/notifications/certs/CERT-1",
    "https://api.paypal.com/v1/notifications/certs/../../../uploads/mine.pem",
    "https:\\\\evil.example\\.paypal.com/v1/notifications/certs/CERT-1",
    "ftp://api.paypal.com/v1/notifications/certs/CERT-1",
    "file:///v1/notifications/certs/CERT-1",
    "not an address",
  ])("whose certificate is said to be at %s is refused, and nobody is asked", async (certUrl) => {
    const { internet, word } = paypal(made.stranger.certificate, certUrl);
    expect(await word(sent({ certUrl, key: made.stranger.key }))).toBe(BAD);
    expect(internet.asked).toEqual([]);
  });

  test.each([
    ["that is made out to somebody else", made.stranger.certificate, made.stranger.key],
    ["that is an authority's", made.authority, made.paypal.key],
    [
      "that the authority beside it did not issue",
      made.paypal.certificate + made.sameNamedAuthority,
      made.paypal.key,
    ],
    ["that is none", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", made.paypal.key],
    ["that is an error page", "<html>", made.paypal.key],
  ])("with a certificate %s is not accepted", async (_, page, key) => {
    expect(await paypal(page).word(sent({ key }))).toBe("503 verification-unavailable");
  });

  test("is refused when its certificate has run out, or is not valid yet", async () => {
    expect(await paypal().word({ ...right, now: Date.UTC(2200, 0, 1) })).toBe(BAD);
    expect(await paypal().word({ ...right, now: Date.UTC(2001, 0, 1) })).toBe(BAD);
  });

  test("is told to come again when PayPal cannot be reached, and PayPal is not asked for every one", async () => {
    const internet = web();
    const verifier = createVerifier({ http: internet });
    const word = async (request: CaughtRequest) => inAWord(await verifier.verify(settings, [], request));
    expect(await word(right)).toBe("503 verification-unavailable");
    expect(await word(right)).toBe("503 verification-unavailable");
    expect(internet.asked).toHaveLength(1);
    internet.pages.set(URL_OF_IT, made.paypal.certificate);
    expect(await word({ ...right, now: NOW + 30_000 })).toBe("ok");
  });

  test("cannot make us ask for many certificates at a time", async () => {
    let go = () => {};
    const internet = web();
    internet.holdUp = new Promise<void>((resolve) => {
      go = resolve;
    });
    const verifier = createVerifier({ http: internet });
    const asked = Array.from({ length: 50 }, (_, i) =>
      verifier.verify(settings, [], sent({ certUrl: `${URL_OF_IT}-${i}` })),
    );
    expect(internet.asked).toHaveLength(8);
    go();
    expect(new Set((await Promise.all(asked)).map(inAWord))).toEqual(
      new Set(["503 verification-unavailable"]),
    );
  });

  test("is refused as long as the webhook's id is not known", async () => {
    const verifier = createVerifier({ http: nobody });
    expect(inAWord(await verifier.verify(preset("paypal"), ["s"], right))).toBe("500 secret-missing");
  });
});
