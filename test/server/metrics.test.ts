// The registry: every figure has a name and a meaning that the documentation has too, and looking never fails.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createMetrics } from "../../server/metrics.ts";

const DOCUMENT = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");

test("the documentation has every figure, with the same words, and no other", () => {
  const documented = [...DOCUMENT.matchAll(/^\| `(flowcatch_\w+)` \| (.*) \|$/gm)].map(([, name, help]) => ({
    name,
    help,
  }));
  const byName = (a: { name?: string | undefined }, b: { name?: string | undefined }) =>
    String(a.name).localeCompare(String(b.name));
  expect(documented.toSorted(byName)).toEqual([...createMetrics().ours].toSorted(byName));
});

test("has the process's own figures too, the lag of its event loop among them", async () => {
  const text = await createMetrics().text();
  for (const name of [
    "process_cpu_seconds_total",
    "process_resident_memory_bytes",
    "nodejs_eventloop_lag_p99_seconds",
  ])
    expect(text).toContain(`\n${name} `);
});

test("two servers in one process share no figure", async () => {
  const [one, other] = [createMetrics(), createMetrics()];
  one.accepted("webhook");
  expect(await one.text()).toContain('flowcatch_events_accepted_total{source="webhook"} 1');
  expect(await other.text()).toContain('flowcatch_events_accepted_total{source="webhook"} 0');
});

test("a source that fails leaves its figures out, old ones too, and the others are there", async () => {
  const metrics = createMetrics();
  let broken = false;
  const runs = { queued: 3, running: 0, waiting: 0, asking: 0, succeeded: 0, failed: 0, canceled: 0 };
  metrics.follow({
    runs: async () => {
      if (broken) throw new Error("the disk is gone");
      return runs;
    },
    queue: async () => ({ waiting: 2, oldestDueAt: 1_000 }),
    now: () => 31_000,
  });
  expect(await metrics.text()).toContain('flowcatch_runs{status="queued"} 3');
  broken = true;
  const text = await metrics.text();
  expect(text).not.toContain("flowcatch_runs{");
  expect(text).toContain("\nflowcatch_queue_jobs 2");
  expect(text).toContain("\nflowcatch_queue_oldest_due_seconds 30");
});

test("a job of later is not late", async () => {
  const metrics = createMetrics();
  const runs = { queued: 0, running: 0, waiting: 0, asking: 0, succeeded: 0, failed: 0, canceled: 0 };
  metrics.follow({
    runs: async () => runs,
    queue: async () => ({ waiting: 1, oldestDueAt: 90_000 }),
    now: () => 31_000,
  });
  expect(await metrics.text()).toContain("\nflowcatch_queue_oldest_due_seconds 0");
});
