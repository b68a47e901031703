// Seals and opens what must not be readable in the database: the fields of connections.
//
//   sealed text = base64url( version 1 | key id 4 | iv 12 | tag 16 | ciphertext )

import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";

const VERSION = 1;
const KEY_ID = 4;
const IV = 12;
const TAG = 16;
const HEAD = 1 + KEY_ID + IV + TAG;

export interface Vault {
  /** `about` is bound to the result: a sealed text moved to another record does not open. */
  seal(value: unknown, about: string): string;
  /** Throws when the key is another one, or the text was changed or moved. */
  open(sealed: string, about: string): unknown;
  /** Tells whether two vaults have the same key, without telling the key. */
  fingerprint: string;
}

/** A vault with this key: 32 bytes, as base64 or hex text. Throws an Error with a sentence when it is something else. */
export function createVault(keyText: string): Vault {
  const master = readKey(keyText);
  const key = Buffer.from(hkdfSync("sha256", master, "", "flowcatch sealing key", 32));
  const keyId = createHash("sha256").update(key).digest().subarray(0, KEY_ID);
  return {
    fingerprint: createHash("sha256").update("flowcatch key check").update(key).digest("hex").slice(0, 32),
    seal(value, about) {
      const iv = randomBytes(IV);
      const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: TAG });
      cipher.setAAD(Buffer.from(about));
      const text = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), keyId, iv, cipher.getAuthTag(), text]).toString("base64url");
    },
    open(sealed, about) {
      const bytes = Buffer.from(sealed, "base64url");
      if (bytes.length < HEAD || bytes[0] !== VERSION) throw new Error("This is not a sealed text.");
      const keyIdThere = bytes.subarray(1, 1 + KEY_ID);
      const iv = bytes.subarray(1 + KEY_ID, 1 + KEY_ID + IV);
      const tag = bytes.subarray(1 + KEY_ID + IV, HEAD);
      if (!keyIdThere.equals(keyId)) throw new Error("This was sealed with another encryption key.");
      const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: TAG });
      decipher.setAAD(Buffer.from(about));
      decipher.setAuthTag(tag);
      const text = Buffer.concat([decipher.update(bytes.subarray(HEAD)), decipher.final()]);
      return JSON.parse(text.toString("utf8"));
    },
  };
}

/** A new key as the text that goes into the key file. */
export function newVaultKey(): string {
  return randomBytes(32).toString("base64");
}

function readKey(text: string): Buffer {
  const trimmed = text.trim();
  const bytes = /^[0-9a-f]{64}$/i.test(trimmed)
    ? Buffer.from(trimmed, "hex")
    : Buffer.from(trimmed, "base64");
  if (bytes.length !== 32) {
    throw new Error("ENCRYPTION_KEY is 32 bytes as base64 or hex (make one with: openssl rand -base64 32).");
  }
  return bytes;
}
