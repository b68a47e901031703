// The senders whose signatures are known, as data: how each signs, and what can be sent as a sample of it.

import type { VerificationView } from "../../shared/api-views.ts";
import type { RequestPart, SignatureScheme, VerificationPreset } from "../../shared/verification.ts";
import { VERIFICATION_PRESETS } from "../../shared/verification-presets.ts";
import type { Handlers } from "./handler.ts";

export const verificationHandlers: Handlers<"verifications"> = {
  async verifications() {
    const { samplesOf } = await import("../senders/samples.ts");
    return { items: VERIFICATION_PRESETS.map((preset) => presetView(preset, samplesOf(preset.id))) };
  },
};

function presetView(
  preset: VerificationPreset,
  samples: Readonly<VerificationView["samples"]>,
): VerificationView {
  const { id, name, scheme, method, secretLabel, secretHelp, needsSecret, settings, handshake, source } =
    preset;
  return {
    id,
    name,
    method,
    header: scheme?.signature.in === "header" ? scheme.signature.name : null,
    signed: scheme ? signedText(scheme) : null,
    algorithm: scheme?.algorithm ?? null,
    encoding: scheme?.encoding ?? null,
    toleranceSeconds: scheme?.toleranceSeconds ?? null,
    secretLabel,
    secretHelp,
    needsSecret,
    settings: settings.map(({ key, label, help }) => ({ key, label, help })),
    dedupe: preset.dedupe && placeOf(preset.dedupe),
    handshake,
    source,
    samples: samples.map(({ event, name }) => ({ event, name })),
  };
}

/** `timestamp.body`; where nothing stands between two parts, a plus does. */
function signedText({ signed }: SignatureScheme): string {
  return signed.reduce<string>((line, part, index) => {
    if (typeof part !== "string") return line + part.text;
    const touches = index > 0 && typeof signed[index - 1] === "string";
    return `${line}${touches ? " + " : ""}${part}`;
  }, "");
}

function placeOf(part: RequestPart): string {
  switch (part.in) {
    case "header":
      return `the header ${part.name}${part.and === undefined ? "" : ` together with ${part.and}`}`;
    case "signature":
      return `“${part.name}” of the signature`;
    case "body":
      return `the body's ${part.path}`;
  }
}
