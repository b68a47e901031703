// How the installation is doing: what it took and did, what waits, what went wrong, and how full the disk is.

import { stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { HealthView } from "../../shared/health.ts";
import { MINUTE_MS } from "../minute-stats.ts";
import type { MinuteRow } from "../ports/store.ts";
import type { RouteDeps } from "./deps.ts";
import type { Handlers } from "./handler.ts";

const HOUR = 60;
const DAY = 24 * HOUR;
const FAILED_SHOWN = 10;
/** Measuring takes a moment, however many people look. */
const SIZES_KEPT_MS = 10_000;

type Sizes = Awaited<ReturnType<RouteDeps["store"]["runs"]["sizes"]>>;

export function createHealthHandlers(): Handlers<"health"> {
  let sizes: { at: number; of: Promise<Sizes> } | undefined;

  function sizesNow({ store, clock }: RouteDeps): Promise<Sizes> {
    const now = clock.now();
    if (sizes && Math.abs(now - sizes.at) < SIZES_KEPT_MS) return sizes.of;
    const mine = { at: now, of: store.runs.sizes() };
    sizes = mine;
    // What could not be read is asked for again the next time.
    mine.of.catch(() => {
      if (sizes === mine) sizes = undefined;
    });
    return mine.of;
  }

  return {
    async health(deps, { caller }) {
      const { store, queue, watch } = deps;
      const { workspaceId } = caller;
      await watch.minutes.flush();
      const now = deps.clock.now();
      const minute = Math.floor(now / MINUTE_MS);
      const [rows, counted, oldest, depth, failed, flows, measured, disk] = await Promise.all([
        store.stats.since(minute - DAY + 1),
        store.runs.count(),
        store.runs.oldest(workspaceId, ["queued"]),
        queue.depth(),
        store.runs.list({ workspaceId, status: ["failed"], limit: FAILED_SHOWN }),
        store.flows.list(workspaceId),
        sizesNow(deps),
        diskOf(watch.about.databaseFile),
      ]);
      const names = new Map(flows.map(({ id, name }) => [id, name]));
      const nameOf = (flowId: string) => names.get(flowId) ?? "(deleted)";
      const { version, since, store: storeName, queue: queueName } = watch.about;
      return {
        at: now,
        since,
        version,
        store: storeName,
        queue: queueName,
        minutes: lastMinutes(rows, minute),
        lastDay: sumOf(rows),
        backlog: {
          queued: counted.queued,
          running: counted.running,
          waiting: counted.waiting,
          asking: counted.asking,
        },
        oldestQueued: oldest && {
          runId: oldest.id,
          flowId: oldest.flowId,
          flowName: nameOf(oldest.flowId),
          createdAt: oldest.createdAt,
        },
        jobs: depth,
        disk: {
          ...disk,
          flows: measured
            .map((size) => ({ ...size, flowName: nameOf(size.flowId) }))
            .sort((a, b) => b.bytes - a.bytes),
        },
        failedRuns: failed.items.map(({ id, flowId, createdAt, finishedAt, problem }) => ({
          runId: id,
          flowId,
          flowName: nameOf(flowId),
          createdAt,
          finishedAt,
          problem,
        })),
        lines: watch.lines(),
      };
    },
  };
}

/** Every one of the last hour's minutes, those in which nothing happened among them. */
function lastMinutes(rows: MinuteRow[], present: number): HealthView["minutes"] {
  const known = new Map(rows.map((row) => [row.minute, row]));
  return Array.from({ length: HOUR }, (_, i) => {
    const minute = present - HOUR + 1 + i;
    return { at: minute * MINUTE_MS, ...sumsOf([known.get(minute)].filter((row) => row !== undefined)) };
  });
}

function sumOf(rows: MinuteRow[]): HealthView["lastDay"] {
  const timed = rows.reduce((sum, row) => sum + row.timed, 0);
  const runMs = rows.reduce((sum, row) => sum + row.runMs, 0);
  return { ...sumsOf(rows), averageRunMs: timed === 0 ? null : runMs / timed };
}

function sumsOf(rows: MinuteRow[]) {
  const sum = (name: "accepted" | "refused" | "succeeded" | "failed" | "canceled" | "steps") =>
    rows.reduce((so, row) => so + row[name], 0);
  return {
    accepted: sum("accepted"),
    refused: sum("refused"),
    succeeded: sum("succeeded"),
    failed: sum("failed"),
    canceled: sum("canceled"),
    steps: sum("steps"),
  };
}

/** The file with the log of its latest writes, and how much more would fit beside it. */
async function diskOf(file: string | null): Promise<Pick<HealthView["disk"], "databaseBytes" | "freeBytes">> {
  if (file === null) return { databaseBytes: null, freeBytes: null };
  const sizeOf = (path: string) =>
    stat(path).then(
      ({ size }) => size,
      () => 0,
    );
  const [main, log, free] = await Promise.all([
    sizeOf(file),
    sizeOf(`${file}-wal`),
    statfs(dirname(file)).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => null,
    ),
  ]);
  return { databaseBytes: main + log, freeBytes: free };
}
