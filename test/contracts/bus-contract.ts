// What every bus must do. Messages may take a moment, so the suite waits for them.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Bus, Movement } from "../../server/ports/bus.ts";

export interface OpenBus {
  bus: Bus;
  /** A bus that hears the same messages; the same one where there is only one process. */
  other: Bus;
  /** Long enough for every message to have arrived. */
  settle: () => Promise<void>;
  close: () => Promise<void>;
}

export function describeBus(name: string, open: () => Promise<OpenBus>): void {
  describe(name, () => {
    let opened: OpenBus;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    const moved = (runId: string): Movement => ({
      kind: "run",
      workspaceId: "ws_1",
      flowId: "flow_1",
      runId,
    });

    it("tells every listener, in order, wherever it listens", async () => {
      const heard: Movement[][] = [[], [], []];
      opened.bus.subscribe((movement) => heard[0]?.push(movement));
      opened.bus.subscribe((movement) => heard[1]?.push(movement));
      opened.other.subscribe((movement) => heard[2]?.push(movement));
      await opened.settle();
      const all: Movement[] = [
        moved("run_1"),
        moved("__proto__"),
        { kind: "flow", workspaceId: "ws_1", flowId: "🦊'\"" },
        { kind: "sample", workspaceId: "ws_1", flowId: "flow_1", sampleId: "smp_1" },
      ];
      for (const movement of all) opened.bus.publish(movement);
      for (const one of heard) await vi.waitFor(() => expect(one).toEqual(all));
    });

    it("does not call a listener within publish", async () => {
      let within = true;
      let heardWithin: boolean | undefined;
      opened.bus.subscribe(() => {
        heardWithin = within;
      });
      await opened.settle();
      opened.bus.publish(moved("run_1"));
      within = false;
      await vi.waitFor(() => expect(heardWithin).toBe(false));
    });

    it("tells nothing to a listener that has ended, and ending twice is harmless", async () => {
      const heard: Movement[] = [];
      const listener = (movement: Movement) => heard.push(movement);
      const end = opened.bus.subscribe(listener);
      opened.bus.subscribe(listener);
      await opened.settle();
      opened.bus.publish(moved("run_1"));
      await vi.waitFor(() => expect(heard).toHaveLength(2));
      opened.bus.publish(moved("run_2")); // on its way while the first one ends
      end();
      end();
      await vi.waitFor(() => expect(heard).toHaveLength(3));
      await opened.settle();
      expect(heard).toHaveLength(3);
    });

    it("is not disturbed by a listener that throws, changes its message or publishes", async () => {
      const heard: Movement[] = [];
      opened.bus.subscribe(() => {
        throw new Error("no");
      });
      opened.bus.subscribe((movement) => {
        movement.flowId = "changed";
        if (movement.kind === "run" && movement.runId === "run_1") opened.bus.publish(moved("run_2"));
      });
      opened.bus.subscribe((movement) => heard.push(movement));
      await opened.settle();
      opened.bus.publish(moved("run_1"));
      await vi.waitFor(() => expect(heard).toEqual([moved("run_1"), moved("run_2")]));
    });

    it("tells nothing after it was closed", async () => {
      const heard: Movement[] = [];
      opened.bus.subscribe((movement) => heard.push(movement));
      await opened.settle();
      await opened.bus.close();
      opened.bus.publish(moved("run_1"));
      await opened.settle();
      expect(heard).toEqual([]);
    });
  });
}
