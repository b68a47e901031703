// The fields of the ways to know a sender that are no service's own: a token, a password, a signed pass.

import type { FieldSpec } from "../../../shared/field.ts";
import type { Verification } from "../../../shared/verification.ts";
import type { Values } from "../../form/form-values.ts";
import type { Choice } from "./senders.ts";

/** How the secret is called, and where it comes from. */
export function secretWords(choice: Choice): { label: string; help: string } {
  switch (choice) {
    case "basic":
      return { label: "Password", help: "The sender has to know it too." };
    case "header":
    case "query":
      return { label: "Token", help: "Any long text that nobody can guess. The sender has to know it too." };
    default:
      return { label: "Secret", help: "What the sender signs with. It has to know it too." };
  }
}

export function readOther(verification: Verification): Values {
  const { kind } = verification;
  const jwt = kind === "jwt" ? verification : undefined;
  return {
    "verification.user": kind === "basic" ? verification.user : "",
    "verification.header": kind === "header" ? verification.header : (jwt?.header ?? "authorization"),
    "verification.bearer": kind === "header" ? verification.bearer : true,
    "verification.parameter": kind === "query" ? verification.parameter : "token",
    "verification.key": jwt?.key ?? "jwks",
    "verification.publicKey": jwt?.publicKey ?? "",
    "verification.jwksUrl": jwt?.jwksUrl ?? "",
    "verification.issuer": jwt?.issuer ?? "",
    "verification.audience": jwt?.audience ?? "",
  };
}

export function otherFields(choice: Choice): FieldSpec[] {
  switch (choice) {
    case "basic":
      return [{ key: "verification.user", label: "User name", control: "text", required: true }];
    case "header":
      return [
        HEADER,
        {
          key: "verification.bearer",
          label: "“Bearer” stands before the token",
          help: "As most services send it: Authorization: Bearer …",
          control: "toggle",
          required: false,
        },
      ];
    case "query":
      return [
        {
          key: "verification.parameter",
          label: "Name in the address",
          help: "Addresses are written into logs. Where the sender can send a header, that is the better place.",
          placeholder: "token",
          control: "text",
          required: true,
        },
      ];
    case "jwt":
      return JWT;
    default:
      return [];
  }
}

const HEADER: FieldSpec = {
  key: "verification.header",
  label: "Header with the token",
  placeholder: "authorization",
  control: "text",
  required: true,
};

const JWT: FieldSpec[] = [
  {
    key: "verification.key",
    label: "What the pass is checked with",
    control: "select",
    required: false,
    default: "jwks",
    options: [
      { value: "jwks", label: "Keys at an address of the sender (JWKS)" },
      { value: "public-key", label: "A public key" },
      { value: "secret", label: "A secret that both know" },
    ],
  },
  {
    key: "verification.jwksUrl",
    label: "Address of the keys",
    placeholder: "https://example.com/.well-known/jwks.json",
    control: "text",
    required: true,
    showIf: { field: "verification.key", in: ["jwks"] },
  },
  {
    key: "verification.publicKey",
    label: "Public key",
    help: "The whole text, with its lines “BEGIN PUBLIC KEY” and “END PUBLIC KEY”.",
    control: "longText",
    required: true,
    showIf: { field: "verification.key", in: ["public-key"] },
  },
  {
    key: "verification.issuer",
    label: "Issued by",
    help: "Only passes with this issuer (iss). Empty: any.",
    control: "text",
    required: false,
  },
  {
    key: "verification.audience",
    label: "Issued for",
    help: "Only passes for this audience (aud). Empty: any.",
    control: "text",
    required: false,
  },
  { ...HEADER, advanced: true },
];
