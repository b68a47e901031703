// Watches how long the program takes for a sign of life, which is how long its event loop was busy with something else.

import { Worker } from "node:worker_threads";

export interface Ping {
  /** When it was sent, by the clock of the day. */
  at: number;
  /** Until the answer, without the time in which one of the two wanted a processor and had none. */
  ms: number;
  ok: boolean;
}

export interface Pinger {
  pings: readonly Ping[];
  stop(): Promise<void>;
}

/** Asks `/healthz`, and `everyMs` after its answer again, until it is stopped. */
export function startPinger(programUrl: string, pid: number, everyMs: number): Pinger {
  const pings: Ping[] = [];
  const worker = new Worker(new URL("./ping-thread.ts", import.meta.url), {
    workerData: { url: `${programUrl}/healthz`, pid, everyMs },
  });
  worker.on("message", (ping: Ping) => pings.push(ping));
  return { pings, stop: async () => void (await worker.terminate()) };
}
