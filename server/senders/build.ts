// Makes a request as a provider would send it, and signs it with the secret that a flow checks it with.

import { Refused } from "../../shared/problem.ts";
import type { VerificationPreset } from "../../shared/verification.ts";
import { findPreset } from "../../shared/verification-presets.ts";
import { type SignedRequest, sign } from "../verify/sign.ts";
import { type Occasion, occasionAt, type SenderSample } from "./occasion.ts";
import { SampleRefused } from "./refused.ts";
import { samplesOf } from "./samples.ts";

export interface SampleOptions {
  /** The flow's; of Discord and SendGrid the private key whose public key the flow has. */
  secret: string;
  /** Where it is sent; some sign it. */
  url: string;
  /** Milliseconds since 1970. */
  now: number;
  /** What the flow's settings have beside the secret. */
  settings: Record<string, string>;
  /** Leaves the signature out. */
  unsigned?: boolean;
}

export interface SampleRequest {
  method: string;
  url: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Uint8Array;
  /** “Stripe”, and what happened: “invoice.paid”, “An invoice was paid”. */
  sender: string;
  event: string;
  name: string;
  /** “the header stripe-signature”; null when it is not signed. */
  signedIn: string | null;
}

/** Without an event it is the sender's first one. Throws a SampleRefused with a sentence. */
export function buildSample(
  presetId: string,
  event: string | undefined,
  options: SampleOptions,
): SampleRequest {
  const preset = findPreset(presetId);
  if (!preset) throw new SampleRefused(`No sender is called “${presetId}”.`);
  const sample = sampleOf(preset, event);
  const occasion = occasionAt(options);
  const type = sample.writes === "form" ? "application/x-www-form-urlencoded" : "application/json";
  const plain: SignedRequest = {
    url: options.url,
    headers: {},
    raw: Buffer.from(written(sample, sample.body(occasion))),
  };
  const { url, headers, raw } = options.unsigned
    ? plain
    : signed(preset, sample, occasion, { ...plain, type });
  return {
    method: "POST",
    url,
    headers: { "content-type": type, ...sample.headers?.(occasion), ...headers },
    body: raw,
    sender: preset.name,
    event: sample.event,
    name: sample.name,
    signedIn: options.unsigned ? null : placeOfProof(preset),
  };
}

function sampleOf(preset: VerificationPreset, event: string | undefined): SenderSample {
  const samples = samplesOf(preset.id);
  const found = event === undefined ? samples[0] : samples.find((sample) => sample.event === event);
  if (found) return found;
  const events = samples.map((sample) => sample.event).join(", ");
  throw new SampleRefused(`There is no sample “${event}” of ${preset.name}, but there is ${events}.`);
}

function signed(
  preset: VerificationPreset,
  sample: SenderSample,
  occasion: Occasion,
  { type, ...plain }: SignedRequest & { type: string },
): SignedRequest {
  const { name, scheme, needsSecret, secretLabel } = preset;
  if (!needsSecret) {
    throw new SampleRefused(
      `Only ${name} can sign as ${name}, with a private key that it keeps to itself. The same request can be sent unsigned.`,
    );
  }
  const { now, secret } = occasion;
  if (secret === "") {
    throw new SampleRefused(
      `There is no secret to be ${name} with: give the one that ${name} calls “${secretLabel}”.`,
    );
  }
  // The secret stands in the body already.
  if (!scheme) return plain;
  try {
    const id = sample.id?.(occasion) ?? occasion.id("msg_", 27);
    return sign(scheme, secret, { ...plain, method: "POST", contentType: type, now, id });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const isKeyPair = scheme.algorithm === "ed25519" || scheme.algorithm === "ecdsa-p256-sha256";
    throw new SampleRefused(
      isKeyPair
        ? `The secret is no private key, and ${name} signs with one. The flow has its public key.`
        : `The secret is not written as ${name} writes it.`,
      { cause: error },
    );
  }
}

function placeOfProof({ scheme }: VerificationPreset): string {
  if (scheme?.signature.in === "header") return `the header ${scheme.signature.name}`;
  return scheme?.signature.in === "body" ? `the body's ${scheme.signature.path}` : "the body's client state";
}

function written({ writes }: SenderSample, data: unknown): string {
  switch (writes) {
    case "form":
      return new URLSearchParams(
        Object.entries(Object(data)).map(([name, value]) => [name, String(value)]),
      ).toString();
    case "indented-json":
      return JSON.stringify(data, null, 2);
    case "json-line":
      return `${JSON.stringify(data)}\r\n`;
    default:
      return JSON.stringify(data);
  }
}
