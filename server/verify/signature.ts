// Checks a signature over the raw bytes of a request.
//
//   parts read strictly ── decoded strictly ── compared in constant time ── and only then: is the time near enough?

import { createHash, createHmac, type KeyObject, timingSafeEqual, verify } from "node:crypto";
import type { RequestPart, SignatureScheme } from "../../shared/verification.ts";
import { schemeProblem } from "../../shared/verification-scheme.ts";
import {
  bodyData,
  type CaughtRequest,
  type PartRead,
  placeOf,
  readHeader,
  readPath,
} from "./caught-request.ts";
import {
  badSignature,
  cameTwice,
  type Refusal,
  secretMissing,
  signatureMissing,
  timestampOff,
  unusableSettings,
} from "./refusal.ts";
import { pairsOf, signaturesIn } from "./signature-layout.ts";
import { addressesOf, contentOf, coversBody, type Piece } from "./signed-content.ts";
import { checkingKey, type SigningAlgorithm } from "./signing-key.ts";
import { decodeStrict } from "./strict-text.ts";
import { timeOf } from "./timestamp.ts";

const OK = { kind: "ok" } as const;

/** How many signatures of one request are tried. */
const MOST_SIGNATURES = 10;

/** `tolerance` is that of the flow's settings where they have one, else the scheme's. */
export function verifySignature(
  scheme: SignatureScheme,
  secrets: readonly string[],
  request: CaughtRequest,
  tolerance = scheme.toleranceSeconds,
): typeof OK | Refusal {
  const prepared = prepare(scheme);
  if (prepared.problem) return unusableSettings(prepared.problem);
  const given = secrets.filter((secret) => secret !== "");
  if (given.length === 0) return secretMissing();
  const keys = given.flatMap((secret) => keyFor(prepared, secret) ?? []);
  if (keys.length === 0)
    return unusableSettings("The secret is not written as this way of signing needs it.");

  const read = reader(scheme, request);
  const where = placeOf(scheme.signature);
  const text = read(scheme.signature);
  if (text.kind !== "value") return text.kind === "twice" ? cameTwice(where) : signatureMissing(where);
  const found = signaturesIn(scheme.layout, text.text).slice(0, MOST_SIGNATURES);
  if (found.length === 0) return badSignature("layout", where);
  const { encoding, algorithm } = scheme;
  const signatures = found
    .flatMap((one) => decodeStrict(one, encoding, SIGNATURE_BYTES[algorithm].most) ?? [])
    .filter((bytes) => bytes.byteLength >= SIGNATURE_BYTES[algorithm].least);
  if (signatures.length === 0) return badSignature("encoding", where);

  const parts: { timestamp?: string; id?: string } = {};
  for (const name of ["timestamp", "id"] as const) {
    const part = scheme[name];
    // an id that is not signed only tells duplicates
    if (!part || !(scheme.signed.includes(name) || (name === "timestamp" && tolerance !== null))) continue;
    const got = read(part);
    if (got.kind === "value") parts[name] = got.text;
    else if (got.kind === "twice") return cameTwice(placeOf(part));
    else if (!isOptional(scheme, name, part)) {
      return name === "timestamp" ? timestampOff("missing", placeOf(part)) : signatureMissing(placeOf(part));
    }
  }
  const time = parts.timestamp === undefined ? undefined : timeOf(parts.timestamp, scheme.timestampUnit);
  const timePlace = scheme.timestamp ? placeOf(scheme.timestamp) : "";
  if (tolerance !== null && parts.timestamp !== undefined && time === undefined) {
    return timestampOff("time-unreadable", timePlace);
  }

  const contents = addressesOf(scheme, request.url).map((url) => contentOf(scheme, request, url, parts));
  const fits = contents.some((content) =>
    keys.some((key) => isSignedBy(algorithm, key, content, signatures)),
  );
  if (!fits) return badSignature("mismatch", where);
  if (!coversBody(scheme, request)) return badSignature("uncovered", where);

  if (tolerance !== null && time !== undefined) {
    const offSeconds = Math.round((request.now - time) / 1000);
    if (Math.abs(request.now - time) > tolerance * 1000) {
      return timestampOff("time-off", timePlace, { offSeconds, toleranceSeconds: tolerance });
    }
  }
  return OK;
}

/** Without a time in a signed body nobody took it out: it was sent so. */
function isOptional({ signed }: SignatureScheme, name: string, part: RequestPart): boolean {
  return (
    name === "timestamp" && part.in === "body" && !signed.includes("timestamp") && signed.includes("body")
  );
}

/** Reads the parts of one request; a body is parsed once, and only if a part is in it. */
function reader(scheme: SignatureScheme, request: CaughtRequest): (part: RequestPart) => PartRead {
  let data: { body: unknown } | undefined;
  return (part) => {
    switch (part.in) {
      case "header":
        return readHeader(request, part.name, part.or);
      case "body":
        data ??= { body: bodyData(request) };
        return readPath(data.body, part.path);
      case "signature": {
        const { signature, layout } = scheme;
        if (signature.in !== "header" || layout.kind !== "pairs") return { kind: "missing" };
        const header = readHeader(request, signature.name, signature.or);
        if (header.kind !== "value") return header;
        const [first, second] = pairsOf(header.text, layout.separator, part.name);
        if (second !== undefined) return { kind: "twice" };
        return first === undefined || first === "" ? { kind: "missing" } : { kind: "value", text: first };
      }
    }
  };
}

export interface CheckingKey {
  text: string;
  object: KeyObject;
}

/** How long a signature is; of ECDSA it is DER, whose numbers drop their leading zeros. */
const SIGNATURE_BYTES: Record<SigningAlgorithm, { least: number; most: number }> = {
  "hmac-sha1": { least: 20, most: 20 },
  "hmac-sha256": { least: 32, most: 32 },
  "hmac-sha512": { least: 64, most: 64 },
  sha256: { least: 32, most: 32 },
  ed25519: { least: 64, most: 64 },
  "ecdsa-p256-sha256": { least: 8, most: 72 },
};

function isSignedBy(
  algorithm: SigningAlgorithm,
  key: CheckingKey,
  content: Piece[],
  signatures: Buffer[],
): boolean {
  if (algorithm === "ed25519" || algorithm === "ecdsa-p256-sha256") {
    const bytes = Buffer.concat(content.map((piece) => bytesOf(piece ?? "")));
    const hash = algorithm === "ed25519" ? null : "sha256";
    return signatures.some((signature) => verify(hash, bytes, key.object, signature));
  }
  const expected = digestOf(algorithm, key, content);
  let fits = false;
  for (const signature of signatures) fits = timingSafeEqual(expected, signature) || fits;
  return fits;
}

/** What a shared secret makes of the content. */
export function digestOf(
  algorithm: Exclude<SigningAlgorithm, "ed25519" | "ecdsa-p256-sha256">,
  key: CheckingKey,
  content: Piece[],
): Buffer {
  const hash =
    algorithm === "sha256" ? createHash("sha256") : createHmac(algorithm.slice("hmac-".length), key.object);
  for (const piece of content) hash.update(piece ?? key.text);
  return hash.digest();
}

function bytesOf(piece: string | Uint8Array): Uint8Array {
  return typeof piece === "string" ? Buffer.from(piece, "utf8") : piece;
}

/** What was found out about a scheme once; a flow's settings are the same object as long as they do not change. */
interface Prepared {
  scheme: SignatureScheme;
  problem: string | null;
  /** By the secret's text; null when it is none for this scheme. */
  keys: Map<string, CheckingKey | null>;
}

const byScheme = new WeakMap<SignatureScheme, Prepared>();
const MOST_KEYS = 200;

function prepare(scheme: SignatureScheme): Prepared {
  const known = byScheme.get(scheme);
  if (known) return known;
  const prepared = { scheme, problem: schemeProblem(scheme)?.sentence ?? null, keys: new Map() };
  byScheme.set(scheme, prepared);
  return prepared;
}

function keyFor({ scheme, keys }: Prepared, secret: string): CheckingKey | null {
  const known = keys.get(secret);
  if (known !== undefined) return known;
  const object = checkingKey(scheme.algorithm, scheme.key, secret);
  const key = object ? { text: secret, object } : null;
  const [oldest] = keys.keys();
  if (keys.size >= MOST_KEYS && oldest !== undefined) keys.delete(oldest);
  keys.set(secret, key);
  return key;
}
