// The load generator and the sink, and one round of load on one target.

import { z } from "zod";
import { type Child, startChild } from "./child.ts";
import { type LoadOrder, LoadReport, Ready, SinkReport } from "./messages.ts";
import { cpuMs } from "./process-figures.ts";

export interface Target {
  /** In turn, when there are several. */
  urls: string[];
  headers: Record<string, string>;
  /** See `LoadOrder`. */
  sign?: LoadOrder["sign"];
  /** Null when it runs elsewhere. */
  pid: number | null;
  /** It sends what it takes on to the sink. */
  posts: boolean;
  /** How many of all it ever took have succeeded, by its own history. */
  succeeded?: () => number;
}

export type Load = { seconds: number; connections: number } & (
  | { kind: "closed" }
  | { kind: "open"; perSecond: number }
);

export interface Round {
  load: LoadReport;
  /** What had arrived when nothing more came. */
  sink: SinkReport | null;
  acceptedPerSecond: number;
  /** All of them, by the time from the first request to the last arrival. */
  finishedPerSecond: number | null;
  /** The same by the target's own history. */
  succeededPerSecond: number | null;
  /** Processor time of the target for each request that it took, until nothing was left to do. */
  cpuMsEach: number | null;
  /** From the last answer until the last arrival. */
  drainMs: number | null;
}

export interface Rig {
  sinkUrl: string;
  /** One round; gives its figures when everything that was taken has arrived. `look` is called now and then while it lasts. */
  drive(target: Target, load: Load, look?: () => void): Promise<Round>;
  close(): Promise<void>;
}

/** How long nothing may happen before what is missing counts as lost. */
const PATIENCE_MS = 8_000;
const LOOK_EVERY_MS = 40;

export async function startRig(sinkPort = 0): Promise<Rig> {
  const [load, sink] = await Promise.all([
    startChild("load.ts", z.object({})),
    startChild("sink.ts", Ready, [String(sinkPort)]),
  ]);
  let lastRound = 0;

  async function drive(target: Target, order: Load, look?: () => void): Promise<Round> {
    const round = ++lastRound;
    const before = target.succeeded?.() ?? 0;
    const cpuBefore = target.pid === null ? null : cpuMs(target.pid);
    const { urls, headers, sign } = target;
    const watching = look && setInterval(look, LOOK_EVERY_MS);
    const report = await load.child.ask({ ...order, urls, headers, sign, round }, LoadReport);
    clearInterval(watching);
    const arrived = target.posts ? await arrivals(sink.child, round, report.accepted) : null;
    const succeeded = target.succeeded;
    const succeededAt = succeeded ? await reaches(() => succeeded() - before, report.accepted) : null;
    const cpuAfter = target.pid === null ? null : cpuMs(target.pid);
    const seconds = (report.endedAt - report.startedAt) / 1000;
    const perSecond = (count: number, at: number) => (count * 1000) / (at - report.startedAt);
    return {
      load: report,
      sink: arrived,
      acceptedPerSecond: report.accepted / seconds,
      finishedPerSecond: arrived && arrived.arrived > 0 ? perSecond(arrived.arrived, arrived.lastAt) : null,
      succeededPerSecond: succeededAt && perSecond(succeededAt.count, succeededAt.at),
      cpuMsEach:
        cpuBefore === null || cpuAfter === null || report.accepted === 0
          ? null
          : (cpuAfter - cpuBefore) / report.accepted,
      drainMs: arrived && Math.max(0, arrived.lastAt - report.endedAt),
    };
  }

  return {
    sinkUrl: sink.ready.url,
    drive,
    close: async () => void (await Promise.all([load.child.close(), sink.child.close()])),
  };
}

/** Waits until as many are there as were accepted, or nothing more comes. */
async function arrivals(sink: Child, round: number, expected: number): Promise<SinkReport> {
  let last = await sink.ask({ round }, SinkReport);
  for (let quietMs = 0; last.arrived < expected && quietMs < PATIENCE_MS; ) {
    await pause(LOOK_EVERY_MS);
    const next = await sink.ask({ round }, SinkReport);
    quietMs = next.arrived > last.arrived ? 0 : quietMs + LOOK_EVERY_MS;
    last = next;
  }
  return last;
}

async function reaches(count: () => number, expected: number): Promise<{ count: number; at: number }> {
  let last = count();
  for (let quietMs = 0; last < expected && quietMs < PATIENCE_MS; ) {
    await pause(LOOK_EVERY_MS);
    const next = count();
    quietMs = next > last ? 0 : quietMs + LOOK_EVERY_MS;
    last = next;
  }
  return { count: last, at: Number(process.hrtime.bigint()) / 1e6 };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
