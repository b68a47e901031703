// When a failed attempt is tried again, and when it is not.

import type { Retry } from "../../shared/graph.ts";

/** Five attempts; waits drawn from 0 to 1, 2, 4, 8 s, none longer than five minutes. */
export const USUAL_RETRY: Retry = { attempts: 5, baseMs: 1_000, capMs: 300_000 };

const RETRY_AFTER_LEAST = 1_000;
const RETRY_AFTER_MOST = 86_400_000;

/**
 * Milliseconds to wait before the next attempt, or null when this was the last one. `attempt` is the one that just
 * failed, from 1. Full jitter: anywhere between 0 and base·2^(attempt-1), at most the cap; never sooner than the
 * other side asked for (`retryAfterMs`, taken as 1 s to 24 h). `random` gives 0 up to 1.
 */
export function retryDelay(
  retry: Retry,
  attempt: number,
  retryAfterMs: number | undefined,
  random: () => number = Math.random,
): number | null {
  if (attempt >= retry.attempts) return null;
  const ceiling = Math.min(retry.capMs, retry.baseMs * 2 ** (attempt - 1));
  const own = Math.floor(random() * (ceiling + 1));
  if (retryAfterMs === undefined || !Number.isFinite(retryAfterMs)) return own;
  return Math.max(own, Math.min(Math.max(retryAfterMs, RETRY_AFTER_LEAST), RETRY_AFTER_MOST));
}
