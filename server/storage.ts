// What keeps everything: one SQLite file for one process, or MongoDB and Redis for any number of them.

import { join } from "node:path";
import { createMemoryBus } from "./adapters/memory-bus.ts";
import {
  DATABASE_FILE,
  openSqliteFile,
  type SqliteFile,
  type SqliteOptions,
} from "./adapters/sqlite-file.ts";
import { createSqliteQueue } from "./adapters/sqlite-queue.ts";
import { createSqliteStore } from "./adapters/sqlite-store.ts";
import type { Config } from "./config.ts";
import { StartRefused } from "./data-folder.ts";
import type { Log } from "./engine/deps.ts";
import type { Bus } from "./ports/bus.ts";
import type { Clock } from "./ports/clock.ts";
import type { OpenLimiter } from "./ports/limiter.ts";
import type { Job, Queue } from "./ports/queue.ts";
import { type Store, StoreUnavailable } from "./ports/store.ts";
import type { About } from "./watch.ts";

export interface Storage {
  store: Store;
  queue: Queue;
  bus: Bus;
  /** Where several processes answer: counts for all of them. */
  openLimiter?: OpenLimiter;
  about: Pick<About, "store" | "queue" | "databaseFile">;
  /** Lets go of memory that is only there to be quick. */
  spareMemory(): void;
}

export interface StorageOptions {
  config: Config;
  clock: Clock;
  log: Log;
  onCommit: SqliteOptions["onCommit"];
  /** What ends each part, to be called last to first. */
  endings: (() => unknown)[];
}

/** Opens what the settings name. Throws a StartRefused with a sentence when it cannot be used. */
export function openStorage(options: StorageOptions): Promise<Storage> {
  const { mongoUrl, redisUrl } = options.config;
  return mongoUrl !== undefined && redisUrl !== undefined
    ? openServers(mongoUrl, redisUrl, options)
    : openFile(options);
}

async function openFile({ config, clock, log, onCommit, endings }: StorageOptions): Promise<Storage> {
  const file = openFolder(config.dataDir, onCommit ? { onCommit } : {});
  const store = createSqliteStore(file);
  endings.push(() => store.close());
  const bus = createMemoryBus({ onFailure: sayListenerFailed(log) });
  endings.push(() => bus.close());
  const queue = createSqliteQueue(file, clock, { onFailure: sayJobFailed(log) });
  endings.push(() => queue.close(0));
  const databaseFile = join(config.dataDir, DATABASE_FILE);
  return {
    store,
    queue,
    bus,
    about: { store: "SQLite", queue: "SQLite", databaseFile },
    spareMemory: () => file.spareMemory(),
  };
}

/** A folder that another process has, or that cannot be written, is said in a sentence. */
export function openFolder(folder: string, options: SqliteOptions = {}): SqliteFile {
  try {
    return openSqliteFile(folder, options);
  } catch (error) {
    throw new StartRefused(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Loaded only where they are used: both are large. */
async function openServers(
  mongoUrl: string,
  redisUrl: string,
  { config, clock, log, endings }: StorageOptions,
): Promise<Storage> {
  const store = await openMongo(mongoUrl, log);
  endings.push(() => store.close());
  const { openRedis } = await import("./adapters/redis-parts.ts");
  const redis = await openRedis({
    url: redisUrl,
    clock,
    // screens and those who wait for an answer are all at the others
    hears: config.role !== "worker",
    log,
    onJobFailure: sayJobFailed(log),
    onListenerFailure: sayListenerFailed(log),
  }).catch(refuse);
  endings.push(() => redis.close());
  const { queue, bus, openLimiter } = redis;
  endings.push(() => queue.close(0));
  const about = { store: "MongoDB", queue: "Redis", databaseFile: null };
  return { store, queue, bus, openLimiter, about, spareMemory: () => {} };
}

/** The store on the MongoDB database at `url`. */
export async function openMongo(url: string, log: Pick<Log, "info">): Promise<Store> {
  const { openMongoStore } = await import("./adapters/mongo-store.ts");
  const store = await openMongoStore(url).catch(refuse);
  const { createdIndexes } = store;
  if (createdIndexes.length > 0) log.info({ indexes: createdIndexes }, "the database got indexes");
  return store;
}

function refuse(error: unknown): never {
  if (!(error instanceof Error)) throw error;
  // Who starts the server may know where the database is; who sends events may not.
  const where = error instanceof StoreUnavailable && error.cause instanceof Error ? error.cause.message : "";
  throw new StartRefused(where ? `${error.message} (${where})` : error.message, { cause: error });
}

function sayListenerFailed(log: Log) {
  return (error: unknown) => log.error({ err: error }, "a listener of the bus failed");
}

function sayJobFailed(log: Log) {
  return (error: unknown, job?: Job) => {
    const runId = job?.kind === "advance" ? job.ref : undefined;
    log.error({ err: error, job, runId }, "a job failed; it is tried again");
  };
}
