// What every store must know of its runs without looking at all of them: which is the oldest, and how much room they take.

import { expect, it } from "vitest";
import type { Store } from "../../server/ports/store.ts";
import { aRun, aStep, aWebhook, T0 } from "./builders.ts";

export function describeRunSizes(store: () => Store): void {
  it("finds the oldest run of some statuses, in its workspace", async () => {
    const { runs } = store();
    expect(await runs.oldest("ws_1", ["queued"])).toBeNull();
    const [first, second, third] = [1, 2, 3].map((n) =>
      aRun({ createdAt: T0 + n * 1_000, flowId: `flow_${n}` }),
    );
    const foreign = aRun({ createdAt: T0, workspaceId: "ws_2" });
    for (const run of [third, foreign, first, second]) await runs.accept(run ?? aRun());
    expect(await runs.oldest("ws_1", ["queued"])).toEqual({
      id: first?.id,
      flowId: "flow_1",
      createdAt: T0 + 1_000,
    });
    await runs.claim(first?.id ?? "", T0, T0 + 30_000);
    expect(await runs.oldest("ws_1", ["queued"])).toMatchObject({ id: second?.id });
    expect(await runs.oldest("ws_1", ["queued", "running"])).toMatchObject({ id: first?.id });
    expect(await runs.oldest("ws_1", ["failed", "asking"])).toBeNull();
    expect(await runs.oldest("ws_1", [])).toBeNull();
  });

  it("says about how much the runs of each flow take, their steps among it", async () => {
    const { runs } = store();
    expect(await runs.sizes()).toEqual([]);
    const small = [1, 2, 3].map(() => aRun({ flowId: "flow_small", event: aWebhook('{"n":1}') }));
    const large = [1, 2].map(() =>
      aRun({ flowId: "flow_large", event: aWebhook(`"${"x".repeat(20_000)}"`) }),
    );
    const busy = aRun({ flowId: "flow_busy", event: aWebhook('{"n":1}') });
    for (const run of [...small, ...large, busy]) await runs.accept(run);
    await runs.claim(busy.id, T0, T0 + 30_000);
    await runs.record(busy.id, 1, { steps: [aStep("a", { output: "y".repeat(5_000) })] });
    const sizes = new Map((await runs.sizes()).map((size) => [size.flowId, size]));
    expect([...sizes.keys()].toSorted()).toEqual(["flow_busy", "flow_large", "flow_small"]);
    expect(sizes.get("flow_small")?.runs).toBe(3);
    expect(sizes.get("flow_small")?.bytes).toBeLessThan(3 * 2_000);
    expect(sizes.get("flow_large")?.runs).toBe(2);
    expect(sizes.get("flow_large")?.bytes).toBeGreaterThan(2 * 20_000);
    expect(sizes.get("flow_large")?.bytes).toBeLessThan(2 * 30_000);
    expect(sizes.get("flow_busy")?.bytes).toBeGreaterThan(5_000);
  });

  it("measures the newest runs of a flow, and takes them for all", async () => {
    const { runs } = store();
    const old = Array.from({ length: 50 }, (_, i) =>
      aRun({ createdAt: T0 + i, event: aWebhook(`"${"x".repeat(10_000)}"`) }),
    );
    const young = Array.from({ length: 50 }, (_, i) =>
      aRun({ createdAt: T0 + 1_000 + i, event: aWebhook('{"n":1}') }),
    );
    await Promise.all([...old, ...young].map((run) => runs.accept(run)));
    const [size] = await runs.sizes();
    expect(size?.runs).toBe(100);
    expect(size?.bytes).toBeLessThan(100 * 2_000);
  });

  it("forgets the flow whose last run is gone", async () => {
    const { runs } = store();
    const run = aRun();
    await runs.accept(run);
    await runs.claim(run.id, T0, T0 + 30_000);
    await runs.record(run.id, 1, { run: { status: "succeeded", finishedAt: T0 } });
    expect(await runs.sizes()).toHaveLength(1);
    await runs.prune(T0 + 1, 10);
    expect(await runs.sizes()).toEqual([]);
  });
}
