// Tries what a signature would have fitted, with only so much work.

import type { SignatureScheme } from "../../shared/verification.ts";
import type { CaughtRequest } from "./caught-request.ts";
import { verifySigned } from "./signed-request.ts";

export interface Trial {
  scheme: SignatureScheme;
  secrets: readonly string[];
  request: CaughtRequest;
  /** Would it fit with these differences? Its time is not looked at. False when there was too much work already. */
  fits(change: Change): boolean;
}

export interface Change {
  scheme?: Partial<SignatureScheme>;
  secrets?: readonly string[];
  request?: Partial<CaughtRequest>;
}

/** How many bytes are hashed for one request, whatever is tried. */
const MOST_BYTES = 8 * 1024 * 1024;
/** What one try costs beside the body. */
const EACH = 2_048;

export function createTrial(
  scheme: SignatureScheme,
  secrets: readonly string[],
  request: CaughtRequest,
): Trial {
  let left = MOST_BYTES;
  return {
    scheme,
    secrets,
    request,
    fits: (change) => {
      const tried = { ...request, ...change.request };
      const keys = change.secrets ?? secrets;
      left -= (tried.raw.byteLength + EACH) * keys.length;
      if (left < 0) return false;
      // Null: of a request that was sent long ago the mistake is the same.
      return verifySigned({ ...scheme, ...change.scheme }, keys, tried, null).kind === "ok";
    },
  };
}
