// Makes what the API shows out of what is stored.

import { isDeepStrictEqual } from "node:util";
import type { EventView, FlowRow, FlowView } from "../../shared/api-views.ts";
import type { Event } from "../../shared/event.ts";
import type { Flow, Version } from "../../shared/flow.ts";
import { type Graph, stepsOf, TRIGGER_ID } from "../../shared/graph.ts";
import { checkDraft } from "../engine/publish.ts";
import { eventData } from "../formats/event-data.ts";
import type { RouteDeps } from "./deps.ts";
import type { Mask } from "./masks.ts";

/** The flow with its draft and with what keeps the draft from being published. */
export async function flowView(deps: RouteDeps, flow: Flow): Promise<FlowView> {
  const { workspaceId: _, catchKey, ...rest } = flow;
  const live = await liveVersion(deps, flow);
  return {
    ...rest,
    catchUrl: catchUrl(deps, catchKey),
    liveNumber: live?.number ?? null,
    changed: isChanged(flow, live),
    problems: await checkDraft(deps, flow),
  };
}

/** The flow as a row of the list. */
export async function flowRow(deps: RouteDeps, flow: Flow): Promise<FlowRow> {
  const { workspaceId, catchKey: _, draft, ...rest } = flow;
  const [live, runs, last] = await Promise.all([
    liveVersion(deps, flow),
    deps.store.runs.count(flow.id),
    deps.store.runs.list({ workspaceId, flowId: flow.id, limit: 1 }),
  ]);
  const [lastRun] = last.items;
  const steps = stepsOf(draft);
  return {
    ...rest,
    steps: steps.filter((step) => step.id !== TRIGGER_ID).length,
    uses: steps
      .toSorted((a, b) => Number(b.id === TRIGGER_ID) - Number(a.id === TRIGGER_ID))
      .map((step) => step.uses),
    liveNumber: live?.number ?? null,
    changed: isChanged(flow, live),
    lastRun: lastRun ? { id: lastRun.id, status: lastRun.status, createdAt: lastRun.createdAt } : null,
    runs,
  };
}

export function catchUrl({ settings }: Pick<RouteDeps, "settings">, key: string): string {
  return `${settings.publicUrl}/catch/${key}`;
}

/** The event with its body as data, and without what its sender signs in with. The run itself sees everything. */
export function eventView(event: Event, mask: Mask): EventView {
  const { kind, id, at } = event;
  return {
    kind,
    id,
    at,
    data: event.kind === "webhook" ? withoutCredentials(event, mask) : event.data,
    bytes: event.kind === "webhook" ? event.raw.byteLength : null,
  };
}

function withoutCredentials(event: Extract<Event, { kind: "webhook" }>, mask: Mask): unknown {
  return mask.data(eventData({ ...event, request: mask.request(event.request) }));
}

const SUMMARY_LENGTH = 200;

/** The start of the event on one line; of a request without a body, what it asked for. */
export function eventSummary(event: Event): string {
  const line = startOf(event).replaceAll(/\s+/g, " ").trim();
  return line.length > SUMMARY_LENGTH ? `${line.slice(0, SUMMARY_LENGTH).toWellFormed()}…` : line;
}

function startOf(event: Event): string {
  if (event.kind !== "webhook") return JSON.stringify(event.data) ?? "";
  if (event.raw.byteLength > 0) return Buffer.from(event.raw.subarray(0, SUMMARY_LENGTH * 4)).toString();
  const query = JSON.stringify(event.request.query);
  return `${event.request.method}${query === "{}" ? "" : ` ${query}`}`;
}

async function liveVersion(deps: RouteDeps, flow: Flow): Promise<Version | null> {
  return flow.liveVersionId === null ? null : deps.store.versions.get(flow.liveVersionId);
}

/** Would publishing change anything? Where the boxes lie is not a change. */
function isChanged(flow: Flow, live: Version | null): boolean {
  return live === null || !isDeepStrictEqual(withoutPlaces(flow.draft), withoutPlaces(live.graph));
}

function withoutPlaces(graph: Graph): unknown {
  const steps = stepsOf(graph).map(({ at: _, ...step }) => [step.id, step] as const);
  return { steps: new Map(steps), edges: new Map(Object.entries(graph.edges)) };
}
