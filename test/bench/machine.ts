// What else the machine has to do: figures from a busy machine are low, and that has to be said beside them.

import { statfsSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { pause } from "./rig.ts";

/** How much of all cores is in use during the next moments, from 0 to 1. Ask while nothing is being measured. */
export async function busyShare(ms: number): Promise<number> {
  const before = times();
  await pause(ms);
  const after = times();
  return 1 - (after.idle - before.idle) / Math.max(1, after.all - before.all);
}

function times(): { idle: number; all: number } {
  let idle = 0;
  let all = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    all += Object.values(times).reduce((sum, time) => sum + time, 0);
  }
  return { idle, all };
}

export function machineName(): string {
  const [first] = cpus();
  return `${cpus().length} × ${first?.model.trim() || "unknown processor"}, Node ${process.versions.node}`;
}

const TMPFS = 0x01021994;

/** The folder for temporary files is kept in memory, where writing to disk costs nothing. */
export function hasNoDisk(): boolean {
  return process.platform === "linux" && statfsSync(tmpdir()).type === TMPFS;
}
