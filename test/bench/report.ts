// The figures as a table with the bars, and as JSON.

import { LIMITS, type LimitName } from "./limits.ts";
import type { Figures } from "./measure.ts";
import type { Round } from "./rig.ts";
import { historyTable, scaleTable, verifiedTable } from "./scale-report.ts";
import { ratio, round } from "./statistics.ts";
import { figure, table } from "./table.ts";

export function printFigures(figures: Figures): void {
  const parts = [
    machineLine(figures),
    closedTable(figures),
    openTable(figures),
    restTable(figures),
    figures.scale ? scaleTable(figures.scale) : "",
    figures.verified ? verifiedTable(figures.verified) : "",
    figures.history ? historyTable(figures.history) : "",
    barsTable(figures),
  ];
  process.stdout.write(`${parts.filter((part) => part !== "").join("\n\n")}\n`);
}

function machineLine({ machine, busyBefore, noDisk }: Figures): string {
  const share = Math.round(busyBefore * 100);
  const warning = share > 15 ? `: other programs use ${share} % of it, so the figures are too low` : "";
  const disk = noDisk
    ? "\nTemporary files are in memory here: set TMPDIR to a folder on a disk, or writing costs nothing."
    : "";
  return `${machine}${warning}${disk}`;
}

function closedTable({ closed, limits }: Figures): string {
  const rows: [string, typeof closed][] = [];
  for (const name of ["a", "b", "c"] satisfies LimitName[]) rows.push([LIMITS[name], limits?.[name] ?? null]);
  rows.push(["ours", closed]);
  if (rows.every(([, figures]) => figures === null)) return "";
  const head = [
    "Closed loop, 50 connections",
    "accepted/s",
    "finished/s",
    "succeeded/s",
    "ack p50",
    "p99 ms",
    "send→sink p50",
    "p99 ms",
    "CPU ms each",
  ];
  return table([
    head,
    ...rows.map(([name, f]) => [
      name,
      figure(f?.acceptedPerSecond),
      figure(f?.finishedPerSecond),
      figure(f?.succeededPerSecond),
      figure(f?.ackP50Ms),
      figure(f?.ackP99Ms),
      figure(f?.sinkP50Ms),
      figure(f?.sinkP99Ms),
      figure(f?.cpuMsEach),
    ]),
  ]);
}

function openTable({ open, besideHalf }: Figures): string {
  if (!open) return "";
  const row = (perSecond: number, round: Round, note: string) => [
    figure(perSecond),
    figure(round.load.ackP50Ms),
    figure(round.load.ackP99Ms),
    figure(round.sink?.p50Ms),
    figure(round.sink?.p99Ms),
    figure(round.cpuMsEach),
    note,
  ];
  const { half } = open;
  const { same, own, ownPerSecond } = besideHalf ?? { same: null, own: null, ownPerSecond: 0 };
  return table([
    ["Open loop, sent/s", "ack p50", "p99 ms", "send→sink p50", "p99 ms", "CPU ms each", ""],
    ...open.steps.map(({ perSecond, round, why }) => row(perSecond, round, why ?? "sustained")),
    ...(half ? [row(half.perSecond, half.round, "half")] : []),
    ...(half && same ? [row(half.perSecond, same, "limit b, same rate")] : []),
    ...(own ? [row(ownPerSecond, own, "limit b, half of its own")] : []),
  ]);
}

function restTable(figures: Figures): string {
  const { cold, memory, bytesPerRun, payloadBytes, accepted, succeeded, repeated } = figures;
  const rows: string[][] = [];
  if (memory) {
    rows.push(["Memory idle", figure(memory.idleMb, "MB")]);
    rows.push(["Memory at most", figure(memory.peakMb, "MB")]);
    rows.push(["Memory after the load", figure(memory.afterMb, "MB")]);
  }
  if (bytesPerRun !== null)
    rows.push([`Disk per run, above its ${payloadBytes} bytes`, figure(bytesPerRun, "B")]);
  if (cold) rows.push(["Cold start", figure(cold.medianMs, "ms")]);
  if (accepted !== null) {
    const counts = [accepted, succeeded, repeated].map((count) => figure(count));
    rows.push(["Accepted, succeeded, arrived twice", counts.join(", ")]);
  }
  const byCpu = shareByCpu(figures);
  if (byCpu !== null) rows.push(["CPU of c, times ours (holds on a busy machine, too)", figure(byCpu)]);
  return rows.length > 0 ? table(rows) : "";
}

function shareByCpu({ closed, limits }: Figures): number | null {
  return ratio(limits?.c.cpuMsEach ?? null, closed?.cpuMsEach ?? null);
}

interface Bar {
  what: string;
  value: number | null;
  bar: number | null;
  unit: string;
  /** `least`: the value must not be below; `most`: not above. */
  is: "least" | "most";
}

export function bars(figures: Figures): Bar[] {
  const { closed, limits, open, cold, memory, bytesPerRun, lost } = figures;
  const times = (value: number | null | undefined, factor: number) =>
    value === null || value === undefined ? null : value * factor;
  const all: Bar[] = [
    bar("finished/s, 60 % of c", closed?.finishedPerSecond, "least", times(limits?.c.finishedPerSecond, 0.6)),
    bar(
      "finished/s, a tenth of a",
      closed?.finishedPerSecond,
      "least",
      times(limits?.a.acceptedPerSecond, 0.1),
    ),
    bar(
      "ack p50 at half the sustained rate, twice b's at half of its own",
      open?.half?.round.load.ackP50Ms,
      "most",
      times(figures.besideHalf?.own?.load.ackP50Ms ?? null, 2),
      "ms",
    ),
    bar("ack p99 at half the sustained rate", open?.half?.round.load.ackP99Ms, "most", 15, "ms"),
    bar("cold start", cold?.medianMs, "most", 1_000, "ms"),
    bar("memory idle", memory?.idleMb, "most", 120, "MB"),
    bar("memory after the load, 1.5 times idle", memory?.afterMb, "most", times(memory?.idleMb, 1.5), "MB"),
    bar("disk per run above the payload", bytesPerRun, "most", 3_072, "B"),
    bar("accepted and not succeeded", lost, "most", 0),
    ...limitsOfScale(figures),
  ];
  return all.filter(({ value, bar }) => value !== null && bar !== null);
}

function bar(
  what: string,
  value: number | null | undefined,
  is: Bar["is"],
  limit: number | null,
  unit = "",
): Bar {
  return { what, value: value ?? null, bar: limit, unit, is };
}

function isMet({ value, bar, is }: Bar): boolean {
  if (value === null || bar === null) return false;
  return is === "least" ? value >= bar : value <= bar;
}

function limitsOfScale({ scale, verified, history }: Figures): Bar[] {
  const all: Bar[] = [];
  const [, mixed, posts] = scale?.steps ?? [];
  if (mixed) all.push(bar(`CPU of ${mixed.name}, times one step`, mixed.timesOne, "most", 4));
  // without an engine, ten posts already cost more than four times one
  if (posts) {
    const timesBare = ratio(posts.timesOne, scale?.barePosts.timesOne ?? null);
    all.push(bar(`CPU of ${posts.name}, times one step, by limit c's`, timesBare, "most", 1.5));
  }
  for (const { name, msPerStep } of scale?.planning ?? [])
    all.push(bar(`planning ${name}, each`, msPerStep, "most", 2, "ms"));
  for (const one of scale?.waiting ?? [])
    all.push(bar(`${one.what} while 100,000 wait, times 100`, one.ratio, "most", 1.5));
  if (scale) {
    all.push(bar("accepted/s with 1,000 flows, times one flow", scale.flows.ratio, "least", 0.9));
    for (const one of scale.pressure) {
      all.push(bar(`lost under pressure, queue ${one.cap}`, one.lost, "most", 0));
    }
  }
  if (verified) all.push(bar("accepted/s verified, times not verified", verified.ratio, "least", 0.9));
  for (const { what, ms } of history?.looks ?? []) all.push(bar(what, ms, "most", 100, "ms"));
  if (history) {
    all.push(bar("accepted/s with a full history, times empty", history.accepted.ratio, "least", 0.9));
  }
  return all;
}

function barsTable(figures: Figures): string {
  const rows = bars(figures).map((one) => [
    one.what,
    figure(one.value, one.unit),
    `${one.is === "least" ? "≥" : "≤"} ${figure(one.bar, one.unit)}`,
    isMet(one) ? "met" : "MISSED",
  ]);
  return rows.length > 0 ? table([["Bars", "is", "bar", ""], ...rows]) : "";
}

export function toJson(figures: Figures) {
  const { closed, limits, open, cold, memory, bytesPerRun, rounds, ...rest } = figures;
  const half = open?.half?.round.load;
  return {
    ours: {
      finishedPerSecond: round(closed?.finishedPerSecond ?? null),
      sustainedPerSecond: open?.sustainedPerSecond ?? null,
      ackP50Ms: round(half?.ackP50Ms ?? null, 2),
      ackP99Ms: round(half?.ackP99Ms ?? null, 2),
      cpuMsPerRun: round(closed?.cpuMsEach ?? null, 3),
      rssMb: round(memory?.idleMb ?? null, 1),
      bytesPerRun: round(bytesPerRun),
      coldStartMs: round(cold?.medianMs ?? null),
    },
    limits: {
      a: round(limits?.a.acceptedPerSecond ?? null),
      b: round(limits?.b.acceptedPerSecond ?? null),
      c: round(limits?.c.finishedPerSecond ?? null),
    },
    ratioToC: round(ratio(closed?.finishedPerSecond ?? null, limits?.c.finishedPerSecond ?? null), 3),
    details: {
      ...rest,
      ratioToCByCpu: round(shareByCpu(figures), 3),
      closed,
      limits,
      open,
      cold,
      memory,
      rounds,
      bars: bars(figures).map((one) => ({ ...one, met: isMet(one) })),
    },
  };
}
