// A sender that shows a JSON Web Token: signed with the secret, with a known public key, or with a key of a key set.

import { createPublicKey, createSecretKey, type KeyObject } from "node:crypto";
import { createLocalJWKSet, errors, type JWTVerifyOptions, jwtVerify } from "jose";
import type { Verification } from "../../shared/verification.ts";
import type { Http } from "../ports/http.ts";
import { type CaughtRequest, readHeader } from "./caught-request.ts";
import { bearerToken } from "./credentials.ts";
import { createFetched } from "./fetched.ts";
import {
  badCredentials,
  cameTwice,
  type Refusal,
  type RefusalReason,
  secretMissing,
  unusableSettings,
  verificationUnavailable,
} from "./refusal.ts";

type Jwt = Extract<Verification, { kind: "jwt" }>;
type Answer = { kind: "ok" } | Refusal;
type KeySet = ReturnType<typeof createLocalJWKSet>;

/** How far two clocks may be apart. */
const SKEW_SECONDS = 30;
/** The key decides which algorithms count, never the token. A shared secret is no public key, and the other way round. */
const WITH_SECRET = ["HS256", "HS384", "HS512"];
const WITH_RSA = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
const WITH_CURVE: Record<string, string[]> = {
  prime256v1: ["ES256"],
  secp384r1: ["ES384"],
  secp521r1: ["ES512"],
};
const WITH_ED25519 = ["EdDSA", "Ed25519"];
const WITH_KEY_SET = [...WITH_RSA, ...Object.values(WITH_CURVE).flat(), ...WITH_ED25519];
const MINUTE_MS = 60_000;

export type JwtVerifier = (
  jwt: Jwt,
  secrets: readonly string[],
  request: CaughtRequest,
) => Answer | Promise<Answer>;

export function createJwtVerifier(http: Http): JwtVerifier {
  const keySets = createFetched<KeySet>(http, {
    read: readKeySet,
    freshMs: 10 * MINUTE_MS,
    staleMs: 60 * MINUTE_MS,
  });

  async function withKeySet(jwt: Jwt, token: string, options: JWTVerifyOptions, now: number) {
    const known = await keySets.get(jwt.jwksUrl, now);
    if (!known) return verificationUnavailable("The keys of the token's issuer could not be fetched.");
    const check = (keys: KeySet) => checkWithSet(token, keys, { ...options, algorithms: WITH_KEY_SET });
    const first = await check(known.value);
    if (!(first instanceof errors.JWKSNoMatchingKey)) return answerFor(first, jwt.header);
    // the issuer may have changed its keys since
    const newer = await keySets.get(jwt.jwksUrl, now, known.at);
    return answerFor(newer && newer.at > known.at ? await check(newer.value) : first, jwt.header);
  }

  return (jwt, secrets, request) => {
    const keys = jwt.key === "jwks" ? [] : keysOf(jwt, secrets);
    if (!Array.isArray(keys)) return keys;
    if (jwt.key === "jwks" && !isHttps(jwt.jwksUrl)) {
      return unusableSettings("The address of the key set has to begin with https://.");
    }
    const where = `token (the header ${jwt.header})`;
    const header = readHeader(request, jwt.header);
    if (header.kind === "twice") return cameTwice(`the header ${jwt.header}`);
    if (header.kind === "missing") return badCredentials("missing", where);
    const token = bearerToken(header.text) ?? (jwt.header === "authorization" ? undefined : header.text);
    if (token === undefined) return badCredentials("layout", where);
    const options: JWTVerifyOptions = {
      currentDate: new Date(request.now),
      clockTolerance: SKEW_SECONDS,
      ...(jwt.issuer === "" ? {} : { issuer: jwt.issuer }),
      ...(jwt.audience === "" ? {} : { audience: jwt.audience }),
    };
    if (jwt.key === "jwks") return withKeySet(jwt, token, options, request.now);
    return withKeys(keys, token, options, jwt.header);
  };
}

interface FixedKey {
  key: KeyObject;
  algorithms: string[];
}

async function withKeys(
  keys: FixedKey[],
  token: string,
  options: JWTVerifyOptions,
  header: string,
): Promise<Answer> {
  let last: unknown;
  for (const { key, algorithms } of keys) {
    last = await jwtVerify(token, key, { ...options, algorithms }).then(() => null, keep);
    // another secret can only help where the signature did not fit
    if (!(last instanceof errors.JWSSignatureVerificationFailed)) break;
  }
  return answerFor(last, header);
}

/** Null when the token is right, else what was thrown. */
async function checkWithSet(token: string, keys: KeySet, options: JWTVerifyOptions): Promise<unknown> {
  const failed = await jwtVerify(token, keys, options).then(() => null, keep);
  if (!(failed instanceof errors.JWKSMultipleMatchingKeys)) return failed;
  // the token does not name its key
  let last: unknown = failed;
  for await (const key of failed) {
    last = await jwtVerify(token, key, options).then(() => null, keep);
    if (!(last instanceof errors.JWSSignatureVerificationFailed)) break;
  }
  return last;
}

function keep(error: unknown): unknown {
  return error;
}

function answerFor(failed: unknown, header: string): Answer {
  if (failed === null) return { kind: "ok" };
  const where = `token (the header ${header})`;
  const [reason, sentence] = whatFailed(failed);
  return badCredentials(reason, where, sentence);
}

function whatFailed(failed: unknown): [RefusalReason, string?] {
  if (failed instanceof errors.JWTExpired) return ["token-expired", "The token has expired."];
  if (failed instanceof errors.JWTClaimValidationFailed) {
    if (failed.claim === "nbf") return ["token-expired", "The token is not valid yet."];
    return ["token-claims", `The token's “${failed.claim}” is not what the flow's settings ask for.`];
  }
  if (failed instanceof errors.JOSEAlgNotAllowed) {
    return ["token-algorithm", "The token is signed in a way that does not go with the key in the settings."];
  }
  if (failed instanceof errors.JWSInvalid || failed instanceof errors.JWTInvalid) return ["layout"];
  return ["mismatch"];
}

/** The keys of the settings with what they may be used for, or why there are none. */
function keysOf(jwt: Jwt, secrets: readonly string[]): FixedKey[] | Refusal {
  if (jwt.key === "secret") {
    const given = secrets.filter((secret) => secret !== "");
    if (given.length === 0) return secretMissing();
    return given.map((secret) => ({ key: createSecretKey(secret, "utf8"), algorithms: WITH_SECRET }));
  }
  if (jwt.publicKey.trim() === "") return secretMissing("public key");
  const key = publicKeys.get(jwt) ?? readPublicKey(jwt.publicKey);
  if (!key)
    return unusableSettings(
      "The public key is not one that tokens are checked with (PEM; RSA of 2048 bits or more, EC or Ed25519).",
    );
  publicKeys.set(jwt, key);
  return [key];
}

/** Reading a PEM takes longer than checking with it; settings are the same object until they change. */
const publicKeys = new WeakMap<Jwt, FixedKey>();

function readPublicKey(pem: string): FixedKey | undefined {
  try {
    const key = createPublicKey(pem);
    const algorithms = algorithmsOf(key);
    return algorithms && { key, algorithms };
  } catch {
    return undefined;
  }
}

function algorithmsOf(key: KeyObject): string[] | undefined {
  if (key.asymmetricKeyType === "rsa") {
    return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? WITH_RSA : undefined;
  }
  if (key.asymmetricKeyType === "ed25519") return WITH_ED25519;
  const curve = key.asymmetricKeyType === "ec" ? key.asymmetricKeyDetails?.namedCurve : undefined;
  return curve === undefined ? undefined : WITH_CURVE[curve];
}

/** Keys of a pair only: a shared secret that is published is none. */
function readKeySet(body: Uint8Array): KeySet | undefined {
  try {
    const data: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
    if (typeof data !== "object" || data === null || !("keys" in data) || !Array.isArray(data.keys)) return;
    return createLocalJWKSet({ keys: data.keys.filter((key) => key?.kty !== "oct") });
  } catch {
    return undefined;
  }
}

function isHttps(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === "https:";
}
