// The bus in memory keeps the contract, and tells of listeners that throw.

import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import { createMemoryBus } from "../../server/adapters/memory-bus.ts";
import { describeBus } from "./bus-contract.ts";

describeBus("the bus in memory", async () => {
  const bus = createMemoryBus();
  return { bus, other: bus, settle: () => nextTurn(), close: () => bus.close() };
});

it("tells of a listener that throws", async () => {
  const failures: unknown[] = [];
  const bus = createMemoryBus({ onFailure: (error) => failures.push(error) });
  bus.subscribe(() => {
    throw new Error("no");
  });
  bus.publish({ kind: "flow", workspaceId: "ws_1", flowId: "flow_1" });
  await nextTurn();
  expect(failures).toEqual([new Error("no")]);
});
