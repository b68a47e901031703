// What is sealed opens with the same key, in the same place, unchanged; and in no other case.

import { createCipheriv } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createVault, newVaultKey } from "../../server/vault.ts";

const vault = createVault(newVaultKey());
const ABOUT = "ws_default|con_1|slack";

describe("a vault", () => {
  test("opens what it sealed", () => {
    const value = { token: "xoxb-1", nested: [1, "ü", null] };
    expect(vault.open(vault.seal(value, ABOUT), ABOUT)).toEqual(value);
  });

  test("never seals the same value to the same text", () => {
    expect(vault.seal("x", ABOUT)).not.toBe(vault.seal("x", ABOUT));
  });

  test("does not open what was moved to another record", () => {
    expect(() => vault.open(vault.seal("x", ABOUT), "ws_default|con_2|slack")).toThrow();
  });

  test("does not open what was changed, at any byte", () => {
    const sealed = Buffer.from(vault.seal("some secret", ABOUT), "base64url");
    for (let i = 0; i < sealed.length; i++) {
      const changed = Buffer.from(sealed);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(() => vault.open(changed.toString("base64url"), ABOUT)).toThrow();
    }
  });

  test("seals with all 16 bytes of the tag, and nothing of the value in the clear", () => {
    const sealed = Buffer.from(vault.seal("some secret", ABOUT), "base64url");
    const [version, keyId, iv, tag] = [1, 4, 12, 16];
    expect(sealed).toHaveLength(version + keyId + iv + tag + JSON.stringify("some secret").length);
    expect(sealed.toString("latin1")).not.toContain("secret");
  });

  test("does not open what was cut short", () => {
    const sealed = Buffer.from(vault.seal("some secret", ABOUT), "base64url");
    for (let length = 0; length < sealed.length; length++) {
      expect(() => vault.open(sealed.subarray(0, length).toString("base64url"), ABOUT)).toThrow();
    }
  });

  test("tells another key's work apart, without telling the key", () => {
    const other = createVault(newVaultKey());
    expect(() => other.open(vault.seal("x", ABOUT), ABOUT)).toThrow("another encryption key");
    expect(other.fingerprint).not.toBe(vault.fingerprint);
  });

  test("takes a key as base64 or hex, and nothing shorter", () => {
    const key = Buffer.alloc(32, 7);
    expect(createVault(key.toString("hex")).fingerprint).toBe(
      createVault(`${key.toString("base64")}\n`).fingerprint,
    );
    expect(() => createVault("too short")).toThrow("ENCRYPTION_KEY");
  });
});

test("the cipher is AES-256-GCM as published (test case 14 of the GCM specification)", () => {
  const cipher = createCipheriv("aes-256-gcm", Buffer.alloc(32), Buffer.alloc(12), { authTagLength: 16 });
  const text = Buffer.concat([cipher.update(Buffer.alloc(16)), cipher.final()]);
  expect(text.toString("hex")).toBe("cea7403d4d606b6e074ec5d3baf39d18");
  expect(cipher.getAuthTag().toString("hex")).toBe("d0d1c8a799996bf0265b98b5d48ab919");
});
