// Whether a way of signing protects anything: a scheme can be well formed and still let everybody in.

import type { Problem } from "./problem.ts";
import type { SignatureScheme } from "./verification.ts";

/** What is wrong with it, or null. */
export function schemeProblem(scheme: SignatureScheme): Problem | null {
  const { signature, algorithm, key, signed, timestamp, toleranceSeconds, id } = scheme;
  const has = (part: string) => signed.some((one) => one === part);
  if (signature.in === "signature") {
    return unusable("signature", "The signature cannot stand in itself.", "Say in which header it is.");
  }
  if (algorithm === "sha256" && !has("secret")) {
    return unusable(
      "signed",
      "A plain SHA-256 hash without the secret can be made by anybody.",
      "Add the secret to what is signed, or choose an HMAC.",
    );
  }
  if (algorithm !== "sha256" && has("secret")) {
    return unusable(
      "signed",
      "The secret is a part of what is signed only with plain SHA-256.",
      "Take it out of what is signed.",
    );
  }
  if (signed.every((one) => typeof one === "object" || one === "secret")) {
    return unusable(
      "signed",
      "Nothing of the request is signed, so one signature would do for every request.",
      "Add the body to what is signed.",
    );
  }
  if (has("timestamp") && timestamp === null) {
    return unusable("timestamp", "The time is signed, but it is not said where it is.", "Say where it is.");
  }
  if (has("id") && id === null) {
    return unusable("id", "The id is signed, but it is not said where it is.", "Say where it is.");
  }
  if ((timestamp?.in === "signature" || id?.in === "signature") && !hasParts(scheme)) {
    return unusable("layout", "Only a header made of pairs has other parts in it.", "Choose pairs.");
  }
  if (signature.in === "body" && has("body")) {
    return unusable("signed", "A body that has the signature in it cannot be signed.", "Sign other parts.");
  }
  if (
    timestamp &&
    toleranceSeconds !== null &&
    !has("timestamp") &&
    !(timestamp.in === "body" && has("body"))
  ) {
    return unusable(
      "signed",
      "The time is looked at, but not signed: whoever repeats a request would write a new one.",
      "Add the time to what is signed, or do not look at it.",
    );
  }
  if (toleranceSeconds !== null && timestamp === null) {
    return unusable(
      "timestamp",
      "How far the time may be off is set, but not where it is.",
      "Say where it is, or do not look at it.",
    );
  }
  if (algorithm === "ed25519" && key === "text") {
    return unusable("key", "A public key is written in hex or base64.", "Choose one of them.");
  }
  return null;
}

function hasParts({ signature, layout }: SignatureScheme): boolean {
  return signature.in === "header" && layout.kind === "pairs";
}

function unusable(field: string, sentence: string, hint: string): Problem {
  return { code: "verification-unusable", sentence, hint, field };
}
