// Asks one address for a sign of life again and again, in a thread of its own: what keeps it waiting is the other side.

import { readFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { parentPort, workerData } from "node:worker_threads";
import { queuedMs } from "./measures.ts";

const { url, pid, everyMs }: { url: string; pid: number; everyMs: number } = workerData;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** For how long the program and this thread wanted a processor and had none. */
function queued(): number {
  const [, nanoseconds] = readFileSync("/proc/thread-self/schedstat", "utf8").split(" ");
  return queuedMs(pid) + Number(nanoseconds) / 1_000_000;
}

function ping(): void {
  const at = Date.now();
  const from = performance.now();
  const before = queued();
  const tell = (ok: boolean) => {
    const ms = Math.max(0, performance.now() - from - (queued() - before));
    parentPort?.postMessage({ at, ms, ok });
    setTimeout(ping, everyMs);
  };
  get(url, { agent }, (answer) => {
    answer.resume();
    answer.once("end", () => tell(answer.statusCode === 200));
  }).on("error", () => tell(false));
}

ping();
