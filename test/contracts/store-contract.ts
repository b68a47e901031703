// What every store must do. An adapter's test file calls `describeStore` and nothing else.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../server/ports/store.ts";
import { describeAccounts } from "./accounts-contract.ts";
import { aFlow, aRun, aStep, T0 } from "./builders.ts";
import { describeDeliveries } from "./deliveries-contract.ts";
import { describeDeliveryList } from "./delivery-list-contract.ts";
import { describeFlows } from "./flows-contract.ts";
import { describeLines } from "./lines-contract.ts";
import { describeRunList } from "./run-list-contract.ts";
import { describeRunSizes } from "./run-sizes-contract.ts";
import { describeRuns } from "./runs-contract.ts";
import { describeStats } from "./stats-contract.ts";

export interface OpenStore {
  store: Store;
  /** Closes the store and opens what it has kept; a store that keeps nothing has none. */
  reopen?: () => Promise<Store>;
  /** Closes it and clears away what it has kept. */
  close: () => Promise<void>;
}

/** `keeps: false` is for a store that is gone when it is closed: nothing is asked of it afterwards. */
export function describeStore(
  name: string,
  open: () => Promise<OpenStore>,
  { keeps }: { keeps: boolean } = { keeps: true },
): void {
  describe(name, () => {
    let opened: OpenStore;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());
    const store = () => opened.store;

    describe("runs", () => describeRuns(store));
    describe("the list of runs", () => describeRunList(store));
    describe("the sizes of runs", () => describeRunSizes(store));
    describe("the figures of minutes", () => describeStats(store));
    describe("flows, versions and samples", () => describeFlows(store));
    describe("deliveries", () => describeDeliveries(store));
    describe("the list of deliveries", () => describeDeliveryList(store));
    describe("lines", () => describeLines(store));
    describe("connections and accounts", () => describeAccounts(store));

    it("says that it can be written", async () => {
      await expect(store().check()).resolves.toBeUndefined();
    });

    if (keeps) describe("after it was closed and opened", () => describeReopened(() => opened));
  });
}

function describeReopened(opened: () => OpenStore): void {
  async function reopen(): Promise<Store> {
    const { reopen: again } = opened();
    if (!again) throw new Error("this store says that it keeps everything, and cannot be opened again");
    return again();
  }

  it("has every write that was under way", async () => {
    const runs = Array.from({ length: 30 }, () => aRun());
    const writes = runs.map((run) => opened().store.runs.accept(run));
    const again = await reopen();
    await expect(Promise.all(writes)).resolves.toHaveLength(30);
    for (const run of runs) expect(await again.runs.get(run.id)).toEqual(run);
  });

  it("has everything it had", async () => {
    const { store } = opened();
    const flow = aFlow();
    const run = aRun({ flowId: flow.id });
    await store.flows.insert(flow);
    await store.runs.accept(run);
    const claim = await store.runs.claim(run.id, T0, T0 + 30_000);
    await store.runs.record(run.id, 1, { steps: [aStep("trigger"), aStep("notify")] });
    const again = await reopen();
    expect(claim?.run.fence).toBe(1);
    expect(await again.flows.get(flow.id)).toEqual(flow);
    expect((await again.runs.get(run.id))?.event).toEqual(run.event);
    expect((await again.runs.steps(run.id)).map(({ path }) => path)).toEqual(["trigger", "notify"]);
    expect(await again.runs.count(flow.id)).toMatchObject({ running: 1, queued: 0 });
  });
}
