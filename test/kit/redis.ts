// A Redis for tests: the one that REDIS_URL names, or a redis-server of its own on a free port and a folder of its own.

import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { freePort } from "./port.ts";

export interface TestRedis {
  url: string;
  /** A prefix for keys that nobody else has. */
  prefix(): string;
  /** A plain connection, to look and to meddle. */
  client: Redis;
  /** SIGKILL; resolves when it is gone. Only a server that was started here can be killed, frozen or emptied. */
  kill9(): Promise<void>;
  /** Again, on the same data and port. */
  restart(): Promise<void>;
  /** SIGSTOP and SIGCONT: connections stay, and nobody answers. */
  freeze(): void;
  thaw(): void;
  /** FLUSHALL. */
  flush(): Promise<void>;
  /** Removes what the tests wrote; ends the server if it was started here. */
  close(): Promise<void>;
}

export interface TestRedisOptions {
  /** Starts a server in any case: it is to be killed. */
  own?: boolean;
  /** Over the usual ones: lines of redis.conf. */
  settings?: Record<string, string>;
}

const USUAL = {
  bind: "127.0.0.1",
  save: "",
  appendonly: "yes",
  appendfsync: "everysec",
  "maxmemory-policy": "noeviction",
};

export async function startRedis({ own = false, settings = {} }: TestRedisOptions = {}): Promise<TestRedis> {
  const given = process.env.REDIS_URL;
  return given && !own ? givenRedis(given) : ownRedis({ ...USUAL, ...settings });
}

function givenRedis(url: string): TestRedis {
  const client = connect(url);
  const prefixes: string[] = [];
  const cannot = () => {
    throw new Error("The Redis of REDIS_URL is not killed by tests: ask for `own`.");
  };
  return {
    url,
    client,
    prefix() {
      const prefix = `flowcatch-test-${randomBytes(6).toString("hex")}`;
      prefixes.push(prefix);
      return prefix;
    },
    kill9: async () => cannot(),
    restart: async () => cannot(),
    freeze: cannot,
    thaw: cannot,
    flush: async () => cannot(),
    async close() {
      for (const prefix of prefixes) {
        for await (const keys of client.scanStream({ match: `${prefix}:*`, count: 500 })) {
          if (Array.isArray(keys) && keys.length > 0) await client.unlink(...keys);
        }
      }
      client.disconnect();
    },
  };
}

async function ownRedis(settings: Record<string, string>): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), "flowcatch-redis-"));
  const port = await freePort();
  const { requirepass } = settings;
  const url = `redis://${requirepass === undefined ? "" : `:${requirepass}@`}127.0.0.1:${port}`;
  const lines = Object.entries({ ...settings, dir: folder, port: String(port) });
  const args = lines.flatMap(([name, value]) => [`--${name}`, value]);
  let server: ChildProcess;
  let prefixes = 0;
  const kill = () => server.kill("SIGKILL");

  async function start(): Promise<void> {
    let said = "";
    server = spawn("redis-server", args, { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [server.stdout, server.stderr])
      stream?.on("data", (chunk) => {
        said += chunk;
      });
    const failed = Promise.race([
      once(server, "error").then(() => "There is no redis-server on this machine."),
      once(server, "exit").then(() => `redis-server ended at once: ${said.trim()}`),
    ]).then((why) => {
      throw new Error(
        `No Redis for tests. ${why} Install it (Debian: apt-get install redis-server), or set REDIS_URL.`,
      );
    });
    failed.catch(() => {});
    const asking = connect(url);
    try {
      await Promise.race([failed, asking.ping()]);
    } finally {
      asking.disconnect();
    }
  }

  // a test process that ends early leaves no server behind
  process.on("exit", kill);
  try {
    await start();
  } catch (error) {
    kill();
    process.off("exit", kill);
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const client = connect(url);
  return {
    url,
    client,
    prefix: () => `test${++prefixes}`,
    async kill9() {
      const gone = once(server, "exit");
      kill();
      await gone;
    },
    restart: start,
    freeze: () => void server.kill("SIGSTOP"),
    thaw: () => void server.kill("SIGCONT"),
    async flush() {
      await client.flushall();
    },
    async close() {
      client.disconnect();
      process.off("exit", kill);
      if (server.exitCode === null && server.signalCode === null) {
        const gone = once(server, "exit");
        kill();
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function connect(url: string): Redis {
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  client.on("error", () => {}); // it is killed on purpose
  return client;
}
