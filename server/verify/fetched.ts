// Keys and certificates of others, fetched through the outbound door and kept for a while.

import type { Http } from "../ports/http.ts";

export interface Fetched<T> {
  /** Undefined when it cannot be had now. `newerThan` asks for one that was fetched after that time. */
  get(url: string, now: number, newerThan?: number): Promise<{ value: T; at: number } | undefined>;
}

interface Entry<T> {
  got?: { value: T; at: number };
  failedAt?: number;
  running?: Promise<void>;
}

/** How many addresses are remembered, and how many are asked at a time: strangers can name some of them. */
const MOST_KEPT = 100;
const MOST_RUNNING = 8;
/** After a failure, and after an answer that did not help, the other side is left alone this long. */
const PAUSE_MS = 30_000;

/** What `read` makes of an answer counts for `freshMs`, and for `staleMs` when there is no newer one to be had. */
export function createFetched<T>(
  http: Http,
  options: { read(body: Uint8Array): T | undefined; freshMs: number; staleMs: number },
): Fetched<T> {
  const entries = new Map<string, Entry<T>>();
  let running = 0;

  function entryOf(url: string): Entry<T> {
    const known = entries.get(url);
    if (known) return known;
    const [oldest] = entries.keys();
    if (entries.size >= MOST_KEPT && oldest !== undefined) entries.delete(oldest);
    const entry: Entry<T> = {};
    entries.set(url, entry);
    return entry;
  }

  async function fetchInto(entry: Entry<T>, url: string, now: number): Promise<void> {
    running++;
    try {
      // No redirects: where the keys come from is part of what makes them right.
      const answer = await http.send({
        method: "GET",
        url,
        redirects: 0,
        timeoutMs: 5_000,
        maxBytes: 256 * 1024,
      });
      const value = answer.status === 200 ? options.read(answer.body) : undefined;
      if (value === undefined) entry.failedAt = now;
      else entry.got = { value, at: now };
    } catch {
      entry.failedAt = now;
    } finally {
      running--;
      entry.running = undefined;
    }
  }

  return {
    async get(url, now, newerThan = 0) {
      const entry = entryOf(url);
      const age = entry.got ? now - entry.got.at : Number.POSITIVE_INFINITY;
      const isFresh = age < options.freshMs && (entry.got?.at ?? 0) > newerThan;
      const isPaused = entry.failedAt !== undefined && now - entry.failedAt < PAUSE_MS;
      const isWanted = !isFresh && !isPaused && (newerThan === 0 || age >= PAUSE_MS);
      if (isWanted && !entry.running && running < MOST_RUNNING) entry.running = fetchInto(entry, url, now);
      if (isWanted && entry.running) await entry.running;
      return entry.got && now - entry.got.at < options.staleMs ? entry.got : undefined;
    },
  };
}
