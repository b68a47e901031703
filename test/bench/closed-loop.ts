// Closed loop: every connection asks again as soon as it is answered. All targets take turns, so that what else the
// machine does falls on all alike.

import type { Load, Rig, Round, Target } from "./rig.ts";
import { median } from "./statistics.ts";

export interface ClosedFigures {
  acceptedPerSecond: number | null;
  finishedPerSecond: number | null;
  succeededPerSecond: number | null;
  ackP50Ms: number | null;
  ackP99Ms: number | null;
  sinkP50Ms: number | null;
  sinkP99Ms: number | null;
  cpuMsEach: number | null;
  drainMs: number | null;
}

export interface Rounds {
  figures: ClosedFigures;
  rounds: Round[];
}

export async function closedLoop(
  rig: Rig,
  targets: Map<string, Target>,
  {
    rounds,
    seconds,
    connections,
    warmSeconds,
    warmEvents = Number.POSITIVE_INFINITY,
    againSeconds,
  }: {
    rounds: number;
    seconds: number;
    connections: number;
    /** For so long at most, or until it took so many events, what has just started is not counted. */
    warmSeconds: number;
    warmEvents?: number;
    /** Before each round, not counted either. */
    againSeconds: number;
  },
): Promise<Map<string, Rounds>> {
  const load: Load = { kind: "closed", seconds, connections };
  const all = new Map([...targets.keys()].map((name): [string, Round[]] => [name, []]));
  const part = Number.isFinite(warmEvents) ? 1 : warmSeconds;
  for (const target of targets.values()) {
    let taken = 0;
    for (let left = warmSeconds; left > 0 && taken < warmEvents; left -= part)
      taken += (await rig.drive(target, { ...load, seconds: part })).load.accepted;
  }
  for (let i = 0; i < rounds; i++)
    for (const [name, target] of targets) {
      if (againSeconds > 0) await rig.drive(target, { ...load, seconds: againSeconds });
      all.get(name)?.push(await rig.drive(target, load));
    }
  return new Map([...all].map(([name, list]) => [name, { figures: medians(list), rounds: list }]));
}

function medians(rounds: Round[]): ClosedFigures {
  const of = (figure: (round: Round) => number | null | undefined) =>
    median(rounds.map((round) => figure(round) ?? null));
  return {
    acceptedPerSecond: of((r) => r.acceptedPerSecond),
    finishedPerSecond: of((r) => r.finishedPerSecond),
    succeededPerSecond: of((r) => r.succeededPerSecond),
    ackP50Ms: of((r) => r.load.ackP50Ms),
    ackP99Ms: of((r) => r.load.ackP99Ms),
    sinkP50Ms: of((r) => r.sink?.p50Ms),
    sinkP99Ms: of((r) => r.sink?.p99Ms),
    cpuMsEach: of((r) => r.cpuMsEach),
    drainMs: of((r) => r.drainMs),
  };
}
