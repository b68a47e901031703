// The other direction: a request signed as its provider would sign it, for samples.

import { createHash, type KeyObject, sign as signBytes } from "node:crypto";
import { Refused } from "../../shared/problem.ts";
import type { RequestPart, SignatureScheme } from "../../shared/verification.ts";
import { schemeProblem } from "../../shared/verification-scheme.ts";
import { bodyData, type CaughtRequest, isForm } from "./caught-request.ts";
import { unusableSettings } from "./refusal.ts";
import { digestOf } from "./signature.ts";
import { layOut } from "./signature-layout.ts";
import { addressesOf, BODY_HASH, contentOf, type Piece } from "./signed-content.ts";
import { signingKey } from "./signing-key.ts";
import { timeText } from "./timestamp.ts";

export interface ToSign extends Pick<CaughtRequest, "method" | "url" | "contentType" | "raw" | "now"> {
  /** The delivery's id, for those that send one. */
  id: string;
}

/** What is to be sent: all three may differ from what was to be signed. */
export interface SignedRequest {
  url: string;
  /** Those that the signature needs; the content type and the like are the caller's. */
  headers: Record<string, string>;
  raw: Uint8Array;
}

/** `secret` is the provider's side of it: with Ed25519 and ECDSA the private key. Throws `Refused` when it is none. */
export function sign(scheme: SignatureScheme, secret: string, toSign: ToSign): SignedRequest {
  const problem = schemeProblem(scheme);
  if (problem) throw new Refused(problem);
  const object = signingKey(scheme.algorithm, scheme.key, secret);
  if (!object) {
    throw new Refused(unusableSettings("The secret is not written as this way of signing needs it.").problem);
  }
  const timestamp = scheme.timestamp ? timeText(toSign.now, scheme.timestampUnit) : undefined;
  const headers: Record<string, string> = {};
  const beside: [string, string][] = [];
  let { raw } = toSign;
  const put = (part: RequestPart | null, value: string | undefined) => {
    if (!part || value === undefined) return;
    if (part.in === "header") headers[part.name] = value;
    else if (part.in === "signature") beside.push([part.name, value]);
    else raw = withValue({ ...toSign, raw }, part.path, value);
  };
  put(scheme.timestamp, timestamp);
  put(scheme.id, toSign.id);
  const url = withBodyHash(scheme, toSign, raw);
  const [address = url] = addressesOf(scheme, url);
  const content = contentOf(scheme, { ...toSign, raw }, address, { timestamp, id: toSign.id });
  const signature = signatureOf(scheme, { text: secret, object }, content).toString(scheme.encoding);
  put(scheme.signature, layOut(scheme.layout, signature, beside));
  return { url, headers, raw };
}

function signatureOf(
  { algorithm }: SignatureScheme,
  key: { text: string; object: KeyObject },
  content: Piece[],
): Buffer {
  if (algorithm !== "ed25519" && algorithm !== "ecdsa-p256-sha256") return digestOf(algorithm, key, content);
  const bytes = Buffer.concat(content.map((piece) => Buffer.from(piece ?? "")));
  return signBytes(algorithm === "ed25519" ? null : "sha256", bytes, key.object);
}

/** Where forms are signed, a body that is none has its hash in the address. */
function withBodyHash({ signed }: SignatureScheme, { url, contentType }: ToSign, raw: Uint8Array): string {
  if (!signed.includes("form") || isForm(contentType) || raw.byteLength === 0) return url;
  const made = new URL(url);
  made.searchParams.set(BODY_HASH, createHash("sha256").update(raw).digest("hex"));
  return made.href;
}

/** The JSON body with one more value in it; digits are a number there, unless a text stood in its place. */
function withValue(
  request: Pick<CaughtRequest, "contentType" | "raw">,
  path: string,
  value: string,
): Uint8Array {
  const data = bodyData(request);
  const whole = isObject(data) ? data : {};
  const names = path.split(".");
  const last = names.pop() ?? path;
  let at = whole;
  for (const name of names) {
    const inner = at[name];
    const next = isObject(inner) ? inner : {};
    at[name] = next;
    at = next;
  }
  const isNumber = typeof at[last] !== "string" && /^\d{1,15}$/.test(value);
  at[last] = isNumber ? Number(value) : value;
  return Buffer.from(JSON.stringify(whole));
}

function isObject(data: unknown): data is Record<string, unknown> {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}
