// A million runs that ended: the list, its filters and opening one stay quick, and accepting stays what it was.

import { openSqliteFile } from "../../server/adapters/sqlite-file.ts";
import { createSqliteStore } from "../../server/adapters/sqlite-store.ts";
import { DEFAULT_WORKSPACE } from "../../server/workspace.ts";
import type { QueryOf } from "../../shared/api.ts";
import type { RunStatus } from "../../shared/run.ts";
import { orderText } from "./order.ts";
import { orderGraph, type Product, startProduct } from "./product.ts";
import type { Rig } from "./rig.ts";
import { runAt, stepAt } from "./rows.ts";
import { inTurn, NOTHING, signInAgain, type Taken } from "./scale.ts";
import { median, ratio } from "./statistics.ts";

export interface HistoryFigures {
  runs: number;
  gigabytes: number;
  looks: { what: string; ms: number | null; rows: number }[];
  accepted: { empty: Taken; full: Taken; ratio: number | null };
}

const KEEP = { RETENTION: "3650d" };
const STATUSES: RunStatus[] = ["succeeded", "succeeded", "succeeded", "succeeded", "failed"];
const PORTION = 2_000;
const APART_MS = 1_000;

export async function measureHistory(
  rig: Rig,
  runs: number,
  progress: (what: string) => void,
): Promise<HistoryFigures> {
  const made = orderGraph(rig.sinkUrl);
  const [empty, full] = [await startProduct(made, KEEP), await startProduct(made, KEEP)];
  try {
    await fill(full, runs, progress);
    const gigabytes = full.bytesOnDisk() / 1e9;
    const looks = await lookAround(full, runs);
    // Counting a million runs while the load lasts would be a load of its own.
    delete empty.target.succeeded;
    delete full.target.succeeded;
    const [without = NOTHING, withAll = NOTHING] = await inTurn(rig, [empty.target, full.target]);
    const accepted = { empty: without, full: withAll, ratio: ratio(withAll.perSecond, without.perSecond) };
    return { runs, gigabytes, looks, accepted };
  } finally {
    await empty.close();
    await full.close();
  }
}

/** Puts them into the folder while the server is off: with two steps each, a second apart, the last one just now. */
async function fill(product: Product, runs: number, progress: (what: string) => void): Promise<void> {
  const flow = (await product.client("flows")).items[0];
  const [version] = flow ? (await product.client("versions", { params: { id: flow.id } })).items : [];
  if (!flow || !version) throw new Error("There is no flow to fill the history of.");
  await product.program.terminate();
  const store = createSqliteStore(openSqliteFile(product.program.folder));
  try {
    const began = Date.now() - runs * APART_MS;
    for (let made = 0; made < runs; made += PORTION) {
      const writes = Array.from({ length: Math.min(PORTION, runs - made) }, async (_, i) => {
        const number = made + i;
        const at = began + number * APART_MS;
        const run = runAt(at, Buffer.from(orderText({ round: 0, number, dueAt: 0 })), {
          workspaceId: DEFAULT_WORKSPACE,
          flowId: flow.id,
          versionId: version.id,
          status: "running",
        });
        await store.runs.accept(run);
        const status = number % 50_000 === 7 ? "canceled" : (STATUSES[number % STATUSES.length] ?? "failed");
        await store.runs.record(run.id, run.fence, {
          steps: [stepAt(at, "map"), stepAt(at + 5, "send")],
          run: { status, finishedAt: at + 20 },
        });
      });
      await Promise.all(writes);
      if (made % 100_000 === 0 && made > 0) progress(`history: ${made} runs`);
    }
  } finally {
    await store.close();
  }
  await product.program.restart();
}

async function lookAround(product: Product, runs: number): Promise<HistoryFigures["looks"]> {
  const client = await signInAgain(product);
  const flowId = (await client("flows")).items[0]?.id;
  const middle = Date.now() - (runs / 2) * APART_MS;
  const queries: Record<string, QueryOf<"runs">> = {
    "the newest": {},
    "of the flow": { ...(flowId ? { flowId } : {}) },
    failed: { status: "failed" },
    "a rare status": { status: "canceled" },
    "a minute in the middle": { from: Math.round(middle), to: Math.round(middle + 60_000) },
    "a text that many have": { text: "lovelace" },
    "a text that none has": { text: "nowhere to be found" },
  };
  const looks: HistoryFigures["looks"] = [];
  let id = "";
  for (const [what, query] of Object.entries(queries)) {
    let rows = 0;
    const ms = await timed(async () => {
      const { items } = await client("runs", { query });
      rows = items.length;
      id = items[0]?.id ?? id;
    });
    looks.push({ what: `list: ${what}`, ms, rows });
  }
  looks.push({ what: "open a run", ms: await timed(() => client("run", { params: { id } })), rows: 1 });
  looks.push({ what: "all flows", ms: await timed(() => client("flows")), rows: 1 });
  return looks;
}

/** The median of seven; the first one, which may have to read the disk, counts like the others. */
async function timed(look: () => Promise<unknown>): Promise<number | null> {
  const times: number[] = [];
  for (let i = 0; i < 7; i++) {
    const began = performance.now();
    await look();
    times.push(performance.now() - began);
  }
  return median(times);
}
