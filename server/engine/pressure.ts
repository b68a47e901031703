// How much a catch URL takes: token buckets, one for each flow and one for all of them together.
//
// They are this process's own. What must hold for all processes together are the limits on runs (lines.ts), not these:
// they are there so that a flood does not slow the others down, and each process has its own loop to keep free.

import type { CatchSettings } from "../../shared/catching.ts";
import type { Clock } from "../ports/clock.ts";

/** `perSecond` for ever, and `burst` at once after a rest. */
export type Rate = CatchSettings["rate"];

export interface Pressure {
  /** Takes one; 0 when there was one, else how many whole seconds until there is one again. */
  waitSeconds(flowId: string, rate: Rate): number;
  /** Whether one more refused delivery of this flow may be kept and looked into now. */
  mayKeepRefused(flowId: string): boolean;
}

/** Whoever only knows the address gets this much of the disk's and the processor's time. */
const REFUSED: Rate = { perSecond: 5, burst: 100 };
/** Beyond this the one that was made first is forgotten; a bucket that is new is full. */
const MOST_BUCKETS = 10_000;

interface Bucket {
  left: number;
  at: number;
}

/** `overall` is the rate of all flows together. */
export function createPressure(clock: Pick<Clock, "now">, overall: Rate): Pressure {
  const all: Bucket = { left: overall.burst, at: clock.now() };
  const flows = new Map<string, Bucket>();
  const refused = new Map<string, Bucket>();

  function bucketOf(buckets: Map<string, Bucket>, flowId: string, { burst }: Rate, now: number): Bucket {
    const known = buckets.get(flowId);
    if (known) return known;
    const fresh = { left: burst, at: now };
    const [oldest] = buckets.keys();
    if (buckets.size >= MOST_BUCKETS && oldest !== undefined) buckets.delete(oldest);
    buckets.set(flowId, fresh);
    return fresh;
  }

  return {
    waitSeconds(flowId, rate) {
      const now = clock.now();
      const mine = bucketOf(flows, flowId, rate, now);
      fill(mine, rate, now);
      fill(all, overall, now);
      const missing = Math.max((1 - mine.left) / rate.perSecond, (1 - all.left) / overall.perSecond);
      if (missing > 0) return Math.max(1, Math.ceil(missing));
      mine.left--;
      all.left--;
      return 0;
    },
    mayKeepRefused(flowId) {
      const now = clock.now();
      const bucket = bucketOf(refused, flowId, REFUSED, now);
      fill(bucket, REFUSED, now);
      if (bucket.left < 1) return false;
      bucket.left--;
      return true;
    },
  };
}

/** A clock that was set back fills nothing, and takes nothing away. */
function fill(bucket: Bucket, { perSecond, burst }: Rate, now: number): void {
  bucket.left = Math.min(burst, bucket.left + (Math.max(0, now - bucket.at) / 1_000) * perSecond);
  bucket.at = now;
}
