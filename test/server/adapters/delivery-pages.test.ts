// Pages over several lists when a page ends before all of them were looked at as far as each other.

import { expect, it } from "vitest";
import { type Key, type Look, mergeLists } from "../../../server/adapters/delivery-pages.ts";

/** A list in which only every so many fit. */
function aList(name: string, count: number, every: number): { look: Look<Key>; fitting: Key[] } {
  const all = Array.from({ length: count }, (_, i) => ({
    at: 1_000 - i,
    id: `${name}_${String(i).padStart(4, "0")}`,
    fits: i % every === 0,
  }));
  return {
    look: async (after, limit) => {
      const from = after === undefined ? 0 : all.findIndex((key) => isOlder(key, after));
      return from < 0 ? [] : all.slice(from, from + limit);
    },
    fitting: all.filter(({ fits }) => fits),
  };
}

function isOlder(key: Key, than: Key): boolean {
  return key.at < than.at || (key.at === than.at && key.id < than.id);
}

it("gives each that fits once and in order when the time is over after each look", async () => {
  const lists = [aList("dlv", 300, 1), aList("run", 300, 37), aList("smp", 40, 50)];
  const wanted = lists.flatMap(({ fitting }) => fitting).sort((a, b) => (isOlder(a, b) ? 1 : -1));
  for (const [limit, atOnce] of [
    [5, 6],
    [50, 7],
    [3, 100],
    [400, 13],
  ] as const) {
    const found: Key[] = [];
    let pages = 0;
    for (let after: Key | undefined; ; pages++) {
      const { keys, last } = await mergeLists(
        lists.map(({ look }) => look),
        after,
        { limit, atOnce, ms: 0 },
      );
      expect(keys.length).toBeLessThanOrEqual(limit);
      found.push(...keys);
      if (last === undefined) break;
      after = last;
    }
    expect(found.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
    expect(pages).toBeLessThan(400);
  }
});
