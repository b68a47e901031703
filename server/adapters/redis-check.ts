// Is this Redis fit to keep jobs? Asked once, at the start.

import type { RedisAccess } from "./redis-connection.ts";
import { redisProblem } from "./redis-problems.ts";

/** What BullMQ was made for. */
const OLDEST = [6, 2] as const;

/**
 * Gives sentences of warning. Throws one when Redis cannot be reached, or when it may throw jobs away.
 */
export async function checkRedis(redis: RedisAccess): Promise<string[]> {
  const { where } = redis;
  await redis.ready();
  const told = await redis.ask.info().catch((error: unknown) => {
    if (/NOPERM|unknown command/i.test(error instanceof Error ? error.message : "")) return null;
    throw redisProblem(error, where);
  });
  if (told === null)
    return [
      `The Redis at ${where} does not let its user ask for INFO, so nobody knows whether it keeps jobs: its “maxmemory-policy” has to be “noeviction”, and “appendonly” should be “yes”.`,
    ];
  const known = new Map(
    told.split(/\r?\n/).map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1)];
    }),
  );
  const policy = known.get("maxmemory_policy");
  if (policy !== undefined && policy !== "noeviction")
    throw new Error(
      `The Redis at ${where} throws keys away when its memory is full (its “maxmemory-policy” is “${policy}”), and jobs with them. Set it to “noeviction”: CONFIG SET maxmemory-policy noeviction, and the same in redis.conf.`,
    );
  const warnings: string[] = [];
  if (policy === undefined)
    warnings.push(
      `The Redis at ${where} does not tell its “maxmemory-policy”. Make sure that it is “noeviction”.`,
    );
  if (known.get("aof_enabled") !== "1")
    warnings.push(
      `The Redis at ${where} does not write its jobs to disk as they come (“appendonly” is not “yes”). After it fails runs go on later, when they are found again.`,
    );
  const version = known.get("redis_version");
  if (version !== undefined && isOlder(version))
    warnings.push(`The Redis at ${where} is version ${version}. Use ${OLDEST.join(".")} or a later one.`);
  return warnings;
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}
