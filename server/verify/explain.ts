// Says in words what is wrong with a request that was not taken for its sender's, and what to do next.
//
// It looks for the mistake that people make: it tries what would have fitted. Whatever it finds, the request stays
// refused, and no sentence holds a secret, or a signature that would have been right.

import type { Problem } from "../../shared/problem.ts";
import type { SignatureScheme, Verification } from "../../shared/verification.ts";
import { findPreset } from "../../shared/verification-presets.ts";
import type { CaughtRequest } from "./caught-request.ts";
import { findInAddress } from "./explain-address.ts";
import { findInBody } from "./explain-body.ts";
import type { Finding } from "./explain-finding.ts";
import { findInLayout } from "./explain-layout.ts";
import { findInSecret, looksWrong } from "./explain-secret.ts";
import { findInTime } from "./explain-time.ts";
import { findInToken } from "./explain-token.ts";
import { createTrial } from "./explain-trial.ts";
import { senderOf } from "./recognise.ts";
import type { Refusal } from "./refusal.ts";

/**
 * The refusal's problem, with a sentence and a hint that name the mistake when it was found. Never more work than
 * hashing a few megabytes; it is for a person who looks, so ask it only then or seldom.
 */
export function explain(
  verification: Verification,
  secrets: string[],
  request: CaughtRequest,
  refusal: Refusal,
): Problem {
  const finding = find(verification, secrets, request, refusal);
  return finding ? { ...refusal.problem, ...finding } : refusal.problem;
}

function find(
  verification: Verification,
  secrets: string[],
  request: CaughtRequest,
  { detail }: Refusal,
): Finding | null {
  const { scheme, name } = expectedOf(verification);
  const given = secrets.filter((secret) => secret !== "");
  switch (detail.reason) {
    case "missing":
      return (
        findInToken(verification, given, request) ??
        otherSender(verification, request) ??
        withoutSecret(verification, scheme, request)
      );
    case "time-off":
    case "time-unreadable":
      return scheme ? findInTime(scheme, name, request, detail, verification.kind === "signature") : null;
    case "uncovered":
      return {
        sentence:
          "The signature is right, but it does not cover the body: anybody could have put in another one.",
        hint: "Have the sender send a form, or put the body's hash into the address (bodySHA256).",
      };
    case "layout":
    case "encoding":
    case "mismatch":
    case "settings":
      if (detail.reason === "settings" && given.length === 0) return null;
      if (!scheme) return findInToken(verification, given, request) ?? otherSender(verification, request);
      return (
        findInSignature(verification, scheme, name, given, request) ??
        otherSender(verification, request) ??
        looksWrong(verification, given) ??
        (detail.reason === "mismatch" ? anotherSecret(verification, name) : null)
      );
    default:
      return null;
  }
}

/** What the request would have fitted with. */
function findInSignature(
  verification: Verification,
  scheme: SignatureScheme,
  name: string,
  secrets: string[],
  request: CaughtRequest,
): Finding | null {
  const trial = createTrial(scheme, secrets, request);
  const isCustom = verification.kind === "signature";
  return (
    findInSecret(trial, name, isCustom) ??
    findInLayout(trial, name, isCustom) ??
    findInAddress(trial, name) ??
    findInBody(trial)
  );
}

function expectedOf(verification: Verification): { scheme: SignatureScheme | undefined; name: string } {
  if (verification.kind === "signature") return { scheme: verification.scheme, name: "the sender" };
  const preset = verification.kind === "preset" ? findPreset(verification.preset) : undefined;
  return { scheme: preset?.scheme, name: preset?.name ?? "the sender" };
}

function otherSender(verification: Verification, request: CaughtRequest): Finding | null {
  const expected = verification.kind === "preset" ? verification.preset : "";
  const { headers, contentType, raw } = request;
  const summary = Buffer.from(raw.subarray(0, 2_000)).toString("latin1");
  const sender = senderOf({ headers, contentType, summary });
  if (!sender || sender.preset.id === expected) return null;
  const awaited = findPreset(expected)?.name ?? WAYS[verification.kind];
  return {
    sentence: `This looks like ${sender.preset.name}, but the catch URL expects ${awaited}. ${sender.because}`,
    hint: `If it should come from ${sender.preset.name}, choose it in the settings of the catch URL. Otherwise ask who sends it here.`,
  };
}

const WAYS: Record<Verification["kind"], string> = {
  none: "nobody in particular",
  basic: "a user name and a password",
  header: "a token in a header",
  query: "a token in the address",
  jwt: "a JSON Web Token",
  preset: "another sender",
  signature: "a signature as its settings describe it",
};

/** Everything is there but the signature, as when no secret was entered at the sender. */
function withoutSecret(
  verification: Verification,
  scheme: SignatureScheme | undefined,
  request: CaughtRequest,
): Finding | null {
  const { headers, contentType } = request;
  if (scheme?.signature.in !== "header" || Object.hasOwn(headers, scheme.signature.name)) return null;
  const sender = senderOf({ headers, contentType, summary: "" });
  if (!sender || verification.kind !== "preset" || sender.preset.id !== verification.preset) return null;
  const { name, secretLabel, secretHelp } = sender.preset;
  return {
    sentence: `This looks like ${name}, but it is not signed: no secret seems to be entered there.`,
    hint: `Enter the same secret at ${name} and here. ${secretLabel}: ${secretHelp}`,
  };
}

function anotherSecret(verification: Verification, name: string): Finding {
  const preset = verification.kind === "preset" ? findPreset(verification.preset) : undefined;
  const help = preset && `${preset.secretLabel}: ${preset.secretHelp}`;
  return {
    sentence: `The signature is written as ${name} writes it, but was made with another secret than the one in the settings, or over another body.`,
    hint: `Copy the secret again. ${help ?? "It has to be the same at the sender and here."} Test mode, live mode and every single address often have secrets of their own.`,
  };
}
