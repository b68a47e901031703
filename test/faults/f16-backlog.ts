// F16: more events than can be carried on, because what the flow calls hangs; then it recovers.

import { graph } from "../kit/graph.ts";
import { check, joinReports, untilSettled } from "./checker.ts";
import type { Fault, FaultOptions, FaultReport } from "./fault.ts";
import type { Sent } from "./ledger.ts";
import { answerOk, startLoad } from "./load.ts";
import { percentile, queuedMs, rounded, rssMb } from "./measures.ts";
import { callStep, type Stage, setStage } from "./stage.ts";

const SENDERS = 32;
/** Runs that the program may have in hand beside those that wait for their turn. */
const IN_HAND_MOST = 1_000;
const WARM_UP = 1_500;
/** Large enough that a process that kept its backlog in memory would show it. */
const PADDING = "x".repeat(8_192);
const body = () => ({ padding: PADDING });
const LIST_P95_MS = 300;
/** Memory may go up by this part, or by this much: garbage that V8 has not collected yet. */
const RSS_PART = 0.2;
const RSS_SLACK_MB = 96;

export const fault: Fault = {
  id: "F16",
  title:
    "A backlog is taken up to the cap and then refused with 503; when the target recovers it drains completely.",
  fast: true,
  run,
};

async function run({ full, say }: FaultOptions): Promise<FaultReport> {
  const events = full ? 20_000 : 3_000;
  const cap = full ? 15_000 : 1_500;
  const stage = await setStage({ QUEUE_CAP: String(cap) });
  try {
    const { program, target, sent, called } = stage;
    const { catchUrl } = await stage.publish(
      graph("trigger -> one", { one: callStep(target, "one", { timeoutMs: 600_000 }) }),
    );
    // The heap as it is after a while at work: else the growth of any young process would be taken for the backlog's.
    await startLoad({ url: catchUrl, ledger: sent, senders: SENDERS, total: WARM_UP, body }).done;
    await untilSettled(program.folder, 30_000);
    let recover = () => {};
    const recovered = new Promise<void>((resolve) => {
      recover = resolve;
    });
    target.behave = async (call, response) => {
      await recovered;
      answerOk(call, response);
    };
    const list = watchList(stage);
    const memory: number[] = [];
    const watch = setInterval(() => memory.push(rssMb(program.pid())), 250);
    const load = startLoad({ url: catchUrl, ledger: sent, senders: SENDERS, total: events, body });
    await load.done;
    const middle = percentile(memory.slice(memory.length / 2), 0.5);
    const waits = load.waits();
    const inHand = target.open();
    say(`${JSON.stringify(load.answers())} with ${inHand} steps hanging`);
    await new Promise((resolve) => setTimeout(resolve, 2_000));

    const backlog = Number(load.answers()[202] ?? 0);
    recover();
    const drainedMs = await untilSettled(program.folder, full ? 300_000 : 60_000);
    const listMs = await list.stop();
    const after = startLoad({ url: catchUrl, ledger: sent, senders: 1, total: 1 });
    await after.done;
    const settledMs = await untilSettled(program.folder, 10_000);
    clearInterval(watch);
    say(`${backlog} runs drained in ${drainedMs} ms`);
    await program.terminate();

    const rssMost = Math.max(...memory.slice(memory.length / 2));
    const listP95 = percentile(listMs, 0.95);
    const missed = capMarks(sent.entries().slice(WARM_UP, WARM_UP + events), cap);
    if (drainedMs === null || settledMs === null) missed.push("The backlog did not drain completely.");
    if (after.answers()[202] !== 1) missed.push("After draining an event was still refused.");
    if (rssMost > middle + Math.max(middle * RSS_PART, RSS_SLACK_MB))
      missed.push(
        `Memory went from ${rounded(middle)} MB in the middle of the backlog to ${rounded(rssMost)} MB.`,
      );
    if (listP95 > LIST_P95_MS)
      missed.push(`The list of runs took ${listP95} ms (p95); ${LIST_P95_MS} is the most.`);
    const figures = {
      backlog,
      cap,
      hanging: inHand,
      ackP50Ms: percentile(waits, 0.5),
      ackP99Ms: percentile(waits, 0.99),
      drainedPerSecond: Math.round((backlog / (drainedMs ?? Number.POSITIVE_INFINITY)) * 1_000),
      rssMiddleMb: rounded(middle),
      rssMostMb: rounded(rssMost),
      rssLastMb: rounded(memory.at(-1) ?? 0),
      listP95Ms: listP95,
      lists: listMs.length,
    };
    const report = check({
      folder: program.folder,
      sent: sent.entries(),
      called: called.entries(),
      output: program.output(),
    });
    return joinReports({ figures, missed }, report);
  } finally {
    await stage.close();
  }
}

/** Everything is taken until the cap is reached, and from then on refused with when to come again. */
function capMarks(inOrder: Sent[], cap: number): string[] {
  const taken = inOrder.filter(({ status }) => status === 202).length;
  const first = inOrder.findIndex(({ status }) => status === 503);
  const other = inOrder.filter(({ status }) => status !== 202 && status !== 503);
  const silent = inOrder.filter(
    ({ status, retryAfter }) => status === 503 && !/^\d+$/.test(retryAfter ?? ""),
  );
  const missed = [];
  if (other.length > 0)
    missed.push(`${other.length} events were answered ${other[0]?.status}, not 202 or 503.`);
  if (first < 0) missed.push(`No event was refused, with ${taken} taken and a cap of ${cap}.`);
  else if (first < cap) missed.push(`The first 503 came after ${first} events, before the cap of ${cap}.`);
  if (taken > cap + IN_HAND_MOST) missed.push(`${taken} events were taken with a cap of ${cap}.`);
  if (silent.length > 0) missed.push(`${silent.length} answers 503 have no whole number as Retry-After.`);
  return missed;
}

/**
 * Asks for the first page of runs again and again; gives how long each answer took, without the time in which the
 * processors were busy with something else.
 */
function watchList({ client, program }: Stage): { stop(): Promise<number[]> } {
  const took: number[] = [];
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      const from = performance.now();
      const queued = queuedMs(program.pid());
      await client("runs", { query: { limit: 50 } });
      took.push(Math.round(performance.now() - from - (queuedMs(program.pid()) - queued)));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  })();
  return {
    async stop() {
      stopped = true;
      await watching;
      return took;
    },
  };
}
