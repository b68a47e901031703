// Signatures by any scheme, with the one exception that Standard Webhooks makes: its secret can be a public key.

import type { SignatureScheme } from "../../shared/verification.ts";
import type { CaughtRequest } from "./caught-request.ts";
import type { Refusal } from "./refusal.ts";
import { verifySignature } from "./signature.ts";

const PUBLIC = "whpk_";

/** Where a secret begins with `whpk_`, the signatures `v1a` count for it, which are Ed25519. */
export function verifySigned(
  scheme: SignatureScheme,
  secrets: readonly string[],
  request: CaughtRequest,
  tolerance = scheme.toleranceSeconds,
): { kind: "ok" } | Refusal {
  const publicKeys =
    scheme.key === "whsec" ? secrets.filter((secret) => secret.startsWith(PUBLIC)) : undefined;
  if (!publicKeys?.length) return verifySignature(scheme, secrets, request, tolerance);
  const shared = secrets.filter((secret) => !secret.startsWith(PUBLIC));
  const keys = publicKeys.map((secret) => secret.slice(PUBLIC.length));
  const byKey = verifySignature(withKeyPair(scheme), keys, request, tolerance);
  if (byKey.kind === "ok" || shared.length === 0) return byKey;
  return verifySignature(scheme, shared, request, tolerance);
}

const withKeys = new WeakMap<SignatureScheme, SignatureScheme>();

function withKeyPair(scheme: SignatureScheme): SignatureScheme {
  const known = withKeys.get(scheme);
  if (known) return known;
  const { layout } = scheme;
  const made: SignatureScheme = {
    ...scheme,
    algorithm: "ed25519",
    key: "base64",
    layout: layout.kind === "list" ? { kind: "list", version: `${layout.version}a` } : layout,
  };
  withKeys.set(scheme, made);
  return made;
}
