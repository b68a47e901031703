// Mistakes with the time in a signature: too old, in the future, or in another unit.

import type { SignatureScheme } from "../../shared/verification.ts";
import { bodyData, type CaughtRequest, readHeader, readPath } from "./caught-request.ts";
import type { Finding } from "./explain-finding.ts";
import type { Refusal } from "./refusal.ts";
import { pairsOf } from "./signature-layout.ts";
import { timeOf } from "./timestamp.ts";

type Unit = SignatureScheme["timestampUnit"];

const UNITS: Record<Unit, string> = {
  s: "seconds",
  ms: "milliseconds",
  iso: "words, such as 2026-03-14T16:42:09Z",
};
const DAY_MS = 86_400_000;

export function findInTime(
  scheme: SignatureScheme,
  name: string,
  request: CaughtRequest,
  { offSeconds, toleranceSeconds }: Refusal["detail"],
  isCustom: boolean,
): Finding | null {
  const unit = likelyUnit(scheme, request);
  if (unit) {
    return {
      sentence: `The time of the signature is written in ${UNITS[unit]}, and ${UNITS[scheme.timestampUnit]} are expected.`,
      hint: isCustom
        ? `Have the sender write ${UNITS[scheme.timestampUnit]}, or set ${UNITS[unit]} in the settings of the catch URL.`
        : `${name} itself writes ${UNITS[scheme.timestampUnit]}. Correct it in the program that sends.`,
    };
  }
  if (offSeconds === undefined || toleranceSeconds === undefined) return null;
  const taken = inWords(toleranceSeconds);
  if (offSeconds > 0) {
    return {
      sentence: `The secret is right, but the request was signed ${inWords(offSeconds)} ago, and ${taken} are the most.`,
      hint: "If it was sent again, or waited somewhere, have the sender sign it anew. If it had just been sent, the clock of one of the two is wrong. More time can be allowed in the settings.",
    };
  }
  return {
    sentence: `The secret is right, but the request says that it was signed ${inWords(-offSeconds)} in the future, and ${taken} are the most.`,
    hint: "The sender's clock is fast, or this server's is slow: set them by the network (NTP).",
  };
}

/** Another unit, in which the time would be within a day of now. */
function likelyUnit(scheme: SignatureScheme, request: CaughtRequest): Unit | undefined {
  const text = timeText(scheme, request);
  if (text === undefined) return undefined;
  const isNear = (unit: Unit) => {
    const at = timeOf(text, unit);
    return at !== undefined && Math.abs(at - request.now) < DAY_MS;
  };
  if (isNear(scheme.timestampUnit)) return undefined;
  return (["s", "ms", "iso"] as const).find((unit) => unit !== scheme.timestampUnit && isNear(unit));
}

function timeText(
  { timestamp, signature, layout }: SignatureScheme,
  request: CaughtRequest,
): string | undefined {
  if (!timestamp) return undefined;
  if (timestamp.in === "signature") {
    if (signature.in !== "header" || layout.kind !== "pairs") return undefined;
    const header = readHeader(request, signature.name, signature.or);
    return header.kind === "value" ? pairsOf(header.text, layout.separator, timestamp.name)[0] : undefined;
  }
  const read =
    timestamp.in === "header"
      ? readHeader(request, timestamp.name, timestamp.or)
      : readPath(bodyData(request), timestamp.path);
  return read.kind === "value" ? read.text : undefined;
}

/** “12 minutes” */
function inWords(seconds: number): string {
  for (const [unit, length] of SIZES) {
    if (seconds < length * 2 && length > 1) continue;
    const count = Math.round(seconds / length);
    return `${count} ${unit}${count === 1 ? "" : "s"}`;
  }
  return `${seconds} seconds`;
}

const SIZES: [unit: string, seconds: number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];
