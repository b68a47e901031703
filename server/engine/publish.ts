// Makes a draft live: checks it, freezes it as a version, and puts its schedule into the queue.

import type { Flow, Version } from "../../shared/flow.ts";
import { type Graph, stepOf, TRIGGER_ID } from "../../shared/graph.ts";
import { problemsIn } from "../../shared/graph-problems.ts";
import { newId } from "../../shared/id.ts";
import { indexManifests } from "../../shared/manifest.ts";
import { type Problem, Refused } from "../../shared/problem.ts";
import { findTrigger, manifests } from "../connectors/registry.ts";
import type { EngineDeps } from "./deps.ts";

const known = indexManifests(manifests);

/** What keeps the draft from being published; empty when nothing does. */
export async function checkDraft(deps: Pick<EngineDeps, "store" | "clock">, flow: Flow): Promise<Problem[]> {
  const connections = await deps.store.connections.list(flow.workspaceId);
  const problems = problemsIn(flow.draft, known, connections);
  return problems.length > 0 ? problems : scheduleProblems(flow.draft, deps.clock.now());
}

/** The form says what a field must be; only the trigger itself knows whether its schedule can be kept. */
function scheduleProblems(graph: Graph, now: number): Problem[] {
  const trigger = stepOf(graph, TRIGGER_ID);
  if (!trigger || findTrigger(trigger.uses)?.starts !== "schedule") return [];
  try {
    if (nextTick(graph, now) !== null) return [];
    return [{ ...NEVER_DUE, stepId: TRIGGER_ID }];
  } catch (error) {
    if (error instanceof Refused) return [{ ...error.problem, stepId: TRIGGER_ID }];
    throw error;
  }
}

const NEVER_DUE: Problem = {
  code: "schedule-never",
  sentence: "This schedule never comes due.",
  hint: "Choose a date that exists.",
};

export type Published =
  | { kind: "published"; flow: Flow; version: Version }
  | { kind: "refused"; problems: Problem[] }
  /** The draft was saved, or published, by somebody else meanwhile. */
  | { kind: "stale" };

/** Freezes the flow's draft, as given, as its next version, and makes it live. */
export async function publish(deps: EngineDeps, flow: Flow, { note }: { note: string }): Promise<Published> {
  const problems = await checkDraft(deps, flow);
  if (problems.length > 0) return { kind: "refused", problems };
  const now = deps.clock.now();
  const [last] = await publishedVersions(deps, flow.id);
  const version: Version = {
    id: newId("ver", now),
    workspaceId: flow.workspaceId,
    flowId: flow.id,
    number: (last?.number ?? 0) + 1,
    graph: flow.draft,
    note,
    createdAt: now,
  };
  if ((await deps.store.flows.get(flow.id))?.revision !== flow.revision) return { kind: "stale" };
  if ((await deps.store.versions.insert(version)) === "taken") return { kind: "stale" };
  const change = { status: "live" as const, liveVersionId: version.id, updatedAt: now };
  await deps.store.flows.patch(flow.id, change);
  const live = { ...flow, ...change };
  await pushTick(deps, live, version.graph, now);
  flowMoved(deps, live);
  return { kind: "published", flow: live, version };
}

/** Newest first. The others are drafts that something was run through: their numbers are below zero. */
export async function publishedVersions(
  { store }: Pick<EngineDeps, "store">,
  flowId: string,
): Promise<Version[]> {
  return (await store.versions.list(flowId)).filter(({ number }) => number > 0);
}

/** No new runs start; those under way go on. */
export async function pause(deps: EngineDeps, flow: Flow): Promise<Flow> {
  const updatedAt = deps.clock.now();
  if (flow.status === "live") await deps.store.flows.patch(flow.id, { status: "paused", updatedAt });
  flowMoved(deps, flow);
  return flow.status === "live" ? { ...flow, status: "paused", updatedAt } : flow;
}

/** New runs start again, through the live version. */
export async function resume(
  deps: EngineDeps,
  flow: Flow,
): Promise<{ kind: "resumed"; flow: Flow } | { kind: "refused"; problem: Problem }> {
  const version = flow.liveVersionId === null ? null : await deps.store.versions.get(flow.liveVersionId);
  if (!version) {
    const sentence = `“${flow.name}” was never published.`;
    return { kind: "refused", problem: { code: "not-published", sentence, hint: "Publish it first." } };
  }
  const now = deps.clock.now();
  await deps.store.flows.patch(flow.id, { status: "live", updatedAt: now });
  await pushTick(deps, flow, version.graph, now);
  flowMoved(deps, flow);
  return { kind: "resumed", flow: { ...flow, status: "live", updatedAt: now } };
}

/** When the graph's schedule is due next after `after`; null when it has none. Throws `Refused` when it cannot be read. */
export function nextTick(graph: Graph, after: number): number | null {
  const trigger = stepOf(graph, TRIGGER_ID);
  const kind = trigger && findTrigger(trigger.uses);
  return kind?.starts === "schedule" ? kind.next(trigger?.input, after) : null;
}

/** The next `count` times that such a trigger would come due, fewer when it ends. Throws `Refused` when there are none. */
export function nextTimes(uses: string, input: unknown, after: number, count: number): number[] {
  const kind = findTrigger(uses);
  if (kind?.starts !== "schedule") {
    throw new Refused({
      code: "trigger-unknown",
      sentence: `“${uses}” is no schedule of this installation.`,
      hint: "Choose one, such as “At certain times”.",
    });
  }
  const times: number[] = [];
  while (times.length < count) {
    const next = kind.next(input, times.at(-1) ?? after);
    if (next === null) break;
    times.push(next);
  }
  if (times.length === 0) throw new Refused(NEVER_DUE);
  return times;
}

/** Queues the next time the flow's schedule is due. Pushing the same one twice changes nothing. */
export async function pushTick(
  deps: Pick<EngineDeps, "queue">,
  flow: Flow,
  graph: Graph,
  after: number,
): Promise<void> {
  const dueAt = nextTick(graph, after);
  if (dueAt !== null)
    await deps.queue.push({ id: `tick:${flow.id}@${dueAt}`, kind: "tick", ref: flow.id, dueAt });
}

export function flowMoved(deps: Pick<EngineDeps, "bus">, flow: Flow): void {
  deps.bus.publish({ kind: "flow", workspaceId: flow.workspaceId, flowId: flow.id });
}
