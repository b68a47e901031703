// How a job lies in Redis: one BullMQ queue for each kind, ids that BullMQ takes, and a look at what comes next.

import { createHash } from "node:crypto";
import type { Job as BullJob } from "bullmq";
import type { Redis } from "ioredis";
import type { Job, JobKind } from "../ports/queue.ts";

/** All that is kept of a job beside its id, its kind and its time. */
export interface JobData {
  ref: string;
}

export type KeptJob = BullJob<JobData, null, JobKind>;

/** What waits of one kind. */
export interface Head {
  kind: JobKind;
  /** Due or not, without those in work. */
  waiting: number;
  ready: number;
  /** Of the one that comes next; null when none waits. */
  dueAt: number | null;
}

/** As keys, so that the compiler misses none. */
const kinds: Record<JobKind, true> = { advance: true, tick: true, sweep: true, prune: true };
export const KINDS: JobKind[] = Object.keys(kinds).filter(isKind);

function isKind(text: string): text is JobKind {
  return Object.hasOwn(kinds, text);
}

// BullMQ takes no colon and no mere number, and keeps jobs beside its own keys: a job called `wait` would be one.
export const keptId = (id: string): string => `=${id.replaceAll(":", "=")}`;
const idOf = (kept: string): string => kept.slice(1).replaceAll("=", ":");

/**
 * Every job is added as one that is due later, also when it is due at once: those lie in order of their time. BullMQ
 * does so with a delay that is not zero, so the one millisecond before is its time stamp.
 */
export function keepingOf({ id, dueAt }: Job) {
  return { jobId: keptId(id), timestamp: dueAt - 1, delay: 1, removeOnComplete: true, removeOnFail: true };
}

/** The job as it was pushed: its first due time, however often it was put off since. */
export function jobOf(kind: JobKind, kept: KeptJob): Job {
  return { id: idOf(kept.id ?? ""), kind, ref: kept.data.ref, dueAt: kept.timestamp + 1 };
}

/** BullMQ keeps due times in units of which this many are a millisecond. */
const UNITS = 0x1000;

/** Looks at what comes next of these kinds, in one round trip. */
export async function headsOf(redis: Redis, prefix: string, kinds: JobKind[], now: number): Promise<Head[]> {
  const keys = kinds.flatMap((kind) => [`${prefix}:${kind}:wait`, `${prefix}:${kind}:delayed`]);
  const bases = kinds.map((kind) => `${prefix}:${kind}:`);
  const given = [keys.length, ...keys, (now + 1) * UNITS - 1, ...bases] as const;
  const answer = await redis.evalsha(LOOK_SHA, ...given).catch((error: unknown) => {
    if (error instanceof Error && error.message.startsWith("NOSCRIPT")) return redis.eval(LOOK, ...given);
    throw error;
  });
  const rows: unknown[] = Array.isArray(answer) ? answer : [];
  return kinds.map((kind, i) => {
    const row = rows[i];
    const [waiting, ready, stamp, score] = (Array.isArray(row) ? row : []).map(Number);
    const dues = [
      ...(stamp !== undefined && stamp >= 0 ? [stamp + 1] : []),
      ...(score !== undefined && score >= 0 ? [Math.floor(score / UNITS)] : []),
    ];
    return {
      kind,
      waiting: waiting ?? 0,
      ready: ready ?? 0,
      dueAt: dues.length > 0 ? Math.min(...dues) : null,
    };
  });
}

const LOOK = `
local heads = {}
for i = 1, #KEYS, 2 do
  local wait, delayed = KEYS[i], KEYS[i + 1]
  local waiting = redis.call("LLEN", wait)
  local stamp, score = "-1", "-1"
  if waiting > 0 then
    local id = redis.call("LINDEX", wait, -1)
    stamp = redis.call("HGET", ARGV[1 + (i + 1) / 2] .. id, "timestamp") or "0"
  end
  local first = redis.call("ZRANGE", delayed, 0, 0, "WITHSCORES")
  if first[2] then score = first[2] end
  heads[#heads + 1] = {
    waiting + redis.call("ZCARD", delayed),
    waiting + redis.call("ZCOUNT", delayed, "-inf", ARGV[1]),
    stamp,
    score,
  }
end
return heads
`;
/** It is asked for more often than once a job: under this name it need not be sent and read each time. */
const LOOK_SHA = createHash("sha1").update(LOOK).digest("hex");
