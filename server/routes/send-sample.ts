// Sends a flow's catch URL a request as a known sender makes it, signed with the flow's own secret.

import type { ResponseOf } from "../../shared/api.ts";
import type { Received } from "../../shared/delivery.ts";
import { collectPairs } from "../../shared/event.ts";
import type { Flow } from "../../shared/flow.ts";
import type { Verification } from "../../shared/verification.ts";
import { findPreset } from "../../shared/verification-presets.ts";
import { ASLEEP, receive } from "../engine/intake.ts";
import { SampleRefused } from "../senders/refused.ts";
import type { RouteDeps } from "./deps.ts";
import { ProblemAnswer } from "./problem.ts";
import { catchUrl } from "./views.ts";

export interface SampleAsked {
  verification: Verification;
  secrets: string[];
  preset: string;
  event?: string | undefined;
}

type Sent = ResponseOf<"sendSample">;

/** It goes the way of every other request, within this process. */
export async function sendSampleTo(deps: RouteDeps, flow: Flow, asked: SampleAsked): Promise<Sent> {
  const { method, url, headers, body } = await build(asked, catchUrl(deps, flow.catchKey), deps.clock.now());
  const received = await receive(deps, {
    key: flow.catchKey,
    method,
    url,
    query: collectPairs(new URL(url).searchParams),
    headers,
    repeated: new Set(),
    contentType: headers["content-type"] ?? "",
    raw: body,
    from: HERE,
  });
  deps.onReceived?.(received);
  return sentOf(received);
}

/** Where it comes from: this server itself. */
const HERE = "127.0.0.1";

/** What senders send is loaded only when somebody asks for it. */
async function build({ verification, secrets, preset: id, event }: SampleAsked, url: string, now: number) {
  const preset = findPreset(id);
  if (!preset) throw refused(`There is no sender “${id}” of whom there are samples.`, "preset");
  const isSigned = verification.kind === "preset" && verification.preset === id;
  if (verification.kind !== "none" && !isSigned) {
    const sentence = `This catch URL takes something else than what ${preset.name} signs.`;
    throw refused(sentence, "preset", `Choose ${preset.name} as its verification first.`);
  }
  const algorithm = preset.scheme?.algorithm;
  if (isSigned && (algorithm === "ed25519" || algorithm === "ecdsa-p256-sha256" || !preset.needsSecret)) {
    const sentence = `Only ${preset.name} itself can sign as ${preset.name}: the key that signs is there and nowhere else.`;
    throw refused(sentence, "preset", "Have it send a test from its own screen.");
  }
  const [secret] = secrets;
  if (isSigned && secret === undefined) {
    const sentence = `There is no secret yet to sign as ${preset.name} with.`;
    throw refused(sentence, "preset", preset.secretHelp);
  }
  const settings = verification.kind === "preset" ? verification.settings : {};
  const { buildSample } = await import("../senders/build.ts");
  try {
    return buildSample(id, event, { secret: secret ?? "", url, now, settings, unsigned: !isSigned });
  } catch (error) {
    if (error instanceof SampleRefused) throw refused(error.message, "event");
    throw error;
  }
}

function refused(sentence: string, field: string, hint?: string): ProblemAnswer {
  return new ProblemAnswer(422, { code: "sample-refused", sentence, field, ...(hint ? { hint } : {}) });
}

function sentOf(received: Received): Sent {
  const { kind: verdict } = received;
  switch (verdict) {
    case "accepted":
      return { status: received.fixed?.status ?? 202, verdict, runId: received.run.id, problem: null };
    case "duplicate":
      return { status: 200, verdict, runId: received.of.runId, problem: null };
    case "handshake":
      return { status: received.answer.status, verdict, runId: null, problem: null };
    case "filtered":
      return { status: 200, verdict, runId: null, problem: null };
    case "asleep":
      return { status: 202, verdict, runId: null, problem: ASLEEP[received.why] };
    case "refused":
      return { status: received.status, verdict, runId: null, problem: received.problem };
    case "busy":
      return { status: 503, verdict: "refused", runId: null, problem: received.problem };
    case "unknown":
      // Somebody gave the flow another catch URL a moment ago.
      throw refused("The flow's catch URL was changed meanwhile.", "", "Try it again.");
  }
}
