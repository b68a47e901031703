// Whether a request comes from whom the flow expects, and the questions that senders ask before they send anything.

import type { CatchSettings } from "../../shared/catching.ts";
import type { Problem } from "../../shared/problem.ts";
import { openSecrets } from "../catch-seal.ts";
import type { CaughtFlow, StoredCatching } from "../ports/store.ts";
import { explain } from "../verify/explain.ts";
import { type HandshakeAnswer, signedHandshake, unsignedHandshake } from "../verify/handshake.ts";
import { type CaughtRequest, maskedFor, type Verified, type Verifier } from "../verify/verify.ts";
import type { CatchRequest } from "./catch-request.ts";
import type { EngineDeps } from "./deps.ts";
import type { Refusal } from "./entry.ts";
import { MASK } from "./redact.ts";

export type SenderDeps = Pick<EngineDeps, "vault" | "clock"> & { verifier: Verifier };

/** One request to a flow whose sender is to be known. */
export interface Sender {
  /** Why it is not let in; null when it is. Whatever cannot be checked is not let in. */
  check(): Refusal | null | Promise<Refusal | null>;
  /** After a refusal: what is wrong, in words. Takes its time. */
  explain(): Problem | null;
  /** What it asks before it is verified, and after. */
  asksUnsigned(): HandshakeAnswer | "refused" | null;
  asksSigned(body: unknown): HandshakeAnswer | null;
  /** The request as it is kept: without what the sender proves itself by. */
  masked: CatchRequest;
}

/** Opened once, as long as nothing about the flow's settings changes. */
const opened = new WeakMap<StoredCatching, string[]>();

/** What the flow's settings say of this request's sender. */
export function senderOf(
  deps: SenderDeps,
  flow: CaughtFlow,
  { verification }: Pick<CatchSettings, "verification">,
  request: CatchRequest,
): Sender {
  const secrets = secretsOf(deps, flow);
  const caught: CaughtRequest = { ...request, now: deps.clock.now() };
  let refused: Extract<Verified, { kind: "refused" }> | null = null;
  const judge = (verified: Verified): Refusal | null => {
    if (verified.kind === "ok") return null;
    refused = verified;
    return { kind: "refused", status: verified.status, problem: verified.problem };
  };
  return {
    check() {
      const verified = deps.verifier.verify(verification, secrets, caught);
      return verified instanceof Promise ? verified.then(judge) : judge(verified);
    },
    explain: () => refused && explain(verification, secrets, caught, refused),
    asksUnsigned: () => unsignedHandshake(verification, secrets, caught),
    asksSigned: (body) => signedHandshake(verification, secrets, caught, body),
    masked: verification.kind === "none" ? request : maskedRequest(request, maskedFor(verification)),
  };
}

function secretsOf({ vault }: SenderDeps, flow: CaughtFlow): string[] {
  const { catching } = flow;
  if (catching === null) return [];
  const known = opened.get(catching);
  if (known) return known;
  const secrets = openSecrets(vault, flow, catching);
  opened.set(catching, secrets);
  return secrets;
}

function maskedRequest(request: CatchRequest, secret: { headers: string[]; query: string[] }): CatchRequest {
  const { headers, query } = request;
  return {
    ...request,
    headers: withMask(headers, secret.headers),
    query: withMask(query, secret.query),
  };
}

function withMask<T>(values: Record<string, T>, names: string[]): Record<string, T | string> {
  const found = names.filter((name) => Object.hasOwn(values, name));
  if (found.length === 0) return values;
  return { ...values, ...Object.fromEntries(found.map((name) => [name, MASK])) };
}
