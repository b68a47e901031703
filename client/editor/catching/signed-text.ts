// What is signed as one line of text, and back: `{timestamp}.{body}` is the timestamp, a dot, the body.

import type { SignatureScheme } from "../../../shared/verification.ts";

type Part = SignatureScheme["signed"][number];
type Named = Exclude<Part, { text: string }>;

const NAMES: readonly Named[] = [
  "body",
  "timestamp",
  "id",
  "method",
  "url",
  "url-unescaped",
  "secret",
  "form",
];

export function signedText(signed: readonly Part[]): string {
  return signed.map((part) => (typeof part === "string" ? `{${part}}` : part.text)).join("");
}

/** Braces around anything else stand for themselves. */
export function readSigned(text: string): Part[] {
  const pieces = text.split(/(\{[a-z-]+\})/).filter((piece) => piece !== "");
  return pieces.map((piece): Part => NAMES.find((name) => piece === `{${name}}`) ?? { text: piece });
}
