// What is left of a run that has ended: nothing that leads to its event. A map's former tables live on among the old
// objects for a while, and what is in them is copied at every collection of the young.

import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { carryOn } from "../../../server/engine/advance.ts";
import { LEASE_MS } from "../../../server/engine/hands.ts";
import { newRun } from "../../../server/engine/new-run.ts";
import type { Stop } from "../../../server/engine/stop.ts";
import { collector } from "../../../server/spare-memory.ts";
import { newId } from "../../../shared/id.ts";
import { createTestEngine } from "../../kit/engine.ts";
import { graph } from "../../kit/graph.ts";

test("who held a run that has ended holds nothing of its event", async () => {
  const engine = await createTestEngine();
  const { deps, store, clock } = engine;
  const set = { uses: "logic.setFields", input: { fields: [{ name: "id", value: "{{trigger.body.id}}" }] } };
  const flow = await engine.live(graph("trigger -> set", { set }));
  const event = { kind: "schedule" as const, id: newId("evt", clock.now()), at: clock.now(), data: {} };
  const versionId = flow.liveVersionId ?? "";
  const run = newRun(
    { id: newId("run", clock.now()), flow, versionId, event, standing: "queued" },
    clock.now(),
  );
  await store.runs.accept(run);
  const claim = await store.runs.claim(run.id, clock.now(), clock.now() + LEASE_MS);
  if (!claim) throw new Error("It could not be claimed.");

  const holds: { lost: Stop }[] = [];
  class Watched extends Map<string, { fence: number; lost: Stop }> {
    override set(id: string, hold: { fence: number; lost: Stop }) {
      holds.push(hold);
      return super.set(id, hold);
    }
  }
  const hands = { held: new Watched(), draining: false, shapeOf: deps.shapeOf };
  const carry = async () => {
    const data = { body: { id: 7 } };
    await carryOn(deps, hands, claim, data);
    return new WeakRef(data);
  };
  const data = await carry();
  await nextTurn();
  collector()();
  expect(data.deref()).toBeUndefined();
  expect(await engine.run(run.id)).toMatchObject({ status: "succeeded" });
  expect(holds.map(({ lost }) => lost.isStopped())).toEqual([false]);
  await engine.stop();
});
