// Runs what once reached a catch URL: again or for the first time, through the live version or through the draft.

import { DEFAULT_CATCH_SETTINGS } from "../../shared/catching.ts";
import { type Event, type EventRequest, webhookData } from "../../shared/event.ts";
import type { Flow, Version } from "../../shared/flow.ts";
import { newId } from "../../shared/id.ts";
import type { Problem } from "../../shared/problem.ts";
import { readBody } from "../formats/read-body.ts";
import { startNow } from "./begin-run.ts";
import type { EngineDeps } from "./deps.ts";
import { linesFor } from "./lines.ts";
import { checkDraft } from "./publish.ts";

/** What is kept of a request. */
export interface CaughtDelivery {
  at: number;
  request: EventRequest;
  raw: Uint8Array;
  /** How long its body was: `raw` may be no more than its start. */
  bytes: number;
  /** The delivery's, which is its run's where it became one. */
  id: string;
}

export type RanDelivery =
  | { kind: "accepted"; runId: string }
  | { kind: "refused"; problem: Problem; problems?: Problem[] };

/** A new run of the request, whatever its verdict was. It stands in the flow's lines like any other; throws TryLater when they are full. */
export async function runDelivery(
  deps: EngineDeps,
  flow: Flow,
  caught: CaughtDelivery,
  { draft }: { draft: boolean },
): Promise<RanDelivery> {
  const read = readDelivery(caught);
  if (!read.ok) return { kind: "refused", problem: read.problem };
  const through = draft ? await draftVersion(deps, flow) : liveVersion(flow);
  if (through.kind === "refused") return through;
  const now = deps.clock.now();
  const event = eventOf(caught, newId("evt", now));
  const { settings } = (await deps.store.flows.catching(flow.id)) ?? { settings: DEFAULT_CATCH_SETTINGS };
  const lines = linesFor(flow.id, settings, webhookData(event, read.body));
  return startNow(deps, { flow, versionId: through.versionId, event, lines, replayOf: caught.id });
}

/** The request as an event. */
export function eventOf({ at, request, raw }: CaughtDelivery, id: string): Event & { kind: "webhook" } {
  return { kind: "webhook", id, at, request, raw };
}

export type ReadDelivery = { ok: true; body: unknown } | { ok: false; problem: Problem };

/** The request's body as data, when all of it is here and can be read. */
export function readDelivery({ request, raw, bytes }: CaughtDelivery): ReadDelivery {
  if (raw.byteLength < bytes) {
    const sentence = `Only the first ${raw.byteLength} of the body's ${bytes} bytes were kept, because it became no run.`;
    const hint = "Have it sent again.";
    return { ok: false, problem: { code: "delivery-cut-off", sentence, hint } };
  }
  const read = readBody(raw, request.contentType);
  if (read.ok) return { ok: true, body: read.body };
  const { code, sentence } = read;
  const hint = "Nothing can be done with it here. Have the sender correct it and send it again.";
  return { ok: false, problem: { code, sentence, hint } };
}

type Through =
  | { kind: "version"; versionId: string }
  | { kind: "refused"; problem: Problem; problems?: Problem[] };

function liveVersion({ name, liveVersionId }: Flow): Through {
  if (liveVersionId !== null) return { kind: "version", versionId: liveVersionId };
  const sentence = `“${name}” has no published version.`;
  const hint = "Publish it, or run this through the draft.";
  return { kind: "refused", problem: { code: "not-published", sentence, hint } };
}

/**
 * The draft as it stands, frozen so that the run always finds the steps it began with. There is one for each revision
 * that something was run through; its number is below zero, so that it is none of the published ones.
 */
async function draftVersion(deps: EngineDeps, flow: Flow): Promise<Through> {
  const problems = await checkDraft(deps, flow);
  const [first] = problems;
  if (first) {
    const sentence = `The draft of “${flow.name}” cannot run yet: ${problems.length === 1 ? "there is a problem" : `there are ${problems.length} problems`}.`;
    const problem = { code: "not-ready", sentence, hint: first.sentence };
    return { kind: "refused", problem, problems };
  }
  const version: Version = {
    id: `ver_${flow.id.replace(/^flow_/, "")}_draft_${flow.revision}`,
    workspaceId: flow.workspaceId,
    flowId: flow.id,
    number: -flow.revision,
    graph: flow.draft,
    note: "",
    createdAt: deps.clock.now(),
  };
  // "taken": something was run through this revision before.
  await deps.store.versions.insert(version);
  return { kind: "version", versionId: version.id };
}
