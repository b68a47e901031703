// A process of its own that takes a job and then stands still, its event loop blocked, for longer than the job is locked.

import { openRedisAccess } from "../../../server/adapters/redis-connection.ts";
import { createRedisQueue } from "../../../server/adapters/redis-queue.ts";
import { createSystemClock } from "../../../server/adapters/system-clock.ts";

const [url = "", prefix = "", lockMs, stillMs] = process.argv.slice(2);
const redis = openRedisAccess({ url, prefix, log: { info() {}, warn() {} } });
await redis.ready();
const queue = createRedisQueue(redis, createSystemClock(), { lockMs: Number(lockMs), stalledMs: 500 });
queue.work(
  ["advance"],
  async ({ id }) => {
    process.stdout.write(`has ${id}\n`);
    await new Promise((resolve) => setTimeout(resolve, 100)); // until that is written
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(stillMs));
    process.stdout.write(`woke up with ${id}\n`);
  },
  { concurrency: 1 },
);
