// The providers whose way of signing is known by name.

import type { VerificationPreset } from "./verification.ts";
import { BODY_PRESETS } from "./verification-presets-body.ts";
import { KEY_PRESETS } from "./verification-presets-key.ts";
import { TIMED_PRESETS } from "./verification-presets-timed.ts";
import { URL_PRESETS } from "./verification-presets-url.ts";

/** By name, as a list to choose from shows them; the open standard first. */
export const VERIFICATION_PRESETS: readonly VerificationPreset[] = [
  ...TIMED_PRESETS,
  ...BODY_PRESETS,
  ...URL_PRESETS,
  ...KEY_PRESETS,
].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, "en"));

const byId = new Map(VERIFICATION_PRESETS.map((preset) => [preset.id, preset]));

export function findPreset(id: string): VerificationPreset | undefined {
  return byId.get(id);
}

function rank(preset: VerificationPreset): number {
  return preset.id === "standard-webhooks" ? 0 : 1;
}
