// F4: the Redis of several processes is killed, freezes, is full, and loses everything, while events come in.

import { graph } from "../kit/graph.ts";
import { answerMarks } from "./answer-marks.ts";
import { checkRuns, joinReports } from "./checker.ts";
import type { Fault, FaultOptions, FaultReport } from "./fault.ts";
import { percentile } from "./measures.ts";
import { pause } from "./scene.ts";
import { type SeveralStage, type SharedFlow, setSeveralStage } from "./several-stage.ts";
import { callStep } from "./stage.ts";

/** What the small MongoDB of the tests can follow: on two cores that do nothing else, and beside other tests. */
const RATE = { full: 100, short: 25 };
/**
 * A run whose job and holder are gone is taken up when its lease is over (30 s), the sweep has been patient (10 s), and
 * the next one is due (15 s). Shortened, everything has to be got over together, beside other tests.
 */
const SETTLED_MS = { full: 60_000, short: 120_000 };
/** An answer that waited for a Redis that says nothing would take as long as a command is given, which is 2 s. */
const USUAL_ANSWER_MS = 1_000;
/** How long runs wait in the middle: their jobs are in Redis while something happens to it. */
const WAIT_SECONDS = 3;

export const fault: Fault = {
  id: "F4",
  title:
    "Redis killed, frozen, full or emptied under load: every event is taken or told to come again in time, and all that were taken end.",
  fast: false,
  run,
};

interface Trouble {
  name: string;
  happen(stage: SeveralStage, full: boolean): Promise<FaultReport>;
}

const NOTHING: FaultReport = { figures: {}, missed: [] };

const TROUBLES: Trouble[] = [
  {
    name: "killed",
    async happen({ redis }, full) {
      await redis.kill9();
      await pause(full ? 10_000 : 3_000);
      await redis.restart();
      return NOTHING;
    },
  },
  {
    name: "frozen",
    async happen({ redis }, full) {
      redis.freeze();
      await pause(full ? 20_000 : 8_000);
      redis.thaw();
      return NOTHING;
    },
  },
  {
    name: "filled",
    async happen({ redis }, full) {
      await redis.client.config("SET", "maxmemory", "1");
      await pause(full ? 20_000 : 4_000);
      await redis.client.config("SET", "maxmemory", "0");
      return NOTHING;
    },
  },
  {
    name: "emptied",
    async happen({ redis }) {
      const jobs = await redis.client.zcard("flowcatch:advance:delayed");
      await redis.flush();
      return {
        figures: { emptiedOfJobs: jobs },
        missed: jobs > 0 ? [] : ["Redis had no job to lose when it was emptied."],
      };
    },
  },
];

async function run({ full, say }: FaultOptions): Promise<FaultReport> {
  const stage = await setSeveralStage();
  try {
    const { target, sent, called, reader } = stage;
    const flow = await stage.publish(
      graph("trigger -> pause -> one", {
        pause: {
          uses: "logic.wait",
          input: { mode: "duration", duration: { amount: WAIT_SECONDS, unit: "seconds" } },
        },
        one: callStep(target, "one"),
      }),
    );
    const reports: FaultReport[] = [];
    for (const trouble of TROUBLES) {
      const last = trouble === TROUBLES.at(-1);
      reports.push(await suffer(stage, flow, trouble, full));
      // each by itself at full length; shortened, all of them have to be got over together
      if (full || last) reports.push(await settle(stage, trouble.name, full));
      say(`${trouble.name}: ${JSON.stringify(joinReports(...reports.slice(-2)).figures)}`);
    }
    const report = checkRuns(await reader.runs(), {
      sent: sent.entries(),
      called: called.entries(),
      // Who has a run in hand says the database: nothing that Redis forgets or repeats makes a call twice.
      cutOff: 0,
      output: stage.output(),
    });
    const { failed } = report.figures;
    const missed = failed === 0 ? [] : [`${failed} runs failed, and nothing but Redis was wrong.`];
    return joinReports(...reports, { figures: {}, missed }, report);
  } finally {
    await stage.close();
  }
}

async function suffer(
  stage: SeveralStage,
  flow: SharedFlow,
  { name, happen }: Trouble,
  full: boolean,
): Promise<FaultReport> {
  const before = stage.sent.entries().length;
  const load = stage.send(flow, { rate: full ? RATE.full : RATE.short });
  await pause(full ? 5_000 : 2_000);
  const report = await happen(stage, full);
  await pause(full ? 5_000 : 1_000);
  await load.stop();
  const tries = stage.sent.entries().slice(before);
  const marks = answerMarks(name, tries, stage.starvation);
  const own = tries.map(({ sentAt, at }) => at - sentAt - stage.starvation.within(sentAt, at));
  const middleMs = percentile(own, 0.5);
  const missed = middleMs > USUAL_ANSWER_MS ? [`${name}: half of the answers took over ${middleMs} ms.`] : [];
  return joinReports(report, { figures: {}, missed }, marks);
}

async function settle({ reader }: SeveralStage, name: string, full: boolean): Promise<FaultReport> {
  const open = await reader.open();
  const mostMs = full ? SETTLED_MS.full : SETTLED_MS.short;
  const settledMs = await reader.untilSettled(mostMs);
  return {
    figures: { [`${name}Open`]: open, [`${name}SettledMs`]: settledMs ?? -1 },
    missed:
      settledMs === null ? [`${name}: runs were still open ${mostMs / 1_000} s after Redis was well.`] : [],
  };
}
