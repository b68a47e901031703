// Takes in what reached a catch URL: may it come in → verify → read → accept, one insert on disk.
// What it answers is a fact by then.

import { DEFAULT_CATCH_SETTINGS } from "../../shared/catching.ts";
import { type Received, SAMPLES_KEPT } from "../../shared/delivery.ts";
import { type Event, webhookData } from "../../shared/event.ts";
import { stepOf, TRIGGER_ID } from "../../shared/graph.ts";
import { newId } from "../../shared/id.ts";
import { type Problem, Refused, TryLater } from "../../shared/problem.ts";
import { findTrigger } from "../connectors/registry.ts";
import { readBody } from "../formats/read-body.ts";
import type { CaughtFlow } from "../ports/store.ts";
import type { HandshakeAnswer } from "../verify/handshake.ts";
import { acceptEvent, TOO_SLOW } from "./accept.ts";
import type { BeginDeps } from "./begin-run.ts";
import type { CatchRequest } from "./catch-request.ts";
import { type Refusal, whyNotIn } from "./entry.ts";
import { keepDelivery } from "./kept-delivery.ts";
import { holdsFor } from "./only-if.ts";
import type { Pressure } from "./pressure.ts";
import { type Sender, type SenderDeps, senderOf } from "./sender.ts";
import type { Shape } from "./shape.ts";
import { within } from "./within.ts";

export interface IntakeDeps extends BeginDeps, SenderDeps {
  shapeOf(versionId: string): Promise<Shape>;
  pressure: Pressure;
}

/** Each question to the store may take almost as long, and an event asks several: the sender hears within 5 seconds. */
const ANSWERED_MS = 4_500;

/** Of one request. */
interface Time {
  /** Its sender has been told to come again: store nothing of it. */
  isUp: boolean;
}

/**
 * What became of the request. Never throws for what can be expected: a store that cannot be written is `busy`, and so
 * is one that takes too long. As with every answer that gets lost, an insert that is under way by then may be made.
 */
export function receive(deps: IntakeDeps, request: CatchRequest): Promise<Received> {
  const time: Time = { isUp: false };
  return within(
    deps.clock,
    ANSWERED_MS,
    () => takeIn(deps, request, time),
    () => {
      time.isUp = true;
      deps.log.error({}, "an event could not be stored in time; its sender was told to come again");
      return TOO_SLOW;
    },
  );
}

/**
 * Keeps a request that was refused before all of its body was read; `bytes` is how long it was said to be. It has been
 * answered: whatever goes wrong here changes nothing.
 */
export async function keepUnread(
  deps: IntakeDeps,
  request: CatchRequest,
  { status, problem }: Pick<Refusal, "status" | "problem">,
  bytes: number,
): Promise<void> {
  try {
    const flow = await deps.store.flows.byCatchKey(request.key);
    if (!flow || !deps.pressure.mayKeepRefused(flow.id)) return;
    const settings = flow.catching?.settings ?? DEFAULT_CATCH_SETTINGS;
    const { masked } = senderOf(deps, flow, settings, request);
    await keepDelivery(deps, flow, masked, { verdict: "refused", status, problem, bytes });
  } catch (error) {
    deps.log.warn({ err: error }, "a refused request could not be kept");
  }
}

async function takeIn(deps: IntakeDeps, request: CatchRequest, time: Time): Promise<Received> {
  try {
    const flow = await deps.store.flows.byCatchKey(request.key);
    return flow ? await takeFor(deps, flow, request, time) : { kind: "unknown" };
  } catch (error) {
    if (!(error instanceof TryLater)) throw error;
    deps.log.error({ err: error }, "an event could not be stored; its sender was told to come again");
    return { kind: "busy", problem: error.problem, retryAfterSeconds: 5 };
  }
}

async function takeFor(
  deps: IntakeDeps,
  flow: CaughtFlow,
  request: CatchRequest,
  time: Time,
): Promise<Received> {
  const settings = flow.catching?.settings ?? DEFAULT_CATCH_SETTINGS;
  const sender = senderOf(deps, flow, settings, request);
  const { masked } = sender;
  const closed = whyNotIn(deps.pressure, flow.id, settings, request);
  if (closed) return refuse(deps, flow, masked, closed);

  const early = sender.asksUnsigned();
  if (early) return greet(deps, flow, masked, early);
  const checked = sender.check();
  const stranger = checked instanceof Promise ? await checked : checked;
  if (stranger) return refuse(deps, flow, masked, stranger, sender);

  const read = readBody(request.raw, request.contentType);
  if (!read.ok) return refuse(deps, flow, masked, unreadable(read));
  const late = sender.asksSigned(read.body);
  if (late) return greet(deps, flow, masked, late);

  const event = caughtEvent(masked, deps.clock.now(), read.notes);
  const data = webhookData(event, read.body);
  if (settings.onlyIf && !holdsFor(settings.onlyIf, data)) {
    await keepDelivery(deps, flow, masked, { verdict: "filtered", status: 200 });
    return { kind: "filtered" };
  }
  const live = await liveShape(deps, flow);
  if (!live.shape) return keepSample(deps, flow, masked, event, live.why);
  const { shape, versionId } = live;
  const taken = { flow, settings, shape, versionId, request, event, data, isLate: () => time.isUp };
  const received = await acceptEvent(deps, taken);
  if (received.kind === "refused") return refuse(deps, flow, masked, received);
  if (received.kind === "duplicate") {
    const { runId } = received.of;
    await keepDelivery(deps, flow, masked, { verdict: "duplicate", status: 200, runId });
  }
  return received;
}

function unreadable({ code, sentence }: Pick<Problem, "code" | "sentence">): Refusal {
  const hint = "Nothing was started. Correct the request and send it again.";
  const status = code === "unsupported-type" ? 415 : 400;
  return { kind: "refused", status, problem: { code, sentence, hint } };
}

/** A flood of refusals must cost no more than the answers: only some in a second are looked into and kept. */
async function refuse(
  deps: IntakeDeps,
  flow: CaughtFlow,
  masked: CatchRequest,
  refusal: Refusal,
  sender?: Sender,
): Promise<Received> {
  if (!deps.pressure.mayKeepRefused(flow.id)) return refusal;
  const { status } = refusal;
  // Who sent it hears no more than that it was refused: what is wrong is for whom the flow belongs to.
  const problem = sender?.explain() ?? refusal.problem;
  await keepDelivery(deps, flow, masked, { verdict: "refused", status, problem });
  return refusal;
}

/** Whoever asks whether somebody is there is answered, and the question is kept with what it was. */
async function greet(
  deps: IntakeDeps,
  flow: CaughtFlow,
  masked: CatchRequest,
  asked: HandshakeAnswer | "refused",
): Promise<Received> {
  if (asked === "refused")
    return refuse(deps, flow, masked, { kind: "refused", status: 403, problem: WRONG_GREETING });
  const { status, contentType, body, headers, note, confirm } = asked;
  if (confirm !== undefined) {
    const failure = await whyNotConfirmed(deps, confirm);
    if (failure) return refuse(deps, flow, masked, { kind: "refused", status: 503, problem: failure });
  }
  const problem = { code: "handshake", sentence: note };
  await keepDelivery(deps, flow, masked, { verdict: "handshake", status, problem });
  return {
    kind: "handshake",
    answer: { status, headers: { ...headers, "content-type": contentType }, body },
  };
}

/** Null when the other side took it. */
async function whyNotConfirmed(deps: IntakeDeps, url: string): Promise<Problem | null> {
  try {
    const { status } = await deps.http.send({ method: "GET", url, redirects: 0, timeoutMs: 3_000 });
    if (status < 300) return null;
    return notConfirmed(`It answered ${status}.`);
  } catch (error) {
    if (error instanceof Refused || error instanceof TryLater) return notConfirmed(error.problem.sentence);
    throw error;
  }
}

function notConfirmed(why: string): Problem {
  return {
    code: "handshake-failed",
    sentence: `The sender asks to be confirmed at an address of its own, and that did not work. ${why}`,
    hint: "Have it ask again. If it stays so, look whether this server reaches that address.",
  };
}

const WRONG_GREETING: Problem = {
  code: "bad-credentials",
  sentence: "This asks to be confirmed, and does not know the secret that was agreed on.",
  hint: "Nothing was confirmed. Compare the verify token there with the one in the flow's settings.",
};

type Live =
  | { shape: Shape; versionId: string; why?: undefined }
  | { shape: null; why: "draft" | "paused" | "not-a-webhook" };

async function liveShape(deps: IntakeDeps, flow: CaughtFlow): Promise<Live> {
  if (flow.status !== "live" || flow.liveVersionId === null) {
    return { shape: null, why: flow.status === "paused" ? "paused" : "draft" };
  }
  const shape = await deps.shapeOf(flow.liveVersionId);
  const trigger = stepOf(shape.graph, TRIGGER_ID);
  if (!trigger || findTrigger(trigger.uses)?.starts !== "catch") return { shape: null, why: "not-a-webhook" };
  return { shape, versionId: flow.liveVersionId };
}

type WebhookEvent = Event & { kind: "webhook" };

function caughtEvent(
  { method, query, headers, contentType, raw }: CatchRequest,
  now: number,
  notes: string[],
): WebhookEvent {
  const request = { method, query, headers, contentType, ...(notes.length > 0 ? { notes } : {}) };
  return { kind: "webhook", id: newId("evt", now), at: now, request, raw };
}

async function keepSample(
  deps: IntakeDeps,
  flow: CaughtFlow,
  masked: CatchRequest,
  event: WebhookEvent,
  why: "draft" | "paused" | "not-a-webhook",
): Promise<Received> {
  const now = event.at;
  const { id: flowId, workspaceId } = flow;
  const sampleId = newId("smp", now);
  const name = `${masked.method} ${new Date(now).toISOString().slice(0, 19).replace("T", " ")}`;
  const sample = { id: sampleId, workspaceId, flowId, name, event, createdAt: now, pinned: false };
  await deps.store.samples.insert(sample, SAMPLES_KEPT);
  deps.bus.publish({ kind: "sample", workspaceId, flowId, sampleId });
  await keepDelivery(deps, flow, masked, { verdict: "asleep", status: 202, problem: ASLEEP[why] });
  return { kind: "asleep", sampleId, why };
}

/** Why nothing was started. */
export const ASLEEP = {
  draft: {
    code: "flow-not-published",
    sentence:
      "This flow is not published, so nothing was started. The event was kept as a sample for the editor.",
  },
  paused: {
    code: "flow-paused",
    sentence: "This flow is paused, so nothing was started. The event was kept as a sample.",
  },
  "not-a-webhook": {
    code: "flow-starts-otherwise",
    sentence:
      "This flow is started by something else than its catch URL, so nothing was started. The event was kept as a sample.",
  },
} satisfies Record<string, Problem>;
