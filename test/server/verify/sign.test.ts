// What is signed here is accepted here, for every provider and every scheme that can be made.

import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { describe, expect, test } from "vitest";
import { sign } from "../../../server/verify/sign.ts";
import { createVerifier } from "../../../server/verify/verify.ts";
import { Refused } from "../../../shared/problem.ts";
import type { SignatureScheme } from "../../../shared/verification.ts";
import { findPreset, VERIFICATION_PRESETS } from "../../../shared/verification-presets.ts";
import { caught, inAWord, NOW, preset, queryOf } from "./requests.ts";
import { nobody } from "./world.ts";

const verifier = createVerifier({ http: nobody });
const BODY = '{"a":"ü","n":1}';
const BASIS = findPreset("stripe")?.scheme;
if (!BASIS) throw new Error("there is no basis");

/** The secret that signs, and the one that checks. */
function secretsFor({ algorithm, key }: SignatureScheme): [signing: string, checking: string] {
  if (algorithm === "ed25519") {
    const pair = generateKeyPairSync("ed25519");
    const encoding = key === "hex" ? "hex" : "base64";
    return [
      der(pair.privateKey, "pkcs8").toString(encoding),
      der(pair.publicKey, "spki").subarray(-32).toString(encoding),
    ];
  }
  if (algorithm === "ecdsa-p256-sha256") {
    const pair = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    return [der(pair.privateKey, "pkcs8").toString("base64"), der(pair.publicKey, "spki").toString("base64")];
  }
  const bytes = Buffer.from("Thirty-two bytes make a good key");
  const text = { text: "sécret key", hex: bytes.toString("hex"), base64: bytes.toString("base64") };
  const secret = key === "whsec" ? `whsec_${text.base64}` : text[key];
  return [secret, secret];
}

function der(key: KeyObject, type: "pkcs8" | "spki"): Buffer {
  return Buffer.from(key.export({ format: "der", type: type as "spki" }));
}

const withScheme = VERIFICATION_PRESETS.flatMap(({ id, scheme }) => (scheme ? [{ id, scheme }] : []));

describe.each(withScheme)("a request signed as $id", ({ id, scheme }) => {
  const [signing, checking] = secretsFor(scheme);
  const { url, headers, raw } = sign(scheme, signing, {
    ...caught({ body: BODY, url: "https://f.example/k?a=(b)%2Fc%20d" }),
    id: "id-1",
  });
  const request = caught({ url, query: queryOf(url), headers, raw });

  test("is accepted", () => {
    expect(verifier.verify(preset(id), [checking], request)).toEqual({ kind: "ok" });
  });

  test("is refused with another body, another secret, or as another request", () => {
    const last = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(raw).toString()), more: 1 }));
    // Mailgun signs a token, and not what happened
    if (id !== "mailgun") expect(verdict({ raw: last })).toBe("401 bad-signature");
    const isPair = scheme.algorithm === "ed25519" || scheme.algorithm === "ecdsa-p256-sha256";
    expect(verdict({}, isPair ? secretsFor(scheme)[1] : "bm8gc2VjcmV0")).toBe("401 bad-signature");
    if (scheme.signed.some((part) => part === "url" || part === "url-unescaped")) {
      expect(verdict({ url: `${url}x`, query: queryOf(`${url}x`) })).toBe("401 bad-signature");
    }
    if (scheme.signed.includes("method")) expect(verdict({ method: "PUT" })).toBe("401 bad-signature");
  });

  function verdict(over: object, secret = checking): string {
    const verified = verifier.verify(preset(id), [secret], { ...request, ...over });
    if (verified instanceof Promise) throw new Error("it had to ask somebody");
    return inAWord(verified);
  }
});

const ALGORITHMS = [
  "hmac-sha1",
  "hmac-sha256",
  "hmac-sha512",
  "sha256",
  "ed25519",
  "ecdsa-p256-sha256",
] as const;
const LAYOUTS: SignatureScheme["layout"][] = [
  { kind: "plain" },
  { kind: "prefix", prefix: "sig:" },
  { kind: "pairs", separator: ";", name: "s" },
  { kind: "list", version: "v9" },
];

describe.each(ALGORITHMS)("a scheme of one's own with %s", (algorithm) => {
  const keys =
    algorithm === "ecdsa-p256-sha256"
      ? (["base64"] as const)
      : algorithm === "ed25519"
        ? (["hex", "base64"] as const)
        : (["text", "hex", "base64", "whsec"] as const);
  const cases = (["hex", "base64"] as const).flatMap((encoding) =>
    LAYOUTS.flatMap((layout) => keys.map((key) => ({ encoding, layout, key, is: layout.kind }))),
  );

  test.each(cases)("in $encoding, laid out as $is, with a key in $key", async ({ encoding, layout, key }) => {
    const scheme: SignatureScheme = {
      signature: { in: "header", name: "x-sig" },
      layout,
      algorithm,
      encoding,
      key,
      signed: [
        "method",
        { text: "|" },
        "url-unescaped",
        "timestamp",
        "id",
        ...(algorithm === "sha256" ? (["secret"] as const) : []),
        "body",
      ],
      timestamp: { in: "header", name: "x-time" },
      timestampUnit: "iso",
      toleranceSeconds: 10,
      id: { in: "header", name: "x-id" },
    };
    const [signing, checking] = secretsFor(scheme);
    const { url, headers, raw } = sign(scheme, signing, { ...caught({ body: BODY }), id: "id-1" });
    expect(headers["x-time"]).toBe("2023-11-14T22:13:20.000Z");
    const check = async (over: object) =>
      inAWord(
        await verifier.verify({ kind: "signature", scheme }, [checking], {
          ...caught({ url, headers, raw }),
          ...over,
        }),
      );
    expect(await check({})).toBe("ok");
    expect(await check({ headers: { ...headers, "x-id": "id-2" } })).toBe("401 bad-signature");
    expect(await check({ headers: { ...headers, "x-time": "2023-11-14T22:13:21.000Z" } })).toBe(
      "401 bad-signature",
    );
    expect(await check({ now: NOW + 10_000 })).toBe("ok");
    expect(await check({ now: NOW - 10_000 })).toBe("ok");
    expect(await check({ now: NOW + 10_001 })).toBe("401 timestamp-off");
    expect(await check({ now: NOW - 10_001 })).toBe("401 timestamp-off");
  });
});

test("HubSpot's address has some characters as themselves", () => {
  const scheme = findPreset("hubspot-v3")?.scheme;
  if (!scheme) throw new Error("HubSpot is not there");
  const made = (url: string) =>
    sign(scheme, "s", { ...caught({ url }), id: "" }).headers["x-hubspot-signature-v3"];
  expect(made("https://f.example/k?a=%3A%2f%40%2C")).toBe(made("https://f.example/k?a=:/@,"));
  expect(made("https://f.example/k?a=%20%26")).not.toBe(made("https://f.example/k?a= &"));
});

test("parts that stand in the body are put there, beside what was there", () => {
  const scheme = findPreset("mailgun")?.scheme;
  if (!scheme) throw new Error("Mailgun is not there");
  const body = '{"signature":{"timestamp":"1"},"event-data":{"event":"opened"}}';
  const { raw } = sign(scheme, "s", { ...caught({ body }), id: "t".repeat(50) });
  expect(JSON.parse(Buffer.from(raw).toString())).toEqual({
    signature: {
      timestamp: "1700000000",
      token: "t".repeat(50),
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
    "event-data": { event: "opened" },
  });
});

test("nothing is signed with a secret that is none, or in a way that protects nothing", () => {
  const toSign = { ...caught({ body: BODY }), id: "" };
  expect(() => sign({ ...BASIS, key: "hex" }, "no hex", toSign)).toThrow(Refused);
  expect(() => sign({ ...BASIS, algorithm: "ed25519", key: "base64" }, "AAAA", toSign)).toThrow(Refused);
  expect(() => sign({ ...BASIS, signed: [{ text: "x" }] }, "s", toSign)).toThrow(Refused);
});
