// How `npm run token` shows a running server that it is the operator: by knowing the encryption key.
//
//   Authorization: FlowcatchLocal <expires>.<nonce>.<HMAC-SHA256(local key, purpose, expires, nonce)>
//
// It is good for one request, for half a minute, and only for making a token. Who can read the key file could read
// the whole database, so this opens nothing that was closed to them.

import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";

export const LOCAL_SCHEME = "FlowcatchLocal";

const PURPOSE = "flowcatch: make one api token";
const GOOD_FOR_MS = 30_000;

/** The key of these proofs, from the text of the encryption key. */
export function localKeyFrom(encryptionKey: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", encryptionKey.trim(), "", "flowcatch local operator", 32));
}

export function makeLocalProof(key: Uint8Array, now: number): string {
  const expires = now + GOOD_FOR_MS;
  const nonce = randomBytes(16).toString("base64url");
  return `${expires}.${nonce}.${sign(key, expires, nonce).toString("base64url")}`;
}

const used = new Map<string, number>();

/** True once for each proof, while it is fresh. */
export function checkLocalProof(key: Uint8Array, proof: string, now: number): boolean {
  const [, expiresText = "", nonce = "", given = ""] =
    /^(\d{1,15})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/.exec(proof) ?? [];
  const expires = Number(expiresText);
  if (nonce === "" || expires <= now || expires > now + GOOD_FOR_MS) return false;
  if (!timingSafeEqual(Buffer.from(given, "base64url"), sign(key, expires, nonce))) return false;
  for (const [old, until] of used) if (until <= now) used.delete(old);
  if (used.has(nonce)) return false;
  used.set(nonce, expires);
  return true;
}

function sign(key: Uint8Array, expires: number, nonce: string): Buffer {
  return createHmac("sha256", key).update(`${PURPOSE}|${expires}|${nonce}`).digest();
}
