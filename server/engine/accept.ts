// Makes runs of an event and puts them on disk: one, or one for each item of a list.

import type { CatchSettings } from "../../shared/catching.ts";
import type { Received } from "../../shared/delivery.ts";
import { type Event, type WebhookData, webhookData } from "../../shared/event.ts";
import { newId } from "../../shared/id.ts";
import type { Problem } from "../../shared/problem.ts";
import type { Run, RunResponse } from "../../shared/run.ts";
import { render } from "../../shared/template.ts";
import { valueAt } from "../formats/data-path.ts";
import type { CaughtFlow } from "../ports/store.ts";
import { dedupeKeyOf } from "../verify/dedupe-key.ts";
import { type BeginDeps, beginRun } from "./begin-run.ts";
import type { CatchRequest } from "./catch-request.ts";
import { linesFor } from "./lines.ts";
import type { Shape } from "./shape.ts";

type WebhookEvent = Event & { kind: "webhook" };

/** What came, understood, for a flow that takes it. */
export interface Taken {
  flow: CaughtFlow;
  settings: CatchSettings;
  shape: Shape;
  versionId: string;
  request: CatchRequest;
  event: WebhookEvent;
  data: WebhookData;
  /** True once the sender was told to come again. */
  isLate(): boolean;
}

type Result = Extract<Received, { kind: "accepted" | "duplicate" | "busy" | "refused" }>;

/** More items than this are several requests. */
const MOST_ITEMS = 1_000;

/** Accepts the event, or refuses it because there is too much of it or of others. */
export async function acceptEvent(deps: BeginDeps, taken: Taken): Promise<Result> {
  const { settings, data, shape } = taken;
  const items = settings.splitList ? itemsOf(data.body, settings.splitList.path) : null;
  if (items && items.length > MOST_ITEMS)
    return { kind: "refused", status: 413, problem: tooMany(items.length) };
  const fixed = fixedAnswer(deps, taken);
  const first = items ? await acceptItems(deps, taken, items) : await acceptOne(deps, taken);
  if (first.kind !== "accepted") return first;
  const { when } = settings.answer;
  const waitsFor = when === "finished" ? "end" : when === "auto" && shape.answers ? "answer" : "nothing";
  return { ...first, waitsFor, fixed };
}

type One =
  | { kind: "accepted"; run: Run; runIds: string[] }
  | Extract<Received, { kind: "duplicate" | "busy" }>;

async function acceptOne(deps: BeginDeps, taken: Taken, nth?: number): Promise<One> {
  const { flow, settings, versionId, event, data, request, isLate } = taken;
  const begun = await beginRun(deps, {
    flow,
    versionId,
    event,
    data,
    lines: linesFor(flow.id, settings, data),
    dedupeKey: dedupeKeyOf(settings, { ...request, now: event.at }, data.body, nth),
    dedupeMs: settings.dedupeSeconds * 1_000,
    isLate,
  });
  switch (begun.kind) {
    case "accepted":
      return { ...begun, runIds: [begun.run.id] };
    case "duplicate":
      return begun;
    case "full":
      return { kind: "busy", problem: begun.problem, retryAfterSeconds: 10 };
    case "late":
      return TOO_SLOW;
  }
}

/** For whoever waited too long. */
export const TOO_SLOW: Extract<Received, { kind: "busy" }> = {
  kind: "busy",
  problem: {
    code: "store-unavailable",
    sentence: "The database is too slow now: it has not taken the event in time.",
    hint: "Send it again later.",
  },
  retryAfterSeconds: 5,
};

/** All of them, or what went wrong with the first that was not accepted. Duplicates among them are left out. */
async function acceptItems(deps: BeginDeps, taken: Taken, items: unknown[]): Promise<One> {
  const results = await Promise.all(
    items.map((item, index) => acceptOne(deps, itemOf(taken, item, index), index)),
  );
  const busy = results.find(({ kind }) => kind === "busy");
  if (busy) return busy;
  const accepted = results.filter((result) => result.kind === "accepted");
  const [first] = accepted;
  const [same] = results;
  if (first) return { ...first, runIds: accepted.flatMap(({ runIds }) => runIds) };
  return same ?? acceptOne(deps, taken);
}

/** The item as an event of its own: its body is the item, as JSON. */
function itemOf(taken: Taken, item: unknown, index: number): Taken {
  const { event, data } = taken;
  const notes = [...(event.request.notes ?? []), `Item ${index + 1} of a list.`];
  const request = { ...event.request, contentType: "application/json", notes };
  const raw = new TextEncoder().encode(JSON.stringify(item));
  const own: WebhookEvent = { ...event, id: newId("evt", event.at), request, raw };
  return { ...taken, event: own, data: { ...webhookData(own, item), receivedAt: data.receivedAt } };
}

/** Null when there is no list: then it is one event like any other. An empty list, too, is one. */
function itemsOf(body: unknown, path: string): unknown[] | null {
  const found = path === "" ? body : valueAt(body, path);
  return Array.isArray(found) && found.length > 0 ? found : null;
}

function tooMany(items: number): Problem {
  return {
    code: "too-many-to-split",
    sentence: `The list has ${items} items, and at most ${MOST_ITEMS} of one request become runs.`,
    hint: "Nothing was started. Send it in parts, or let the flow go through the list in a loop.",
  };
}

/** Null when none is wanted, or it cannot be made of this event: then the sender hears the run's id. */
function fixedAnswer(deps: BeginDeps, { flow, settings: { answer }, data }: Taken): RunResponse | null {
  if (answer.when !== "fixed") return null;
  const { status, headers, body } = answer;
  try {
    return { status, headers, body: render(body, { trigger: data }, { now: deps.clock.now() }) };
  } catch (error) {
    deps.log.warn({ err: error, flowId: flow.id }, "a fixed answer could not be made of an event");
    return null;
  }
}
