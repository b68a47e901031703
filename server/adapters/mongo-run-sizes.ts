// How much room runs take, without looking at all of them.

import type { RunStore } from "../ports/store.ts";
import type { MongoDatabase } from "./mongo-database.ts";

/** How many of a flow's newest runs stand for all of them. */
const MEASURED = 50;

/** See `RunStore.sizes`. A run's document says how much it takes, so that nothing is read for it. */
export async function runSizes({ models }: MongoDatabase): ReturnType<RunStore["sizes"]> {
  const { runs, flows } = models;
  const removed = await flows.find({ removed: true }, { _id: 1 }).lean();
  const gone = new Set(removed.map(({ _id }) => _id));
  const counted = await runs.aggregate<{ _id: string; runs: number }>([
    { $group: { _id: "$flowId", runs: { $sum: 1 } } },
  ]);
  const sizes: Awaited<ReturnType<RunStore["sizes"]>> = [];
  for (const { _id: flowId, runs: count } of counted) {
    if (gone.has(flowId)) continue;
    const newest = await runs
      .find({ flowId }, { bytes: 1 })
      .sort({ createdAt: -1, _id: -1 })
      .limit(MEASURED)
      .lean();
    const sum = newest.reduce((total, { bytes }) => total + bytes, 0);
    const average = newest.length > 0 ? sum / newest.length : 0;
    sizes.push({ flowId, runs: count, bytes: Math.round(average * count) });
  }
  return sizes;
}
