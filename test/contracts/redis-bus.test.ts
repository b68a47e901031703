// The bus in Redis keeps the contract, on a real Redis: the one of REDIS_URL, or a redis-server of its own.

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll } from "vitest";
import { openRedisBus } from "../../server/adapters/redis-bus.ts";
import { openRedisAccess } from "../../server/adapters/redis-connection.ts";
import { startRedis, type TestRedis } from "../kit/redis.ts";
import { describeBus } from "./bus-contract.ts";

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis?.close());

describeBus("the bus in Redis", async () => {
  const prefix = redis.prefix();
  const open = () => openRedisAccess({ url: redis.url, prefix, log: { info() {}, warn() {} } });
  const accesses = [open(), open()] as const;
  for (const access of accesses) await access.ready();
  const [bus, other] = await Promise.all([openRedisBus(accesses[0]), openRedisBus(accesses[1])]);
  return {
    bus,
    other,
    async settle() {
      await redis.client.ping(); // Redis has sent everything that came before
      await sleep(50);
    },
    async close() {
      for (const one of [bus, other]) await one.close();
      for (const access of accesses) access.close();
    },
  };
});
