// The words and colours of every verdict: one place, so that a badge, a filter and a page agree.

import type { DeliveryRowView } from "../../shared/api-views.ts";
import type { Verdict } from "../../shared/delivery.ts";
import type { Look } from "../ui/status.ts";

export const verdictLook: Record<Verdict, Look> = {
  accepted: { label: "Became a run", tone: "green" },
  duplicate: { label: "Duplicate", tone: "grey" },
  handshake: { label: "Handshake answered", tone: "blue" },
  refused: { label: "Refused", tone: "red" },
  asleep: { label: "Flow was asleep", tone: "amber" },
  filtered: { label: "Filtered out", tone: "grey" },
};

/** A verdict in two to four words; of a refused one also why: “Refused: bad signature”. */
export function verdictLabel({
  verdict,
  problem,
  status,
}: Pick<DeliveryRowView, "verdict" | "problem" | "status">): string {
  const { label } = verdictLook[verdict];
  return verdict === "refused" ? `${label}: ${whyShort(problem?.code ?? "", status)}` : label;
}

/** The most precise words; a code that is not known here is told by what was answered. */
function whyShort(code: string, status: number): string {
  return BY_CODE[code] ?? BY_STATUS[status] ?? `answered ${status}`;
}

const BY_CODE: Partial<Record<string, string>> = {
  "bad-signature": "bad signature",
  "signature-missing": "not signed",
  "timestamp-off": "time is off",
  "bad-credentials": "wrong credentials",
  "came-twice": "header came twice",
  "handshake-failed": "handshake failed",
  "secret-missing": "no secret is set",
  "verification-unusable": "settings do not work",
  "verification-unavailable": "could not be checked",
  "address-not-allowed": "address not allowed",
  "address-list-invalid": "settings do not work",
  "malformed-json": "broken JSON",
  "malformed-xml": "broken XML",
  "malformed-csv": "broken CSV",
  "malformed-form": "broken form",
  "malformed-messagepack": "broken MessagePack",
  "malformed-text": "broken text",
  "malformed-encoding": "cannot be unpacked",
  "too-deep": "nested too deep",
  "too-many-to-split": "list too long",
  "too-many-parts": "too many parts",
};

const BY_STATUS: Partial<Record<number, string>> = {
  400: "cannot be read",
  401: "sender not proven",
  403: "not allowed",
  405: "wrong method",
  408: "too slow",
  413: "too large",
  415: "format not read",
  429: "too many at once",
  503: "try again later",
};
