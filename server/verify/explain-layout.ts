// Mistakes with how a signature is made and written: hex or base64, what stands in front, the hash, what is signed.

import type { SignatureScheme } from "../../shared/verification.ts";
import { type CaughtRequest, readHeader } from "./caught-request.ts";
import type { Finding } from "./explain-finding.ts";
import type { Change, Trial } from "./explain-trial.ts";

interface Guess extends Change {
  sentence: string;
  /** What to set, when the signature is described in the settings. */
  set: string;
}

/** A signature by the right secret that is made or written in another way. */
export function findInLayout(trial: Trial, name: string, isCustom: boolean): Finding | null {
  for (const guess of guesses(trial)) {
    if (!trial.fits(guess)) continue;
    const { sentence, set } = guess;
    return {
      sentence: `The secret is right, but ${sentence}`,
      hint: isCustom
        ? `In the settings of the catch URL, set ${set}. Or change it at the sender.`
        : `Nothing like it comes from ${name}. Correct it in the program that sends, or describe its signature in the settings.`,
    };
  }
  return null;
}

function* guesses(trial: Trial): Generator<Guess> {
  const { scheme } = trial;
  const encoding = scheme.encoding === "hex" ? "base64" : "hex";
  const otherEncoding = `the signature is written in ${encoding}, and ${scheme.encoding} is expected`;
  yield { scheme: { encoding }, sentence: `${otherEncoding}.`, set: `how it is written to ${encoding}` };

  for (const { layout, sentence, set } of otherLayouts(trial)) {
    yield { scheme: { layout }, sentence: `${sentence}.`, set };
    yield {
      scheme: { layout, encoding },
      sentence: `${sentence}, and ${otherEncoding}.`,
      set: `${set}, and how it is written to ${encoding}`,
    };
  }
  const standard = inStandardBase64(scheme, trial.request);
  if (standard) {
    yield {
      request: standard,
      scheme: { encoding: "base64" },
      sentence: "the signature is written in the base64 of addresses, with - and _ instead of + and /.",
      set: "nothing here: the sender has to write plain base64",
    };
  }
  for (const algorithm of HMACS) {
    if (algorithm === scheme.algorithm || !isHmac(scheme.algorithm)) continue;
    const sentence = `the signature is made with ${algorithm.toUpperCase()}, and ${scheme.algorithm.toUpperCase()} is expected`;
    yield {
      scheme: { algorithm },
      sentence: `${sentence}.`,
      set: `the algorithm to ${algorithm.toUpperCase()}`,
    };
    yield {
      scheme: { algorithm, encoding },
      sentence: `${sentence}, and ${otherEncoding}.`,
      set: `the algorithm to ${algorithm.toUpperCase()}, and how it is written to ${encoding}`,
    };
  }
  for (const { signed, what } of OTHER_CONTENTS) {
    if (signed.includes("timestamp") && !scheme.timestamp) continue;
    yield {
      // A time that is not signed is no part of a scheme.
      scheme: signed.includes("timestamp") ? { signed } : { signed, timestamp: null, toleranceSeconds: null },
      sentence: `what is signed is ${what}, and something else is expected.`,
      set: `what is signed to ${what}`,
    };
  }
}

const HMACS = ["hmac-sha1", "hmac-sha256", "hmac-sha512"] as const;

function isHmac(algorithm: SignatureScheme["algorithm"]): boolean {
  return algorithm.startsWith("hmac-");
}

const OTHER_CONTENTS: { signed: SignatureScheme["signed"]; what: string }[] = [
  { signed: ["body"], what: "the body alone" },
  { signed: ["timestamp", { text: "." }, "body"], what: "the time, a dot and the body" },
  { signed: ["timestamp", { text: ":" }, "body"], what: "the time, a colon and the body" },
  { signed: ["timestamp", "body"], what: "the time and the body with nothing in between" },
];

function otherLayouts(trial: Trial): { layout: SignatureScheme["layout"]; sentence: string; set: string }[] {
  const { layout } = trial.scheme;
  const text = signatureText(trial.scheme, trial.request);
  if (layout.kind !== "plain" && layout.kind !== "prefix") return [];
  const found = /^[\w-]{1,20}[=:,](?=.)/.exec(text)?.[0];
  if (layout.kind === "prefix") {
    const missing = `“${layout.prefix}” is missing in front of the signature`;
    return [
      { layout: { kind: "plain" }, sentence: missing, set: "that nothing stands in front of the signature" },
      ...(found === undefined ? [] : [prefixed(found, `instead of “${layout.prefix}”`)]),
    ];
  }
  return found === undefined ? [] : [prefixed(found, "and nothing is expected there")];
}

function prefixed(prefix: string, than: string) {
  return {
    layout: { kind: "prefix" as const, prefix },
    sentence: `“${prefix}” stands in front of the signature, ${than}`,
    set: `what stands in front of the signature to “${prefix}”`,
  };
}

function signatureText({ signature }: Pick<SignatureScheme, "signature">, request: CaughtRequest): string {
  if (signature.in !== "header") return "";
  const read = readHeader(request, signature.name, signature.or);
  return read.kind === "value" ? read.text : "";
}

/** The request as it would be if the signature were in plain base64; undefined when it is already. */
function inStandardBase64(
  { signature, layout }: SignatureScheme,
  request: CaughtRequest,
): { headers: Record<string, string> } | undefined {
  if (signature.in !== "header" || (layout.kind !== "plain" && layout.kind !== "prefix")) return undefined;
  const text = signatureText({ signature }, request);
  const start = layout.kind === "prefix" && text.startsWith(layout.prefix) ? layout.prefix : "";
  const bare = text.slice(start.length).replace(/=+$/, "");
  if (!/^[\w-]{27,86}$/.test(bare)) return undefined;
  const standard = bare.replaceAll("-", "+").replaceAll("_", "/");
  const padded = standard.padEnd(Math.ceil(standard.length / 4) * 4, "=");
  return padded === text.slice(start.length)
    ? undefined
    : { headers: { ...request.headers, [signature.name]: `${start}${padded}` } };
}
