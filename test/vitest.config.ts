// The test projects: unit mirrors the source, contracts run every adapter, e2e uses a real browser and real processes.
import { defineConfig } from "vitest/config";

const shared = { environment: "node" as const, pool: "forks" as const };

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    reporters: process.env.CI ? ["default"] : ["default"],
    projects: [
      {
        test: {
          ...shared,
          name: "unit",
          include: ["test/{shared,server,client,rules,kit}/**/*.test.{ts,tsx}"],
        },
      },
      { test: { ...shared, name: "contracts", include: ["test/contracts/**/*.test.ts"] } },
      {
        test: {
          ...shared,
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
