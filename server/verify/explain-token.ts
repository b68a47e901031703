// Mistakes with a token in a header or the address: written a little differently, or in another place.

import type { Verification } from "../../shared/verification.ts";
import { type CaughtRequest, readHeader, readQuery } from "./caught-request.ts";
import type { Finding } from "./explain-finding.ts";
import { isOneOf } from "./strict-text.ts";

/** How many headers and parameters are looked at. */
const MOST_PLACES = 60;

export function findInToken(
  verification: Verification,
  secrets: readonly string[],
  request: CaughtRequest,
): Finding | null {
  if (verification.kind !== "header" && verification.kind !== "query") return null;
  const isBearer = verification.kind === "header" && verification.bearer;
  const read =
    verification.kind === "header"
      ? readHeader(request, verification.header)
      : readQuery(request, verification.parameter);
  if (read.kind === "value") {
    const isRight = (text: string) => isOneOf(text, secrets);
    if (isBearer && isRight(read.text)) {
      return {
        sentence: `The token is right, but “Bearer ” is missing in front of it in the header ${placeName(verification)}.`,
        hint: "Have the sender write “Bearer ” and the token, or switch “Bearer” off in the settings of the catch URL.",
      };
    }
    if (!isBearer && isRight(read.text.replace(/^Bearer +/i, "")) && verification.kind === "header") {
      return {
        sentence: `The token is right, but “Bearer ” stands in front of it in the header ${placeName(verification)}.`,
        hint: "Switch “Bearer” on in the settings of the catch URL, or have the sender write the token alone.",
      };
    }
    const sent = tidied(read.text);
    const ours = secrets.map(tidied);
    return isOneOf(sent, ours)
      ? {
          sentence:
            "The token is right but for spaces, quotes or “Bearer ” around it, at the sender or here.",
          hint: "Enter it again without them, in the settings of the catch URL and at the sender.",
        }
      : null;
  }
  const elsewhere = placesOf(request).find(({ value }) => isOneOf(tidied(value), secrets.map(tidied)));
  return elsewhere
    ? {
        sentence: `The right token came in ${elsewhere.place}, and it is expected in the ${verification.kind === "header" ? "header" : "parameter"} ${placeName(verification)}.`,
        hint: "Have the sender put it there, or name that place in the settings of the catch URL.",
      }
    : null;
}

function placeName(verification: Extract<Verification, { kind: "header" | "query" }>): string {
  return verification.kind === "header" ? verification.header : verification.parameter;
}

function tidied(text: string): string {
  return text
    .trim()
    .replace(/^Bearer +/i, "")
    .replace(/^["'`]+|["'`]+$/g, "")
    .trim();
}

function placesOf({ headers, query }: CaughtRequest): { place: string; value: string }[] {
  const inHeaders = Object.entries(headers).map(([name, value]) => ({ place: `the header ${name}`, value }));
  const inQuery = Object.entries(query).flatMap(([name, value]) =>
    typeof value === "string" ? [{ place: `the parameter ${name.slice(0, 100)} of the address`, value }] : [],
  );
  return [...inHeaders, ...inQuery].slice(0, MOST_PLACES);
}
