// Too many events wait: the next one is not stored, and its sender is told to come again.

import { afterEach, expect, test } from "vitest";
import { createBacklog } from "../../../server/engine/backlog.ts";
import { receive } from "../../../server/engine/intake.ts";
import { createFakeClock } from "../../kit/clock.ts";
import { aCatchRequest, createTestEngine, type TestEngine } from "../../kit/engine.ts";
import { graph } from "../../kit/graph.ts";

let engine: TestEngine;
afterEach(() => engine?.stop());

test("the cap holds between two counts too, and opens again when runs were begun", async () => {
  engine = await createTestEngine();
  const clock = createFakeClock();
  let waiting = 7;
  let counts = 0;
  const store = {
    runs: {
      backlog: async () => {
        counts++;
        return waiting;
      },
    },
  };
  const backlog = createBacklog(store, clock, 10);
  for (let i = 0; i < 3; i++) expect(await backlog.whyFull()).toBeNull();
  expect(await backlog.whyFull()).toMatchObject({ code: "queue-full" });
  expect(counts).toBe(1);
  waiting = 0;
  await clock.advance(1_000);
  expect(await backlog.whyFull()).toBeNull();
  expect(counts).toBe(2);
});

test("an event beyond the cap is answered busy, and nothing of it is stored", async () => {
  engine = await createTestEngine(undefined, 0);
  engine.queued = true;
  const flow = await engine.live(graph("trigger -> wait", { wait: { uses: "logic.setFields", input: {} } }));
  const deps = { ...engine.deps, backlog: createBacklog(engine.deps.store, engine.clock, 2) };
  const post = () => receive(deps, aCatchRequest({ key: flow.catchKey }));
  expect([(await post()).kind, (await post()).kind]).toEqual(["accepted", "accepted"]);
  const third = await post();
  expect(third).toMatchObject({ kind: "busy", problem: { code: "queue-full" }, retryAfterSeconds: 10 });
  expect(await engine.deps.store.runs.count()).toMatchObject({ queued: 2 });
});
