// A flow is a named automation: one draft that is being edited, and published versions that never change.

import { z } from "zod";
import { Graph } from "./graph.ts";

export const FlowStatus = z.enum([
  /** never published: what reaches its catch URL is kept as a sample */
  "draft",
  "live",
  /** published and switched off: what reaches its catch URL is kept as a sample */
  "paused",
]);
export type FlowStatus = z.infer<typeof FlowStatus>;

/** Times are milliseconds since 1970. */
export const Flow = z
  .object({
    id: z.string(),
    workspaceId: z.string(),
    name: z.string().min(1).max(200),
    draft: Graph,
    revision: z.number().int().describe("goes up with every save of the draft; a save names the one it read"),
    status: FlowStatus,
    liveVersionId: z.string().nullable().describe("the version that new events run through"),
    catchKey: z.string().describe("the secret part of the catch URL"),
    createdAt: z.number(),
    updatedAt: z.number(),
  })
  .meta({ id: "Flow" });
export type Flow = z.infer<typeof Flow>;

export const Version = z
  .object({
    id: z.string(),
    workspaceId: z.string(),
    flowId: z.string(),
    number: z.number().int().describe("1, 2, 3 … within its flow"),
    graph: Graph,
    note: z.string().max(500),
    createdAt: z.number(),
  })
  .meta({ id: "Version" });
export type Version = z.infer<typeof Version>;
