// One list of what stands in several, newest first: by time, and then by id. Every step of it is bounded.
//
// Each list is looked at from where the page before ended, until it has given enough or the time is over. How far all
// of them have been looked at is where the page ends at the latest: what is older than that in one list may have
// something newer beside it in another. So a page may be short, or empty, and still have a next.

import { setImmediate as nextTurn } from "node:timers/promises";
import { Refused } from "../../shared/problem.ts";

/** A place in the order: what is older has a smaller one. */
export interface Key {
  at: number;
  id: string;
}

/** The next of one list after that place, newest first; `fits` is false for what is not wanted. */
export type Look<K extends Key> = (
  after: Key | undefined,
  limit: number,
) => Promise<(K & { fits: boolean })[]>;

export interface Bounds {
  limit: number;
  /** So many of a list are looked at in one go. */
  atOnce: number;
  /** How long each list is looked at; once it is in any case. */
  ms: number;
}

/** Gives at most `limit` keys, and where the next page begins: undefined at the end. */
export async function mergeLists<K extends Key>(
  lists: Look<K>[],
  after: Key | undefined,
  { limit, atOnce, ms }: Bounds,
): Promise<{ keys: K[]; last: Key | undefined }> {
  const scans: Scan<K>[] = [];
  for (const look of lists) scans.push(await scan(look, after, { limit: limit + 1, atOnce, ms }));
  const [end] = scans.flatMap(({ seenTo }) => seenTo ?? []).sort(newestFirst);
  const known = scans
    .flatMap(({ found }) => found)
    .filter((key) => end === undefined || newestFirst(key, end) <= 0)
    .sort(newestFirst);
  return { keys: known.slice(0, limit), last: known.length > limit ? known[limit - 1] : end };
}

interface Scan<K> {
  found: K[];
  /** Undefined when all of it was looked at. */
  seenTo: Key | undefined;
}

async function scan<K extends Key>(
  look: Look<K>,
  after: Key | undefined,
  { limit, atOnce, ms }: Bounds,
): Promise<Scan<K>> {
  const found: K[] = [];
  let seenTo = after;
  for (const over = performance.now() + ms; ; await nextTurn()) {
    const some = await look(seenTo, atOnce);
    for (const key of some) {
      seenTo = key;
      if (key.fits) found.push(key);
      if (found.length === limit) return { found, seenTo };
    }
    if (some.length < atOnce) return { found, seenTo: undefined };
    if (performance.now() >= over) return { found, seenTo };
  }
}

export function newestFirst(a: Key, b: Key): number {
  if (a.at !== b.at) return b.at - a.at;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}

export function toCursor(last: Key | undefined): string | null {
  return last ? `${last.at}_${last.id}` : null;
}

export function readCursor(cursor: string | undefined): Key | undefined {
  if (cursor === undefined) return undefined;
  const parts = /^(\d{1,15}(?:\.\d{1,10})?)_([a-z]{1,8}_[\w-]{1,100})$/.exec(cursor);
  if (parts?.[2] === undefined) {
    throw new Refused({
      code: "cursor-unknown",
      sentence: "The cursor of this page is not one that a list of deliveries gave.",
      hint: "Leave it out to begin with the newest delivery.",
    });
  }
  return { at: Number(parts[1]), id: parts[2] };
}
