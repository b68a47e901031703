// The real program with its owner signed in, as the faults of the network and of payloads need it.

import type { Graph } from "../../shared/graph.ts";
import { type Client, signIn } from "../kit/api.ts";
import { FLOOD_SETTINGS, letFloodIn } from "../kit/flood.ts";
import { OWNER, type Program, startProgram } from "../kit/process.ts";

export interface Scene {
  program: Program;
  client: Client;
  port: number;
  /** Makes the flow and publishes it. */
  publish(name: string, graph: Graph): Promise<PublishedFlow>;
  /** How many runs the flow has, whatever became of them. */
  countRuns(flowId: string): Promise<number>;
  close(): Promise<void>;
}

export interface PublishedFlow {
  id: string;
  catchUrl: string;
  /** The catch URL without the origin, as it stands in a request line. */
  path: string;
}

export async function startScene(settings: Record<string, string> = {}): Promise<Scene> {
  const program = await startProgram({ ...FLOOD_SETTINGS, ...settings });
  const client = await signIn(program.url, OWNER.email, OWNER.password);
  return {
    program,
    client,
    port: Number(new URL(program.url).port),
    async publish(name, graph) {
      const { id } = await client("createFlow", { body: { name, graph } });
      await letFloodIn(client, id);
      const { catchUrl } = await client("publishFlow", { params: { id }, body: {} });
      return { id, catchUrl, path: new URL(catchUrl).pathname };
    },
    async countRuns(flowId) {
      let count = 0;
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page: { items: unknown[]; next: string | null } = await client("runs", {
          query: { flowId, limit: 200, ...(cursor ? { cursor } : {}) },
        });
        count += page.items.length;
        cursor = page.next;
      }
      return count;
    },
    close: () => program.close(),
  };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
