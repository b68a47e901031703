// When something was signed, as it is written in a request.

import type { SignatureScheme } from "../../shared/verification.ts";

const DIGITS = /^\d{1,13}$/;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** Milliseconds since 1970; undefined when it is no time. */
export function timeOf(text: string, unit: SignatureScheme["timestampUnit"]): number | undefined {
  if (unit !== "iso") return DIGITS.test(text) ? Number(text) * (unit === "s" ? 1000 : 1) : undefined;
  const time = ISO.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** The other direction. */
export function timeText(at: number, unit: SignatureScheme["timestampUnit"]): string {
  if (unit === "iso") return new Date(at).toISOString();
  return String(unit === "s" ? Math.floor(at / 1000) : at);
}
