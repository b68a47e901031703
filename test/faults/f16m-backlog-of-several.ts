// F16m: events come in at several web processes while every worker is off; then the workers come back.

import { graph } from "../kit/graph.ts";
import { answerMarks } from "./answer-marks.ts";
import { checkRuns, joinReports } from "./checker.ts";
import type { Fault, FaultOptions, FaultReport } from "./fault.ts";
import type { Sent } from "./ledger.ts";
import { percentile } from "./measures.ts";
import { type SeveralStage, setSeveralStage } from "./several-stage.ts";
import { callStep } from "./stage.ts";

const SENDERS = 16;
/** Each web process counts anew every second, and knows of what the others took only then; and a look takes time. */
const COUNTED_MS = 3_000;
const FULL = { events: 25_000, cap: 20_000 };
/** The small MongoDB of the tests goes through all runs for every list and count: there a list has only to come. */
const LIST_P95_MS = process.env.MONGO_URL ? 300 : 10_000;
/** And each of them keeps it busy for as long. */
const LOOK_EVERY_MS = { full: 5_000, short: 500 };

export const fault: Fault = {
  id: "F16m",
  title:
    "With all workers off, web processes take a backlog up to the cap and then say 503; the workers that come back drain it.",
  fast: true,
  run,
};

async function run({ full, say }: FaultOptions): Promise<FaultReport> {
  const { events, cap } = full ? FULL : { events: 2_000, cap: 1_000 };
  const stage = await setSeveralStage({ workers: 0, settings: { QUEUE_CAP: String(cap) } });
  try {
    const { target, sent, called, reader } = stage;
    const flow = await stage.publish(graph("trigger -> one", { one: callStep(target, "one") }));
    const lookEveryMs = full ? LOOK_EVERY_MS.full : LOOK_EVERY_MS.short;
    const list = watchList(stage, lookEveryMs);
    const from = performance.now();
    const load = stage.send(flow, { senders: SENDERS, total: events });
    await load.done;
    const takenSeconds = (performance.now() - from) / 1_000;
    const backlog = Number(load.answers()[202] ?? 0);
    say(`${JSON.stringify(load.answers())} within ${takenSeconds.toFixed(1)} s`);
    const marks = joinReports(
      answerMarks("off", sent.entries(), stage.starvation),
      capMarks(sent.entries(), cap),
    );

    await Promise.all([stage.add("worker"), stage.add("worker")]);
    const drainedMs = await reader.untilSettled(full ? 900_000 : 90_000, lookEveryMs);
    const listMs = await list.stop();
    const after = stage.send(flow, { senders: 2, total: 2 });
    await after.done;
    const settledMs = await reader.untilSettled(30_000);
    say(`${backlog} runs drained in ${drainedMs} ms`);

    const listP95Ms = percentile(listMs, 0.95);
    const missed = [];
    if (drainedMs === null || settledMs === null) missed.push("The backlog did not drain completely.");
    if (after.answers()[202] !== 2) missed.push("After draining an event was still refused.");
    if (list.busy() * 10 > listMs.length)
      missed.push(`The list of runs was refused ${list.busy()} times and given ${listMs.length} times.`);
    if (listP95Ms > LIST_P95_MS)
      missed.push(`The list of runs took ${listP95Ms} ms (p95); ${LIST_P95_MS} is the most.`);
    const figures = {
      backlog,
      cap,
      takenPerSecond: Math.round(backlog / takenSeconds),
      drainedPerSecond: Math.round((backlog / (drainedMs ?? Number.POSITIVE_INFINITY)) * 1_000),
      listP95Ms,
      lists: listMs.length,
      listsBusy: list.busy(),
    };
    const report = checkRuns(await reader.runs(), {
      sent: sent.entries(),
      called: called.entries(),
      cutOff: 0,
      output: stage.output(),
    });
    return joinReports({ figures, missed }, marks, report);
  } finally {
    await stage.close();
  }
}

/** Nothing is refused before the cap; past it no more is taken than the processes did not know of each other. */
function capMarks(inOrder: Sent[], cap: number): FaultReport {
  const taken = inOrder.filter(({ status }) => status === 202);
  const first = inOrder.findIndex(({ status }) => status === 503);
  const missed = [];
  let unknown = 0;
  if (first < 0) missed.push(`No event was refused, with ${taken.length} taken and a cap of ${cap}.`);
  else {
    const before = inOrder.slice(0, first).filter(({ status }) => status === 202).length;
    // in the ledger an answer stands when it came: those under way count with those that are in
    if (before + 2 * SENDERS < cap)
      missed.push(`The first 503 came after ${before} events, before the cap of ${cap}.`);
    const at = inOrder[first]?.at ?? 0;
    unknown = taken.filter((entry) => Math.abs(entry.at - at) < COUNTED_MS).length;
  }
  const over = taken.length - cap;
  if (first >= 0 && over > unknown)
    missed.push(
      `${taken.length} events were taken with a cap of ${cap}; ${unknown} over it would be the most.`,
    );
  return { figures: { overTheCap: over, overTheCapAtMost: unknown }, missed };
}

interface ListWatch {
  /** How often the answer was 503. */
  busy(): number;
  /** Gives how long each other answer took. */
  stop(): Promise<number[]>;
}

/** Asks for the first page of runs again and again. */
function watchList({ client }: SeveralStage, everyMs: number): ListWatch {
  const took: number[] = [];
  let busy = 0;
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      const from = performance.now();
      try {
        await client("runs", { query: { limit: 50 } });
        took.push(Math.round(performance.now() - from));
      } catch (error) {
        if (!(error instanceof Error && error.message.includes("answered 503"))) throw error;
        busy++;
      }
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  })();
  watching.catch(() => {}); // heard at the end
  return {
    busy: () => busy,
    async stop() {
      stopped = true;
      await watching;
      return took;
    },
  };
}
