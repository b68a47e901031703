// Finds a flow for a caller.

import type { Flow } from "../../shared/flow.ts";
import type { Caller } from "./caller.ts";
import type { RouteDeps } from "./deps.ts";
import { notFound } from "./problem.ts";

/** A flow of the caller's workspace; one of another is as unknown as one that does not exist. */
export async function findFlow(deps: RouteDeps, caller: Caller, id: string): Promise<Flow> {
  const flow = await deps.store.flows.get(id);
  if (flow?.workspaceId !== caller.workspaceId) throw notFound("flow", id);
  return flow;
}
