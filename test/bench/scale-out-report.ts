// The figures of several processes as tables.

import type { SideName } from "./sides.ts";
import type { Calls } from "./sides-calls.ts";
import type { Cpu, SideRound } from "./sides-round.ts";
import { median, ratio } from "./statistics.ts";
import { figure, table } from "./table.ts";

type Each<T> = Record<SideName, T>;

export interface Step {
  workers: number;
  rounds: Each<SideRound[]>;
}

export interface ServersFigures {
  machine: string;
  busyBefore: number;
  calls: Each<Calls> | null;
  steps: Step[];
  /** One process in every role, by itself. */
  one: SideRound[];
}

/** The server has to do at least this share of what the bare programs do. */
const BAR = 0.6;

export function printServers(figures: ServersFigures): void {
  const parts = [
    `${figures.machine}; other programs used ${Math.round(figures.busyBefore * 100)} % of it before.`,
    "The store is the MongoDB-compatible server of the tests, on this machine like everything else: ratios, numbers of\ncalls and our own processes' time mean something, and rates and times to the answer do not.",
    figures.calls ? callsTable(figures.calls) : "",
    figures.steps.length > 0 ? roundsTable(figures.steps, figures.one) : "",
    figures.steps.length > 0 ? ratioTable(figures.steps, figures.one) : "",
  ];
  process.stdout.write(`${parts.filter((part) => part !== "").join("\n\n")}\n`);
}

function callsTable({ ours, one, bare }: Each<Calls>): string {
  const row = (what: string, of: (calls: Calls) => number | undefined, unit = "") => [
    what,
    ...[ours, one, bare].map((calls) => figure(of(calls) ?? 0, unit)),
  ];
  const named = (kind: "store" | "redis") =>
    [...new Set([ours, one, bare].flatMap((calls) => Object.keys(calls[kind])))].map((name) =>
      row(`  ${name}`, (calls) => calls[kind][name]),
    );
  const total = (counts: Record<string, number>) => Object.values(counts).reduce((all, one) => all + one, 0);
  return table([
    [`For each run, of some ${ours.runs}`, "web and worker", "one process", "bare"],
    row("calls to the store", (calls) => total(calls.store)),
    ...named("store"),
    row("  in the background", (calls) => calls.storeBackground),
    row("calls to Redis", (calls) => total(calls.redis)),
    ...named("redis"),
    row("commands inside Redis, scripts' too", (calls) => calls.redisInside),
    row("to the store and back", ({ storeBytes: { sent, answered } }) => sent + answered, "B"),
    row("to Redis and back", ({ redisBytes: { sent, answered } }) => sent + answered, "B"),
    row("in the store, as BSON", (calls) => calls.documentBytes, "B"),
    row("in Redis, while a job waits", (calls) => calls.waitingJobBytes, "B"),
  ]);
}

function roundsTable(steps: Step[], one: SideRound[]): string {
  const row = (name: string, rounds: SideRound[]) => [
    name,
    figure(of(rounds, (r) => r.acceptedPerSecond)),
    figure(of(rounds, (r) => r.finishedPerSecond)),
    figure(of(rounds, (r) => r.ackP50Ms)),
    ...PARTS.map((part) => figure(of(rounds, ({ cpu }) => cpu?.[part]))),
    figure(rounds.reduce((sum, { lost }) => sum + lost, 0)),
    figure(rounds.reduce((sum, { repeated }) => sum + repeated, 0)),
  ];
  return table([
    [
      "1 web, and",
      "accepted/s",
      "finished/s",
      "ack p50",
      ...PARTS.map((p) => `${p} CPU ms`),
      "lost",
      "twice",
    ],
    ...steps.flatMap(({ workers, rounds }) => {
      const what = `${workers} ${workers === 1 ? "worker" : "workers"}`;
      return [row(`${what}, bare`, rounds.bare), row(`${what}, ours`, rounds.ours)];
    }),
    ...(one.length > 0 ? [row("no other: ROLE=all", one)] : []),
  ]);
}

/** Finished of ours by finished of theirs, and their processor time for a run by ours: more is better in both. */
function ratioTable(steps: Step[], one: SideRound[]): string {
  const share = (value: number | null) =>
    value === null ? "–" : `${Math.round(value * 100)} % ${value >= BAR ? "met" : "MISSED"}`;
  const row = (name: string, ours: SideRound[], bare: SideRound[]) => [
    name,
    share(ratio(finished(ours), finished(bare))),
    share(ratio(own(bare), own(ours))),
    share(ratio(all(bare), all(ours))),
  ];
  const [first] = steps;
  return table([
    [`Ours by bare, at least ${BAR * 100} %`, "finished/s", "CPU, web and workers", "CPU, everything"],
    ...steps.map(({ workers, rounds: { ours, bare } }) =>
      row(`1 web, ${workers} ${workers === 1 ? "worker" : "workers"}`, ours, bare),
    ),
    ...(first && one.length > 0 ? [row("ROLE=all, by bare's first", one, first.rounds.bare)] : []),
  ]);
}

const PARTS = ["web", "workers", "redis", "store"] as const satisfies (keyof Cpu)[];
const finished = (rounds: SideRound[]) => of(rounds, (round) => round.finishedPerSecond);
const own = (rounds: SideRound[]) => of(rounds, ({ cpu }) => cpu && cpu.web + cpu.workers);
const all = (rounds: SideRound[]) =>
  of(rounds, ({ cpu }) => cpu && cpu.web + cpu.workers + cpu.redis + cpu.store);

function of(rounds: SideRound[], figure: (round: SideRound) => number | null | undefined): number | null {
  return median(rounds.map((round) => figure(round) ?? null));
}
