// What happened in each minute, in MongoDB: one document a minute, added to by all processes.

import type { StatStore } from "../ports/store.ts";
import type { MongoDatabase } from "./mongo-database.ts";

export function createStatStore({ ask, insert, models }: MongoDatabase): StatStore {
  const { minutes } = models;
  return {
    add: (minute, counts) =>
      ask(async (time) => {
        const add = () => minutes.updateOne({ _id: minute }, { $inc: counts });
        if ((await add()).matchedCount > 0) return;
        // Not by upsert: two at once may both find nothing, and then one of them fails.
        if (!(await insert(time, minutes, { _id: minute, ...counts }))) await add();
      }),
    since: (minute) =>
      ask(async () => {
        const found = await minutes
          .find({ _id: { $gte: minute } })
          .sort({ _id: 1 })
          .lean();
        return found.map(({ _id, ...counts }) => ({ minute: _id, ...counts }));
      }),
    prune: (before) => ask(async () => (await minutes.deleteMany({ _id: { $lt: before } })).deletedCount),
  };
}
