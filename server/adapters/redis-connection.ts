// Connections to one Redis: how long anything may take on each of them, and who is told when it cannot be reached.

import { Redis, type RedisOptions } from "ioredis";
import { redisProblem } from "./redis-problems.ts";

export interface RedisLog {
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
}

export interface RedisAccessOptions {
  url: string;
  /** What every key begins with, so that several installations can share a Redis. */
  prefix?: string;
  log: RedisLog;
}

/** What a connection is for. */
export type Purpose =
  /** what somebody waits for: fails fast, keeps nothing for later */
  | "ask"
  /** jobs in hand: waits for as long as Redis is away */
  | "work"
  /** blocking until there is a job */
  | "await"
  /** hearing messages */
  | "listen";

export interface RedisAccess {
  prefix: string;
  /** Host and port, without name and password: it is shown. */
  where: string;
  /** For everything that somebody waits for. */
  ask: Redis;
  open(purpose: Exclude<Purpose, "ask">): Redis;
  /** Resolves when it answers; rejects with a sentence when it has not within `patienceMs`. */
  ready(patienceMs?: number): Promise<void>;
  /** Ends every connection, whatever they are doing. */
  close(): void;
}

const ASK_MS = 2_000;
const READY_MS = 5_000;
/** A connection on which nothing comes back for this long is given up, and a new one made. */
const SILENCE_MS = 15_000;
const LONGEST_PAUSE_MS = 2_000;

const BY_PURPOSE: Record<Purpose, RedisOptions> = {
  ask: {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 1,
    commandTimeout: ASK_MS,
  },
  work: { maxRetriesPerRequest: null, socketTimeout: 2 * SILENCE_MS },
  await: { maxRetriesPerRequest: null, socketTimeout: SILENCE_MS },
  listen: { maxRetriesPerRequest: null, socketTimeout: SILENCE_MS, autoResubscribe: true },
};

/** Begins to connect, and goes on trying for ever. Throws a sentence when `url` is not the URL of a Redis. */
export function openRedisAccess({ url, prefix = "flowcatch", log }: RedisAccessOptions): RedisAccess {
  const where = hostOf(url);
  const connections: Redis[] = [];
  let isAway = false;
  let lastError: unknown;

  function open(purpose: Purpose): Redis {
    const connection = new Redis(url, {
      ...BY_PURPOSE[purpose],
      connectTimeout: ASK_MS,
      keepAlive: SILENCE_MS,
      connectionName: `${prefix}:${purpose}`,
      retryStrategy: (times) => Math.min(50 * 2 ** times, LONGEST_PAUSE_MS),
      // After a failover the name leads to another server, and this connection still to the old one.
      reconnectOnError: ({ message }) => message.includes("READONLY"),
    });
    connection.on("error", (error) => {
      lastError = error;
      if (isAway) return;
      isAway = true;
      log.warn({ err: error, redis: where }, "Redis cannot be reached; trying again");
    });
    connection.on("ready", () => {
      if (!isAway) return;
      isAway = false;
      log.info({ redis: where }, "Redis can be reached again");
    });
    connections.push(connection);
    return connection;
  }

  const ask = open("ask");
  return {
    prefix,
    where,
    ask,
    open,
    async ready(patienceMs = READY_MS) {
      if (ask.status === "ready") return;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(redisProblem(lastError, where)), patienceMs);
      });
      try {
        await Promise.race([new Promise<void>((resolve) => ask.once("ready", resolve)), late]);
      } finally {
        clearTimeout(timer);
      }
    },
    close() {
      for (const connection of connections) connection.disconnect();
    },
  };
}

function hostOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^rediss?:$/.test(parsed.protocol) || parsed.hostname === "")
    throw new Error(
      "The address of Redis is not the URL of a Redis. It begins with redis://host:6379 or, encrypted, rediss://host:6379.",
    );
  return `${parsed.hostname}:${parsed.port || "6379"}`;
}
