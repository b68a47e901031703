// Microsoft Graph signs nothing: each of its notifications carries a word that was agreed on.

import { bodyData, type CaughtRequest, readPath } from "./caught-request.ts";
import { badCredentials, type Refusal, secretMissing } from "./refusal.ts";
import { isOneOf } from "./strict-text.ts";

const WHERE = "client state (clientState of every notification)";

/** Every notification of the body has to have it: one that has not could have been slipped in. */
export function verifyClientState(
  secrets: readonly string[],
  request: CaughtRequest,
): { kind: "ok" } | Refusal {
  const states = secrets.filter((secret) => secret !== "");
  if (states.length === 0) return secretMissing("client state");
  const data = bodyData(request);
  const list = typeof data === "object" && data !== null && "value" in data ? data.value : undefined;
  if (!Array.isArray(list) || list.length === 0) return badCredentials("missing", WHERE);
  let fits = true;
  for (const notification of list) {
    const state = readPath(notification, "clientState");
    fits = isOneOf(state.kind === "value" ? state.text : "", states) && fits;
  }
  return fits ? { kind: "ok" } : badCredentials("mismatch", WHERE);
}
