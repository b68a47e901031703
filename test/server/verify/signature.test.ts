// What a signature is held to beside fitting: its spelling, its time, its place.

import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createVerifier } from "../../../server/verify/verify.ts";
import type { SignatureScheme, Verification } from "../../../shared/verification.ts";
import { findPreset } from "../../../shared/verification-presets.ts";
import { caught, inAWord, NOW, preset } from "./requests.ts";
import { nobody } from "./world.ts";

const verifier = createVerifier({ http: nobody });
const BODY = '{"id":"evt_1"}';

function hmac(text: string, secret = "s"): string {
  return createHmac("sha256", secret).update(text).digest("hex");
}

async function word(verification: Verification, secrets: string[], over: Parameters<typeof caught>[0]) {
  return inAWord(await verifier.verify(verification, secrets, caught({ body: BODY, ...over })));
}

const stripe = (header: string, now = NOW, verification = preset("stripe")) =>
  word(verification, ["s"], { headers: { "stripe-signature": header }, now });

describe("a time", () => {
  test.each([
    "NaN",
    "1e9",
    " 1700000000",
    "+1700000000",
    "0x6553f100",
    "17000000000000",
    "-1",
    "1700000000.0",
    "Infinity",
  ])("written as %j is refused, however rightly it is signed", async (time) => {
    const slack = {
      "x-slack-request-timestamp": time,
      "x-slack-signature": `v0=${hmac(`v0:${time}:${BODY}`)}`,
    };
    expect(await word(preset("slack"), ["s"], { headers: slack })).toBe("401 timestamp-off");
  });

  test.each([
    [300_000, "ok"],
    [-300_000, "ok"],
    [300_001, "401 timestamp-off"],
    [-300_001, "401 timestamp-off"],
  ])("that is %i ms off is answered with %s", async (off, answer) => {
    const signature = `t=${NOW / 1000},v1=${hmac(`${NOW / 1000}.${BODY}`)}`;
    expect(await stripe(signature, NOW + off)).toBe(answer);
  });

  test("may be as far off as the flow's settings say, and says how far it was", async () => {
    const signature = `t=${NOW / 1000},v1=${hmac(`${NOW / 1000}.${BODY}`)}`;
    expect(await stripe(signature, NOW + 5_000, preset("stripe", { toleranceSeconds: 4 }))).toBe(
      "401 timestamp-off",
    );
    expect(await stripe(signature, NOW + 900_000, preset("stripe", { toleranceSeconds: 900 }))).toBe("ok");
    const late = await verifier.verify(
      preset("stripe"),
      ["s"],
      caught({ body: BODY, headers: { "stripe-signature": signature }, now: NOW + 400_000 }),
    );
    expect(late).toMatchObject({
      problem: { sentence: "The time in “t” of the signature is 400 seconds old, and 300 are taken." },
      detail: { reason: "time-off", offSeconds: 400, toleranceSeconds: 300 },
    });
  });

  test("that comes twice in the signature, or not at all, is refused", async () => {
    const t = NOW / 1000;
    expect(await stripe(`t=${t},t=${t},v1=${hmac(`${t}.${BODY}`)}`)).toBe("401 came-twice");
    expect(await stripe(`v1=${hmac(`.${BODY}`)}`)).toBe("401 timestamp-off");
    expect(await stripe(`t=,v1=${hmac(`.${BODY}`)}`)).toBe("401 timestamp-off");
  });

  test("in a signed body is looked at when it is there, and only then", async () => {
    const linear = (body: string) =>
      word(preset("linear"), ["s"], { body, headers: { "linear-signature": hmac(body) } });
    expect(await linear(`{"webhookTimestamp":${NOW}}`)).toBe("ok");
    expect(await linear(`{"webhookTimestamp":${NOW - 60_001}}`)).toBe("401 timestamp-off");
    expect(await linear(`{"webhookTimestamp":${NOW + 60_001}}`)).toBe("401 timestamp-off");
    expect(await linear(`{"webhookTimestamp":"soon"}`)).toBe("401 timestamp-off");
    expect(await linear("{}")).toBe("ok");
  });

  test("whose body is not signed has to be there", async () => {
    const body = JSON.stringify({ signature: { token: "t", signature: hmac("t") } });
    expect(await word(preset("mailgun"), ["s"], { body })).toBe("401 timestamp-off");
  });
});

describe("several signatures", () => {
  const t = NOW / 1000;
  const right = hmac(`${t}.${BODY}`);
  const wrong = hmac("something else");

  test("count each, whichever is right", async () => {
    expect(await stripe(`t=${t},v1=${wrong},v1=${right}`)).toBe("ok");
    expect(await stripe(`t=${t},v1=${right},v1=${wrong}`)).toBe("ok");
    expect(await stripe(`t=${t}, v1=${right}, v0=${wrong}`)).toBe("ok");
    expect(await stripe(`t=${t},v1=${wrong},v1=${wrong}`)).toBe("401 bad-signature");
    expect(await stripe(`t=${t},v1=zz,v1=${right}`)).toBe("ok");
  });

  test("of another kind do not count", async () => {
    expect(await stripe(`t=${t},v0=${right}`)).toBe("401 bad-signature");
    const old = createHmac("sha1", "s").update(BODY).digest("hex");
    const github = (headers: Record<string, string>) => word(preset("github"), ["s"], { headers });
    expect(await github({ "x-hub-signature": `sha1=${old}` })).toBe("401 signature-missing");
    expect(await github({ "x-hub-signature-256": `sha1=${old}` })).toBe("401 bad-signature");
    expect(await github({ "x-hub-signature-256": hmac(BODY) })).toBe("401 bad-signature");
    expect(await github({ "x-hub-signature-256": `SHA256=${hmac(BODY)}` })).toBe("401 bad-signature");
  });

  test("beyond ten are not tried", async () => {
    const many = Array.from({ length: 10 }, () => `v1=${wrong}`).join(",");
    expect(await stripe(`t=${t},${many},v1=${right}`)).toBe("401 bad-signature");
  });
});

describe("the spelling of a signature", () => {
  const right = hmac(BODY);
  const dropbox = (signature: string) =>
    word(preset("dropbox"), ["s"], { headers: { "x-dropbox-signature": signature } });
  const shopify = (signature: string) =>
    word(preset("shopify"), ["s"], { headers: { "x-shopify-hmac-sha256": signature } });
  const base64 = Buffer.from(right, "hex").toString("base64");

  test("in hex may be in capitals, and has nothing in it or after it", async () => {
    expect(await dropbox(right)).toBe("ok");
    expect(await dropbox(right.toUpperCase())).toBe("ok");
    const spoiled = [
      `${right}zz`,
      `${right}0`,
      `${right}00`,
      ` ${right}`,
      `0x${right}`,
      right.slice(0, -2),
      right.slice(0, -1),
      right.slice(0, 2),
      `${right} `,
    ];
    for (const one of spoiled) expect(await dropbox(one), one).toBe("401 bad-signature");
  });

  test("in base64 is the one that these bytes have", async () => {
    expect(await shopify(base64)).toBe("ok");
    // the last letter before the `=` has bits that no byte has
    const alias = base64.replace(/.=$/, (end) => `${ALPHABET[ALPHABET.indexOf(end[0] ?? "") + 1]}=`);
    expect(Buffer.from(alias, "base64")).toEqual(Buffer.from(base64, "base64"));
    const spoiled = [
      alias,
      base64.slice(0, -1),
      `${base64}=`,
      `${base64}!`,
      `\n${base64}`,
      base64.slice(4),
      `${base64.slice(0, 8)} ${base64.slice(8)}`,
    ];
    for (const one of spoiled) expect(await shopify(one), one).toBe("401 bad-signature");
  });

  test("with another length never reaches the comparison, which would throw", async () => {
    for (let length = 0; length < right.length; length++) {
      expect(await dropbox(right.slice(0, length))).not.toBe("ok");
    }
  });
});

describe("what cannot be checked is refused", () => {
  test("without a secret, with an empty one, with an unknown provider, with a key that is none", async () => {
    const headers = { "stripe-signature": `t=${NOW / 1000},v1=${hmac(`${NOW / 1000}.${BODY}`, "")}` };
    expect(await word(preset("stripe"), [], { headers })).toBe("500 secret-missing");
    expect(await word(preset("stripe"), [""], { headers })).toBe("500 secret-missing");
    expect(await word(preset("acme"), ["s"], { headers })).toBe("500 verification-unusable");
    expect(await word(preset("__proto__"), ["s"], { headers })).toBe("500 verification-unusable");
    expect(await word(preset("discord"), ["not hex"], { headers })).toBe("500 verification-unusable");
    expect(await word(preset("standard-webhooks"), ["whsec_"], { headers })).toBe(
      "500 verification-unusable",
    );
    expect(await word(preset("standard-webhooks"), ["whsec_ä"], { headers })).toBe(
      "500 verification-unusable",
    );
  });

  test("a key of another kind than the scheme's", async () => {
    const sendgridsKey =
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==";
    const hex = Buffer.from(sendgridsKey, "base64").toString("hex");
    expect(await word(preset("discord"), [hex], {})).toBe("500 verification-unusable");
    const discords = Buffer.from("8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c", "hex");
    expect(await word(preset("sendgrid"), [discords.toString("base64")], {})).toBe(
      "500 verification-unusable",
    );
  });

  test("a scheme that would let everybody in", async () => {
    const scheme = findPreset("hubspot-v1")?.scheme;
    if (!scheme) throw new Error("HubSpot is not there");
    const open: SignatureScheme[] = [
      { ...scheme, signed: ["body"] },
      { ...scheme, signed: ["secret"] },
      { ...scheme, signed: ["secret", "timestamp"] },
    ];
    for (const one of open) {
      expect(await word({ kind: "signature", scheme: one }, ["s"], {})).toBe("500 verification-unusable");
    }
  });

  test("names from a prototype are no headers and no fields", async () => {
    const scheme = findPreset("dropbox")?.scheme;
    if (!scheme) throw new Error("Dropbox is not there");
    const at = (signature: SignatureScheme["signature"]): Verification => ({
      kind: "signature",
      scheme: { ...scheme, signature, signed: ["method"] },
    });
    expect(await word(at({ in: "header", name: "constructor" }), ["s"], {})).toBe("401 signature-missing");
    expect(await word(at({ in: "body", path: "constructor.name" }), ["s"], {})).toBe("401 signature-missing");
    expect(await word(at({ in: "body", path: "a" }), ["s"], { body: "{" })).toBe("401 signature-missing");
    expect(await word(at({ in: "body", path: "a" }), ["s"], { raw: Buffer.from([0x7b, 0xff]) })).toBe(
      "401 signature-missing",
    );
  });
});

test("every byte of the body counts, even those that are no text", async () => {
  const raw = Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0d, 0x0a]);
  const signature = createHmac("sha256", "s").update(raw).digest("hex");
  const headers = { "x-dropbox-signature": signature };
  expect(await word(preset("dropbox"), ["s"], { raw, headers })).toBe("ok");
  const other = Buffer.from([0xfd, 0xfe, 0x00, 0x80, 0x0d, 0x0a]);
  expect(await word(preset("dropbox"), ["s"], { raw: other, headers })).toBe("401 bad-signature");
});

test("a secret may be a public key where Standard Webhooks signs with a key pair", async () => {
  const { generateKeyPairSync, sign } = await import("node:crypto");
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const whpk = `whpk_${publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("base64")}`;
  const content = `msg_1.${NOW / 1000}.${BODY}`;
  const whsec = `whsec_${Buffer.from("k".repeat(32)).toString("base64")}`;
  const both = {
    "webhook-id": "msg_1",
    "webhook-timestamp": String(NOW / 1000),
    "webhook-signature": `v1a,${sign(null, Buffer.from(content), privateKey).toString("base64")}`,
  };
  const shared = createHmac("sha256", "k".repeat(32)).update(content).digest("base64");
  expect(await word(preset("standard-webhooks"), [whpk], { headers: both })).toBe("ok");
  expect(await word(preset("standard-webhooks"), [whsec, whpk], { headers: both })).toBe("ok");
  expect(await word(preset("standard-webhooks"), [whsec], { headers: both })).toBe("401 bad-signature");
  const asV1 = { ...both, "webhook-signature": both["webhook-signature"].replace("v1a", "v1") };
  expect(await word(preset("standard-webhooks"), [whpk], { headers: asV1 })).toBe("401 bad-signature");
  const byShared = { ...both, "webhook-signature": `v1,${shared}` };
  expect(await word(preset("standard-webhooks"), [whpk, whsec], { headers: byShared })).toBe("ok");
  // a public key is known to all: it must not do as a shared secret
  const forged = createHmac("sha256", Buffer.from(whpk.slice(5), "base64"))
    .update(content)
    .digest("base64");
  const byPublic = { ...both, "webhook-signature": `v1,${forged}` };
  expect(await word(preset("standard-webhooks"), [whpk], { headers: byPublic })).toBe("401 bad-signature");
});

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
