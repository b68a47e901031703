// Deliveries: the requests that reached catch URLs, what became of them, and running or keeping one.

import type { DeliveryRowView } from "../../shared/api-views.ts";
import { type CaughtDelivery, eventOf, readDelivery, runDelivery } from "../engine/run-delivery.ts";
import type { DeliveryRow } from "../ports/store.ts";
import type { Caller } from "./caller.ts";
import { type Caught, caughtOf, deliveryView } from "./delivery-view.ts";
import type { RouteDeps } from "./deps.ts";
import { findFlow } from "./find-flow.ts";
import type { Handlers } from "./handler.ts";
import { createMasks, type Mask } from "./masks.ts";
import { notFound, ProblemAnswer } from "./problem.ts";
import { keepEvent } from "./samples.ts";

export const deliveryHandlers: Handlers<"deliveries" | "delivery" | "runDelivery" | "keepDelivery"> = {
  async deliveries(deps, { caller, query }) {
    const { workspaceId } = caller;
    const page = await deps.store.deliveries.list({ workspaceId, ...query });
    const flowIds = [...new Set(page.items.map(({ flowId }) => flowId))];
    const flows = await Promise.all(flowIds.map((id) => deps.store.flows.get(id)));
    const names = new Map(flows.flatMap((flow) => (flow ? [[flow.id, flow.name]] : [])));
    const maskOf = createMasks(deps);
    const items = page.items.map(async (row) =>
      rowView(row, names.get(row.flowId), await maskOf({ id: row.flowId, workspaceId })),
    );
    return { items: await Promise.all(items), next: page.next };
  },

  async delivery(deps, { caller, params }) {
    return deliveryView(deps, await findDelivery(deps, caller, params.id));
  },

  async runDelivery(deps, { caller, params, body }) {
    const caught = await findDelivery(deps, caller, params.id);
    const flow = await findFlow(deps, caller, caught.flowId);
    const result = await runDelivery(deps, flow, toRun(caught), body);
    if (result.kind === "refused") {
      const { problem, problems } = result;
      throw new ProblemAnswer(422, problem, problems ? { problems } : {});
    }
    return { runId: result.runId };
  },

  async keepDelivery(deps, { caller, params }) {
    const caught = await findDelivery(deps, caller, params.id);
    const flow = await findFlow(deps, caller, caught.flowId);
    const kept = toRun(caught);
    const read = readDelivery(kept);
    if (!read.ok) throw new ProblemAnswer(422, read.problem);
    // The same delivery is the same event, so that keeping it twice makes one sample.
    const event = caught.event ?? eventOf(kept, `evt_${caught.id.replace(/^\w+_/, "")}`);
    const name = `${caught.request.method} ${new Date(caught.at).toISOString().slice(0, 19).replace("T", " ")}`;
    return keepEvent(deps, flow, event, name);
  },
};

/** What reached a catch URL of the caller's workspace; what was accepted is its run. */
async function findDelivery(deps: RouteDeps, caller: Caller, id: string): Promise<Caught> {
  const found = (await deps.store.deliveries.get(id)) ?? (await deps.store.runs.get(id));
  const caught = found && found.workspaceId === caller.workspaceId ? caughtOf(found) : null;
  if (!caught) throw notFound("delivery", id);
  return caught;
}

function toRun({ id, at, request, raw, bytes }: Caught): CaughtDelivery {
  return { id, at, request, raw, bytes };
}

function rowView(row: DeliveryRow, flowName: string | undefined, mask: Mask): DeliveryRowView {
  const { id, flowId, at, verdict, problem, runId, run, method, contentType, summary, bytes, status } = row;
  return {
    id,
    flowId,
    flowName: flowName ?? "(deleted)",
    at,
    verdict,
    problem: mask.problem(problem),
    runId,
    runStatus: run,
    method,
    contentType,
    summary: mask.text(summary),
    bytes,
    status,
  };
}
