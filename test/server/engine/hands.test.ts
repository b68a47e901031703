// Runs that are taken in hand as they come: when there is a hand, when not, and that a slow flow holds up no other.

import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFreeHands, type FreeHand, type FreeHands, type Hands } from "../../../server/engine/hands.ts";
import { newRun } from "../../../server/engine/new-run.ts";
import { newId } from "../../../shared/id.ts";
import type { Run } from "../../../shared/run.ts";
import { createFakeClock, type FakeClock } from "../../kit/clock.ts";
import { createTestEngine } from "../../kit/engine.ts";
import { graph } from "../../kit/graph.ts";

let clock: FakeClock;
let hands: Hands;
let free: FreeHands;
let underWay: { run: Run; end: () => void }[];

beforeEach(() => {
  clock = createFakeClock();
  hands = { held: new Map(), draining: false, shapeOf: () => Promise.reject(new Error("not asked")) };
  underWay = [];
  free = createFreeHands(
    hands,
    ({ run }) => new Promise((end) => underWay.push({ run, end: () => end(undefined) })),
    clock,
  );
});
afterEach(() => expect(clock.sleeping()).toEqual([]));

const run = (flowId: string) =>
  newRun(
    {
      id: newId("run", clock.now()),
      flow: { id: flowId, workspaceId: "ws" },
      versionId: "ver_1",
      event: { kind: "schedule", id: "evt_1", at: 0, data: {} },
      standing: "in hand",
    },
    clock.now(),
  );

async function begin(flowId: string): Promise<FreeHand | null> {
  const hand = await free.reserve(flowId, 100);
  hand?.begin(run(flowId), {});
  await nextTurn();
  return hand;
}

async function beginMany(flowId: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await begin(flowId);
}

describe("a free hand", () => {
  test("carries on the run it was kept for, as one that was claimed", async () => {
    await begin("slow");
    expect(underWay[0]?.run).toMatchObject({ flowId: "slow", status: "running", fence: 1 });
  });

  test("is refused to a large event, and to everything while the process stops", async () => {
    expect(await free.reserve("a", 256 * 1024)).not.toBeNull();
    expect(await free.reserve("a", 256 * 1024 + 1)).toBeNull();
    hands.draining = true;
    expect(await free.reserve("a", 1)).toBeNull();
  });

  test("is there for other flows when one flow has as many as a flow may have", async () => {
    await beginMany("slow", 300);
    const none = begin("slow");
    expect(await begin("quick")).not.toBeNull();
    await clock.advance(25);
    expect(await none).toBeNull();
  });

  test("is waited for a moment, and given to the first that may have it", async () => {
    await beginMany("one", 300);
    await beginMany("two", 300);
    const first = begin("one");
    const second = begin("two");
    await clock.settle();
    underWay.find(({ run }) => run.flowId === "two")?.end();
    expect(await second).not.toBeNull();
    underWay.find(({ run }) => run.flowId === "one")?.end();
    expect(await first).not.toBeNull();
    expect(underWay).toHaveLength(602);
  });

  test("is not waited for again, for a second, after a wait in vain", async () => {
    await beginMany("slow", 300);
    const vain = begin("slow");
    await clock.advance(25);
    expect(await vain).toBeNull();
    expect(await begin("slow")).toBeNull();
    await clock.advance(1_000);
    const again = begin("slow");
    await clock.settle();
    underWay[0]?.end();
    expect(await again).not.toBeNull();
  });

  test("that was let go is free again", async () => {
    for (let i = 0; i < 700; i++) (await free.reserve("a", 1))?.letGo();
    expect(await begin("a")).not.toBeNull();
  });

  test("is waited for at the end, up to a deadline", async () => {
    await beginMany("a", 2);
    let rested = false;
    const rest = free.rest(5_000).then(() => {
      rested = true;
    });
    underWay[0]?.end();
    await clock.advance(4_000);
    expect(rested).toBe(false);
    underWay[1]?.end();
    await rest;

    await begin("a");
    const late = free.rest(5_000);
    await clock.advance(5_000);
    await late;
  });
});

const call = { uses: "http.request", input: { method: "POST", url: "https://api.example.com/x" } };

test("a run in hand gets no second holder when the clock leaps ahead", async () => {
  const answers: (() => void)[] = [];
  const engine = await createTestEngine(() => new Promise((resolve) => answers.push(() => resolve({}))));
  const slow = { ...call, timeoutMs: 3_600_000 };
  const id = await engine.start(await engine.live(graph("trigger -> slow", { slow })));
  await engine.clock.settle();
  await engine.clock.leap(1_800_000);
  await engine.deps.queue.push({ id: "again", kind: "advance", ref: id, dueAt: 0 });
  await engine.clock.settle();
  expect(await engine.run(id)).toMatchObject({ status: "running", fence: 1 });
  for (const answer of answers) answer();
  await engine.clock.settle();
  expect(await engine.run(id)).toMatchObject({ status: "succeeded", fence: 1 });
  expect(engine.sent).toHaveLength(1);
  await engine.stop();
});

test("what can be worked out again waits a moment for the next result to be written with, and no longer", async () => {
  let answer = () => {};
  const engine = await createTestEngine(
    () =>
      new Promise((resolve) => {
        answer = () => resolve({});
      }),
  );
  const set = { uses: "logic.setFields", input: { fields: [{ name: "a", value: 1 }] } };
  const id = await engine.start(await engine.live(graph("trigger -> set -> call", { set, call })));
  await engine.clock.settle();
  expect(engine.sent).toHaveLength(1);
  expect(await engine.steps(id)).toEqual({});
  await engine.clock.advance(100);
  expect(await engine.steps(id)).toMatchObject({ set: { status: "done", output: { a: 1 } } });
  answer();
  await engine.clock.settle();
  expect((await engine.run(id)).status).toBe("succeeded");
  await engine.stop();
});

test("an event that was taken in hand is on disk as such, with no job beside it", async () => {
  let answer = () => {};
  const engine = await createTestEngine(
    () =>
      new Promise((resolve) => {
        answer = () => resolve({});
      }),
  );
  const flow = await engine.live(graph("trigger -> call", { call }));
  const before = (await engine.deps.queue.depth()).waiting;
  const id = await engine.start(flow, { n: 1 });
  await engine.clock.settle();
  expect(await engine.run(id)).toMatchObject({ status: "running", fence: 1 });
  expect((await engine.deps.queue.depth()).waiting).toBe(before);
  expect(engine.sent).toHaveLength(1);
  answer();
  await engine.clock.settle();
  expect(await engine.run(id)).toMatchObject({ status: "succeeded", fence: 1, leaseUntil: null });
  await engine.stop();
});
