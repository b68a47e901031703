// The events that a flow can be built and tested with.

import type { ResponseOf } from "../../shared/api.ts";
import { SAMPLES_KEPT, SAMPLES_PINNED, type Sample } from "../../shared/delivery.ts";
import { type Event, isTooDeep, MAX_DEPTH } from "../../shared/event.ts";
import type { Flow } from "../../shared/flow.ts";
import { newId } from "../../shared/id.ts";
import type { RouteDeps } from "./deps.ts";
import { findFlow } from "./find-flow.ts";
import type { Handlers } from "./handler.ts";
import { type Mask, maskOf } from "./masks.ts";
import { notFound, ProblemAnswer } from "./problem.ts";
import { eventView } from "./views.ts";

type View = ResponseOf<"createSample">;

export const sampleHandlers: Handlers<"samples" | "createSample" | "pinSample" | "deleteSample"> = {
  async samples(deps, { caller, params }) {
    const flow = await findFlow(deps, caller, params.id);
    const [mask, kept, recent] = await Promise.all([
      maskOf(deps, flow),
      deps.store.samples.list(flow.id),
      deps.store.runs.recentEvents(flow.id, SAMPLES_KEPT),
    ]);
    const known = new Set(kept.map(({ event }) => event.id));
    const items = [
      ...kept.map((sample) => viewOf(sample, mask)),
      // A run's event that somebody pinned is there as a sample of its own.
      ...recent
        .filter(({ event }) => !known.has(event.id))
        .map(
          ({ runId, event }): View => ({
            id: runId,
            name: `Event of ${runId}`,
            createdAt: event.at,
            from: "run",
            pinned: false,
            event: eventView(event, mask),
          }),
        ),
    ].sort((a, b) => b.createdAt - a.createdAt);
    return {
      items: [
        ...items.filter(({ pinned }) => pinned),
        ...items.filter(({ pinned }) => !pinned).slice(0, SAMPLES_KEPT),
      ],
    };
  },

  async createSample(deps, { caller, params, body }) {
    const flow = await findFlow(deps, caller, params.id);
    const { name, data } = body;
    if (isTooDeep(data)) {
      const sentence = `The data is nested more than ${MAX_DEPTH} levels deep.`;
      throw new ProblemAnswer(422, { code: "too-deep", sentence, hint: "Leave the innermost parts out." });
    }
    const now = deps.clock.now();
    const event = { kind: "manual" as const, id: newId("evt", now), at: now, data };
    const sample = sampleOf(flow, { name, event, pinned: false }, now);
    await deps.store.samples.insert(sample, SAMPLES_KEPT);
    sampleMoved(deps, sample);
    return viewOf(sample, await maskOf(deps, flow));
  },

  async pinSample(deps, { caller, params, body }) {
    const flow = await findFlow(deps, caller, params.id);
    const sample = await ownSample(deps, flow, params.sampleId);
    return setPinned(deps, flow, sample, body.pinned);
  },

  async deleteSample(deps, { caller, params }) {
    const flow = await findFlow(deps, caller, params.id);
    const sample = await deps.store.samples.get(params.sampleId);
    if (sample?.flowId !== flow.id || !(await deps.store.samples.remove(sample.id))) {
      throw notFound("sample", params.sampleId);
    }
    sampleMoved(deps, sample);
  },
};

/** The flow's sample of this id; a run's event is copied into one. */
async function ownSample(deps: RouteDeps, flow: Flow, id: string): Promise<Sample> {
  const sample = await deps.store.samples.get(id);
  if (sample?.flowId === flow.id) return sample;
  const run = await deps.store.runs.get(id);
  if (run?.flowId !== flow.id) throw notFound("sample", id);
  return sampleOfEvent(deps, flow, run.event, `Event of ${run.id}`);
}

/** Keeps the event as a pinned sample, once: asked again, it is the same sample. */
export async function keepEvent(deps: RouteDeps, flow: Flow, event: Event, name: string): Promise<View> {
  const pinned = (await deps.store.samples.list(flow.id)).filter((sample) => sample.pinned);
  // Before it is copied: a copy that cannot be pinned would push another sample out.
  if (pinned.length >= SAMPLES_PINNED && !pinned.some((sample) => sample.event.id === event.id))
    throw samplesFull(flow);
  return setPinned(deps, flow, await sampleOfEvent(deps, flow, event, name), true);
}

async function sampleOfEvent(deps: RouteDeps, flow: Flow, event: Event, name: string): Promise<Sample> {
  const kept = (await deps.store.samples.list(flow.id)).find((sample) => sample.event.id === event.id);
  if (kept) return kept;
  const copy = sampleOf(flow, { name, event, pinned: false }, deps.clock.now());
  await deps.store.samples.insert(copy, SAMPLES_KEPT);
  return copy;
}

async function setPinned(deps: RouteDeps, flow: Flow, sample: Sample, pinned: boolean): Promise<View> {
  const result = await deps.store.samples.pin(sample.id, pinned, SAMPLES_PINNED);
  if (result === "missing") throw notFound("sample", sample.id);
  if (result === "full") throw samplesFull(flow);
  sampleMoved(deps, sample);
  return viewOf({ ...sample, pinned }, await maskOf(deps, flow));
}

function samplesFull({ name }: Flow): ProblemAnswer {
  return new ProblemAnswer(409, {
    code: "samples-full",
    sentence: `“${name}” already has ${SAMPLES_PINNED} pinned samples.`,
    hint: "Let go of one that you do not need any more.",
  });
}

function sampleOf(flow: Flow, about: Pick<Sample, "name" | "event" | "pinned">, now: number): Sample {
  return { id: newId("smp", now), workspaceId: flow.workspaceId, flowId: flow.id, createdAt: now, ...about };
}

function viewOf({ id, name, createdAt, event, pinned }: Sample, mask: Mask): View {
  const from = event.kind === "manual" ? "made" : "caught";
  return { id, name, createdAt, from, pinned, event: eventView(event, mask) };
}

function sampleMoved(deps: RouteDeps, { workspaceId, flowId, id: sampleId }: Sample): void {
  deps.bus.publish({ kind: "sample", workspaceId, flowId, sampleId });
}
