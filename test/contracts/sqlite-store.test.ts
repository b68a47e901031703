// The SQLite store keeps the contract, in a file and in memory.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openSqliteFile, openSqliteMemory } from "../../server/adapters/sqlite-file.ts";
import { createSqliteStore } from "../../server/adapters/sqlite-store.ts";
import { aFlow, aRun, aWebhook, T0 } from "./builders.ts";
import { describeStore } from "./store-contract.ts";

describeStore("the SQLite store in a file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "flowcatch-"));
  let store = createSqliteStore(openSqliteFile(folder));
  return {
    store,
    async reopen() {
      await store.close();
      store = createSqliteStore(openSqliteFile(folder));
      return store;
    },
    async close() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describeStore(
  "the SQLite store in memory",
  async () => {
    const store = createSqliteStore(openSqliteMemory());
    return { store, close: () => store.close() };
  },
  { keeps: false },
);
