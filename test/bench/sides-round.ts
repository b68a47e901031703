// One round of load on one side, with the processor time of each of its parts until nothing is left to do.

import { readdirSync, readFileSync } from "node:fs";
import { cpuMs } from "./process-figures.ts";
import { pause, type Rig } from "./rig.ts";
import type { Side } from "./sides.ts";

/** Processor time for each run, in milliseconds. */
export interface Cpu {
  web: number;
  workers: number;
  store: number;
  redis: number;
}

export interface SideRound {
  accepted: number;
  acceptedPerSecond: number;
  finishedPerSecond: number | null;
  ackP50Ms: number | null;
  ackP99Ms: number | null;
  cpu: Cpu | null;
  /** Taken, and not succeeded when nothing moved any more. */
  lost: number;
  /** Requests at the sink that had been there before. */
  repeated: number;
}

/** Processes that neither side owns. */
export interface Around {
  store: number;
  redis: number;
}

const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 250;

export async function driveSide(
  rig: Rig,
  side: Side,
  around: Around,
  load: { seconds: number; connections: number },
): Promise<SideRound> {
  await side.empty();
  const before = cpuOf(side, around);
  const { load: report, sink, ...round } = await rig.drive(side.target, { kind: "closed", ...load });
  const succeeded = await untilSucceeded(side, report.accepted);
  const after = cpuOf(side, around);
  const each = (part: keyof Cpu) => (after[part] - before[part]) / report.accepted;
  return {
    accepted: report.accepted,
    acceptedPerSecond: round.acceptedPerSecond,
    finishedPerSecond: round.finishedPerSecond,
    ackP50Ms: report.ackP50Ms,
    ackP99Ms: report.ackP99Ms,
    cpu:
      report.accepted === 0
        ? null
        : { web: each("web"), workers: each("workers"), store: each("store"), redis: each("redis") },
    lost: report.accepted - succeeded,
    repeated: sink ? sink.requests - sink.arrived : 0,
  };
}

/** The compatible server looks through all of them to count some: so it is not asked often. */
async function untilSucceeded(side: Side, expected: number): Promise<number> {
  let last = await side.succeeded();
  for (let quietMs = 0; last < expected && quietMs < PATIENCE_MS; ) {
    await pause(LOOK_EVERY_MS);
    const next = await side.succeeded();
    quietMs = next > last ? 0 : quietMs + LOOK_EVERY_MS;
    last = next;
  }
  return last;
}

function cpuOf(side: Side, around: Around): Cpu {
  const of = (pids: number[]) => pids.reduce((sum, pid) => sum + (cpuMs(pid) ?? 0), 0);
  return {
    web: of([side.webPid]),
    workers: of(side.workerPids()),
    store: of([around.store]),
    redis: of([around.redis]),
  };
}

/** The process that this one started and whose command line has this in it. */
export function childCalled(name: string): number {
  const children = readdirSync("/proc/self/task").flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, "utf8").split(" ").filter(Boolean),
  );
  const pid = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(name));
  if (pid === undefined) throw new Error(`No child of this process has “${name}” in its command line.`);
  return Number(pid);
}
