// F6: the MongoDB of several processes is killed, freezes, and its answers get lost, while events come in.

import { openMongoStore } from "../../server/adapters/mongo-store.ts";
import { StoreUnavailable } from "../../server/ports/store.ts";
import { aRun } from "../contracts/builders.ts";
import { graph } from "../kit/graph.ts";
import { startProxy } from "../kit/mongo/proxy.ts";
import { answerMarks } from "./answer-marks.ts";
import { checkRuns, joinReports } from "./checker.ts";
import type { Fault, FaultOptions, FaultReport } from "./fault.ts";
import { pause } from "./scene.ts";
import { type SeveralStage, type SharedFlow, setSeveralStage } from "./several-stage.ts";
import { callStep } from "./stage.ts";

/** What the small MongoDB of the tests can follow: on two cores that do nothing else, and beside other tests. */
const RATE = { full: 100, short: 25 };
/** A run whose holder let it fall is taken up when its lease is over, and the sweep has been patient. */
const SETTLED_MS = 120_000;
/** Each event is tried so often, as senders do. */
const TRIES = 3;
const KEYS = 20;
/** Who gives up without asking again does so at once. */
const AT_ONCE_MS = 4_000;

export const fault: Fault = {
  id: "F6",
  title:
    "MongoDB killed, frozen, and its answers lost under load: 503 in time, nothing acknowledged is lost, and a sender who comes again makes one event.",
  fast: false,
  run,
};

async function run({ full, say }: FaultOptions): Promise<FaultReport> {
  const stage = await setSeveralStage({ ownMongo: true });
  try {
    const { target, sent, called, reader } = stage;
    const flow = await stage.publish(
      graph("trigger -> one -> two", { one: callStep(target, "one"), two: callStep(target, "two") }),
    );
    const reports: FaultReport[] = [];
    for (const { name, happen } of TROUBLES) {
      const report = await suffer(stage, flow, { name, happen }, full);
      say(`${name}: ${JSON.stringify(report.figures)}`);
      reports.push(report);
    }
    const open = await reader.open();
    const settledMs = await reader.untilSettled(SETTLED_MS);
    say(`${open} runs were open and settled after ${settledMs} ms`);
    const report = checkRuns(await reader.runs(), {
      sent: sent.entries(),
      called: called.entries(),
      order: ["one", "two"],
      // whoever has a run in hand keeps it, and its results, until they can be written
      cutOff: 0,
      output: stage.output(),
    });
    const missed = [];
    if (settledMs === null)
      missed.push(`Runs were still open ${SETTLED_MS / 1_000} s after MongoDB was well.`);
    if (report.figures.failed !== 0)
      missed.push(`${report.figures.failed} runs failed, and nothing but MongoDB was wrong.`);
    const figures = { openAtEnd: open, settledMs: settledMs ?? -1 };
    return joinReports(...reports, await comeAgain(stage), { figures, missed }, report);
  } finally {
    await stage.close();
  }
}

interface Trouble {
  name: string;
  happen(stage: SeveralStage, full: boolean): Promise<FaultReport>;
}

const NOTHING: FaultReport = { figures: {}, missed: [] };

const TROUBLES: Trouble[] = [
  { name: "unheard", happen: loseAnswers },
  {
    name: "killed",
    async happen({ mongo }, full) {
      await mongo.kill9();
      await pause(full ? 10_000 : 3_000);
      await mongo.restart();
      return NOTHING;
    },
  },
  {
    name: "frozen",
    async happen({ mongo }) {
      mongo.freeze();
      await pause(10_000);
      mongo.thaw();
      return NOTHING;
    },
  },
];

async function suffer(
  stage: SeveralStage,
  flow: SharedFlow,
  { name, happen }: Trouble,
  full: boolean,
): Promise<FaultReport> {
  const before = stage.sent.entries().length;
  const load = stage.send(flow, { rate: full ? RATE.full : RATE.short, tries: TRIES, pauseMs: 2_000 });
  await pause(full ? 5_000 : 1_500);
  const report = await happen(stage, full);
  await pause(full ? 5_000 : 1_500);
  await load.stop();
  return joinReports(report, answerMarks(name, stage.sent.entries().slice(before), stage.starvation));
}

/** The insert is made, the connection breaks, and the sender hears nothing of it: the program asks again. */
async function loseAnswers({ proxy, sent }: SeveralStage, full: boolean): Promise<FaultReport> {
  if (!proxy) throw new Error("There is no wire to cut.");
  const before = sent.entries().length;
  const cuts = full ? 100 : 10;
  for (let cut = 0; cut < cuts; cut++) {
    const lost = proxy.lost();
    proxy.loseAnswerTo(cut % 2 === 0 ? "insert" : "findAndModify");
    for (let i = 0; i < 100 && proxy.lost() === lost; i++) await pause(50);
    await pause(100);
  }
  // a database that is only slow is waited for longer
  const busy = sent
    .entries()
    .slice(before)
    .filter(({ status, sentAt, at }) => status !== 202 && at - sentAt < AT_ONCE_MS);
  const missed = [];
  if (proxy.lost() < cuts) missed.push(`Only ${proxy.lost()} of ${cuts} answers were lost.`);
  // one that is hit by two cuts, one after the other, may give up; without a second try each insert would
  if (busy.length >= cuts / 2)
    missed.push(
      `${busy.length} senders heard ${busy[0]?.status} of an answer that was lost behind the program.`,
    );
  return { figures: { answersLost: proxy.lost(), gaveUpAtOnce: busy.length }, missed };
}

/** An event with a key, whose sender heard nothing although it was stored, and comes again. */
async function comeAgain({ mongo }: SeveralStage): Promise<FaultReport> {
  const proxy = await startProxy(mongo.another());
  const store = await openMongoStore(proxy.url);
  let unheard = 0;
  try {
    for (let key = 0; key < KEYS; key++) {
      const event = { flowId: "flow_again", dedupeKey: `order-${key}` };
      proxy.loseAnswerTo("insert", 2);
      await store.runs.accept(aRun(event)).catch((error) => {
        if (!(error instanceof StoreUnavailable)) throw error;
        unheard++;
      });
      proxy.loseAnswerTo("insert", 0);
      await store.runs.accept(aRun(event));
    }
    const { queued } = await store.runs.count();
    const missed = [];
    if (unheard < KEYS) missed.push(`Only ${unheard} of ${KEYS} events with a key were left unheard.`);
    if (queued !== KEYS) missed.push(`${KEYS} events with a key, sent twice, are ${queued} runs.`);
    return { figures: { keysSentTwice: KEYS, runsOfThem: queued }, missed };
  } finally {
    await store.close();
    await proxy.close();
  }
}
