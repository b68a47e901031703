// F1: the program is killed again and again while events come in and flows run.

import { graph } from "../kit/graph.ts";
import { check, joinReports, runsInHand, untilSettled, untilTakenUp } from "./checker.ts";
import type { Fault, FaultOptions, FaultReport } from "./fault.ts";
import { startLoad } from "./load.ts";
import { queuedMs } from "./measures.ts";
import { callStep, setStage } from "./stage.ts";

const RATE = 200;
const SETTLED_MS = 30_000;
/** Sooner than the sweep that looks after lost runs would come by. */
const TAKEN_UP_MS = 3_000;
const START_MS = 3_000;

export const fault: Fault = {
  id: "F1",
  title:
    "kill -9 at random moments under 200 events/s loses nothing acknowledged and repeats only what was cut off.",
  fast: true,
  run,
};

interface Start {
  startMs: number;
  /** Without the time in which the processors were busy with something else. */
  ownMs: number;
}

async function run({ full, say }: FaultOptions): Promise<FaultReport> {
  const kills = full ? 30 : 5;
  const stage = await setStage();
  try {
    const { program, target, sent, called } = stage;
    const { catchUrl } = await stage.publish(
      graph("trigger -> one -> two -> fields -> three", {
        one: callStep(target, "one"),
        two: callStep(target, "two"),
        fields: { input: { fields: [{ name: "id", value: "{{trigger.body.id}}" }] } },
        three: callStep(target, "three"),
      }),
    );
    // Whoever hears nothing comes again with the same key: then it must be one run all the same.
    const dedupeKey = (id: string) => id;
    const load = startLoad({ url: catchUrl, ledger: sent, rate: RATE, tries: 2, pauseMs: 1_000, dedupeKey });
    const starts: Start[] = [];
    const inHand: number[] = [];
    for (let kill = 1; kill <= kills; kill++) {
      await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 1_600));
      // every other one in the moment that would tell an early acknowledgement from a true one
      if (kill % 2 === 0) await load.nextAck();
      await program.kill();
      inHand.push(runsInHand(program.folder));
      const queued = queuedMs(process.pid);
      await program.restart();
      const startMs = program.startMs();
      const waited = Math.max(queuedMs(program.pid()), queuedMs(process.pid) - queued);
      starts.push({ startMs, ownMs: startMs - waited });
      say(`kill ${kill} of ${kills}: ready again after ${program.startMs()} ms`);
    }
    const takingUp = untilTakenUp(program.folder, TAKEN_UP_MS);
    const readyAt = performance.now();
    await load.stop();
    const takenUpMs = await takingUp;
    const settledMs = await untilSettled(program.folder, SETTLED_MS - (performance.now() - readyAt));
    say(`${load.begun()} events sent, settled after ${settledMs} ms`);
    await program.terminate();
    const cutOff = inHand.reduce((all, runs) => all + runs, 0);
    const report = check({
      folder: program.folder,
      sent: sent.entries(),
      called: called.entries(),
      order: ["one", "two", "three"],
      cutOff,
      output: program.output(),
    });
    const { failed } = report.figures;
    const startMostMs = Math.max(...starts.map(({ startMs }) => startMs));
    const startOwnMostMs = Math.max(...starts.map(({ ownMs }) => ownMs));
    const missed = [];
    if (failed !== 0) missed.push(`${failed} runs failed, and nothing but the kills was wrong.`);
    if (takenUpMs === null)
      missed.push(`Runs that were cut off lay about for ${TAKEN_UP_MS / 1_000} s after the last start.`);
    if (settledMs === null) missed.push(`Runs were still open ${SETTLED_MS / 1_000} s after the last start.`);
    if (startOwnMostMs > START_MS) missed.push(`A start took ${startOwnMostMs} ms; ${START_MS} is the most.`);
    const figures = {
      kills,
      startMostMs,
      startOwnMostMs,
      takenUpMs: takenUpMs ?? -1,
      settledMs: settledMs ?? -1,
      inHandAtKills: cutOff,
    };
    return joinReports({ figures, missed }, report);
  } finally {
    await stage.close();
  }
}
