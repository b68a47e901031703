// The events that a flow can be built and tested with.

import { SAMPLES_KEPT, type Sample } from "../../shared/delivery.ts";
import { findFlow } from "./find-flow.ts";
import type { Handlers } from "./handler.ts";
import { notFound } from "./problem.ts";
import { eventView } from "./views.ts";

export const sampleHandlers: Handlers<"samples" | "deleteSample"> = {
  async samples(deps, { caller, params }) {
    const flow = await findFlow(deps, caller, params.id);
    const [caught, recent] = await Promise.all([
      deps.store.samples.list(flow.id),
      deps.store.runs.recentEvents(flow.id, SAMPLES_KEPT),
    ]);
    const items = [
      ...caught.map(({ id, name, createdAt, event }: Sample) => ({
        id,
        name,
        createdAt,
        from: "caught" as const,
        event: eventView(event),
      })),
      ...recent.map(({ runId, event }) => ({
        id: runId,
        name: `Event of ${runId}`,
        createdAt: event.at,
        from: "run" as const,
        event: eventView(event),
      })),
    ];
    return { items: items.sort((a, b) => b.createdAt - a.createdAt).slice(0, SAMPLES_KEPT) };
  },

  async deleteSample(deps, { caller, params }) {
    const flow = await findFlow(deps, caller, params.id);
    const sample = await deps.store.samples.get(params.sampleId);
    if (sample?.flowId !== flow.id || !(await deps.store.samples.remove(sample.id))) {
      throw notFound("sample", params.sampleId);
    }
    const { workspaceId, id: flowId } = flow;
    deps.bus.publish({ kind: "sample", workspaceId, flowId, sampleId: sample.id });
  },
};
