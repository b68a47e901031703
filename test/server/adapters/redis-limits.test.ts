// Limits that several processes share, and what becomes of them when Redis goes away.

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openRedisAccess, type RedisAccess } from "../../../server/adapters/redis-connection.ts";
import { createRedisLimits } from "../../../server/adapters/redis-limits.ts";
import { createSignInLimit } from "../../../server/routes/sign-in-limit.ts";
import { startRedis, type TestRedis } from "../../kit/redis.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
const ALLOWED = { attempts: 3, withinSeconds: 900 };

let redis: TestRedis;
let accesses: RedisAccess[];
beforeEach(async () => {
  redis = await startRedis({ own: true });
  accesses = [];
});
afterEach(async () => {
  for (const access of accesses) access.close();
  await redis?.close();
});

async function open(prefix = "test") {
  const access = openRedisAccess({ url: redis.url, prefix, log: { info() {}, warn() {} } });
  accesses.push(access);
  await access.ready();
  return createRedisLimits(access);
}

it("counts at one process what was tried at another, and each name and prefix for itself", async () => {
  const one = (await open())("sign-in", ALLOWED);
  const other = (await open())("sign-in", ALLOWED);
  const waits = [];
  for (const limiter of [one, other, one, other]) waits.push(await limiter.waitMs("203.0.113.7"));
  expect(waits.slice(0, 3)).toEqual([0, 0, 0]);
  expect(waits[3]).toBeGreaterThan(890_000);
  expect(await one.waitMs("203.0.113.8")).toBe(0);
  expect(await (await open())("other", ALLOWED).waitMs("203.0.113.7")).toBe(0);
  expect(await (await open("neighbour"))("sign-in", ALLOWED).waitMs("203.0.113.7")).toBe(0);
  await other.forget("203.0.113.7");
  expect(await one.waitMs("203.0.113.7")).toBe(0);
});

it("does not tell Redis whose address it was", async () => {
  await (await open())("sign-in", ALLOWED).waitMs("203.0.113.7");
  const keys = await redis.client.keys("*");
  expect(keys).toHaveLength(1);
  expect(keys[0]).toMatch(/^test:limit:sign-in:/);
  expect(keys[0]).not.toContain("203.0.113.7");
});

it("goes on counting by itself while Redis is away, and with the others when it is back", async () => {
  const limiter = (await open())("sign-in", ALLOWED);
  const other = (await open())("sign-in", ALLOWED);
  await redis.kill9();
  const waits = [];
  for (let i = 0; i < 5; i++) waits.push(await limiter.waitMs("203.0.113.7"));
  expect(waits.map((wait) => wait > 0)).toEqual([false, false, false, true, true]);
  await limiter.forget("203.0.113.7");
  expect(await limiter.waitMs("203.0.113.7")).toBe(0);
  await redis.restart();
  await vi.waitFor(
    async () => {
      await limiter.waitMs("203.0.113.9");
      expect(await other.waitMs("203.0.113.9")).toBeGreaterThan(0);
    },
    { timeout: 20_000, interval: 100 },
  );
});

it("slows down who guesses passwords at several processes in turn", async () => {
  const limits = await Promise.all(
    [open(), open()].map(async (one) => createSignInLimit({ perAccountAndAddress: 2 }, await one)),
  );
  const guess = (i: number) => limits[i % 2]?.attempt("owner@example.com", "203.0.113.7");
  await guess(0);
  await guess(1);
  await expect(guess(2)).rejects.toMatchObject({ status: 429 });
  await limits[0]?.succeeded("owner@example.com", "203.0.113.7");
  await guess(3);
});
