// What the system says of a process: processor time and memory. Null where there is no /proc.

import { readFileSync } from "node:fs";

/** Linux counts processor time in hundredths of a second, whatever the kernel's own tick. */
const TICK_MS = 10;

/** User and system time of all its threads, in milliseconds. */
export function cpuMs(pid: number): number | null {
  const stat = readProc(pid, "stat");
  // The name, in brackets, may hold spaces; user time is the twelfth field after it, system time the next.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields ? (Number(fields[11]) + Number(fields[12])) * TICK_MS : null;
}

/** Memory that it has now, and had at most, in megabytes. */
export function memoryMb(pid: number): { now: number | null; peak: number | null } {
  const status = readProc(pid, "status");
  const line = (name: string) => {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status ?? "")?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  };
  return { now: line("VmRSS"), peak: line("VmHWM") };
}

function readProc(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return null;
  }
}
