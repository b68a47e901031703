// What has to cost the same however much there is, measured inside one process: planning a long flow, and looking for
// work among many runs that wait.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAddressGuard } from "../../server/adapters/address-guard.ts";
import { createGuardedHttp } from "../../server/adapters/guarded-http.ts";
import { createMemoryBus } from "../../server/adapters/memory-bus.ts";
import { createSmtpMailer } from "../../server/adapters/smtp-mailer.ts";
import { openSqliteFile } from "../../server/adapters/sqlite-file.ts";
import { createSqliteQueue } from "../../server/adapters/sqlite-queue.ts";
import { createSqliteStore } from "../../server/adapters/sqlite-store.ts";
import { createSystemClock } from "../../server/adapters/system-clock.ts";
import type { EngineDeps } from "../../server/engine/deps.ts";
import { begin, load, plan, settle } from "../../server/engine/plan.ts";
import { shapeOf } from "../../server/engine/shape.ts";
import { createShapes } from "../../server/engine/shapes.ts";
import { sweep } from "../../server/engine/sweep.ts";
import { createVault, newVaultKey } from "../../server/vault.ts";
import type { Graph } from "../../shared/graph.ts";
import { graph } from "../kit/graph.ts";
import { orderText } from "./order.ts";
import { runAt, stepAt } from "./rows.ts";
import { median, ratio } from "./statistics.ts";

export interface InsideFigures {
  planning: { name: string; msPerStep: number }[];
  waiting: { what: string; msAt100: number; msAt100000: number | null; ratio: number | null }[];
}

export async function measureInside(): Promise<InsideFigures> {
  const few = await amongWaiting(100);
  const many = await amongWaiting(100_000);
  const planning = [
    { name: "300 steps, one after another", made: chainOf(300) },
    { name: "300 steps side by side", made: fanOf(300) },
  ].map(({ name, made }) => ({ name, msPerStep: planningCost(made) }));
  const waiting = Object.entries(few).map(([what, msAt100]) => {
    const msAt100000 = many[what] ?? null;
    return { what, msAt100, msAt100000, ratio: ratio(msAt100000, msAt100) };
  });
  return { planning, waiting };
}

function chainOf(steps: number): Graph {
  return graph(["trigger", ...Array.from({ length: steps }, (_, i) => `s${i}`)].join(" -> "));
}

function fanOf(steps: number): Graph {
  return graph(Array.from({ length: steps }, (_, i) => `trigger -> s${i} -> join`).join(";"));
}

/** Milliseconds of planning for each step that ends, when they end one at a time. */
function planningCost(made: Graph): number {
  const shape = shapeOf(made);
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now();
    const state = load(shape, []);
    const under: string[] = [];
    let ended = 0;
    for (let next = plan(state, 0); next.verdict === null; next = plan(state, 0)) {
      for (const { path } of next.ready) {
        begin(state, path);
        under.push(path);
      }
      const path = under.shift();
      if (path === undefined) throw new Error("The plan comes to no end.");
      settle(state, [stepAt(0, path)]);
      ended++;
    }
    return (performance.now() - began) / ended;
  });
  return median(times) ?? 0;
}

/** The cost of each duty while so many runs wait for a time far away. */
async function amongWaiting(count: number): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), "flowcatch-bench-"));
  const file = openSqliteFile(folder);
  const store = createSqliteStore(file);
  const clock = createSystemClock();
  const queue = createSqliteQueue(file, clock);
  const guard = createAddressGuard({ allow: [] });
  const http = createGuardedHttp({ guard, clock });
  const quiet = () => {};
  const deps: EngineDeps = {
    store,
    queue,
    bus: createMemoryBus(),
    clock,
    http,
    mailer: createSmtpMailer({ guard }),
    vault: createVault(newVaultKey()),
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  };
  try {
    const body = Buffer.from(orderText({ round: 1, number: 1, dueAt: 1 }));
    const now = clock.now();
    const wakeAt = now + 3_600_000;
    for (let made = 0; made < count; made += 1_000) {
      const portion = Array.from({ length: Math.min(1_000, count - made) }, () =>
        runAt(now - 3_600_000, body, { status: "waiting", wakeAt }),
      );
      await Promise.all(
        portion.flatMap((run) => [
          store.runs.accept(run),
          queue.push({ id: `advance:${run.id}:1`, kind: "advance", ref: run.id, dueAt: wakeAt }),
        ]),
      );
    }
    const done = new Map<string, () => void>();
    queue.work(["advance"], async (job) => done.get(job.ref)?.(), { concurrency: 20 });
    const shapes = createShapes(store);
    let number = 0;
    return {
      "a sweep": await costOf(100, () => sweep({ ...deps, shapeOf: shapes })),
      "accepting and claiming a run": await costOf(300, async () => {
        const run = runAt(clock.now(), body);
        await store.runs.accept(run);
        const claim = await store.runs.claim(run.id, clock.now(), clock.now() + 30_000);
        if (!claim) throw new Error("A new run could not be claimed.");
        const end = { status: "succeeded" as const, finishedAt: clock.now() };
        await store.runs.record(run.id, claim.run.fence, { run: end });
      }),
      "pushing a job until it is handled": await costOf(300, () => {
        const ref = `run_${number++}`;
        const { promise, resolve } = Promise.withResolvers<void>();
        done.set(ref, resolve);
        void queue.push({ id: `advance:${ref}:0`, kind: "advance", ref, dueAt: clock.now() });
        return promise;
      }),
    };
  } finally {
    await queue.close(1_000);
    await http.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Processor time of each: how long the disk takes, and what else the machine does, is left out. */
async function costOf(times: number, what: () => Promise<unknown>): Promise<number> {
  for (let i = 0; i < times / 10; i++) await what(); // warming up
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) await what();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / times;
}
