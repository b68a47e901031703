// What the server knows of itself: the figures, the last lines of its log, and what it is made of.

import type { Received } from "../shared/delivery.ts";
import type { EngineDeps } from "./engine/deps.ts";
import type { LogLine } from "./last-lines.ts";
import { meteredHttp, meteredQueue, meteredStore, receivedMeter } from "./metered.ts";
import type { Metrics } from "./metrics.ts";
import { type MinuteStats, startMinuteStats } from "./minute-stats.ts";

export interface About {
  version: string;
  /** When the process began, milliseconds since 1970. */
  since: number;
  /** What keeps flows and runs, and what keeps jobs, by the names that people know. */
  store: string;
  queue: string;
  /** The database, where it is a file; null where it is not on this machine. */
  databaseFile: string | null;
}

export interface Watch {
  metrics: Metrics;
  minutes: MinuteStats;
  /** Newest first. */
  lines(): LogLine[];
  about: About;
}

/** The same dependencies, counted. `minutes` of the watch is to be stopped before the store is closed. */
export function watchOver<Deps extends EngineDeps>(
  bare: Deps,
  known: Pick<Watch, "metrics" | "lines" | "about">,
): { deps: Deps; watch: Watch; onReceived: (received: Received) => void } {
  const { store, queue, http, clock, log } = bare;
  const minutes = startMinuteStats({ stats: store.stats, clock, log });
  const meters = { metrics: known.metrics, minutes };
  known.metrics.follow({
    runs: () => store.runs.count(),
    queue: () => queue.depth(),
    now: () => clock.now(),
  });
  return {
    deps: {
      ...bare,
      store: meteredStore(store, meters),
      queue: meteredQueue(queue, meters),
      http: meteredHttp(http, meters),
    },
    watch: { ...known, minutes },
    onReceived: receivedMeter(meters),
  };
}
