// Takes in what reached a catch URL: parse → accept, one insert on disk → push. What it answers is a fact by then.

import type { Received } from "../../shared/delivery.ts";
import { SAMPLES_KEPT } from "../../shared/delivery.ts";
import { type Event, parseBody, webhookData } from "../../shared/event.ts";
import { stepOf, TRIGGER_ID } from "../../shared/graph.ts";
import { newId } from "../../shared/id.ts";
import { TryLater } from "../../shared/problem.ts";
import { isFinal, type Run, type RunResponse } from "../../shared/run.ts";
import { findTrigger } from "../connectors/registry.ts";
import type { CaughtFlow } from "../ports/store.ts";
import type { Backlog } from "./backlog.ts";
import type { EngineDeps } from "./deps.ts";
import { type FreeHand, type FreeHands, LEASE_MS } from "./hands.ts";
import { moved, pushAdvance } from "./push.ts";
import type { Shape } from "./shape.ts";

export interface CatchRequest {
  key: string;
  method: string;
  query: Record<string, string | string[]>;
  /** Lower-case names. */
  headers: Record<string, string>;
  contentType: string;
  raw: Uint8Array;
}

export interface IntakeDeps extends EngineDeps {
  shapeOf(versionId: string): Promise<Shape>;
  /** Where runs are carried on in this very process. */
  freeHands?: FreeHands;
  /** Without one the queue may grow for ever. */
  backlog?: Backlog;
}

/** Each question to the store may take almost as long, and an event asks several: the sender hears within 5 seconds. */
const ANSWERED_MS = 4_500;

/** Of one request. */
interface Time {
  /** Its sender has been told to come again: store nothing of it. */
  isUp: boolean;
}

const TOO_SLOW: Received = {
  kind: "busy",
  problem: {
    code: "store-unavailable",
    sentence: "The database is too slow now: it has not taken the event in time.",
    hint: "Send it again later.",
  },
  retryAfterSeconds: 5,
};

/**
 * What became of the request. Never throws for what can be expected: a store that cannot be written is `busy`, and so
 * is one that takes too long. As with every answer that gets lost, an insert that is under way by then may be made.
 */
export async function receive(deps: IntakeDeps, request: CatchRequest): Promise<Received> {
  const time: Time = { isUp: false };
  let callOff = () => {};
  const late = new Promise<Received>((resolve) => {
    callOff = deps.clock.after(ANSWERED_MS, () => {
      time.isUp = true;
      deps.log.error({}, "an event could not be stored in time; its sender was told to come again");
      resolve(TOO_SLOW);
    });
  });
  try {
    return await Promise.race([takeIn(deps, request, time), late]);
  } finally {
    callOff();
  }
}

async function takeIn(deps: IntakeDeps, request: CatchRequest, time: Time): Promise<Received> {
  try {
    const flow = await deps.store.flows.byCatchKey(request.key);
    if (!flow) return { kind: "unknown" };
    const parsed = parseBody(request.raw, request.contentType);
    if (!parsed.ok) {
      const { code, sentence } = parsed;
      const hint = "Nothing was stored. Correct the request and send it again.";
      return {
        kind: "refused",
        status: code === "unsupported-type" ? 415 : 400,
        problem: { code, sentence, hint },
      };
    }
    const live = await liveShape(deps, flow);
    if (!live.shape) return await keepSample(deps, flow, request, live.why);
    return await accept(deps, flow, live, request, parsed.body, time);
  } catch (error) {
    if (!(error instanceof TryLater)) throw error;
    deps.log.error({ err: error }, "an event could not be stored; its sender was told to come again");
    return { kind: "busy", problem: error.problem, retryAfterSeconds: 5 };
  }
}

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

async function accept(
  deps: IntakeDeps,
  flow: CaughtFlow,
  { versionId, shape }: Live & { shape: Shape },
  request: CatchRequest,
  body: unknown,
  time: Time,
): Promise<Received> {
  const hand = (await deps.freeHands?.reserve(flow.id, request.raw.byteLength)) ?? null;
  if (!hand && deps.backlog) {
    const full = await deps.backlog.whyFull();
    if (full) return { kind: "busy", problem: full, retryAfterSeconds: 10 };
  }
  if (time.isUp) {
    hand?.letGo();
    return TOO_SLOW;
  }
  const now = deps.clock.now();
  const event = eventOf(request, now);
  const run = newRun(flow, versionId, event, now, { inHand: hand !== null });
  const result = await acceptOrLetGo(deps, run, hand);
  if (result.kind === "duplicate") return result;
  // The event is safe from here on; the job is only a hint, so the sender does not wait for it.
  if (hand) hand.begin(run, webhookData(event, body));
  else void pushAdvance(deps, run.id, "0", now);
  moved(deps, run);
  return { kind: "accepted", run, answers: shape.answers };
}

async function acceptOrLetGo(deps: IntakeDeps, run: Run, hand: FreeHand | null) {
  let accepted = false;
  try {
    const result = await deps.store.runs.accept(run);
    accepted = result.kind === "accepted";
    return result;
  } finally {
    if (!accepted) hand?.letGo();
  }
}

/** A run that is new: queued, or `inHand` of this process already. Without a `dedupeKey` it is its own. */
export function newRun(
  flow: Pick<CaughtFlow, "id" | "workspaceId">,
  versionId: string,
  event: Event,
  now: number,
  more: { dedupeKey?: string; replayOf?: string; inHand?: boolean } = {},
): Run {
  const id = newId("run", now);
  return {
    id,
    workspaceId: flow.workspaceId,
    flowId: flow.id,
    versionId,
    status: more.inHand ? "running" : "queued",
    fence: more.inHand ? 1 : 0,
    leaseUntil: more.inHand ? now + LEASE_MS : null,
    dedupeKey: more.dedupeKey ?? id,
    event,
    createdAt: now,
    startedAt: more.inHand ? now : null,
    finishedAt: null,
    wakeAt: null,
    problem: null,
    response: null,
    replayOf: more.replayOf ?? null,
  };
}

function eventOf(
  { method, query, headers, contentType, raw }: CatchRequest,
  now: number,
): Event & { kind: "webhook" } {
  return {
    kind: "webhook",
    id: newId("evt", now),
    at: now,
    request: { method, query, headers, contentType },
    raw,
  };
}

async function keepSample(
  deps: IntakeDeps,
  flow: CaughtFlow,
  request: CatchRequest,
  why: "draft" | "paused" | "not-a-webhook",
): Promise<Received> {
  const now = deps.clock.now();
  const { id: flowId, workspaceId } = flow;
  const sampleId = newId("smp", now);
  const name = `${request.method} ${new Date(now).toISOString().slice(0, 19).replace("T", " ")}`;
  const sample = {
    id: sampleId,
    workspaceId,
    flowId,
    name,
    event: eventOf(request, now),
    createdAt: now,
    pinned: false,
  };
  await deps.store.samples.insert(sample, SAMPLES_KEPT);
  deps.bus.publish({ kind: "sample", workspaceId, flowId, sampleId });
  return { kind: "asleep", sampleId, why };
}

/** Waits until the run has answered or ended, at most until `deadline`; null when it has no answer by then. */
export async function awaitResponse(
  deps: Pick<EngineDeps, "store" | "bus" | "clock">,
  runId: string,
  deadlineMs: number,
): Promise<RunResponse | null> {
  const over = deps.clock.now() + deadlineMs;
  const stop = new AbortController();
  let ring = () => {};
  const leave = deps.bus.subscribe((movement) => {
    if (movement.kind === "run" && movement.runId === runId) ring();
  });
  try {
    for (;;) {
      const rung = new Promise<void>((resolve) => {
        ring = resolve;
      });
      const run = await deps.store.runs.get(runId);
      if (!run || run.response || isFinal(run.status) || deps.clock.now() >= over)
        return run?.response ?? null;
      // A message can get lost between two processes, so there is a look every second as well.
      await Promise.race([
        rung,
        deps.clock.sleepUntil(Math.min(over, deps.clock.now() + 1_000), stop.signal),
      ]);
    }
  } finally {
    stop.abort();
    leave();
  }
}
