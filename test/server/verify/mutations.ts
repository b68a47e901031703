// Ten ways to spoil a signed request, each with what it is answered. Where one does not apply, another stands in for it.

import type { CaughtRequest } from "../../../server/verify/verify.ts";
import { CASES, type Case } from "./requests.ts";

export interface Spoiled {
  how: string;
  secrets: string[];
  request: CaughtRequest;
  answer: string;
}

const BAD = "401 bad-signature";

/** Always ten. */
export function spoil(one: Case): Spoiled[] {
  const { secrets, request, scheme } = one;
  const made = (how: string, answer: string, over: Partial<CaughtRequest>, others = secrets): Spoiled => ({
    how,
    secrets: others,
    request: { ...request, ...over },
    answer,
  });
  const signature = signatureOf(one);
  const bytes = Buffer.from(signature, scheme.encoding);
  const inHeader = scheme.signature.in === "header" ? scheme.signature.name : null;
  const tolerance = scheme.toleranceSeconds ?? 0;
  // Linear's time stands in the body, and the example has none
  const hasTime = scheme.timestamp !== null && one.id !== "linear";
  const flipped = Buffer.from(bytes);
  flipped[bytes.byteLength - 1] = (flipped.at(-1) ?? 0) ^ 1;
  const stranger = CASES.find(({ id }) => id !== one.id && sizeOf(id) === bytes.byteLength) ?? CASES[0];
  if (!stranger) throw new Error("there is no other case");

  return [
    scheme.signature.in === "body"
      ? // Mailgun does not sign what happened, but a token
        made("another token", BAD, { raw: replaced(request.raw, "aaaa", "aaab") })
      : made("another byte in the body", BAD, { raw: otherByte(request.raw) }),
    made("a signature that is cut off", BAD, withSignature(one, encoded(one, bytes.subarray(0, -1)))),
    made(
      "an empty signature",
      "401 signature-missing",
      inHeader === null ? withSignature(one, "") : { headers: { ...request.headers, [inHeader]: "" } },
    ),
    inHeader === null
      ? // no header: a list is the only way to say it twice
        made("a list of signatures", "401 signature-missing", {
          raw: replaced(request.raw, `"${signature}"`, `["${signature}","${signature}"]`),
        })
      : made("the header twice", "401 came-twice", {
          headers: {
            ...request.headers,
            [inHeader]: `${request.headers[inHeader]}, ${request.headers[inHeader]}`,
          },
          repeated: new Set([inHeader]),
        }),
    hasTime
      ? made("a time long ago", "401 timestamp-off", { now: request.now + tolerance * 1000 + 1_000 })
      : // no time is signed
        made("another last byte of the signature", BAD, withSignature(one, encoded(one, flipped))),
    hasTime
      ? made("a time that is to come", "401 timestamp-off", { now: request.now - tolerance * 1000 - 1_000 })
      : made("garbage after the signature", BAD, withSignature(one, `${signature}*`)),
    hasTime
      ? made("a time that is no number", "401 timestamp-off", withTime(one, "NaN"))
      : made("a space within the signature", BAD, withSignature(one, spaced(signature))),
    made("no secret", "500 secret-missing", {}, []),
    made(
      "the right bytes in another encoding",
      BAD,
      withSignature(one, bytes.toString(scheme.encoding === "hex" ? "base64" : "hex")),
    ),
    made(
      `the signature of ${stranger.id}`,
      BAD,
      withSignature(one, encoded(one, Buffer.from(signatureOf(stranger), stranger.scheme.encoding))),
    ),
  ];
}

/** The signature itself, without what stands around it. */
function signatureOf({ scheme, request }: Case): string {
  if (scheme.signature.in === "body")
    return JSON.parse(Buffer.from(request.raw).toString()).signature.signature;
  const header = scheme.signature.in === "header" ? (request.headers[scheme.signature.name] ?? "") : "";
  const { layout } = scheme;
  if (layout.kind === "prefix") return header.slice(layout.prefix.length);
  if (layout.kind === "pairs") return header.split(`${layout.name}=`)[1] ?? "";
  return layout.kind === "list" ? header.slice(layout.version.length + 1) : header;
}

function withSignature(one: Case, signature: string): Partial<CaughtRequest> {
  const { scheme, request } = one;
  const before = signatureOf(one);
  if (scheme.signature.in !== "header") return { raw: replaced(request.raw, before, signature) };
  const { name } = scheme.signature;
  return {
    headers: { ...request.headers, [name]: (request.headers[name] ?? "").replace(before, signature) },
  };
}

function withTime({ scheme, request }: Case, text: string): Partial<CaughtRequest> {
  const { timestamp, signature } = scheme;
  if (timestamp?.in === "header") return { headers: { ...request.headers, [timestamp.name]: text } };
  if (timestamp?.in === "signature" && signature.in === "header") {
    const header = (request.headers[signature.name] ?? "").replace(/=\d+/, `=${text}`);
    return { headers: { ...request.headers, [signature.name]: header } };
  }
  return { raw: replaced(request.raw, '"timestamp":"1700000000"', `"timestamp":"${text}"`) };
}

function encoded({ scheme }: Case, bytes: Buffer): string {
  return bytes.toString(scheme.encoding);
}

function sizeOf(id: string): number {
  const one = CASES.find((other) => other.id === id);
  return one ? Buffer.from(signatureOf(one), one.scheme.encoding).byteLength : 0;
}

function otherByte(raw: Uint8Array): Uint8Array {
  if (raw.byteLength === 0) return Buffer.from("x");
  const bytes = Buffer.from(raw);
  bytes[bytes.byteLength >> 1] = (bytes[bytes.byteLength >> 1] ?? 0) ^ 1;
  return bytes;
}

function replaced(raw: Uint8Array, before: string, after: string): Uint8Array {
  const text = Buffer.from(raw).toString();
  if (!text.includes(before)) throw new Error(`${before} is not in ${text}`);
  return Buffer.from(text.replace(before, after));
}

function spaced(text: string): string {
  return `${text.slice(0, 6)} ${text.slice(6)}`;
}
