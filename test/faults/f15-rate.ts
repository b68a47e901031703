// F15: one catch URL gets ten times what it takes; the others do not feel it, and no name that is made up costs memory.

import { graph } from "../kit/graph.ts";
import { check, joinReports } from "./checker.ts";
import type { Fault, FaultOptions, FaultReport } from "./fault.ts";
import type { Sent } from "./ledger.ts";
import { startLoad } from "./load.ts";
import { percentile, rounded, rssMb } from "./measures.ts";
import { pause } from "./scene.ts";
import { callStep, setStage } from "./stage.ts";

const RATE = { perSecond: 40, burst: 80 };
const TIMES = 10;
/** Of the others' waiting, beside what it is without the flood. */
const MOST_MORE_MS = 100;
const MOST_GROWTH_MB = 40;

export const fault: Fault = {
  id: "F15",
  title:
    "A flood at one catch URL is told when to come again; what is taken is stored, and others do not feel it.",
  fast: true,
  run,
};

async function run({ full, say }: FaultOptions): Promise<FaultReport> {
  const seconds = full ? 30 : 6;
  const strangers = full ? 100_000 : 10_000;
  const stage = await setStage();
  try {
    const { program, target, sent, called, client } = stage;
    const made = graph("trigger -> one", { one: callStep(target, "one") });
    const [flooded, calm] = [await stage.publish(made), await stage.publish(made)];
    await client("setCatching", { params: { id: flooded.id }, body: { settings: { rate: RATE } } });
    const quiet = startLoad({ url: calm.catchUrl, ledger: sent, rate: 20, total: 20 * 3 });
    await quiet.done;
    const before = sent.entries().length;

    const beside = startLoad({ url: calm.catchUrl, ledger: sent, rate: 20 });
    const began = Date.now();
    const flood = startLoad({
      url: flooded.catchUrl,
      ledger: sent,
      rate: RATE.perSecond * TIMES,
      total: RATE.perSecond * TIMES * seconds,
    });
    await flood.done;
    const lasted = (Date.now() - began) / 1_000;
    await beside.stop();
    const entries = sent.entries().slice(before);
    const told = entries.filter(({ status }) => status === 429);
    const taken = flood.answers()[202] ?? 0;
    say(
      `${JSON.stringify(flood.answers())} at the flooded one, ${JSON.stringify(beside.answers())} beside it`,
    );

    const rssBefore = rssMb(program.pid());
    await callStrangers(program.url, strangers);
    await pause(500);
    const growth = rssMb(program.pid()) - rssBefore;

    const most = RATE.burst + RATE.perSecond * lasted * 1.1;
    const p99 = percentile(beside.waits(), 0.99);
    const quietP99 = percentile(quiet.waits(), 0.99);
    const missed: string[] = [];
    if (told.length === 0) missed.push("Nobody was told to come later.");
    if (taken > most)
      missed.push(`${taken} were taken in ${lasted} s, and no more than ${Math.floor(most)} may be.`);
    if (taken < RATE.burst) missed.push(`Only ${taken} were taken, less than the burst.`);
    const unclear = told.filter(({ retryAfter }: Sent) => !/^[1-9]\d*$/.test(retryAfter ?? ""));
    if (unclear.length > 0) missed.push(`${unclear.length} were not told when, in whole seconds.`);
    const refusedBeside = Object.entries(beside.answers()).filter(([status]) => status !== "202");
    if (refusedBeside.length > 0) missed.push(`Others were refused: ${JSON.stringify(refusedBeside)}.`);
    if (p99 > quietP99 + MOST_MORE_MS)
      missed.push(`Others waited ${p99} ms (p99) for their answer, and ${quietP99} ms without the flood.`);
    if (growth > MOST_GROWTH_MB) missed.push(`Made-up addresses took ${rounded(growth)} MB.`);
    const options = { folder: program.folder, sent: sent.entries(), called: called.entries() };
    return joinReports(check({ ...options, order: ["one"], output: program.output() }), {
      figures: { taken, told: told.length, quietP99, p99, growthMb: rounded(growth), strangers },
      missed,
    });
  } finally {
    await stage.close();
  }
}

/** Addresses that no flow has: each is a name that a limiter could remember. */
async function callStrangers(url: string, count: number): Promise<void> {
  let next = 0;
  const one = async () => {
    while (next < count) {
      const key = `stranger-${String(next++).padStart(12, "0")}`;
      const answer = await fetch(`${url}/catch/${key}`, { method: "POST", body: "{}" });
      await answer.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: 20 }, one));
}
