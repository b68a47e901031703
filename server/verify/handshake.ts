// The questions of senders whether somebody is there: known ones are answered at once, and are no events.

import type { Verification } from "../../shared/verification.ts";
import type { CaughtRequest } from "./caught-request.ts";
import {
  answerToCrc,
  answerToDiscord,
  answerToDropbox,
  answerToMeta,
  answerToMicrosoft,
  answerToNewNotion,
  answerToNotion,
  answerToSlack,
  answerToSns,
  answerToZoom,
} from "./handshake-answers.ts";

export interface HandshakeAnswer {
  status: number;
  contentType: string;
  body: string;
  headers?: Record<string, string>;
  /** What the inbox says about it, and what is left for the person to do. */
  note: string;
  /** Fetch this before answering. It is an https address of Amazon's already. */
  confirm?: string;
}

/**
 * Those that come without a signature, before anything is verified. “refused” is a question that was asked wrongly,
 * such as one with a verify token that is not ours. Null is no handshake: go on.
 */
export function unsignedHandshake(
  verification: Verification,
  secrets: string[],
  request: CaughtRequest,
): HandshakeAnswer | "refused" | null {
  if (verification.kind === "none") return answerToDropbox(request) ?? answerToMicrosoft(request);
  if (verification.kind === "signature") return answerToCrc(verification.scheme, secrets, request);
  if (verification.kind !== "preset") return null;
  switch (verification.preset) {
    case "meta":
      return answerToMeta(verification.settings.verifyToken ?? "", request);
    case "dropbox":
      return answerToDropbox(request);
    case "microsoft-graph":
      return answerToMicrosoft(request);
    case "notion":
      return answerToNewNotion(secrets, request);
    default:
      return null;
  }
}

/**
 * Those in a request that was verified, or that needs no verification; `body` is what its bytes were read as. Who chose
 * a provider is asked by that one alone; everybody else may be anybody whose question needs no secret.
 */
export function signedHandshake(
  verification: Verification,
  secrets: string[],
  request: CaughtRequest,
  body: unknown,
): HandshakeAnswer | null {
  if (verification.kind !== "preset") {
    return (
      answerToSlack(body) ??
      answerToNotion(body) ??
      answerToSns(request, body) ??
      answerToDropbox(request) ??
      answerToMicrosoft(request)
    );
  }
  switch (verification.preset) {
    case "slack":
      return answerToSlack(body);
    case "zoom":
      return answerToZoom(secrets, request, body);
    case "discord":
      return answerToDiscord(body);
    case "notion":
      return answerToNotion(body);
    default:
      return null;
  }
}
