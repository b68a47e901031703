// What tells that two deliveries are the same thing, by the flow's settings.

import { createHash } from "node:crypto";
import type { CatchSettings } from "../../shared/catching.ts";
import type { RequestPart } from "../../shared/verification.ts";
import { findPreset } from "../../shared/verification-presets.ts";
import { type CaughtRequest, dedupeIdOf } from "./verify.ts";

/**
 * Null when nothing tells: then the delivery is its own. `nth` is set for an item of a split list; what tells the
 * whole delivery then tells the item together with its place.
 */
export function dedupeKeyOf(
  { dedupe, verification }: Pick<CatchSettings, "dedupe" | "verification">,
  request: CaughtRequest,
  body: unknown,
  nth?: number,
): string | null {
  const place = nth === undefined ? "" : `[${nth}]`;
  switch (dedupe.by) {
    case "none":
      return null;
    case "preset": {
      const preset = verification.kind === "preset" ? findPreset(verification.preset) : undefined;
      const id = preset?.dedupe ? idAt(preset.dedupe, request, body) : null;
      return preset && id !== null ? `${preset.id}:${id}${place}` : null;
    }
    case "header": {
      const id = idAt({ in: "header", name: dedupe.header }, request, body);
      return id === null ? null : `header:${dedupe.header}:${id}${place}`;
    }
    case "field": {
      // of an item its own field
      const id = idAt({ in: "body", path: dedupe.path }, request, body);
      return id === null ? null : `field:${dedupe.path}:${id}`;
    }
    case "body":
      return `body:${createHash("sha256").update(request.raw).digest("hex")}${place}`;
  }
}

/** A longer one is known by its hash: it becomes part of an index. */
function idAt(part: RequestPart, request: CaughtRequest, body: unknown): string | null {
  const id = dedupeIdOf(part, request, body);
  if (id === null || id === "") return null;
  return id.length <= 200 ? id : createHash("sha256").update(id).digest("hex");
}
