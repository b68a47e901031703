// How many events wait to be begun, and whether that is too many: accepting must not outrun carrying on without bound.

import type { Problem } from "../../shared/problem.ts";
import type { Clock } from "../ports/clock.ts";
import type { Store } from "../ports/store.ts";

/** How old the count may be. In between, every question counts as one more event. */
const COUNT_EVERY_MS = 1_000;

export interface Backlog {
  /** Why an event cannot be queued now; null when it can. Asked for each event that is about to be queued. */
  whyFull(): Promise<Problem | null>;
}

/** `cap` is how many runs may wait to be begun. */
export function createBacklog(
  store: { runs: Pick<Store["runs"], "backlog"> },
  clock: Pick<Clock, "now">,
  cap: number,
): Backlog {
  let waiting = 0;
  let countedAt = Number.NEGATIVE_INFINITY;
  return {
    async whyFull() {
      const now = clock.now();
      if (Math.abs(now - countedAt) >= COUNT_EVERY_MS) {
        countedAt = now;
        waiting = await store.runs.backlog(cap);
      }
      if (waiting < cap) {
        waiting++;
        return null;
      }
      return {
        code: "queue-full",
        sentence: `${cap} events wait for their turn already, which is the most.`,
        hint: "Nothing was stored: send it again later. The QUEUE_CAP setting of the server sets this limit.",
      };
    },
  };
}
