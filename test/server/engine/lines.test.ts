// Runs that stand in line: how many go on at a time, in which order, and what becomes of a line when a process dies.

import { afterEach, expect, test } from "vitest";
import { cancel, replay } from "../../../server/engine/run-control.ts";
import { CatchSettings } from "../../../shared/catching.ts";
import type { Flow } from "../../../shared/flow.ts";
import type { Run } from "../../../shared/run.ts";
import { createTestEngine, type TestEngine } from "../../kit/engine.ts";
import { graph } from "../../kit/graph.ts";

let engine: TestEngine;
afterEach(() => engine?.stop());

/** A world in which every call waits until it is answered, and that says who is being called. */
function slowWorld() {
  const open: { order: string; answer: () => void }[] = [];
  const seen: string[] = [];
  return {
    /** The orders under way, in the order in which they began. */
    underWay: () => open.map(({ order }) => order),
    seen,
    /** The first one under way, or that one, is done. */
    async end(order = open[0]?.order) {
      const at = open.findIndex((one) => one.order === order);
      open.splice(at, 1)[0]?.answer();
      await engine.rest();
    },
    answer: (request: { url: string }) =>
      new Promise<object>((resolve) => {
        const order = new URL(request.url).pathname.slice(1);
        seen.push(order);
        open.push({ order, answer: () => resolve({}) });
      }),
  };
}

async function flowWith(settings: Partial<CatchSettings>): Promise<Flow> {
  const flow = await engine.live(
    graph("trigger -> call", {
      call: {
        uses: "http.request",
        input: { method: "POST", url: "https://shop.test/{{trigger.body.order}}" },
      },
    }),
  );
  const stored = { settings: CatchSettings.parse(settings), sealed: null };
  await engine.store.flows.setCatching(flow.id, stored, engine.clock.now());
  return flow;
}

async function start(flow: Flow, order: string, customer = "ada"): Promise<string> {
  const id = await engine.start(flow, { order, customer });
  await engine.rest();
  return id;
}

const statuses = (ids: string[]): Promise<Run["status"][]> =>
  Promise.all(ids.map(async (id) => (await engine.run(id)).status));

test("a flow carries on as many runs at a time as it was told, and the others in order of arrival", async () => {
  const world = slowWorld();
  engine = await createTestEngine(world.answer, 50);
  const flow = await flowWith({ atOnce: 2 });
  const ids = [];
  for (const order of ["1", "2", "3", "4", "5"]) ids.push(await start(flow, order));
  expect(world.underWay()).toEqual(["1", "2"]);
  expect(await statuses(ids)).toEqual(["running", "running", "waiting", "waiting", "waiting"]);
  await world.end("2");
  expect(world.underWay()).toEqual(["1", "3"]);
  await world.end();
  expect(world.underWay()).toEqual(["3", "4"]);
  await world.end();
  await world.end();
  await world.end();
  expect(await statuses(ids)).toEqual(Array(5).fill("succeeded"));
  expect(world.seen).toEqual(["1", "2", "3", "4", "5"]);
  expect(await engine.store.lines.list("", 10)).toEqual([]);
});

test("events of one customer go one after the other, and nobody waits for another customer's", async () => {
  const world = slowWorld();
  engine = await createTestEngine(world.answer, 50);
  const flow = await flowWith({ oneAtATimeBy: "body.customer" });
  await start(flow, "a1", "ada");
  await start(flow, "a2", "ada");
  await start(flow, "g1", "grace");
  await start(flow, "g2", "grace");
  expect(world.underWay()).toEqual(["a1", "g1"]);
  await world.end("g1");
  expect(world.underWay()).toEqual(["a1", "g2"]);
  await world.end("a1");
  expect(world.underWay()).toEqual(["g2", "a2"]);
  await world.end();
  await world.end();
});

test("an event without the value has nothing in common with any other", async () => {
  const world = slowWorld();
  engine = await createTestEngine(world.answer, 50);
  const flow = await flowWith({ oneAtATimeBy: "body.nobody" });
  await start(flow, "1");
  await start(flow, "2");
  expect(world.underWay()).toEqual(["1", "2"]);
  await world.end();
  await world.end();
});

test("with both limits, nobody waits for somebody who waits for them", async () => {
  const world = slowWorld();
  engine = await createTestEngine(world.answer, 50);
  const flow = await flowWith({ atOnce: 2, oneAtATimeBy: "body.customer" });
  const ids = [];
  for (const [order, customer] of [
    ["a1", "ada"],
    ["a2", "ada"],
    ["g1", "grace"],
    ["g2", "grace"],
    ["j1", "joan"],
  ] as const)
    ids.push(await start(flow, order, customer));
  expect(world.underWay()).toEqual(["a1", "g1"]);
  await world.end("a1");
  expect(world.underWay()).toEqual(["g1", "j1"]);
  for (let i = 0; i < 4; i++) await world.end();
  expect(await statuses(ids)).toEqual(Array(5).fill("succeeded"));
  expect(world.seen.filter((order) => order.startsWith("a"))).toEqual(["a1", "a2"]);
  expect(world.seen.filter((order) => order.startsWith("g"))).toEqual(["g1", "g2"]);
});

test("one that fails, is canceled, or is run again stands in line like any other", async () => {
  const world = slowWorld();
  engine = await createTestEngine(world.answer, 50);
  const flow = await flowWith({ atOnce: 1 });
  const first = await start(flow, "1");
  const second = await start(flow, "2");
  const third = await start(flow, "3");
  expect(await cancel(engine.deps, second)).toBe("canceled");
  const again = await replay(engine.deps, second);
  expect(again.kind).toBe("accepted");
  expect(await cancel(engine.deps, first)).toBe("canceled");
  await engine.rest();
  expect(world.underWay()).toContain("3");
  expect(world.seen).toEqual(["1", "3"]);
  await world.end("1");
  await world.end("3");
  expect(world.underWay()).toEqual(["2"]);
  await world.end();
  expect(await statuses([third])).toEqual(["succeeded"]);
});

test("what a dead process did not get to do, the sweep does: nobody waits for ever, and never two at a time", async () => {
  const world = slowWorld();
  engine = await createTestEngine(world.answer, 50);
  const flow = await flowWith({ atOnce: 1 });
  const ids = [];
  for (const order of ["1", "2", "3"]) ids.push(await start(flow, order));
  await engine.crash({ emptyQueue: true });
  await engine.clock.advance(60_000);
  expect(new Set(world.underWay())).toEqual(new Set(["1"]));
  // the step asks the target twice with the same key: the first answer is nobody's any more
  await world.end("1");
  await world.end("1");
  // it ends, and its process dies before it could call the next one
  await engine.crash({ emptyQueue: true });
  await engine.clock.advance(60_000);
  for (let i = 0; i < 6 && world.underWay().length > 0; i++) {
    expect(new Set(world.underWay()).size).toBe(1);
    await world.end();
    await engine.clock.advance(60_000);
  }
  expect(await statuses(ids)).toEqual(["succeeded", "succeeded", "succeeded"]);
  expect(await engine.store.lines.list("", 10)).toEqual([]);
});

test("whose turn it is before it is on disk goes on as soon as it is", async () => {
  const world = slowWorld();
  engine = await createTestEngine(world.answer, 50);
  const flow = await flowWith({ atOnce: 1 });
  await start(flow, "1");
  const { store } = engine.deps;
  const { accept } = store.runs;
  const slow = Promise.withResolvers<void>();
  store.runs = { ...store.runs, accept: (run) => slow.promise.then(() => accept(run)) };
  const second = engine.start(flow, { order: "2", customer: "ada" });
  await engine.rest();
  await world.end("1");
  expect(world.underWay()).toEqual([]);
  slow.resolve();
  await second;
  await engine.rest();
  expect(world.underWay()).toEqual(["2"]);
  await world.end();
});

test("who stands in line and never came to be is taken out after a minute", async () => {
  const world = slowWorld();
  engine = await createTestEngine(world.answer, 50);
  const flow = await flowWith({ atOnce: 1 });
  await start(flow, "1");
  const [line = ""] = await engine.store.lines.list("", 1);
  await engine.store.lines.join(
    line,
    "run_zzzzzzzzzzzzzzzzzzzzzzzzzz".replace(/z{10}/, idTime(engine.clock.now())),
  );
  await start(flow, "3");
  await world.end("1");
  await engine.clock.advance(30_000);
  expect(world.underWay()).toEqual([]);
  await engine.clock.advance(90_000);
  expect(world.underWay()).toEqual(["3"]);
  await world.end();
});

test("50 that come at the same time go one at a time", async () => {
  let underWay = 0;
  let most = 0;
  engine = await createTestEngine(async () => {
    most = Math.max(most, ++underWay);
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    underWay--;
    return {};
  }, 50);
  const flow = await flowWith({ atOnce: 1 });
  const received = await Promise.all(
    Array.from({ length: 50 }, (_, i) => engine.start(flow, { order: `${i}`, customer: "ada" })),
  );
  for (let i = 0; i < 50; i++) await engine.rest();
  expect(await statuses(received)).toEqual(Array(50).fill("succeeded"));
  expect(most).toBe(1);
});

/** The first ten letters of an id that is made now. */
function idTime(now: number): string {
  const letters = "0123456789abcdefghjkmnpqrstvwxyz";
  let text = "";
  for (let rest = now, i = 0; i < 10; i++) {
    text = letters.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
