// Whom requests come from, by the headers that only one provider sends.

import type { VerificationPreset } from "../../shared/verification.ts";
import { VERIFICATION_PRESETS } from "../../shared/verification-presets.ts";

export interface SeenRequest {
  /** Names in lower case. */
  headers: Record<string, string>;
  contentType: string;
  /** The start of the body. */
  summary: string;
}

export interface Recognised {
  /** "stripe" */
  preset: string;
  name: string;
  /** “They carry the header stripe-signature.” */
  because: string;
  /** How many of those that were looked at. */
  deliveries: number;
}

/**
 * Whom most of these requests seem to come from, the newest first. Null when they carry nothing that tells, or fewer
 * than half of them are of the same sender. It proves nothing: anybody can write headers.
 */
export function recognise(requests: readonly SeenRequest[]): Recognised | null {
  const found = new Map<string, { preset: VerificationPreset; because: string; deliveries: number }>();
  for (const request of requests) {
    const sender = senderOf(request);
    if (sender === null) continue;
    const before = found.get(sender.preset.id);
    if (before) before.deliveries++;
    else found.set(sender.preset.id, { ...sender, deliveries: 1 });
  }
  // The sort keeps what is equal in order, so the newest comes first.
  const [most] = [...found.values()].sort((a, b) => b.deliveries - a.deliveries);
  if (!most || most.deliveries * 2 < requests.length) return null;
  const { preset, because, deliveries } = most;
  return { preset: preset.id, name: preset.name, because, deliveries };
}

/**
 * The provider whose marks one request carries. Of several the one with the most marks, then the one that signs its
 * time: HubSpot sends an old signature beside the new one.
 */
export function senderOf(request: SeenRequest): { preset: VerificationPreset; because: string } | null {
  const found = VERIFICATION_PRESETS.flatMap((preset) => {
    const marks = marksIn(preset, request);
    return marks === null ? [] : [{ preset, ...marks }];
  });
  const [best] = found.sort((a, b) => b.weight - a.weight);
  return best ? { preset: best.preset, because: best.because } : null;
}

function marksIn(
  preset: VerificationPreset,
  request: SeenRequest,
): { weight: number; because: string } | null {
  const { headerStarts } = preset;
  if (headerStarts && !startsLike(request.headers[headerStarts.name], headerStarts.start)) return null;
  for (const names of [preset.headers, preset.otherHeaders ?? []]) {
    if (names.length === 0 || !names.every((name) => Object.hasOwn(request.headers, name))) continue;
    const also = headerStarts ? `, and ${headerStarts.name} begins with “${headerStarts.start}”` : "";
    return {
      weight: names.length + (preset.scheme?.timestamp ? 0.5 : 0),
      because: `They carry the header${names.length > 1 ? "s" : ""} ${listed(names)}${also}.`,
    };
  }
  const fields = BODY_MARKS[preset.id];
  if (fields?.every((field) => request.summary.includes(`"${field}"`))) {
    return { weight: 1, because: `Their bodies have the fields ${listed(fields)}.` };
  }
  return null;
}

/** Of those whose headers tell nothing: what stands at the start of their bodies. */
const BODY_MARKS: Readonly<Record<string, readonly string[]>> = {
  mailgun: ["signature", "token", "event-data"],
  "microsoft-graph": ["value", "subscriptionId", "clientState"],
};

function startsLike(value: string | undefined, start: string): boolean {
  return value?.toLowerCase().startsWith(start.toLowerCase()) ?? false;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
