// How the text of a secret becomes the key that signatures are made or checked with.

import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from "node:crypto";
import type { SignatureScheme } from "../../shared/verification.ts";
import { decodeStrict } from "./strict-text.ts";

export type SigningAlgorithm = SignatureScheme["algorithm"];

const MAX_KEY = 4_096;
/** DER in front of the 32 bytes of an Ed25519 key, public and private. */
const ED25519_SPKI = Buffer.from("302a300506032b6570032100", "hex");
const ED25519_PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** The bytes of a shared secret; undefined when the text is not in the form that it should have. */
export function secretBytes(key: SignatureScheme["key"], secret: string): Buffer | undefined {
  switch (key) {
    case "text":
      return secret === "" ? undefined : Buffer.from(secret, "utf8");
    case "hex":
      return decodeStrict(secret, "hex", MAX_KEY);
    case "base64":
      return decodeBase64(secret);
    case "whsec":
      return decodeBase64(secret.startsWith("whsec_") ? secret.slice(6) : secret);
  }
}

/** The key that checks: an HMAC's own, or the provider's public one. Undefined when the text is none. */
export function checkingKey(
  algorithm: SigningAlgorithm,
  key: SignatureScheme["key"],
  secret: string,
): KeyObject | undefined {
  if (algorithm === "ed25519" || algorithm === "ecdsa-p256-sha256") return publicKey(algorithm, key, secret);
  const bytes = secretBytes(key, secret);
  return bytes && createSecretKey(bytes);
}

/** The key that signs: of the two with a key pair it is the private one. */
export function signingKey(
  algorithm: SigningAlgorithm,
  key: SignatureScheme["key"],
  secret: string,
): KeyObject | undefined {
  if (algorithm !== "ed25519" && algorithm !== "ecdsa-p256-sha256")
    return checkingKey(algorithm, key, secret);
  try {
    if (isPem(secret)) return fitting(algorithm, createPrivateKey(secret));
    const bytes = secretBytes(key, secret);
    if (!bytes) return undefined;
    const der = bytes.byteLength === 32 ? Buffer.concat([ED25519_PKCS8, bytes]) : bytes;
    return fitting(algorithm, createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
  } catch {
    return undefined;
  }
}

function publicKey(
  algorithm: SigningAlgorithm,
  key: SignatureScheme["key"],
  text: string,
): KeyObject | undefined {
  try {
    if (isPem(text)) return fitting(algorithm, createPublicKey(text));
    const bytes = secretBytes(key, text);
    if (!bytes) return undefined;
    const der = bytes.byteLength === 32 ? Buffer.concat([ED25519_SPKI, bytes]) : bytes;
    return fitting(algorithm, createPublicKey({ key: der, format: "der", type: "spki" }));
  } catch {
    return undefined;
  }
}

/** A key of another kind would verify signatures of another kind. */
function fitting(algorithm: SigningAlgorithm, key: KeyObject): KeyObject | undefined {
  if (algorithm === "ed25519") return key.asymmetricKeyType === "ed25519" ? key : undefined;
  const curve = key.asymmetricKeyType === "ec" ? key.asymmetricKeyDetails?.namedCurve : undefined;
  return curve === "prime256v1" ? key : undefined;
}

function isPem(text: string): boolean {
  return text.trimStart().startsWith("-----BEGIN ");
}

/** Keys are pasted with and without the `=` at their end. */
function decodeBase64(text: string): Buffer | undefined {
  return decodeStrict(text.padEnd(Math.ceil(text.length / 4) * 4, "="), "base64", MAX_KEY);
}
