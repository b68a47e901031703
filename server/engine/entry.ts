// Who may come in at a catch URL, as far as the request itself does not have to be understood for it.

import type { CatchSettings } from "../../shared/catching.ts";
import type { Received } from "../../shared/delivery.ts";
import type { Problem } from "../../shared/problem.ts";
import { addressIn } from "../verify/address-list.ts";
import type { CatchRequest } from "./catch-request.ts";
import type { Pressure } from "./pressure.ts";

export type Refusal = Extract<Received, { kind: "refused" }>;

/** Why the request is not let in; null when it is. Counts it against the flow's rate. */
export function whyNotIn(
  pressure: Pressure,
  flowId: string,
  settings: CatchSettings,
  { method, from, raw }: Pick<CatchRequest, "method" | "from" | "raw">,
): Refusal | null {
  const seconds = pressure.waitSeconds(flowId, settings.rate);
  if (seconds > 0) return { kind: "refused", status: 429, problem: TOO_MANY, retryAfterSeconds: seconds };
  const { methods, allowedAddresses, maxBytes } = settings;
  if (!methods.some((one) => one === method)) {
    const allow = methods.join(", ");
    return { kind: "refused", status: 405, problem: wrongMethod(method, allow), allow };
  }
  if (allowedAddresses.length > 0 && !addressIn(allowedAddresses, from))
    return { kind: "refused", status: 403, problem: wrongAddress(from) };
  if (maxBytes !== null && raw.byteLength > maxBytes)
    return { kind: "refused", status: 413, problem: tooLarge(maxBytes) };
  return null;
}

const TOO_MANY: Problem = {
  code: "too-many-requests",
  sentence: "This address is called too often.",
  hint: "Nothing was stored: send it again later. The flow's settings say how many a second are taken.",
};

function wrongMethod(method: string, allow: string): Problem {
  return {
    code: "method-not-allowed",
    sentence: `This address takes ${allow}, and not ${method.slice(0, 40)}.`,
    hint: "Nothing was stored. The flow's settings say which methods are taken.",
  };
}

function wrongAddress(from: string): Problem {
  return {
    code: "address-not-allowed",
    sentence: `${from || "The sender's address"} is not on the list of addresses that may call this one.`,
    hint: "Nothing was started. If it is the right sender, add its address to the flow's settings; behind a proxy, TRUST_PROXY has to be set.",
  };
}

/** The same for a body that was not read to its end. */
export function tooLarge(maxBytes: number): Problem {
  return {
    code: "too-large",
    sentence: `The body is larger than the ${maxBytes} bytes that this address takes.`,
    hint: "Nothing was started. The flow's settings say how much is taken.",
  };
}
