// A key pair to be a provider with that signs with a private key of its own.

import { generateKeyPairSync } from "node:crypto";
import { findPreset } from "../../shared/verification-presets.ts";
import { SampleRefused } from "./refused.ts";

export interface KeyPair {
  /** What `buildSample` signs with. */
  secret: string;
  /** What the flow checks with, as the provider shows it. */
  publicKey: string;
}

/** Throws a SampleRefused for a provider that signs otherwise. */
export function newKeyPair(presetId: string): KeyPair {
  const preset = findPreset(presetId);
  const scheme = preset?.scheme;
  if (scheme?.algorithm === "ed25519") {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const last32 = (der: Buffer) => der.subarray(-32).toString(scheme.encoding);
    return {
      secret: last32(privateKey.export({ format: "der", type: "pkcs8" })),
      publicKey: last32(publicKey.export({ format: "der", type: "spki" })),
    };
  }
  if (scheme?.algorithm === "ecdsa-p256-sha256") {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    return {
      secret: privateKey.export({ format: "der", type: "pkcs8" }).toString(scheme.encoding),
      publicKey: publicKey.export({ format: "der", type: "spki" }).toString(scheme.encoding),
    };
  }
  throw new SampleRefused(`${preset?.name ?? presetId} does not sign with a key pair.`);
}
