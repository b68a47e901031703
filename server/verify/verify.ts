// Does a request come from whom the flow expects? Everything that cannot be said for certain is a no.

import type { RequestPart, Verification } from "../../shared/verification.ts";
import { findPreset } from "../../shared/verification-presets.ts";
import type { Http } from "../ports/http.ts";
import { type CaughtRequest, readHeader, readPath } from "./caught-request.ts";
import { verifyClientState } from "./client-state.ts";
import { verifyBasic, verifyHeader, verifyQuery } from "./credentials.ts";
import type { JwtVerifier } from "./json-web-token.ts";
import { createPaypalVerifier } from "./paypal.ts";
import { type Refusal, unusableSettings } from "./refusal.ts";
import { verifySigned } from "./signed-request.ts";

export type { CaughtRequest } from "./caught-request.ts";

export type Verified = { kind: "ok" } | Refusal;

export interface Verifier {
  /** At once, unless a certificate or a key set has to be fetched, or a token is read. Never throws. */
  verify(
    verification: Verification,
    secrets: readonly string[],
    request: CaughtRequest,
  ): Verified | Promise<Verified>;
}

/** One for the whole server: it keeps the certificates and key sets that it fetched. */
export function createVerifier({ http }: { http: Http }): Verifier {
  // Its library takes memory that a server without tokens does not need.
  let jwtVerifier: Promise<JwtVerifier> | undefined;
  const verifyPaypal = createPaypalVerifier(http);
  return {
    verify(verification, secrets, request) {
      switch (verification.kind) {
        case "none":
          return { kind: "ok" };
        case "basic":
          return verifyBasic(verification.user, secrets, request);
        case "header":
          return verifyHeader(verification, secrets, request);
        case "query":
          return verifyQuery(verification.parameter, secrets, request);
        case "jwt":
          jwtVerifier ??= import("./json-web-token.ts").then(({ createJwtVerifier }) =>
            createJwtVerifier(http),
          );
          return jwtVerifier.then((verifyJwt) => verifyJwt(verification, secrets, request));
        case "signature":
          return verifySigned(verification.scheme, secrets, request);
        case "preset": {
          const { preset: id, settings, toleranceSeconds } = verification;
          if (id === "paypal") return verifyPaypal(settings.webhookId ?? "", request);
          if (id === "microsoft-graph") return verifyClientState(secrets, request);
          const scheme = findPreset(id)?.scheme;
          if (!scheme) return unusableSettings(`“${id}” is no provider whose signatures are known here.`);
          return verifySigned(scheme, secrets, request, toleranceSeconds ?? scheme.toleranceSeconds);
        }
      }
    },
  };
}

/**
 * What of a request is itself the secret, and must be masked where the request is kept. A signature is none: it fits
 * one request only, and whoever looks for a fault needs it.
 */
export function maskedFor(verification: Verification): { headers: string[]; query: string[] } {
  switch (verification.kind) {
    case "basic":
      return { headers: ["authorization"], query: [] };
    case "header":
    case "jwt":
      return { headers: [verification.header], query: [] };
    case "query":
      return { headers: [], query: [verification.parameter] };
    default:
      return { headers: [], query: [] };
  }
}

/** The id that tells whether a delivery came before; null when there is none. `body` is the body as data. */
export function dedupeIdOf(part: RequestPart, request: CaughtRequest, body: unknown): string | null {
  switch (part.in) {
    case "header": {
      const id = readHeader(request, part.name, part.or);
      if (id.kind !== "value") return null;
      if (part.and === undefined) return id.text;
      const beside = readHeader(request, part.and);
      return beside.kind === "value" ? `${id.text} ${beside.text}` : null;
    }
    case "body": {
      const id = readPath(body, part.path);
      return id.kind === "value" ? id.text : null;
    }
    case "signature":
      return null;
  }
}
