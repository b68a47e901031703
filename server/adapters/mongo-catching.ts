// How flows catch, in MongoDB: a field of the flow, which no draft and no version touches.

import type { FlowStore, StoredCatching } from "../ports/store.ts";
import type { MongoDatabase } from "./mongo-database.ts";
import { fromJson } from "./mongo-values.ts";

const MOST_KEPT = 10_000;

/** `parse` gives the same object as long as the flow's settings are the same, whichever process has written them. */
export interface Catching extends Pick<FlowStore, "catching" | "setCatching"> {
  parse(flowId: string, text: string | undefined): StoredCatching | null;
}

export function createCatching({ ask, twice, models }: MongoDatabase): Catching {
  const { flows } = models;
  const parsed = new Map<string, { text: string; catching: StoredCatching }>();
  return {
    catching: (id) =>
      ask(async () => {
        const doc = await flows.findOne({ _id: id, removed: false }, { catching: 1 }).lean();
        return doc?.catching === undefined ? null : fromJson<StoredCatching>(doc.catching);
      }),
    setCatching: (id, catching, updatedAt) =>
      ask(async (time) => {
        const $set = { catching: packCatching(catching), updatedAt };
        const { matchedCount } = await twice(time, () =>
          flows.updateOne({ _id: id, removed: false }, { $set }),
        );
        return matchedCount > 0;
      }),
    parse(flowId, text) {
      if (text === undefined) return null;
      const known = parsed.get(flowId);
      if (known?.text === text) return known.catching;
      const catching = fromJson<StoredCatching>(text);
      if (parsed.size >= MOST_KEPT) parsed.clear();
      parsed.set(flowId, { text, catching });
      return catching;
    },
  };
}

export function packCatching({ settings, sealed }: StoredCatching): string {
  return JSON.stringify({ settings, sealed });
}
