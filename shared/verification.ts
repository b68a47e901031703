// How a catch URL knows its sender: nothing, a password, a token, or a signature, described as data.
//
// What is secret stands apart, sealed: these shapes can be shown, exported and compared.

import { z } from "zod";

const headerName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[!#$%&'*+.^_`|~\w-]{1,100}$/, "is the name of a header, such as “x-signature”");

/** Where a value of the request is. A body path is `a.b.0.c` in the JSON (or form) body. */
export const RequestPart = z.discriminatedUnion("in", [
  z.object({
    in: z.literal("header"),
    name: headerName,
    or: headerName.optional().describe("where it is when `name` is not there"),
    and: headerName.optional().describe("only both values together tell deliveries apart"),
  }),
  /** A named part of the signature header: `t` of `t=1700000000,v1=…`. */
  z.object({ in: z.literal("signature"), name: z.string().min(1).max(40) }),
  z.object({ in: z.literal("body"), path: z.string().min(1).max(200) }),
]);
export type RequestPart = z.infer<typeof RequestPart>;

/** One way of signing a request. Presets are made of these, and so is “custom HMAC”. */
export const SignatureScheme = z
  .object({
    signature: RequestPart.describe("where the signature is; with `in: signature` never"),
    layout: z
      .discriminatedUnion("kind", [
        z.object({ kind: z.literal("plain") }),
        z.object({ kind: z.literal("prefix"), prefix: z.string().min(1).max(40) }),
        z
          .object({
            kind: z.literal("pairs"),
            separator: z.enum([",", ";"]),
            name: z.string().min(1).max(40),
          })
          .describe("`t=…,v1=…,v1=…`: every value of that name counts"),
        z
          .object({ kind: z.literal("list"), version: z.string().min(1).max(20) })
          .describe("`v1,<signature> v1,<signature>`, divided by spaces"),
      ])
      .describe("how the signature stands in its place"),
    algorithm: z.enum([
      "hmac-sha1",
      "hmac-sha256",
      "hmac-sha512",
      /** No HMAC: the secret is one of the `signed` parts. */
      "sha256",
      "ed25519",
      "ecdsa-p256-sha256",
    ]),
    encoding: z.enum(["hex", "base64"]),
    key: z
      .enum(["text", "base64", "hex", "whsec"])
      .describe("how the secret's text becomes the key's bytes; `whsec`: base64 after `whsec_`"),
    signed: z
      .array(
        z.union([
          z.enum(["body", "timestamp", "id", "method", "url", "url-unescaped", "secret", "form"]),
          z.object({ text: z.string().max(20) }),
        ]),
      )
      .min(1)
      .max(12)
      .describe("what is signed, one part after the other; texts such as “.” stand between them"),
    timestamp: RequestPart.nullable().describe(
      "one that the signed body may have is looked at when it is there",
    ),
    timestampUnit: z.enum(["s", "ms", "iso"]),
    toleranceSeconds: z
      .number()
      .int()
      .min(1)
      .max(86_400)
      .nullable()
      .describe("how far the timestamp may be off, before and after; null: it is not looked at"),
    id: RequestPart.nullable().describe("the delivery's own id, when it is signed or tells duplicates"),
  })
  .meta({ id: "SignatureScheme" });
export type SignatureScheme = z.infer<typeof SignatureScheme>;

/** What a person chooses for a catch URL. `secrets` are kept apart (see `CatchSecrets`). */
export const Verification = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("none") }),
  /** Secret: the password. */
  z.object({ kind: z.literal("basic"), user: z.string().min(1).max(200) }),
  /** Secret: the whole value of the header, `Bearer ` left out when `bearer`. */
  z.object({ kind: z.literal("header"), header: headerName, bearer: z.boolean().default(false) }),
  /** Secret: the value of the query's parameter. */
  z.object({ kind: z.literal("query"), parameter: z.string().min(1).max(100) }),
  /** Secret: the HMAC key, with `key: secret`; otherwise none is needed. */
  z.object({
    kind: z.literal("jwt"),
    header: headerName.default("authorization"),
    key: z.enum(["secret", "public-key", "jwks"]),
    publicKey: z.string().max(10_000).default("").describe("PEM (SPKI), with `public-key`"),
    jwksUrl: z.string().max(2_000).default("").describe("https, with `jwks`"),
    issuer: z.string().max(500).default(""),
    audience: z.string().max(500).default(""),
  }),
  /** Secret: what the provider calls its signing secret, or its public key. */
  z.object({
    kind: z.literal("preset"),
    preset: z.string().min(1).max(40),
    toleranceSeconds: z
      .number()
      .int()
      .min(1)
      .max(86_400)
      .nullable()
      .default(null)
      .describe("null: the preset's"),
    settings: z
      .record(z.string().max(40), z.string().max(500))
      .default({})
      .describe("such as PayPal's webhook id"),
  }),
  /** Secret: the key. */
  z.object({ kind: z.literal("signature"), scheme: SignatureScheme }),
]);
export type Verification = z.infer<typeof Verification>;

/** Several while a secret is being changed: any of them will do. Sealed where it is stored, and never shown. */
export const CatchSecrets = z.object({ secrets: z.array(z.string().min(1).max(5_000)).max(5) });
export type CatchSecrets = z.infer<typeof CatchSecrets>;

/** A provider's way of signing, as `GET /api/verifications` lists it. */
export interface VerificationPreset {
  /** "stripe" */
  id: string;
  name: string;
  /** Undefined where it is more than a signature (PayPal's certificate, Microsoft's client state …). */
  scheme?: SignatureScheme;
  /** In words, where there is no scheme. */
  method: string;
  /** What the provider calls the secret, and where a person finds it. */
  secretLabel: string;
  secretHelp: string;
  /** Not every one needs a secret. */
  needsSecret: boolean;
  /** More that has to be known, by key. */
  settings: { key: string; label: string; help: string }[];
  /** Tells a sender's requests from others by their headers: names, in lower case, that all must be there. */
  headers: string[];
  /** Or all of these, of a sender that calls them otherwise. */
  otherHeaders?: string[];
  /** And one of them begins like this. */
  headerStarts?: { name: string; start: string };
  /** Where the id of the thing that happened is, to tell duplicates by. */
  dedupe: RequestPart | null;
  /** In words: what is answered without a run. Null: nothing. */
  handshake: string | null;
  /** The name of the event in a request, such as a header or a body path. */
  event: RequestPart | null;
  /** A page of the provider's that says so. */
  source: string;
}
