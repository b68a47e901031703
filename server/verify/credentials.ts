// Passwords and tokens that a sender shows: Basic, a header (with `Bearer` or without), a parameter of the address.

import { type CaughtRequest, readHeader, readQuery } from "./caught-request.ts";
import { badCredentials, cameTwice, type Refusal, secretMissing } from "./refusal.ts";
import { decodeStrict, isOneOf, sameText } from "./strict-text.ts";

type Answer = { kind: "ok" } | Refusal;

const OK = { kind: "ok" } as const;
const BASIC = /^basic +/i;
const BEARER = /^bearer +/i;
const MOST_BYTES = 8_192;

export function verifyBasic(user: string, secrets: readonly string[], request: CaughtRequest): Answer {
  const passwords = secrets.filter((secret) => secret !== "");
  if (passwords.length === 0) return secretMissing("password");
  const where = "user name and password (the header authorization)";
  const header = readHeader(request, "authorization");
  if (header.kind === "twice") return cameTwice("the header authorization");
  if (header.kind === "missing") return badCredentials("missing", where);
  const scheme = BASIC.exec(header.text);
  if (!scheme) return badCredentials("layout", where);
  const bytes = decodeStrict(header.text.slice(scheme[0].length).trim(), "base64", MOST_BYTES);
  const colon = bytes?.indexOf(":") ?? -1;
  if (!bytes || colon < 0) return badCredentials("encoding", where);
  const isUser = sameText(bytes.subarray(0, colon), user);
  const isPassword = isOneOf(bytes.subarray(colon + 1), passwords);
  return isUser && isPassword ? OK : badCredentials("mismatch", where);
}

export function verifyHeader(
  { header: name, bearer }: { header: string; bearer: boolean },
  secrets: readonly string[],
  request: CaughtRequest,
): Answer {
  const tokens = secrets.filter((secret) => secret !== "");
  if (tokens.length === 0) return secretMissing("token");
  const where = `token (the header ${name})`;
  const header = readHeader(request, name);
  if (header.kind === "twice") return cameTwice(`the header ${name}`);
  if (header.kind === "missing") return badCredentials("missing", where);
  if (!bearer) return isOneOf(header.text, tokens) ? OK : badCredentials("mismatch", where);
  const token = bearerToken(header.text);
  if (token === undefined) return badCredentials("layout", where);
  return isOneOf(token, tokens) ? OK : badCredentials("mismatch", where);
}

export function verifyQuery(parameter: string, secrets: readonly string[], request: CaughtRequest): Answer {
  const tokens = secrets.filter((secret) => secret !== "");
  if (tokens.length === 0) return secretMissing("token");
  const where = `token (“${parameter}” in the address)`;
  const value = readQuery(request, parameter);
  if (value.kind === "twice") return cameTwice(`“${parameter}” in the address`);
  if (value.kind === "missing") return badCredentials("missing", where);
  return isOneOf(value.text, tokens) ? OK : badCredentials("mismatch", where);
}

/** What stands after `Bearer`; undefined without it. */
export function bearerToken(text: string): string | undefined {
  const scheme = BEARER.exec(text);
  return scheme ? text.slice(scheme[0].length).trim() : undefined;
}
