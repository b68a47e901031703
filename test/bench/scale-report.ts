// What the parts scale, verified and history found, as tables.

import type { HistoryFigures } from "./history.ts";
import type { ScaleFigures, Taken } from "./scale.ts";
import type { InsideFigures } from "./scale-inside.ts";
import { figure, table } from "./table.ts";
import type { VerifiedFigures } from "./verified.ts";

export function scaleTable({
  steps,
  barePosts,
  long,
  flows,
  pressure,
  planning,
  waiting,
}: ScaleFigures & InsideFigures): string {
  return [
    table([
      ["Flow of", "CPU ms each", "times one", "finished/s"],
      ...steps.map((s) => [s.name, figure(s.cpuMsPerRun), figure(s.timesOne), figure(s.finishedPerSecond)]),
      ["limit c with one post", figure(barePosts.one), figure(1), "–"],
      ["limit c with ten", figure(barePosts.ten), figure(barePosts.timesOne), "–"],
    ]),
    table([
      ["Long flows", "ms per step"],
      ...planning.map(({ name, msPerStep }) => [`planning ${name}`, figure(msPerStep)]),
      [`from beginning to end, ${long.steps} steps`, figure(long.msPerStep)],
    ]),
    table([
      ["CPU while runs wait", "100: ms", "100,000: ms", "times"],
      ...waiting.map((w) => [w.what, figure(w.msAt100), figure(w.msAt100000), figure(w.ratio)]),
    ]),
    table([
      ["Published flows", "accepted/s", "CPU ms each"],
      taken("1", flows.one),
      taken("1,000", flows.thousand),
    ]),
    table([
      ["200 connections, queue", "accepted/s", "finished/s", "503", "most behind", "drained after s", "lost"],
      ...pressure.map((p) => [
        p.cap,
        figure(p.acceptedPerSecond),
        figure(p.finishedPerSecond),
        figure(p.busy),
        figure(p.mostBehind),
        figure(p.drainMs === null ? null : p.drainMs / 1000),
        figure(p.lost),
      ]),
    ]),
  ].join("\n\n");
}

export function historyTable({ runs, gigabytes, looks, accepted }: HistoryFigures): string {
  return [
    table([
      [`History of ${figure(runs)} runs, ${figure(gigabytes)} GB`, "ms", "rows"],
      ...looks.map(({ what, ms, rows }) => [what, figure(ms), figure(rows)]),
    ]),
    table([
      ["Accepted", "per second", "CPU ms each"],
      taken("with no history", accepted.empty),
      taken("with this one", accepted.full),
    ]),
  ].join("\n\n");
}

export function verifiedTable({ open, verified }: VerifiedFigures): string {
  return table([
    ["Signed load, 50 connections", "accepted/s", "CPU ms each"],
    taken("a flow that takes everything", open),
    taken("a flow that verifies and tells duplicates", verified),
  ]);
}

function taken(name: string, { perSecond, cpuMsEach }: Taken): string[] {
  return [name, figure(perSecond), figure(cpuMsEach)];
}
