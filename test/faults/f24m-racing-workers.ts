// F24m: workers that race for the same runs, and for the same times of a schedule.

import { openRedis } from "../../server/adapters/redis-parts.ts";
import { createSystemClock } from "../../server/adapters/system-clock.ts";
import type { Job } from "../../server/ports/queue.ts";
import { graph } from "../kit/graph.ts";
import { checkRuns, joinReports } from "./checker.ts";
import type { Fault, FaultOptions, FaultReport } from "./fault.ts";
import { answerOk } from "./load.ts";
import { pause } from "./scene.ts";
import { type SeveralStage, setSeveralStage } from "./several-stage.ts";
import { callStep } from "./stage.ts";

/** With all those jobs, what the small MongoDB of the tests can follow. */
const RATE = 40;
/** So many jobs more for each run, one after the other while it is in hand, and for each time of the schedule. */
const JOBS = 5;
const MINUTE = 60_000;
const SETTLED_MS = 90_000;

export const fault: Fault = {
  id: "F24m",
  title: "Two workers with many jobs for each run carry it on once, and a schedule fires once for each time.",
  fast: true,
  run,
};

async function run({ full, say }: FaultOptions): Promise<FaultReport> {
  const stage = await setSeveralStage();
  try {
    const { target, sent, called, reader } = stage;
    // in hand for a while, so that the other jobs find it there
    target.behave = async (call, response) => {
      await pause(Math.random() * 150);
      answerOk(call, response);
    };
    const from = Date.now();
    const clock = await stage.publish(
      graph("trigger -> tock", {
        trigger: { uses: "schedule.interval", input: { every: 1, unit: "minutes" } },
        tock: {
          uses: "http.request",
          input: { method: "POST", url: `${target.url}/tock`, bodyType: "none" },
        },
      }),
    );
    const flow = await stage.publish(
      graph("trigger -> one -> two", { one: callStep(target, "one"), two: callStep(target, "two") }),
    );
    const load = stage.send(flow, { rate: RATE });
    const times = madeUpTimes(from);
    const jobs = await race(stage, { flowId: clock.id, times }, full ? 3 * MINUTE : 8_000);
    const until = Date.now();
    await load.stop();
    const settledMs = await reader.untilSettled(SETTLED_MS);
    say(`${jobs} jobs more; settled after ${settledMs} ms`);

    const runs = await reader.runs();
    const report = checkRuns(runs, {
      sent: sent.entries(),
      called: called.entries(),
      order: ["one", "two"],
      cutOff: 0,
      output: stage.output(),
    });
    const ended = await Promise.all(
      stage.workers.map((worker) => stage.metric(worker, 'flowcatch_runs_ended_total{status="succeeded"}')),
    );
    const missed = [];
    if (settledMs === null) missed.push(`Runs were still open after ${SETTLED_MS / 1_000} s.`);
    if (report.figures.failed !== 0) missed.push(`${report.figures.failed} runs failed.`);
    if (ended.some((count) => count === 0)) missed.push("One of the workers ended no run.");
    const figures = {
      moreJobs: jobs,
      endedByFirst: ended[0] ?? 0,
      endedBySecond: ended[1] ?? 0,
      settledMs: settledMs ?? -1,
    };
    const ticks = [...runs.values()].flatMap(({ dedupeKey }) => timeOf(dedupeKey) ?? []);
    return joinReports({ figures, missed }, tickMarks(ticks, times, from, until), report);
  } finally {
    await stage.close();
  }
}

/** Makes jobs that nobody needs: for each run that was taken, and for each of the schedule's last minutes. */
async function race(
  { redis, sent }: SeveralStage,
  schedule: { flowId: string; times: number[] },
  forMs: number,
): Promise<number> {
  const quiet = { info() {}, warn() {} };
  const { queue, close } = await openRedis({ url: redis.url, clock: createSystemClock(), log: quiet });
  let pushed = 0;
  const push = async (kind: Job["kind"], ref: string, dueAt: number) => {
    await queue.push({ id: `${kind}:${ref}:more${++pushed}`, kind, ref, dueAt });
  };
  try {
    const end = Date.now() + forMs;
    for (const due of schedule.times)
      await Promise.all(Array.from({ length: JOBS }, () => push("tick", schedule.flowId, due)));
    for (let seen = 0; Date.now() < end; ) {
      const acked = sent.entries().slice(seen);
      seen += acked.length;
      for (const { runId } of acked) {
        const now = Date.now();
        if (runId)
          await Promise.all(Array.from({ length: JOBS }, (_, i) => push("advance", runId, now + i * 40)));
      }
      await pause(25);
    }
    return pushed;
  } finally {
    await queue.close(0);
    await close();
  }
}

/** Times of the schedule that were over before it was published: their jobs come as late ones do. */
function madeUpTimes(now: number): number[] {
  const last = Math.floor(now / MINUTE) * MINUTE;
  return [4, 3, 2, 1].map((back) => last - back * MINUTE);
}

function timeOf(dedupeKey: string): number | null {
  return dedupeKey.startsWith("tick:") ? Number(dedupeKey.slice(5)) : null;
}

/** One run for each time that had jobs, and for each minute that began meanwhile. */
function tickMarks(ticks: number[], times: number[], from: number, until: number): FaultReport {
  const due = [...times];
  // one that was due in the last second may not be there yet
  for (let at = Math.ceil(from / MINUTE) * MINUTE; at < until - 1_000; at += MINUTE) due.push(at);
  const missing = due.filter((at) => !ticks.includes(at));
  const twice = ticks.length - new Set(ticks).size;
  const missed = [];
  if (missing.length > 0) missed.push(`The schedule did not fire for ${missing.length} of its times.`);
  if (twice > 0) missed.push(`The schedule fired ${twice} times more than it was due.`);
  return { figures: { timesDue: due.length, ticks: ticks.length }, missed };
}
