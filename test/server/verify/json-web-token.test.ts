// Tokens that are right, and the known ways to get past those who read tokens.

import { createHmac, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { exportJWK, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { createVerifier } from "../../../server/verify/verify.ts";
import { Verification } from "../../../shared/verification.ts";
import { caught, inAWord, NOW } from "./requests.ts";
import { nobody, web } from "./world.ts";

const SECRET = "a shared secret of thirty-two bytes";
const JWKS = "https://id.example/keys";
const seconds = NOW / 1000;
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const ed = generateKeyPairSync("ed25519");
const verifier = createVerifier({ http: nobody });

function pem(key: KeyObject): string {
  return key.export({ type: "spki", format: "pem" }).toString();
}

function jwt(over: object): Verification {
  return Verification.parse({ kind: "jwt", ...over });
}

const withSecret = jwt({ key: "secret" });
const withRsa = jwt({ key: "public-key", publicKey: pem(rsa.publicKey) });

function token(
  alg: string,
  key: KeyObject | Uint8Array,
  claims: object = {},
  header: object = {},
): Promise<string> {
  return new SignJWT({ exp: seconds + 600, ...claims }).setProtectedHeader({ alg, ...header }).sign(key);
}

function raw(header: object, claims: object, signature = ""): string {
  const part = (data: object) => Buffer.from(JSON.stringify(data)).toString("base64url");
  return `${part(header)}.${part(claims)}.${signature}`;
}

async function word(
  verification: Verification,
  shown: string,
  secrets: string[] = [],
  checker = verifier,
  now = NOW,
) {
  return inAWord(
    await checker.verify(verification, secrets, caught({ headers: { authorization: shown }, now })),
  );
}

const hs = (claims: object = {}, secret = SECRET, alg = "HS256") => token(alg, Buffer.from(secret), claims);
const BAD = "401 bad-credentials";

describe("a token that is signed with the shared secret", () => {
  test.each(["HS256", "HS384", "HS512"])("by %s is accepted", async (alg) => {
    expect(await word(withSecret, `Bearer ${await token(alg, randomKey())}`, [SECRET])).toBe(BAD);
    const long = "k".repeat(64);
    expect(await word(withSecret, `bearer ${await hs({}, long, alg)}`, [long])).toBe("ok");
    expect(await word(withSecret, `Bearer ${await hs({}, long, alg)}`, [SECRET, long])).toBe("ok");
  });

  test.each([
    ["that has expired", { exp: seconds - 31 }],
    ["that is not valid yet", { nbf: seconds + 31 }],
    ["whose end is no number", { exp: "never" }],
    ["whose beginning is no number", { nbf: {} }],
  ])("%s is refused", async (_, claims) => {
    expect(await word(withSecret, `Bearer ${await hs(claims)}`, [SECRET])).toBe(BAD);
  });

  test("is accepted half a minute around its time, as clocks differ", async () => {
    expect(
      await word(withSecret, `Bearer ${await hs({ exp: seconds - 29, nbf: seconds + 29 })}`, [SECRET]),
    ).toBe("ok");
  });

  test("counts by the clock of the request", async () => {
    expect(await word(withSecret, `Bearer ${await hs()}`, [SECRET], verifier, NOW + 700_000)).toBe(BAD);
  });

  test("from somebody else, or for somebody else, is refused where the settings say who", async () => {
    const strict = jwt({ key: "secret", issuer: "https://id.example", audience: "flows" });
    const right = { iss: "https://id.example", aud: ["x", "flows"] };
    expect(await word(strict, `Bearer ${await hs(right)}`, [SECRET])).toBe("ok");
    expect(await word(strict, `Bearer ${await hs({ ...right, iss: "https://id.example/" })}`, [SECRET])).toBe(
      BAD,
    );
    expect(await word(strict, `Bearer ${await hs({ ...right, aud: "flow" })}`, [SECRET])).toBe(BAD);
    expect(await word(strict, `Bearer ${await hs({ iss: right.iss })}`, [SECRET])).toBe(BAD);
    expect(await word(strict, `Bearer ${await hs({ aud: right.aud })}`, [SECRET])).toBe(BAD);
  });

  test("may stand in another header, with `Bearer` or without", async () => {
    const other = jwt({ key: "secret", header: "X-Token" });
    const good = await hs();
    for (const shown of [good, `Bearer ${good}`]) {
      const request = caught({ headers: { "x-token": shown } });
      expect(await verifier.verify(other, [SECRET], request)).toEqual({ kind: "ok" });
    }
    expect(await word(withSecret, good, [SECRET])).toBe(BAD);
    expect(await word(withSecret, `Basic ${good}`, [SECRET])).toBe(BAD);
  });

  test("is refused when it comes twice, and when there is no secret", async () => {
    const headers = { authorization: `Bearer ${await hs()}` };
    const twice = caught({ headers, repeated: new Set(["authorization"]) });
    expect(inAWord(await verifier.verify(withSecret, [SECRET], twice))).toBe("401 came-twice");
    const empty = raw({ alg: "HS256" }, { exp: seconds + 600 });
    const forged = empty + createHmac("sha256", "").update(empty.slice(0, -1)).digest("base64url");
    expect(await word(withSecret, `Bearer ${forged}`, [])).toBe("500 secret-missing");
    expect(await word(withSecret, `Bearer ${forged}`, [""])).toBe("500 secret-missing");
  });
});

describe("a token that nobody signed rightly", () => {
  const claims = { exp: seconds + 600 };

  test.each(["none", "None", "NONE", "nOnE", ""])("with the algorithm %j is refused", async (alg) => {
    for (const settings of [withSecret, withRsa]) {
      expect(await word(settings, `Bearer ${raw({ alg }, claims)}`, [SECRET])).toBe(BAD);
      expect(await word(settings, `Bearer ${raw({ alg }, claims, "AAAA")}`, [SECRET])).toBe(BAD);
    }
  });

  test("with the public key as the shared secret is refused", async () => {
    const text = pem(rsa.publicKey);
    for (const secret of [text, text.trim(), `${text}\n`]) {
      const forged = await hs({}, secret);
      const request = caught({ headers: { authorization: `Bearer ${forged}` } });
      for (const secrets of [[SECRET], [secret]]) {
        // refused for its algorithm: the library would refuse the key too, but it is not left to it
        expect(await verifier.verify(withRsa, secrets, request)).toMatchObject({
          problem: { code: "bad-credentials" },
          detail: { reason: "token-algorithm" },
        });
      }
    }
  });

  test("with a key of its own in its header is refused", async () => {
    const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const jwk = await exportJWK(stranger.publicKey);
    const headers = [
      { jwk },
      { jku: "https://evil.example/keys" },
      { x5u: "https://evil.example/c" },
      { kid: "../../dev/null" },
    ];
    for (const header of headers) {
      expect(await word(withRsa, `Bearer ${await token("RS256", stranger.privateKey, {}, header)}`)).toBe(
        BAD,
      );
    }
  });

  test("is refused when a part of it was changed, taken off or added", async () => {
    const good = await hs({ admin: false });
    const [head = "", , signature = ""] = good.split(".");
    const claimed = Buffer.from(JSON.stringify({ ...claims, admin: true })).toString("base64url");
    const spoiled = [
      `${head}.${claimed}.${signature}`,
      `${head}.${claimed}.`,
      `${good}.`,
      `${good}.x`,
      good.slice(0, -2),
      head,
      "",
      "..",
      `${good}!`,
    ];
    for (const one of spoiled) expect(await word(withSecret, `Bearer ${one}`, [SECRET]), one).toBe(BAD);
  });

  test("is refused with an extension that is not understood", async () => {
    const header = { alg: "HS256", crit: ["x"], x: true };
    const body = raw(header, claims).slice(0, -1);
    const signature = createHmac("sha256", SECRET).update(body).digest("base64url");
    expect(await word(withSecret, `Bearer ${body}.${signature}`, [SECRET])).toBe(BAD);
  });
});

describe("a token that is signed with a key pair", () => {
  test("is accepted with its public key, and refused with another's", async () => {
    const cases = [
      ["RS256", rsa],
      ["PS512", rsa],
      ["ES256", ec],
      ["EdDSA", ed],
    ] as const;
    for (const [alg, pair] of cases) {
      const good = `Bearer ${await token(alg, pair.privateKey)}`;
      for (const [, other] of cases) {
        const settings = jwt({ key: "public-key", publicKey: pem(other.publicKey) });
        expect(await word(settings, good)).toBe(other === pair ? "ok" : BAD);
      }
    }
  });

  test("is refused as long as the key in the settings is none, or too weak", async () => {
    const weak = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const good = `Bearer ${await token("RS256", rsa.privateKey)}`;
    expect(await word(jwt({ key: "public-key" }), good)).toBe("500 secret-missing");
    for (const publicKey of ["x", pem(weak.publicKey)]) {
      expect(await word(jwt({ key: "public-key", publicKey }), good)).toBe("500 verification-unusable");
    }
  });
});

describe("a token of an issuer that publishes its keys", () => {
  const settings = jwt({ key: "jwks", jwksUrl: JWKS });
  async function setOf(...keys: [KeyObject, object][]) {
    const all = await Promise.all(keys.map(async ([key, more]) => ({ ...(await exportJWK(key)), ...more })));
    return JSON.stringify({ keys: all });
  }

  test("is accepted, and the keys are fetched once", async () => {
    const page = web({ [JWKS]: await setOf([rsa.publicKey, { kid: "1" }], [ec.publicKey, { kid: "2" }]) });
    const checker = createVerifier({ http: page });
    const one = `Bearer ${await token("RS256", rsa.privateKey, {}, { kid: "1" })}`;
    const two = `Bearer ${await token("ES256", ec.privateKey, {}, { kid: "2" })}`;
    const answers = await Promise.all([one, two, one].map((shown) => word(settings, shown, [], checker)));
    expect(answers).toEqual(["ok", "ok", "ok"]);
    expect(page.asked).toEqual([JWKS]);
  });

  test("is accepted without naming its key, when one of several fits", async () => {
    const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const page = web({ [JWKS]: await setOf([other.publicKey, {}], [rsa.publicKey, {}]) });
    const checker = createVerifier({ http: page });
    expect(await word(settings, `Bearer ${await token("RS256", rsa.privateKey)}`, [], checker)).toBe("ok");
    const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });
    expect(await word(settings, `Bearer ${await token("RS256", stranger.privateKey)}`, [], checker)).toBe(
      BAD,
    );
  });

  test("with a new key is accepted after the keys were fetched again, but strangers cannot make us ask all the time", async () => {
    const page = web({ [JWKS]: await setOf([rsa.publicKey, { kid: "1" }]) });
    const checker = createVerifier({ http: page });
    const fresh = `Bearer ${await token("ES256", ec.privateKey, {}, { kid: "2" })}`;
    expect(await word(settings, fresh, [], checker)).toBe(BAD);
    page.pages.set(JWKS, await setOf([ec.publicKey, { kid: "2" }]));
    expect(await word(settings, fresh, [], checker, NOW + 1_000)).toBe(BAD);
    expect(page.asked).toHaveLength(1);
    expect(await word(settings, fresh, [], checker, NOW + 30_000)).toBe("ok");
    expect(page.asked).toHaveLength(2);
  });

  test("is refused when its key is a shared secret that the issuer published", async () => {
    const k = Buffer.from(SECRET).toString("base64url");
    const oct = { kty: "oct", k, kid: "1", alg: "HS256" };
    const page = web({ [JWKS]: JSON.stringify({ keys: [oct] }) });
    const forged = await token("HS256", Buffer.from(SECRET), {}, { kid: "1" });
    expect(await word(settings, `Bearer ${forged}`, [SECRET], createVerifier({ http: page }))).toBe(BAD);
  });

  test("is told to come again when the keys cannot be had, and a first failure is not repeated at once", async () => {
    const page = web();
    const checker = createVerifier({ http: page });
    const good = `Bearer ${await token("RS256", rsa.privateKey, {}, { kid: "1" })}`;
    expect(await word(settings, good, [], checker)).toBe("503 verification-unavailable");
    page.pages.set(JWKS, "<html>");
    expect(await word(settings, good, [], checker, NOW + 1_000)).toBe("503 verification-unavailable");
    expect(page.asked).toHaveLength(1);
    expect(await word(settings, good, [], checker, NOW + 30_000)).toBe("503 verification-unavailable");
    page.pages.set(JWKS, await setOf([rsa.publicKey, { kid: "1" }]));
    expect(await word(settings, good, [], checker, NOW + 60_000)).toBe("ok");
  });

  test("goes on with the keys that are known while newer ones cannot be had, for an hour", async () => {
    const page = web({ [JWKS]: await setOf([rsa.publicKey, { kid: "1" }]) });
    const checker = createVerifier({ http: page });
    const good = `Bearer ${await token("RS256", rsa.privateKey, { exp: seconds + 9_000 }, { kid: "1" })}`;
    expect(await word(settings, good, [], checker)).toBe("ok");
    page.pages.clear();
    expect(await word(settings, good, [], checker, NOW + 59 * 60_000)).toBe("ok");
    expect(await word(settings, good, [], checker, NOW + 61 * 60_000)).toBe("503 verification-unavailable");
  });

  test("never has its keys fetched without https", async () => {
    const page = web({ "http://id.example/keys": "{}" });
    const plain = jwt({ key: "jwks", jwksUrl: "http://id.example/keys" });
    expect(await word(plain, `Bearer ${await hs()}`, [], createVerifier({ http: page }))).toBe(
      "500 verification-unusable",
    );
    expect(page.asked).toEqual([]);
  });
});

function randomKey(): Uint8Array {
  return randomBytes(64);
}
