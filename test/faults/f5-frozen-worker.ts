// F5: a worker freezes in the middle of its steps for longer than its leases, and wakes up to find its runs taken over.

import { readdirSync, readFileSync } from "node:fs";
import { graph, type StepChange } from "../kit/graph.ts";
import { checkRuns, joinReports, untilNone } from "./checker.ts";
import type { Fault, FaultOptions, FaultReport } from "./fault.ts";
import { answerOk, type Target } from "./load.ts";
import { pause } from "./scene.ts";
import { type SeveralStage, setSeveralStage } from "./several-stage.ts";
import { callStep } from "./stage.ts";

/** A lease of 30 s, the patience of the sweep, and the time until the next one; and a machine that is busy. */
const TAKEN_OVER_MS = 180_000;
const STOPPED_MS = 5_000;
const WOKEN_MS = 30_000;
const SETTLED_MS = 90_000;

export const fault: Fault = {
  id: "F5",
  title:
    "A worker that freezes past its leases in the middle of its steps: another takes its runs over, and what it writes when it wakes up is refused.",
  // leases are 30 s long, and nobody can set them
  fast: false,
  run,
};

async function run({ full, say }: FaultOptions): Promise<FaultReport> {
  // All of them have to be in hand at the same time, and a worker has 100 hands for everything.
  const events = full ? 50 : 20;
  const stage = await setSeveralStage({ webs: 1, workers: 1 });
  try {
    const { target, sent, called, reader, workers } = stage;
    const [sleeper] = workers;
    if (!sleeper) throw new Error("A worker was started.");
    // Each call of a run hangs: the first one until its caller is frozen, those of the last step until the end.
    const frozen = Promise.withResolvers<void>();
    const woken = Promise.withResolvers<void>();
    const first = new Set<string>();
    target.behave = async (call, response) => {
      const isFirst = call.step === "one" && !first.has(call.key);
      first.add(call.key);
      if (isFirst) await frozen.promise;
      if (call.step === "two") await woken.promise;
      answerOk(call, response);
    };
    const flow = await stage.publish(
      graph("trigger -> one -> two", { one: patientCall(target, "one"), two: patientCall(target, "two") }),
    );
    await stage.send(flow, { senders: 10, total: events }).done;
    const missing = (step: string) => () => events - runsAt(stage, step);
    const begun = await untilNone(missing("one"), WOKEN_MS);
    process.kill(sleeper.pid(), "SIGSTOP");
    // Every thread of it: an answer that it still hears would be written down, and its second step begun.
    const stoppedMs = await untilNone(() => (isStopped(sleeper.pid()) ? 0 : 1), STOPPED_MS, 5);
    frozen.resolve();
    const second = await stage.add("worker");
    const takenOverMs = await untilNone(missing("two"), TAKEN_OVER_MS, 500);
    say(`the second worker has ${runsAt(stage, "two")} of ${events} runs after ${takenOverMs} ms`);

    const before = await reader.changes();
    process.kill(sleeper.pid(), "SIGCONT");
    const count = () => stage.metric(sleeper, "flowcatch_writes_refused_total");
    const refusedMs = await untilNone(async () => ((await count()) > 0 ? 0 : 1), WOKEN_MS);
    // For what would come after a write that was taken. Some runs are let fall without a write: leases are asked for, too.
    await pause(3_000);
    const refused = await count();
    const after = await reader.changes();
    const late = [...before].filter(([id, change]) => after.get(id) !== change);
    const refusedToSecond = await stage.metric(second, "flowcatch_writes_refused_total");
    say(`${refused} late writes were refused and ${late.length} accepted`);
    woken.resolve();
    const settledMs = await reader.untilSettled(SETTLED_MS);

    const report = checkRuns(await reader.runs(), {
      sent: sent.entries(),
      called: called.entries(),
      order: ["one", "two"],
      cutOff: events,
      output: stage.output(),
    });
    const missed = [];
    if (stoppedMs === null) missed.push("The first worker did not stop when it was told to.");
    if (begun === null) missed.push("The first worker did not begin every run.");
    if (takenOverMs === null)
      missed.push(`The second worker did not take over every run within ${TAKEN_OVER_MS / 1_000} s.`);
    if (refusedMs === null) missed.push("No late write of the worker that woke up was refused.");
    if (late.length > 0) missed.push(`${late.length} late writes of the worker that woke up were accepted.`);
    if (refusedToSecond > 0) missed.push(`${refusedToSecond} writes of the second worker were refused.`);
    if (settledMs === null) missed.push(`Runs were still open ${SETTLED_MS / 1_000} s after it woke up.`);
    if (report.figures.failed !== 0) missed.push(`${report.figures.failed} runs failed.`);
    const figures = {
      takenOverMs: takenOverMs ?? -1,
      refusedMs: refusedMs ?? -1,
      lateWritesRefused: refused,
      lateWritesAccepted: late.length,
      settledMs: settledMs ?? -1,
    };
    return joinReports({ figures, missed }, report);
  } finally {
    await stage.close();
  }
}

/** A call that hangs for longer than a lease is not given up. */
function patientCall(target: Target, step: string): StepChange {
  const { input, ...call } = callStep(target, step, { timeoutMs: 600_000 });
  return { ...call, input: { ...input, timeoutSeconds: 120 } };
}

/** By what the system says of each of its threads. */
function isStopped(pid: number): boolean {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).every((task) =>
    /^State:\s+T/m.test(readFileSync(`${tasks}/${task}/status`, "utf8")),
  );
}

function runsAt({ called }: SeveralStage, step: string): number {
  return new Set(called.entries().flatMap((call) => (call.step === step ? [call.run] : []))).size;
}
