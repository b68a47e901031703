// A report of an installation that is at rest, to be changed where a test needs it.

import type { HealthView } from "../../../shared/health.ts";

/** Noon, 1 January 2026, UTC. */
export const NOW = Date.UTC(2026, 0, 1, 12);

const NOTHING = { accepted: 0, refused: 0, succeeded: 0, failed: 0, canceled: 0, steps: 0 };

export function aReport(change: Partial<HealthView> = {}): HealthView {
  return {
    at: NOW,
    since: NOW - 3_600_000,
    version: "1.2.3",
    store: "SQLite",
    queue: "SQLite",
    minutes: quietHour(),
    lastDay: { ...NOTHING, averageRunMs: null },
    backlog: { queued: 0, running: 0, waiting: 0, asking: 0 },
    oldestQueued: null,
    jobs: { waiting: 0, oldestDueAt: null },
    disk: { databaseBytes: 4_096, freeBytes: 20_000_000_000, flows: [] },
    failedRuns: [],
    lines: [],
    ...change,
  };
}

/** Sixty minutes with nothing in them but what is said of the last of them. */
export function quietHour(last: Partial<HealthView["minutes"][number]> = {}): HealthView["minutes"] {
  return Array.from({ length: 60 }, (_, i) => ({
    at: NOW - (59 - i) * 60_000,
    ...NOTHING,
    ...(i === 59 ? last : {}),
  }));
}
