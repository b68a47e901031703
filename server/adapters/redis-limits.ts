// Limits that several processes share: what was tried at one of them counts at all.

import { createHash } from "node:crypto";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import type { OpenLimiter } from "../ports/limiter.ts";
import type { RedisAccess } from "./redis-connection.ts";

/** While Redis is away each process counts for itself: the door gets a little wider, and never stands open. */
export function createRedisLimits(redis: RedisAccess): OpenLimiter {
  return (name, { attempts, withinSeconds }) => {
    const allowed = { keyPrefix: `${redis.prefix}:limit:${name}`, points: attempts, duration: withinSeconds };
    const limiter = new RateLimiterRedis({
      ...allowed,
      storeClient: redis.ask,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory(allowed),
    });
    return {
      async waitMs(key) {
        try {
          await limiter.consume(hidden(key));
          return 0;
        } catch (error) {
          if (error instanceof RateLimiterRes) return Math.max(1, error.msBeforeNext);
          throw error;
        }
      },
      async forget(key) {
        await limiter.delete(hidden(key));
      },
    };
  };
}

/** Whose address or e-mail address was counted is nobody's business who reads in Redis. */
function hidden(key: string): string {
  return createHash("sha256").update(key).digest("base64url");
}
