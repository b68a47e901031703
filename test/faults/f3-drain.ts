// F3: the program is told to end while steps hang.

import { graph } from "../kit/graph.ts";
import { check, joinReports, untilSettled } from "./checker.ts";
import type { Fault, FaultOptions, FaultReport } from "./fault.ts";
import { answerOk, startLoad } from "./load.ts";
import { callStep, setStage } from "./stage.ts";

const STEPS = 50;
const BRANCHES = ["a", "b", "c", "d", "e"];
/** What the program gives steps in flight. */
const DRAIN_MS = 30_000;
const EXIT_MS = DRAIN_MS + 2_000;
const AT_ONCE_MS = 2_000;
const SETTLED_MS = 30_000;

export const fault: Fault = {
  id: "F3",
  title:
    "SIGTERM while 50 steps hang: nothing new is taken, what ends in time ends once, the rest goes on later.",
  fast: true,
  run: async ({ full, say }) => {
    const short = await drain(5_000, say);
    return full ? joinReports(short, named("of60s", await drain(60_000, say))) : short;
  },
};

async function drain(hangMs: number, say: FaultOptions["say"]): Promise<FaultReport> {
  const stage = await setStage();
  try {
    const { program, target, sent, called } = stage;
    const hangs = Object.fromEntries(
      BRANCHES.map((id) => [id, callStep(target, `hang/${id}`, { timeoutMs: 90_000 })]),
    );
    const { catchUrl } = await stage.publish(
      graph(BRANCHES.map((id) => `trigger -> ${id} -> after`).join("; "), {
        ...hangs,
        after: callStep(target, "after"),
      }),
    );
    const quick = await stage.publish(graph("trigger -> quick", { quick: callStep(target, "quick") }));
    target.behave = (call, response) => {
      if (!call.path.startsWith("/hang/")) return answerOk(call, response);
      setTimeout(() => answerOk(call, response), hangMs);
    };
    const hanging = startLoad({ url: catchUrl, ledger: sent, senders: 5, total: STEPS / BRANCHES.length });
    await hanging.done;
    for (let i = 0; i < 400 && target.open() < STEPS; i++) await pause(10);
    const inFlight = target.open();
    const others = startLoad({ url: quick.catchUrl, ledger: sent, rate: 50, timeoutMs: 5_000 });
    await pause(500);

    const toldAt = Date.now();
    const exit = program.terminate();
    await exit.then(async (code) => {
      say(`exit ${code} after ${Date.now() - toldAt} ms with ${inFlight} steps that hang ${hangMs} ms`);
      await others.stop();
    });
    const exitMs = Date.now() - toldAt;
    const callsBefore = called.entries();

    target.behave = answerOk;
    await program.restart();
    const settledMs = await untilSettled(program.folder, SETTLED_MS);
    await program.terminate();

    const late = sent.entries().filter(({ sentAt }) => sentAt > toldAt);
    const taken = late.filter(
      ({ sentAt, status }) => sentAt > toldAt + AT_ONCE_MS && status !== 0 && status !== 503,
    );
    const slow = late.filter(({ sentAt, at }) => at - sentAt > AT_ONCE_MS);
    const begun = callsBefore.filter(({ at, step }) => at > toldAt + AT_ONCE_MS && step === "after");
    const inTime = hangMs < DRAIN_MS;
    const missed = [];
    if (inFlight !== STEPS) missed.push(`Only ${inFlight} steps were in flight at the signal, not ${STEPS}.`);
    if ((await exit) !== 0) missed.push(`It exited with ${await exit}, not 0.`);
    if (exitMs > EXIT_MS) missed.push(`It took ${exitMs} ms to exit; ${EXIT_MS} is the most.`);
    if (taken.length > 0)
      missed.push(`${taken.length} events were still answered ${taken[0]?.status} while it ended.`);
    if (slow.length > 0)
      missed.push(`${slow.length} events waited longer than ${AT_ONCE_MS} ms for a refusal.`);
    if (begun.length > 0) missed.push(`${begun.length} steps began after the signal.`);
    if (settledMs === null) missed.push(`Runs were still open ${SETTLED_MS / 1_000} s after the next start.`);
    const figures = {
      inFlight,
      exitMs,
      refusedWhileEnding: late.length - taken.length,
      settledMs: settledMs ?? -1,
    };
    const report = check({
      folder: program.folder,
      sent: sent.entries(),
      called: called.entries(),
      kills: inTime ? 0 : 1,
      inFlight: STEPS,
      output: program.output(),
    });
    return joinReports({ figures, missed }, report);
  } finally {
    await stage.close();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The same figures under names of their own. */
function named(suffix: string, { figures, missed }: FaultReport): FaultReport {
  return {
    figures: Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${name}_${suffix}`, value])),
    missed,
  };
}
