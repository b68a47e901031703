// Everything that an installation of several processes has in Redis: queue, bus and limits, on the connections of one URL.

import type { Bus } from "../ports/bus.ts";
import type { Clock } from "../ports/clock.ts";
import type { OpenLimiter } from "../ports/limiter.ts";
import type { Job } from "../ports/queue.ts";
import { openRedisBus } from "./redis-bus.ts";
import { checkRedis } from "./redis-check.ts";
import { openRedisAccess, type RedisAccessOptions } from "./redis-connection.ts";
import { createRedisLimits } from "./redis-limits.ts";
import { createRedisQueue, type RedisQueue } from "./redis-queue.ts";

export interface RedisPartsOptions extends RedisAccessOptions {
  clock: Clock;
  /** False where nobody listens to the bus: see redis-bus.ts. */
  hears?: boolean;
  /** Told of every job whose handler rejects, and when Redis does not do as it is told. */
  onJobFailure?: (error: unknown, job?: Job) => void;
  /** Told of every listener of the bus that throws. */
  onListenerFailure?: (error: unknown) => void;
}

export interface RedisParts {
  queue: RedisQueue;
  bus: Bus;
  openLimiter: OpenLimiter;
  /** Host and port, without name and password. */
  where: string;
  /** Ends the bus and every connection; the queue is closed before, with a deadline. */
  close(): Promise<void>;
}

/**
 * Connects and looks whether this Redis is fit: what is not well is a warning in the log. Throws a sentence when it
 * cannot be reached, or may throw jobs away.
 */
export async function openRedis(options: RedisPartsOptions): Promise<RedisParts> {
  const { clock, hears = true, log, onJobFailure, onListenerFailure } = options;
  const redis = openRedisAccess(options);
  try {
    for (const warning of await checkRedis(redis)) log.warn({ redis: redis.where }, warning);
    const bus = await openRedisBus(redis, {
      hears,
      ...(onListenerFailure && { onFailure: onListenerFailure }),
    });
    return {
      queue: createRedisQueue(redis, clock, onJobFailure && { onFailure: onJobFailure }),
      bus,
      openLimiter: createRedisLimits(redis),
      where: redis.where,
      async close() {
        await bus.close();
        redis.close();
      },
    };
  } catch (error) {
    redis.close();
    throw error;
  }
}
