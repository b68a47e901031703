// What is wrong with a verification and its secrets beyond what their shapes say: each problem names its field.

import { createPublicKey } from "node:crypto";
import type { Problem } from "../../shared/problem.ts";
import type { SignatureScheme, Verification, VerificationPreset } from "../../shared/verification.ts";
import { findPreset } from "../../shared/verification-presets.ts";
import { schemeProblem } from "../../shared/verification-scheme.ts";
import { checkingKey } from "../verify/signing-key.ts";
import { fieldPathProblem } from "./path-problem.ts";

/** Of settings that came without their secrets, what is still to be filled in is no problem. */
export function verificationProblems(verification: Verification, mayBeUnfinished: boolean): Problem[] {
  switch (verification.kind) {
    case "none":
    case "basic":
    case "header":
    case "query":
      return [];
    case "jwt":
      return jwtProblems(verification);
    case "preset":
      return presetProblems(verification, mayBeUnfinished);
    case "signature":
      return schemeProblems(verification.scheme);
  }
}

/** Does it need a secret, or take one? */
export function secretUse(verification: Verification): "needed" | "taken" | "none" {
  switch (verification.kind) {
    case "none":
      return "none";
    case "jwt":
      return verification.key === "secret" ? "needed" : "none";
    case "preset":
      return findPreset(verification.preset)?.needsSecret === false ? "taken" : "needed";
    default:
      return "needed";
  }
}

/**
 * Would the secrets of one be taken for those of the other by its owner? A key that one provider gave must not begin
 * to count as another's: whoever knows it from there could write requests here.
 */
export function sharesSecrets(before: Verification, after: Verification): boolean {
  if (before.kind === "preset" && after.kind === "preset") return before.preset === after.preset;
  if (before.kind === "jwt" && after.kind === "jwt") return before.key === after.key;
  return before.kind === after.kind;
}

/** What is wrong with the secrets that there are; what they are is never said. */
export function secretProblems(verification: Verification, secrets: string[]): Problem[] {
  const use = secretUse(verification);
  if (use === "none" && secrets.length > 0) {
    const sentence = "This verification has no secret, and one was given.";
    return [wrong("secrets", sentence, "Leave it out, or choose a verification that has one.")];
  }
  return secrets.flatMap((secret, index) => {
    const field = `secrets.${index}`;
    if (secret !== secret.trim()) {
      const sentence = "The secret begins or ends with a space or a line break.";
      return [wrong(field, sentence, "That mostly comes from copying: paste it again without it.")];
    }
    const problem = secretProblem(verification, secret);
    return problem === null ? [] : [wrong(field, problem)];
  });
}

export function missingSecret(verification: Verification): Problem {
  const preset = verification.kind === "preset" ? findPreset(verification.preset) : undefined;
  const name = preset ? `“${preset.secretLabel}” of ${preset.name}` : LABELS[verification.kind];
  return wrong("secrets", `${name} is missing.`, preset?.secretHelp);
}

const LABELS: Record<Verification["kind"], string> = {
  none: "The secret",
  basic: "The password",
  header: "The value of the header",
  query: "The value of the parameter",
  jwt: "The key of the tokens",
  preset: "The secret",
  signature: "The key of the signature",
};

function secretProblem(verification: Verification, secret: string): string | null {
  if (verification.kind === "signature") return keyProblem(verification.scheme, secret);
  if (verification.kind === "preset") {
    const scheme = findPreset(verification.preset)?.scheme;
    return scheme ? keyProblem(scheme, secret) : null;
  }
  if (verification.kind === "header" && /[^\t\x20-\x7e\x80-\xff]/.test(secret))
    return "The value holds a line break or a character that headers can't carry.";
  if (verification.kind === "header" && verification.bearer && /^bearer\s/i.test(secret))
    return "The value begins with “Bearer”, which is added by itself.";
  return null;
}

/** A key whose text cannot be read would refuse everything that comes. */
function keyProblem({ key, algorithm }: SignatureScheme, secret: string): string | null {
  if (checkingKey(algorithm, key, secret)) return null;
  if (algorithm === "ed25519" || algorithm === "ecdsa-p256-sha256")
    return `This is no public key for ${algorithm}, written as PEM or as ${key}.`;
  return key === "whsec"
    ? "This is not “whsec_” followed by base64, as the secret is written."
    : `This is no ${key} text, as the secret is written.`;
}

function jwtProblems({ key, publicKey, jwksUrl }: Extract<Verification, { kind: "jwt" }>): Problem[] {
  const at = "settings.verification";
  // What stands in a field that is not used is kept and shown all the same.
  const problems = /PRIVATE KEY/.test(publicKey)
    ? [wrong(`${at}.publicKey`, "This is a private key.", "Only its owner may have it: give the public one.")]
    : [];
  if (key === "public-key" && problems.length === 0 && !isPublicKey(publicKey)) {
    const sentence = "The public key cannot be read: it is a PEM text that begins with “BEGIN PUBLIC KEY”.";
    problems.push(wrong(`${at}.publicKey`, sentence));
  }
  if (key === "jwks" || jwksUrl !== "") {
    const url = URL.canParse(jwksUrl) ? new URL(jwksUrl) : null;
    if (url?.protocol !== "https:") {
      const sentence = "The address of the keys (JWKS) is an https address, and this is none.";
      problems.push(wrong(`${at}.jwksUrl`, sentence));
    } else if (url.username !== "" || url.password !== "") {
      const sentence = "The address of the keys (JWKS) must have no user and no password in it.";
      problems.push(wrong(`${at}.jwksUrl`, sentence));
    }
  }
  return problems;
}

function isPublicKey(pem: string): boolean {
  if (!/-----BEGIN PUBLIC KEY-----/.test(pem)) return false;
  try {
    return createPublicKey(pem).type === "public";
  } catch {
    return false;
  }
}

function presetProblems(
  { preset: id, settings }: Extract<Verification, { kind: "preset" }>,
  mayBeUnfinished: boolean,
): Problem[] {
  const at = "settings.verification";
  const preset = findPreset(id);
  if (!preset) {
    const sentence = `There is no sender “${id}” whose signatures are known.`;
    return [wrong(`${at}.preset`, sentence, "GET /api/verifications lists those that are.")];
  }
  const unknown = Object.keys(settings)
    .filter((key) => !preset.settings.some((setting) => setting.key === key))
    .map((key) => wrong(`${at}.settings.${key}`, `${preset.name} has no setting “${key}”.`));
  return mayBeUnfinished ? unknown : [...unknown, ...missingSettings(preset, settings)];
}

function missingSettings(preset: VerificationPreset, settings: Record<string, string>): Problem[] {
  return preset.settings
    .filter(({ key }) => (Object.hasOwn(settings, key) ? settings[key] : "")?.trim() === "")
    .map(({ key, label, help }) =>
      wrong(`settings.verification.settings.${key}`, `“${label}” of ${preset.name} is missing.`, help),
    );
}

/** Well formed paths, and a scheme that protects something. */
function schemeProblems(scheme: SignatureScheme): Problem[] {
  const at = "settings.verification.scheme";
  const { signature, timestamp, id } = scheme;
  const paths = Object.entries({ signature, timestamp, id }).flatMap(([field, part]) => {
    const problem = part?.in === "body" ? fieldPathProblem(part.path) : null;
    return problem === null ? [] : [wrong(`${at}.${field}.path`, problem)];
  });
  const useless = schemeProblem(scheme);
  return useless ? [...paths, wrong(`${at}.${useless.field}`, useless.sentence, useless.hint)] : paths;
}

function wrong(field: string, sentence: string, hint?: string): Problem {
  return { code: "catching-invalid", sentence, field, ...(hint ? { hint } : {}) };
}
