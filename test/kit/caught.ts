// A request as a catch URL gets it, made of one that a sample sender built, and of changes to it.

import { buildSample, type SampleOptions } from "../../server/senders/build.ts";
import { newKeyPair } from "../../server/senders/key-pair.ts";
import type { CaughtRequest } from "../../server/verify/verify.ts";
import { collectPairs } from "../../shared/event.ts";
import type { Verification, VerificationPreset } from "../../shared/verification.ts";

export const NOW = 1_790_000_000_000;
export const CATCH_URL = "https://flows.example.com/catch/AbCdEfGhIjKlMnOpQrStUvWx";

/** A secret in the form that the preset wants: what the flow has, and what the sender signs with. */
export function secretsFor(preset: VerificationPreset): { checks: string; signs: string } {
  const { scheme } = preset;
  if (scheme?.algorithm === "ed25519" || scheme?.algorithm === "ecdsa-p256-sha256") {
    const { secret, publicKey } = newKeyPair(preset.id);
    return { checks: publicKey, signs: secret };
  }
  const text =
    scheme?.key === "whsec" ? "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" : "a-secret-of-27-characters-…";
  return { checks: text, signs: text };
}

export function presetVerification(
  preset: string,
  settings: Record<string, string> = {},
): Verification & { kind: "preset" } {
  return { kind: "preset", preset, toleranceSeconds: null, settings };
}

/** What arrives when nothing happens on the way. */
export function caughtSample(
  preset: string,
  options: Partial<SampleOptions> & { event?: string },
): CaughtRequest {
  const { event, ...rest } = options;
  const built = buildSample(preset, event, { secret: "", url: CATCH_URL, now: NOW, settings: {}, ...rest });
  return caught({ method: built.method, url: built.url, headers: built.headers, raw: built.body });
}

/** The rest is worked out of what is given. */
export function caught(given: Partial<CaughtRequest>): CaughtRequest {
  const { url = CATCH_URL, headers = {} } = given;
  return {
    method: "POST",
    query: collectPairs(new URL(url).searchParams),
    repeated: new Set(),
    contentType: headers["content-type"] ?? "",
    raw: new Uint8Array(),
    now: NOW,
    ...given,
    url,
    headers,
  };
}
