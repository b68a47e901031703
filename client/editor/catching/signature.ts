// A signature of one's own kind as a form: where it is, how it is written, and what is signed.

import type { FieldSpec } from "../../../shared/field.ts";
import type { RequestPart, SignatureScheme } from "../../../shared/verification.ts";
import { recordOf, type Values } from "../../form/form-values.ts";
import { numberOf, oneOf, textOf } from "./section.ts";
import { readSigned, signedText } from "./signed-text.ts";

const AT = "verification.scheme";

/** The usual one: SHA-256 of the body as hex digits in a header. */
const START: SignatureScheme = {
  signature: { in: "header", name: "x-signature" },
  layout: { kind: "plain" },
  algorithm: "hmac-sha256",
  encoding: "hex",
  key: "text",
  signed: ["body"],
  timestamp: null,
  timestampUnit: "s",
  toleranceSeconds: null,
  id: null,
};

export function readScheme(scheme: SignatureScheme = START): Values {
  const { layout } = scheme;
  return {
    ...readPart("signature", scheme.signature),
    [`${AT}.layout.kind`]: layout.kind,
    [`${AT}.layout.prefix`]: layout.kind === "prefix" ? layout.prefix : "sha256=",
    [`${AT}.layout.separator`]: layout.kind === "pairs" ? layout.separator : ",",
    [`${AT}.layout.name`]: layout.kind === "pairs" ? layout.name : "v1",
    [`${AT}.layout.version`]: layout.kind === "list" ? layout.version : "v1",
    [`${AT}.algorithm`]: scheme.algorithm,
    [`${AT}.encoding`]: scheme.encoding,
    [`${AT}.key`]: scheme.key,
    [`${AT}.signed`]: signedText(scheme.signed),
    ...readPart("timestamp", scheme.timestamp),
    [`${AT}.timestampUnit`]: scheme.timestampUnit,
    [`${AT}.toleranceSeconds`]: scheme.toleranceSeconds ?? (scheme.timestamp ? "" : 300),
    ...readPart("id", scheme.id),
  };
}

export function writeScheme(values: Values): SignatureScheme {
  const timestamp = writePart(values, "timestamp");
  return {
    signature: writePart(values, "signature") ?? START.signature,
    layout: writeLayout(values),
    algorithm: oneOf(values, `${AT}.algorithm`, [
      "hmac-sha256",
      "hmac-sha1",
      "hmac-sha512",
      "sha256",
      "ed25519",
      "ecdsa-p256-sha256",
    ]),
    encoding: oneOf(values, `${AT}.encoding`, ["hex", "base64"]),
    key: oneOf(values, `${AT}.key`, ["text", "base64", "hex", "whsec"]),
    signed: readSigned(textOf(values, `${AT}.signed`)),
    timestamp,
    timestampUnit: oneOf(values, `${AT}.timestampUnit`, ["s", "ms", "iso"]),
    toleranceSeconds: timestamp ? numberOf(values, `${AT}.toleranceSeconds`) : null,
    id: writePart(values, "id"),
  };
}

export function signatureFields(): FieldSpec[] {
  return [
    ...partFields("signature", "The signature is", ["header", "body"]),
    select("layout.kind", "How it stands there", {
      plain: "Alone",
      prefix: "Behind a word: sha256=…",
      pairs: "As one of several: t=…,v1=…",
      list: "In a list: v1,… v1,…",
    }),
    text("layout.prefix", "The word before it", { showIf: at("layout.kind", ["prefix"]) }),
    text("layout.name", "Its name among the several", { showIf: at("layout.kind", ["pairs"]) }),
    select("layout.separator", "What stands between them", { ",": "A comma", ";": "A semicolon" }, [
      "layout.kind",
      ["pairs"],
    ]),
    text("layout.version", "The word before each", { showIf: at("layout.kind", ["list"]) }),
    text("signed", "What is signed", {
      help:
        "In this order: {body}, {timestamp}, {id}, {method}, {url}, {url-unescaped}, {secret}, {form}; " +
        "anything else stands for itself. Mostly {body} or {timestamp}.{body}.",
      placeholder: "{timestamp}.{body}",
    }),
    select("algorithm", "How it is signed", {
      "hmac-sha256": "HMAC SHA-256 (mostly)",
      "hmac-sha1": "HMAC SHA-1",
      "hmac-sha512": "HMAC SHA-512",
      sha256: "SHA-256 with the secret among what is signed",
      ed25519: "Ed25519, with a public key",
      "ecdsa-p256-sha256": "ECDSA P-256, with a public key",
    }),
    select("encoding", "How the signature is written", {
      hex: "Hex: digits and a to f",
      base64: "Base64: letters, digits, + and /",
    }),
    select("key", "How the secret is written", {
      text: "As it stands",
      base64: "Base64",
      hex: "Hex",
      whsec: "Base64 behind “whsec_”",
    }),
    ...partFields("timestamp", "The time of sending is", ["none", "header", "signature", "body"]),
    select(
      "timestampUnit",
      "How the time is written",
      {
        s: "Seconds (1700000000)",
        ms: "Milliseconds (1700000000000)",
        iso: "Date and time (2026-03-01T12:00:00Z)",
      },
      ["timestamp.in", ["header", "signature", "body"]],
    ),
    {
      key: `${AT}.toleranceSeconds`,
      label: "How old a request may be, in seconds",
      help: "Empty: any age.",
      control: "number",
      required: false,
      showIf: at("timestamp.in", ["header", "signature", "body"]),
    },
    ...partFields("id", "Its own id is", ["none", "header", "body"]),
  ];
}

const PLACES = {
  none: "Not sent",
  header: "In a header",
  signature: "Beside the signature, under a name",
  body: "In the body",
};
type Place = keyof typeof PLACES;

const PARTS = {
  signature: ["Header with the signature", "Way to the signature in the body"],
  timestamp: ["Name of the time", "Way to the time in the body"],
  id: ["Name of the id", "Way to the id in the body"],
} as const;

function partFields(part: keyof typeof PARTS, label: string, places: readonly Place[]): FieldSpec[] {
  const [name, way] = PARTS[part];
  return [
    select(`${part}.in`, label, Object.fromEntries(places.map((place) => [place, PLACES[place]]))),
    text(`${part}.name`, name, { showIf: at(`${part}.in`, ["header", "signature"]) }),
    text(`${part}.path`, way, { help: "With dots, such as data.id.", showIf: at(`${part}.in`, ["body"]) }),
  ];
}

const at = (key: string, values: string[]) => ({ field: `${AT}.${key}`, in: values });

const text = (key: string, label: string, more: Partial<FieldSpec> = {}): FieldSpec => ({
  key: `${AT}.${key}`,
  label,
  control: "text",
  required: true,
  ...more,
});

function select(
  key: string,
  label: string,
  labels: Record<string, string>,
  shown?: [key: string, values: string[]],
): FieldSpec {
  return {
    key: `${AT}.${key}`,
    label,
    control: "select",
    required: false,
    default: Object.keys(labels)[0],
    options: Object.entries(labels).map(([value, words]) => ({ value, label: words })),
    ...(shown ? { showIf: at(...shown) } : {}),
  };
}

function readPart(part: string, place: RequestPart | null): Values {
  return {
    [`${AT}.${part}.in`]: place?.in ?? "none",
    [`${AT}.${part}.name`]: place && place.in !== "body" ? place.name : "",
    [`${AT}.${part}.path`]: place?.in === "body" ? place.path : "",
    // Not shown, and not lost either.
    [`${AT}.${part}.more`]: place?.in === "header" ? { or: place.or, and: place.and } : {},
  };
}

function writePart(values: Values, part: string): RequestPart | null {
  const name = textOf(values, `${AT}.${part}.name`);
  switch (values[`${AT}.${part}.in`]) {
    case "header":
      return { ...moreOf(values[`${AT}.${part}.more`]), in: "header", name: name.toLowerCase() };
    case "signature":
      return { in: "signature", name };
    case "body":
      return { in: "body", path: textOf(values, `${AT}.${part}.path`) };
    default:
      return null;
  }
}

function moreOf(value: unknown): { or?: string; and?: string } {
  const { or, and } = recordOf(value);
  return {
    ...(typeof or === "string" ? { or } : {}),
    ...(typeof and === "string" ? { and } : {}),
  };
}

function writeLayout(values: Values): SignatureScheme["layout"] {
  const kind = oneOf(values, `${AT}.layout.kind`, ["plain", "prefix", "pairs", "list"]);
  switch (kind) {
    case "plain":
      return { kind };
    case "prefix":
      return { kind, prefix: textOf(values, `${AT}.layout.prefix`) };
    case "pairs":
      return {
        kind,
        separator: oneOf(values, `${AT}.layout.separator`, [",", ";"]),
        name: textOf(values, `${AT}.layout.name`),
      };
    case "list":
      return { kind, version: textOf(values, `${AT}.layout.version`) };
  }
}
