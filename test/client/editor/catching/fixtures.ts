// Senders as the server lists them, settings of every kind, and a flow whose catching is looked at.

import type { CatchingView, VerificationView } from "../../../../shared/api-views.ts";
import { CatchSettings } from "../../../../shared/catching.ts";
import type { SignatureScheme } from "../../../../shared/verification.ts";
import { VERIFICATION_PRESETS } from "../../../../shared/verification-presets.ts";

/** Those of the program, with one sample each. */
export const senders: VerificationView[] = VERIFICATION_PRESETS.map((preset) => ({
  id: preset.id,
  name: preset.name,
  method: preset.method,
  header: null,
  signed: null,
  algorithm: preset.scheme?.algorithm ?? null,
  encoding: preset.scheme?.encoding ?? null,
  toleranceSeconds: preset.scheme?.toleranceSeconds ?? null,
  secretLabel: preset.secretLabel,
  secretHelp: preset.secretHelp,
  needsSecret: preset.needsSecret,
  settings: preset.settings,
  dedupe: preset.dedupe ? "its id" : null,
  handshake: preset.handshake,
  source: preset.source,
  samples: [{ event: "first", name: "Something happened" }],
}));

export function viewOf(
  settings: Partial<CatchSettings> = {},
  more: Partial<Omit<CatchingView, "settings">> = {},
): CatchingView {
  return { settings: { ...CatchSettings.parse({}), ...settings }, secrets: 0, looksLike: null, ...more };
}

export const scheme: SignatureScheme = {
  signature: { in: "header", name: "x-acme-signature" },
  layout: { kind: "pairs", separator: ",", name: "v1" },
  algorithm: "hmac-sha512",
  encoding: "base64",
  key: "whsec",
  signed: ["id", { text: "." }, "timestamp", { text: "." }, "body"],
  timestamp: { in: "signature", name: "t" },
  timestampUnit: "ms",
  toleranceSeconds: 120,
  id: { in: "header", name: "x-acme-id", and: "x-acme-topic" },
};
