// What most faults begin with: the program, a target with its ledger, the load's ledger, and a published flow.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Graph } from "../../shared/graph.ts";
import { type Client, signIn } from "../kit/api.ts";
import { FLOOD_SETTINGS, letFloodIn } from "../kit/flood.ts";
import type { StepChange } from "../kit/graph.ts";
import { OWNER, type Program, startProgram } from "../kit/process.ts";
import { type Called, type Ledger, openLedger, type Sent } from "./ledger.ts";
import { startTarget, type Target } from "./load.ts";

export interface Stage {
  program: Program;
  target: Target;
  sent: Ledger<Sent>;
  called: Ledger<Called>;
  client: Client;
  /** Publishes one more flow; gives where it is reached. */
  publish(graph: Graph): Promise<{ id: string; catchUrl: string }>;
  /** Ends everything and removes what it left on disk. */
  close(): Promise<void>;
}

/** Starts the program with these settings, and everything around it. */
export async function setStage(settings: Record<string, string> = {}, flags: string[] = []): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "flowcatch-fault-"));
  const sent = openLedger<Sent>(join(folder, "sent.jsonl"));
  const called = openLedger<Called>(join(folder, "called.jsonl"));
  const target = await startTarget(called);
  const program = await startProgram({ ...FLOOD_SETTINGS, ...settings }, flags).catch(async (error) => {
    await target.close();
    throw error;
  });
  const client = await signIn(program.url, OWNER.email, OWNER.password);
  return {
    program,
    target,
    sent,
    called,
    client,
    async publish(graph) {
      const { id } = await client("createFlow", { body: { name: "Under load", graph } });
      await letFloodIn(client, id);
      const { catchUrl } = await client("publishFlow", { params: { id }, body: {} });
      return { id, catchUrl };
    },
    async close() {
      await program.close();
      await target.close();
      await Promise.all([sent.close(), called.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A step that posts the event's id to the target. */
export function callStep(target: Target, path: string, more: StepChange = {}): StepChange {
  return {
    uses: "http.request",
    input: {
      method: "POST",
      url: `${target.url}/${path}`,
      bodyType: "json",
      json: { id: "{{trigger.body.id}}" },
    },
    ...more,
  };
}
