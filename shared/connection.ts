// A connection is a person's credentials for a connector: sealed where they are stored, never shown again.

import { z } from "zod";

/** As stored. Times are milliseconds since 1970. */
export interface Connection {
  id: string;
  workspaceId: string;
  connectorId: string;
  name: string;
  /** Sealed by the vault: everything the form asked for. */
  sealed: string;
  /** What may be shown of it: plain fields as they are, secrets as "••••" and their last four characters. */
  shown: Record<string, string>;
  createdAt: number;
  updatedAt: number;
}

/** As the API gives it. */
export const ConnectionView = z
  .object({
    id: z.string(),
    connectorId: z.string(),
    name: z.string(),
    shown: z.record(z.string(), z.string()),
    createdAt: z.number(),
    updatedAt: z.number(),
    usedBy: z
      .array(z.object({ flowId: z.string(), name: z.string() }))
      .describe("the flows whose draft or live version uses it"),
  })
  .meta({ id: "Connection" });
export type ConnectionView = z.infer<typeof ConnectionView>;
