// The test projects: unit mirrors the source, contracts run every adapter, e2e uses a real browser and real processes.
import { defineConfig } from "vitest/config";

// A test that hangs is found all the same; one that starts a process on a busy machine is not taken for one.
const patience = { testTimeout: 20_000, hookTimeout: 30_000 };
const shared = { environment: "node" as const, pool: "forks" as const, ...patience };

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    // The usual is one core fewer than there are, which on two cores is half of them.
    maxWorkers: "100%",
    projects: [
      {
        test: {
          ...shared,
          name: "unit",
          include: ["test/{shared,server,client,rules,kit,bench}/**/*.test.{ts,tsx}"],
          exclude: ["test/server/adapters/**"],
        },
      },
      // What every adapter promises, and what each does with real disks, sockets and killed processes.
      {
        test: {
          ...shared,
          name: "contracts",
          include: ["test/contracts/**/*.test.ts", "test/server/adapters/**/*.test.ts"],
        },
      },
      {
        test: {
          ...shared,
          name: "e2e",
          include: ["test/{e2e,deploy}/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          // A browser on a busy machine may miss a key; what fails twice fails.
          retry: 1,
          // After everything else, alone: a browser and a server want both cores.
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          name: "faults",
          include: ["test/faults/**/*.test.ts"],
          // Some marks are times, and the machine may be shared: what holds the second time holds.
          retry: 1,
          testTimeout: 180_000,
          fileParallelism: false,
          // The last, alone: what is measured must not share the machine with other tests.
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
