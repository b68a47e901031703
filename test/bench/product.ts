// The server that is measured: the real program on a folder of its own, with one flow published.

import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Graph } from "../../shared/graph.ts";
import { type Client, signIn } from "../kit/api.ts";
import { FLOOD_SETTINGS, letFloodIn } from "../kit/flood.ts";
import { graph } from "../kit/graph.ts";
import { OWNER, type Program, startProgram } from "../kit/process.ts";
import { ORDER_HEADERS } from "./order.ts";
import type { Target } from "./rig.ts";

export interface Product {
  program: Program;
  client: Client;
  target: Target;
  /** Of everything in its folder. */
  bytesOnDisk(): number;
  close(): Promise<void>;
}

export async function startProduct(made: Graph, settings: Record<string, string> = {}): Promise<Product> {
  const program = await startProgram({ ...FLOOD_SETTINGS, ...settings });
  const tidyUp = () => {
    void program.kill(); // the signal goes out at once, and nothing after that is waited for
    rmSync(program.folder, { recursive: true, force: true });
  };
  process.on("exit", tidyUp);
  const close = () => {
    process.off("exit", tidyUp);
    return program.close();
  };
  try {
    const client = await signIn(program.url, OWNER.email, OWNER.password);
    const { catchUrl } = await publish(client, "Orders", made);
    return {
      program,
      client,
      target: {
        urls: [catchUrl],
        headers: ORDER_HEADERS,
        get pid() {
          return program.pid();
        },
        posts: true,
        succeeded: () => countRuns(program.folder).get("succeeded") ?? 0,
      },
      bytesOnDisk: () => bytesIn(program.folder),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

export async function publish(client: Client, name: string, made: Graph) {
  const { id } = await client("createFlow", { body: { name, graph: made } });
  await letFloodIn(client, id);
  return client("publishFlow", { params: { id }, body: {} });
}

/** Catch an order, take six values out of it, send them on. */
export function orderGraph(sinkUrl: string): Graph {
  return graph("trigger -> map -> send", { map: mapStep(), send: sendStep(sinkUrl, "map") });
}

export function mapStep() {
  const values = {
    order: "{{trigger.body.name}}",
    email: "{{trigger.body.email | lower}}",
    total: "{{trigger.body.current_total_price | number}}",
    currency: "{{trigger.body.currency}}",
    "customer.name": "{{trigger.body.customer.first_name}}",
    mark: "{{trigger.body.cart_token}}",
  };
  const fields = Object.entries(values).map(([name, value]) => ({ name, value }));
  return { uses: "logic.setFields", input: { fields } };
}

export function sendStep(sinkUrl: string, from: string) {
  return {
    uses: "http.request",
    input: { method: "POST", url: sinkUrl, bodyType: "json", json: `{{${from}}}` },
  };
}

/** How many runs are in each status. Looks past the server into its database, so that asking costs it nothing. */
export function countRuns(folder: string): Map<string, number> {
  const database = new DatabaseSync(join(folder, "flowcatch.db"), { readOnly: true, timeout: 2_000 });
  try {
    const rows = database.prepare("SELECT status, count(*) AS runs FROM runs GROUP BY status").all();
    return new Map(rows.map(({ status, runs }) => [String(status), Number(runs)]));
  } finally {
    database.close();
  }
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
