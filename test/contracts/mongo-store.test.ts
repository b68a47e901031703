// The MongoDB store keeps the contract, on a real MongoDB (MONGO_URL) or on the compatible server of test/kit/mongo.

import { afterAll, beforeAll, vi } from "vitest";
import { openMongoStore } from "../../server/adapters/mongo-store.ts";
import { type Mongo, startMongo } from "../kit/mongo.ts";
import { describeStore } from "./store-contract.ts";

// The server may have to be built, and the compatible one is slow: what is promised about time is tested beside the
// adapter, and not here.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 600_000 });
const patienceMs = 100_000;

let mongo: Mongo;
beforeAll(async () => {
  mongo = await startMongo();
});
afterAll(() => mongo?.close());

describeStore("the MongoDB store", async () => {
  const url = mongo.another();
  let store = await openMongoStore(url, { patienceMs });
  return {
    store,
    async reopen() {
      await store.close();
      store = await openMongoStore(url, { patienceMs });
      return store;
    },
    close: () => store.close(),
  };
});
