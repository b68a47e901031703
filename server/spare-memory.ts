// Gives memory back to the machine when there is nothing to do.
//
// V8 keeps what a burst of work made it take: after a load of 2,000 runs a second some 310 MB stay, of which 30 are
// used. It lets go of them when it is asked, which takes about 0.1 s: so it is asked only in quiet moments, and only where
// there is something to get. By itself it would after eight seconds, which is too soon.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** How often it is looked whether the process is quiet. */
const LOOK_EVERY_MS = 1_000;
/** Below this share of one processor, it is. */
const QUIET = 0.1;
/**
 * So many looks in a row: the next burst has to ask the machine for each page again, and is at half its speed for
 * seconds. Events that come every few seconds, or a pause between two bursts, are not worth that.
 */
const QUIET_LOOKS = 60;
/** After the start, when nothing was compiled for any work yet: what starting took is given back soon. */
const FIRST_LOOKS = 2;
/** Quiet that comes later than this is a pause after some work, and no longer the end of starting. */
const START_LOOKS = 5;
/** Memory has to have grown by so much since it was given back. */
const GROWTH = 1.15;

/**
 * `more` lets go of what is not this thread's V8's, `collect` is what `collector` gave. Gives the function that ends
 * the looking.
 */
export function giveBackMemory(collect: () => void, more: () => void): () => void {
  let spent = processorMs();
  let looks = 0;
  let quietLooks = 0;
  let settledAt: number | null = null;
  const timer = setInterval(() => {
    const now = processorMs();
    looks++;
    quietLooks = now - spent < QUIET * LOOK_EVERY_MS ? quietLooks + 1 : 0;
    spent = now;
    const isStarting = settledAt === null && looks <= START_LOOKS;
    if (quietLooks < (isStarting ? FIRST_LOOKS : QUIET_LOOKS)) return;
    if (settledAt !== null && process.memoryUsage.rss() < settledAt * GROWTH) return;
    more();
    collect();
    settledAt = process.memoryUsage.rss();
    spent = processorMs();
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/**
 * Tells V8 how garbage comes about here. To be called before work begins, and before threads do.
 *
 * V8 lets garbage grow to several times of what is used before it looks for it. Twice is enough: under load that is a
 * tenth less memory, at no cost in time that could be told from noise.
 *
 * Where much of what a line of code makes was still in use when it looked (runs in a burst are), V8 makes the next ones
 * among the old from the start. Those are looked at seldom, and until then keep all alive that they lead to: each
 * collection of the young copied the remains of runs that had ended.
 */
export function tuneCollector(): void {
  setFlagsFromString("--heap-growing-percent=100");
  setFlagsFromString("--no-allocation-site-pretenuring");
  // V8's own collector for quiet moments: `giveBackMemory` is ours
  setFlagsFromString("--memory-reducer-gc-count=0");
}

/** V8's own collector, made visible without a flag on the command line; threads that begin later see theirs, too. */
export function collector(): () => void {
  setFlagsFromString("--expose-gc");
  const gc: unknown = runInNewContext("gc");
  if (typeof gc !== "function") return () => {};
  // "last resort" is what gives pages back; the other flavors keep them for the next burst.
  return () => gc({ type: "major", execution: "sync", flavor: "last-resort" });
}
