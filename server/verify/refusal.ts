// Why a request is not who it says it is: a plain sentence, and what the detailed explanation is made from.

import type { Problem } from "../../shared/problem.ts";

/** What was found, for `explain`. Nothing of it is secret. */
export type RefusalReason =
  /** The part with the signature, the token or the time is not there. */
  | "missing"
  /** A header or parameter came twice: two readers could take different ones. */
  | "repeated"
  /** It is there, but not laid out as expected: no `sha256=` in front, say. */
  | "layout"
  /** Laid out well, but not hex or base64 of the right length. */
  | "encoding"
  /** Everything was readable, and it does not match. */
  | "mismatch"
  /** The body is not covered by what is signed. */
  | "uncovered"
  /** The time is no number. */
  | "time-unreadable"
  /** Signed rightly, but too long ago or in the future. */
  | "time-off"
  /** A token that was right until it expired, or will be. */
  | "token-expired"
  /** A token for somebody else, or of an algorithm that is not taken. */
  | "token-claims"
  | "token-algorithm"
  /** Not the sender's fault: the settings or another server. */
  | "settings"
  | "elsewhere";

export interface Refusal {
  kind: "refused";
  status: 401 | 403 | 500 | 503;
  problem: Problem;
  detail: {
    reason: RefusalReason;
    /** The header, parameter or body path that it is about. */
    where?: string;
    /** How far the time is off: above zero it lies in the past. */
    offSeconds?: number;
    toleranceSeconds?: number;
  };
}

type Detail = Omit<Refusal["detail"], "reason">;

/** Where the signature should be, there is nothing that could be one. */
export function signatureMissing(where: string): Refusal {
  return {
    kind: "refused",
    status: 401,
    problem: {
      code: "signature-missing",
      sentence: `The request is not signed: ${where} is missing.`,
      hint: "Nothing was started. See that the sender signs what it sends, and that nothing on the way takes it off.",
    },
    detail: { reason: "missing", where },
  };
}

export function badSignature(reason: RefusalReason, where: string): Refusal {
  return {
    kind: "refused",
    status: 401,
    problem: {
      code: "bad-signature",
      sentence: `The signature in ${where} does not fit this request.`,
      hint: "Nothing was started. Compare the secret in the flow's settings with the sender's.",
    },
    detail: { reason, where },
  };
}

export function timestampOff(reason: RefusalReason, where: string, detail: Detail = {}): Refusal {
  const { offSeconds, toleranceSeconds } = detail;
  const off =
    offSeconds === undefined
      ? reason === "missing"
        ? "is missing"
        : "cannot be read as a time"
      : `is ${Math.abs(offSeconds)} seconds ${offSeconds > 0 ? "old" : "ahead"}, and ${toleranceSeconds} are taken`;
  return {
    kind: "refused",
    status: 401,
    problem: {
      code: "timestamp-off",
      sentence: `The time in ${where} ${off}.`,
      hint: "Nothing was started. Have it sent anew, and see that the clocks of both sides are right.",
    },
    detail: { reason, where, ...detail },
  };
}

/** A password, token or client state. */
export function badCredentials(reason: RefusalReason, where: string, sentence?: string): Refusal {
  const found = reason === "missing" ? `There is no ${where}.` : `What came as ${where} is not right.`;
  return {
    kind: "refused",
    status: 401,
    problem: {
      code: "bad-credentials",
      sentence: sentence ?? found,
      hint: "Nothing was started. Give the sender what the flow's settings ask for.",
    },
    detail: { reason, where },
  };
}

/** A header or parameter that came more than once. */
export function cameTwice(where: string): Refusal {
  return {
    kind: "refused",
    status: 401,
    problem: {
      code: "came-twice",
      sentence: `The request has ${where} more than once, so it is not clear which one counts.`,
      hint: "Nothing was started. Have the sender, or the proxy in between, send it once.",
    },
    detail: { reason: "repeated", where },
  };
}

/** There is nothing to compare with: nobody may pass. */
export function secretMissing(what = "secret"): Refusal {
  return {
    kind: "refused",
    status: 500,
    problem: {
      code: "secret-missing",
      sentence: `This address checks its sender, but has no ${what} to check with.`,
      hint: `Nothing was started. Enter the ${what} in the settings of the flow's catch URL.`,
    },
    detail: { reason: "settings" },
  };
}

/** The settings cannot be worked with. */
export function unusableSettings(sentence: string): Refusal {
  return {
    kind: "refused",
    status: 500,
    problem: {
      code: "verification-unusable",
      sentence,
      hint: "Nothing was started. Correct it in the settings of the flow's catch URL.",
    },
    detail: { reason: "settings" },
  };
}

/** What has to be fetched to check the request could not be fetched. */
export function verificationUnavailable(sentence: string): Refusal {
  return {
    kind: "refused",
    status: 503,
    problem: {
      code: "verification-unavailable",
      sentence,
      hint: "Nothing was started. Send it again later.",
    },
    detail: { reason: "elsewhere" },
  };
}
