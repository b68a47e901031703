// The Redis queue keeps the contract, on a real Redis: the one of REDIS_URL, or a redis-server of its own.

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, vi } from "vitest";
import { openRedisAccess, type RedisAccess } from "../../server/adapters/redis-connection.ts";
import { KINDS } from "../../server/adapters/redis-jobs.ts";
import { createRedisQueue, type RedisQueue } from "../../server/adapters/redis-queue.ts";
import { startRedis, type TestRedis } from "../kit/redis.ts";
import { createTravelClock } from "../kit/travel-clock.ts";
import { describeQueue } from "./queue-contract.ts";

// Locks are kept by Redis, whose time nobody moves: what is promised about those who died takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
const LOCK_MS = 1_500;
const STALLED_MS = 500;
/** Of no other number in the contract a multiple. */
const LEASE_MS = 7_000;
/** Long enough for a lock to end and for two looks after it. */
const REALLY_MS = LOCK_MS + 3 * STALLED_MS;

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis?.close());

describeQueue("the Redis queue", async () => {
  const clock = createTravelClock();
  // BullMQ asks no clock but this one.
  const dateNow = vi.spyOn(Date, "now").mockImplementation(() => clock.now());
  const prefix = redis.prefix();
  const opened: { access: RedisAccess; queue: RedisQueue }[] = [];
  const open = () => {
    const access = openRedisAccess({ url: redis.url, prefix, log: { info() {}, warn() {} } });
    const queue = createRedisQueue(access, clock, { lockMs: LOCK_MS, stalledMs: STALLED_MS });
    opened.push({ access, queue });
    return { access, queue };
  };
  const first = open();
  const second = open();
  await Promise.all([first.access.ready(), second.access.ready()]);

  /** Until nothing has moved in Redis for a while: what is in work is the test's own. */
  async function settle(): Promise<void> {
    let before = "";
    for (let same = 0; same < 3; ) {
      await sleep(15);
      const lists = KINDS.flatMap((kind) => [
        redis.client.lrange(`${prefix}:${kind}:wait`, 0, -1),
        redis.client.lrange(`${prefix}:${kind}:active`, 0, -1),
        redis.client.zrange(`${prefix}:${kind}:delayed`, "0", "-1"),
      ]);
      const now = JSON.stringify(await Promise.all(lists));
      same = now === before ? same + 1 : 0;
      before = now;
    }
  }

  /** Of what is not due yet. */
  async function nextDue(): Promise<number> {
    const after = (clock.now() + 1) * 0x1000;
    const firsts = await Promise.all(
      KINDS.map((kind) =>
        redis.client.zrangebyscore(`${prefix}:${kind}:delayed`, after, "+inf", "WITHSCORES", "LIMIT", 0, 1),
      ),
    );
    return Math.min(...firsts.map(([, score]) => (score ? Math.floor(Number(score) / 0x1000) : Infinity)));
  }

  async function advance(ms: number): Promise<void> {
    const until = clock.now() + ms;
    await settle();
    for (let due = await nextDue(); due <= until; due = await nextDue()) {
      clock.travelTo(due);
      await settle();
    }
    clock.travelTo(until);
    if (ms > 0 && ms % LEASE_MS === 0) await sleep(REALLY_MS);
    await settle();
  }

  return {
    queue: first.queue,
    another: () => second.queue,
    crash: (queue) => opened.find((one) => one.queue === queue)?.queue.abandon(),
    now: clock.now,
    advance,
    leaseMs: LEASE_MS,
    async close() {
      for (const { access, queue } of opened) {
        queue.abandon();
        access.close();
      }
      dateNow.mockRestore();
    },
  };
});
