// What an installation of several processes asks of its Redis before it begins, and its bus when Redis is killed.

import { createServer } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { openRedisAccess } from "../../../server/adapters/redis-connection.ts";
import { openRedis, type RedisParts } from "../../../server/adapters/redis-parts.ts";
import { createSystemClock } from "../../../server/adapters/system-clock.ts";
import type { Movement } from "../../../server/ports/bus.ts";
import { startRedis, type TestRedis } from "../../kit/redis.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let redis: TestRedis | undefined;
let parts: RedisParts[] = [];
let said: string[] = [];
afterEach(async () => {
  for (const { queue, close } of parts) {
    await queue.close(0);
    await close();
  }
  parts = [];
  said = [];
  await redis?.close();
  redis = undefined;
});

const log = {
  info: (_: object, message: string) => void said.push(message),
  warn: (_: object, message: string) => void said.push(message),
};

async function open(url: string): Promise<RedisParts> {
  const opened = await openRedis({ url, prefix: "test", clock: createSystemClock(), log });
  parts.push(opened);
  return opened;
}

it("has nothing to say about a Redis that keeps what it is given", async () => {
  redis = await startRedis({ own: true });
  const { where } = await open(redis.url);
  expect(said).toEqual([]);
  expect(where).toBe(new URL(redis.url).host);
});

it("refuses a Redis that may throw jobs away, and says how to set it right", async () => {
  redis = await startRedis({ own: true, settings: { "maxmemory-policy": "allkeys-lru" } });
  await expect(open(redis.url)).rejects.toThrow(
    /“maxmemory-policy” is “allkeys-lru”.*CONFIG SET maxmemory-policy noeviction/,
  );
});

it("warns of a Redis that keeps its jobs in memory only, and begins", async () => {
  redis = await startRedis({ own: true, settings: { appendonly: "no" } });
  await open(redis.url);
  expect(said).toEqual([expect.stringMatching(/does not write its jobs to disk.*“appendonly” is not “yes”/)]);
});

it("begins on a Redis whose user may not ask about it, and says what it does not know", async () => {
  redis = await startRedis({ own: true });
  await redis.client.acl("SETUSER", "flow", "on", ">pass-word", "~*", "&*", "+@all", "-info", "-config");
  await open(redis.url.replace("redis://", "redis://flow:pass-word@"));
  expect(said).toEqual([expect.stringMatching(/does not let its user ask for INFO.*“noeviction”/)]);
});

it("says that the password is wrong, or that nobody is there, and never shows the password", async () => {
  redis = await startRedis({ own: true, settings: { requirepass: "the-right-one" } });
  const address = redis.url.replace("the-right-one", "hunter2");
  const wrong = await open(address).catch((error: Error) => error.message);
  expect(wrong).toMatch(/does not accept the user or the password in its URL/);
  const free = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => free.once("listening", resolve));
  const nobody = free.address();
  const port = typeof nobody === "object" && nobody ? nobody.port : 0;
  await new Promise((resolve) => free.close(resolve));
  const away = await open(`redis://:hunter2@127.0.0.1:${port}`).catch((error: Error) => error.message);
  expect(away).toMatch(new RegExp(`^The Redis at 127.0.0.1:${port} cannot be reached`));
  expect([wrong, away, ...said].join()).not.toContain("hunter2");
});

it.each(["localhost:6379", "http://localhost", "redis://", ""])(
  "says of %j that it is no URL of a Redis",
  (url) => {
    expect(() => openRedisAccess({ url, log })).toThrow(/begins with redis:\/\/host:6379/);
  },
);

it("says once that Redis is away and once that it is back, and its bus hears everything again", async () => {
  redis = await startRedis({ own: true });
  const [one, other] = [await open(redis.url), await open(redis.url)];
  const heard: Movement[] = [];
  other.bus.subscribe((movement) => heard.push(movement));
  const moved = { kind: "flow", workspaceId: "ws_1", flowId: "flow_1" } as const;
  await redis.kill9();
  one.bus.publish(moved); // nobody hears it, and nobody is troubled by it
  await new Promise((resolve) => setTimeout(resolve, 300));
  await redis.restart();
  await vi.waitFor(
    () => {
      one.bus.publish(moved);
      expect(heard.length).toBeGreaterThan(0);
    },
    { timeout: 20_000, interval: 100 },
  );
  expect(heard[0]).toEqual(moved);
  expect(said.toSorted()).toEqual([
    "Redis can be reached again",
    "Redis can be reached again",
    "Redis cannot be reached; trying again",
    "Redis cannot be reached; trying again",
  ]);
});

it("passes over what comes through its channel and is no message", async () => {
  redis = await startRedis({ own: true });
  const { bus } = await open(redis.url);
  const heard: Movement[] = [];
  bus.subscribe((movement) => heard.push(movement));
  const whole = { kind: "run", workspaceId: "ws_1", flowId: "flow_1", runId: "run_1" };
  const broken = [null, [], { ...whole, runId: 7 }, { ...whole, flowId: null }, { ...whole, kind: "other" }];
  for (const text of ["", "{", ...broken.map((one) => JSON.stringify(one))])
    await redis.client.publish("test:moved", text);
  const flow = { kind: "flow", workspaceId: "ws_1", flowId: "flow_1" } as const;
  bus.publish(flow);
  await vi.waitFor(() => expect(heard).toContainEqual(flow));
  expect(heard).toEqual([flow]);
});

it("tells nothing more to a listener that another one ended, not even the same message", async () => {
  redis = await startRedis({ own: true });
  const { bus } = await open(redis.url);
  const heard: string[] = [];
  bus.subscribe(() => {
    heard.push("first");
    endSecond();
  });
  const endSecond = bus.subscribe(() => heard.push("second"));
  bus.subscribe(() => heard.push("third"));
  bus.publish({ kind: "flow", workspaceId: "ws_1", flowId: "flow_1" });
  await vi.waitFor(() => expect(heard).toContain("third"));
  expect(heard).toEqual(["first", "third"]);
});
