// F23: a long time under load, with targets that fail, hang, reset and drip.

import type { ServerResponse } from "node:http";
import { graph } from "../kit/graph.ts";
import { check, joinReports, untilSettled } from "./checker.ts";
import type { Fault, FaultOptions, FaultReport } from "./fault.ts";
import type { Called } from "./ledger.ts";
import { answerOk, type Load, startLoad } from "./load.ts";
import { growthPerMinute, openFiles, percentile, queuedMs, rounded, rssMb, walMb } from "./measures.ts";
import { callStep, type Stage, setStage } from "./stage.ts";

const MINUTE_MS = 60_000;
const LOOK_EVERY_MS = 1_000;
const RSS_MB_PER_MINUTE = 1;
const FILES_MORE = 20;
const WAL_MB = 64;
const READY_MS = 500;
const STEP_TIMEOUT_MS = 1_000;

/** Events per second to each kind of target: 50 together. */
const RATES = { good: 38, broken: 3, hang: 3, reset: 3, drip: 3 };

export const fault: Fault = {
  id: "F23",
  title: "A soak at 50 events/s with bad targets among them: memory, open files and the log do not grow.",
  fast: false,
  run,
};

interface Look {
  at: number;
  rss: number;
  files: number;
  wal: number;
  /** Without the time in which the processors were busy with something else. */
  readyMs: number;
}

async function run({ full, say }: FaultOptions): Promise<FaultReport> {
  const lengthMs = (full ? 30 : 3) * MINUTE_MS;
  const warmMs = (full ? 5 : 1) * MINUTE_MS;
  const stage = await setStage({}, ["--trace-gc"]);
  try {
    const { program, target, sent, called } = stage;
    target.behave = behave;
    const loads: Load[] = [];
    for (const [kind, rate] of Object.entries(RATES)) loads.push(await startKind(stage, kind, rate));
    const looks = await look(stage, lengthMs, say);
    await Promise.all(loads.map((load) => load.stop()));
    const settledMs = await untilSettled(program.folder, MINUTE_MS);
    await program.terminate();

    const from = looks[0]?.at ?? 0;
    const warm = looks.filter(({ at }) => at - from >= warmMs);
    // the least of ten seconds: what is left when garbage was collected
    const floors = Array.from({ length: Math.floor(warm.length / 10) }, (_, i) => {
      const ten = warm.slice(i * 10, i * 10 + 10);
      return { at: ten[0]?.at ?? 0, value: Math.min(...ten.map(({ rss }) => rss)) };
    });
    const growth = growthPerMinute(floors);
    const heap = heapFloors(program.output(), warmMs);
    const third = Math.floor(warm.length / 3);
    const filesFirst = percentile(
      warm.slice(0, third).map(({ files }) => files),
      0.5,
    );
    const filesLast = percentile(
      warm.slice(-third).map(({ files }) => files),
      0.5,
    );
    const walMost = Math.max(...looks.map(({ wal }) => wal));
    const readyMost = Math.max(...looks.map(({ readyMs }) => readyMs));
    const missed = [];
    // in three minutes V8 may not collect everything even once: what grows then is garbage
    if (full && growth >= RSS_MB_PER_MINUTE) missed.push(`Memory grew by ${rounded(growth)} MB a minute.`);
    if (filesLast > filesFirst + FILES_MORE)
      missed.push(`Open files went from ${filesFirst} to ${filesLast}.`);
    if (walMost > WAL_MB) missed.push(`The write-ahead log reached ${rounded(walMost)} MB.`);
    if (readyMost > READY_MS) missed.push(`/readyz took ${readyMost} ms; ${READY_MS} is the most.`);
    if (settledMs === null) missed.push("Runs were still open a minute after the load ended.");
    const figures = {
      minutes: lengthMs / MINUTE_MS,
      rssGrowthMbPerMinute: rounded(growth),
      heapGrowthMbPerMinute: rounded(growthPerMinute(heap)),
      heapLastMb: rounded(heap.at(-1)?.value ?? 0),
      rssWarmMb: rounded(floors[0]?.value ?? 0),
      rssLastMb: rounded(floors.at(-1)?.value ?? 0),
      filesWarm: filesFirst,
      filesLast,
      walMostMb: rounded(walMost),
      readyMostMs: readyMost,
      readyP99Ms: percentile(
        looks.map(({ readyMs }) => readyMs),
        0.99,
      ),
      settledMs: settledMs ?? -1,
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

/** What was left of the heap after each full collection of garbage, as V8 tells it; none for a short run. */
function heapFloors(output: string, warmMs: number): { at: number; value: number }[] {
  const lines = output.matchAll(/(\d+) ms: Mark-Compact.*? -> ([\d.]+) \(/g);
  return [...lines]
    .map(([, at, value]) => ({ at: Number(at), value: Number(value) }))
    .filter(({ at }) => at >= warmMs);
}

/** A flow of its own for each kind of target, as different services would have. */
async function startKind(stage: Stage, kind: string, rate: number): Promise<Load> {
  const step = callStep(stage.target, kind, {
    timeoutMs: STEP_TIMEOUT_MS,
    retry: { attempts: 2, baseMs: 500, capMs: 1_000 },
  });
  const { catchUrl } = await stage.publish(
    graph("trigger -> call -> fields", {
      call: step,
      fields: { input: { fields: [{ name: "id", value: "{{trigger.body.id}}" }] } },
    }),
  );
  return startLoad({ url: catchUrl, ledger: stage.sent, rate });
}

function behave(call: Called, response: ServerResponse): void {
  switch (call.path) {
    case "/broken":
      response.writeHead(500).end("broken");
      return;
    case "/hang":
      return;
    case "/reset":
      response.writeHead(200, { "content-length": "100" }).write("{");
      response.socket?.resetAndDestroy();
      return;
    case "/drip": {
      response.writeHead(200, { "content-type": "text/plain" });
      const drops = setInterval(() => response.write("."), 100);
      response.once("close", () => clearInterval(drops));
      return;
    }
    default:
      answerOk(call, response);
  }
}

async function look({ program }: Stage, lengthMs: number, say: FaultOptions["say"]): Promise<Look[]> {
  const looks: Look[] = [];
  const from = performance.now();
  for (let next = from; next < from + lengthMs; next += LOOK_EVERY_MS) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
    const pid = program.pid();
    const queued = queuedMs(pid);
    const asked = performance.now();
    const ready = await fetch(`${program.url}/readyz`);
    await ready.text();
    const readyMs = Math.round(performance.now() - asked - (queuedMs(pid) - queued));
    const now: Look = {
      at: performance.now(),
      rss: rssMb(pid),
      files: openFiles(pid),
      wal: walMb(program.folder),
      readyMs,
    };
    looks.push(now);
    if (looks.length % 30 === 0)
      say(
        `${looks.length} s: ${rounded(now.rss)} MB, ${now.files} files, log ${rounded(now.wal)} MB, ready in ${readyMs} ms`,
      );
  }
  return looks;
}
