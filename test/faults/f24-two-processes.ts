// F24: a second process wants the data folder that the first one works on.

import { graph } from "../kit/graph.ts";
import { startProgram } from "../kit/process.ts";
import { check, joinReports, untilSettled } from "./checker.ts";
import type { Fault, FaultOptions, FaultReport } from "./fault.ts";
import { startLoad } from "./load.ts";
import { callStep, setStage } from "./stage.ts";

const REFUSED_MS = 5_000;
const SETTLED_MS = 30_000;

export const fault: Fault = {
  id: "F24",
  title: "A second process on the same data folder refuses to start, and the first one works on undisturbed.",
  fast: true,
  run,
};

async function run({ full, say }: FaultOptions): Promise<FaultReport> {
  const stage = await setStage();
  try {
    const { program, target, sent, called } = stage;
    const { catchUrl } = await stage.publish(
      graph("trigger -> one -> two", { one: callStep(target, "one"), two: callStep(target, "two") }),
    );
    const load = startLoad({ url: catchUrl, ledger: sent, rate: 50 });
    const seconds: Second[] = [];
    for (let i = 0; i < (full ? 10 : 3); i++) seconds.push(await startSecond(program.folder));
    await load.stop();
    say(`a second process ended after ${seconds.map(({ ms }) => ms).join(", ")} ms`);
    const pid = program.pid();

    await program.kill();
    const race = await Promise.all([startSecond(program.folder), startSecond(program.folder)]);
    const got = race.filter(({ refusal }) => refusal === null).length;
    await Promise.all(race.map(({ end }) => end()));
    await program.restart();
    const settledMs = await untilSettled(program.folder, SETTLED_MS);
    await program.terminate();

    const missed = [];
    for (const { refusal, ms } of seconds) {
      if (refusal === null) missed.push("A second process started on the same folder.");
      else if (!refusal.includes(`in use by another Flowcatch process (pid ${pid})`))
        missed.push(`The refusal does not name the process that has the folder: ${refusal}`);
      if (ms > REFUSED_MS) missed.push(`A second process took ${ms} ms to end; ${REFUSED_MS} is the most.`);
    }
    if (got !== 1) missed.push(`Of two processes that started in the same moment ${got} got the folder.`);
    const answers = load.answers();
    if (Object.keys(answers).some((code) => code !== "202"))
      missed.push(`The first process did not take everything meanwhile: ${JSON.stringify(answers)}.`);
    if (settledMs === null) missed.push("Runs were still open 30 s after the last start.");
    const figures = {
      refusals: seconds.filter(({ refusal }) => refusal !== null).length,
      refusedMostMs: Math.max(...seconds.map(({ ms }) => ms)),
      gotTheFolder: got,
    };
    const report = check({
      folder: program.folder,
      sent: sent.entries(),
      called: called.entries(),
      order: ["one", "two"],
      kills: 1,
      inFlight: 50,
      output: program.output(),
    });
    return joinReports({ figures, missed }, report);
  } finally {
    await stage.close();
  }
}

interface Second {
  /** What it said when it refused; null when it started. */
  refusal: string | null;
  ms: number;
  end(): Promise<void>;
}

async function startSecond(folder: string): Promise<Second> {
  const from = performance.now();
  const passed = () => Math.round(performance.now() - from);
  try {
    const { close } = await startProgram({ DATA_DIR: folder });
    return { refusal: null, ms: passed(), end: close };
  } catch (error) {
    const refusal = error instanceof Error ? error.message : String(error);
    return { refusal, ms: passed(), end: async () => {} };
  }
}
