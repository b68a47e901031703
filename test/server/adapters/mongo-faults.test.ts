// What the MongoDB store does when answers get lost, and when the server freezes, is killed, or is not there.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type MongoStore, openMongoStore } from "../../../server/adapters/mongo-store.ts";
import { type Store, StoreUnavailable } from "../../../server/ports/store.ts";
import {
  aCatching,
  aConnection,
  aDelivery,
  aFlow,
  aRun,
  aSample,
  aSession,
  aStep,
  aToken,
  aUser,
  aVersion,
  T0,
} from "../../contracts/builders.ts";
import { type MongoProxy, startProxy } from "../../kit/mongo/proxy.ts";
import { type Mongo, startMongo } from "../../kit/mongo.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 600_000 });
const LATER = T0 + 30_000;

let mongo: Mongo;
beforeEach(async () => {
  mongo = await startMongo({ own: true });
});
afterEach(() => mongo?.close());

describe("a write whose answer got lost", () => {
  let proxy: MongoProxy;
  let store: MongoStore;
  beforeEach(async () => {
    proxy = await startProxy(mongo.url);
    store = await openMongoStore(proxy.url, { patienceMs: 60_000 });
  });
  afterEach(async () => {
    await store.close();
    await proxy.close();
  });

  it("accepts the run, and once", async () => {
    const run = aRun({ dedupeKey: "order-1001" });
    proxy.loseAnswerTo("insert");
    expect(await store.runs.accept(run)).toEqual({ kind: "accepted" });
    expect(proxy.lost()).toBe(1);
    expect(await store.runs.count()).toMatchObject({ queued: 1 });
    const second = await store.runs.accept(aRun({ dedupeKey: "order-1001" }));
    expect(second).toEqual({ kind: "duplicate", of: { runId: run.id, at: T0 } });
  });

  it("takes a run that was kept, and is brought once more, for accepted", async () => {
    const run = aRun();
    await store.runs.accept(run);
    expect(await store.runs.accept(run)).toEqual({ kind: "accepted" });
    expect(await store.runs.count()).toMatchObject({ queued: 1 });
    await expect(store.runs.accept({ ...run, dedupeKey: "another" })).rejects.toThrow(run.id);
  });

  it("has the run in hand that it claimed, and lets nobody else have it", async () => {
    const run = aRun();
    await store.runs.accept(run);
    proxy.loseAnswerTo("findAndModify");
    const claim = await store.runs.claim(run.id, T0, LATER);
    expect(proxy.lost()).toBe(1);
    expect(claim?.run).toEqual(await store.runs.get(run.id));
    expect(claim?.run).toMatchObject({ fence: 1, status: "running", leaseUntil: LATER });
    expect(await store.runs.claim(run.id, T0, LATER)).toBeNull();
  });

  it("records the end of a run, moves it and saves a draft once, and says so", async () => {
    const [ended, canceled] = [aRun(), aRun()];
    const flow = aFlow();
    await store.flows.insert(flow);
    for (const run of [ended, canceled]) await store.runs.accept(run);
    await store.runs.claim(ended.id, T0, LATER);
    const end = { steps: [aStep("a")], run: { status: "succeeded" as const } };
    proxy.loseAnswerTo("update");
    expect(await store.runs.record(ended.id, 1, end)).toBe("saved");
    proxy.loseAnswerTo("update");
    expect(await store.runs.move(canceled.id, ["queued"], { run: { status: "canceled" } })).toBe(true);
    proxy.loseAnswerTo("update");
    expect(await store.flows.save({ ...flow, revision: 2, name: "Mine" }, 1)).toBe("saved");
    expect(proxy.lost()).toBe(3);
    expect(await store.runs.steps(ended.id)).toEqual([aStep("a")]);
    expect((await store.runs.get(canceled.id))?.fence).toBe(1);
    expect(await store.flows.save({ ...flow, revision: 2 }, 1)).toBe("stale");
  });

  it("renews the leases that it was to renew", async () => {
    const run = aRun();
    await store.runs.accept(run);
    await store.runs.claim(run.id, T0, LATER);
    proxy.loseAnswerTo("update");
    expect(await store.runs.renew([{ id: run.id, fence: 1 }], LATER + 5)).toEqual([]);
    expect(proxy.lost()).toBe(1);
    expect((await store.runs.get(run.id))?.leaseUntil).toBe(LATER + 5);
  });

  it("saves a version, a sample and the first user, and says so", async () => {
    proxy.loseAnswerTo("insert");
    expect(await store.versions.insert(aVersion())).toBe("saved");
    proxy.loseAnswerTo("insert");
    expect(await store.accounts.insertFirstUser(aUser())).toBe("saved");
    const sample = aSample();
    proxy.loseAnswerTo("insert");
    await store.samples.insert(sample, 20);
    expect(await store.samples.list("flow_1")).toEqual([sample]);
    expect(proxy.lost()).toBe(3);
  });

  it("lets a run stand in its line once, and leave it once", async () => {
    await store.lines.join("a", "run_1");
    for (const [line, place] of [
      ["a", 1],
      ["b", 0],
    ] as const) {
      proxy.loseAnswerTo("findAndModify");
      expect(await store.lines.join(line, "run_2")).toBe(place);
    }
    expect(await store.lines.first("a", 5)).toEqual(["run_1", "run_2"]);
    expect([await store.lines.length("a", 5), await store.lines.length("b", 5)]).toEqual([2, 1]);
    await store.lines.join("a", "run_3");
    proxy.loseAnswerTo("findAndModify");
    expect(await store.lines.leave("a", "run_1", 1)).toBe("run_2");
    expect(await store.lines.first("a", 5)).toEqual(["run_2", "run_3"]);
    expect(await store.lines.length("a", 5)).toBe(2);
    proxy.loseAnswerTo("findAndModify");
    expect(await store.lines.leave("b", "run_2", 1)).toBeNull();
    proxy.loseAnswerTo("delete");
    await store.lines.leave("a", "run_2", 1);
    await store.lines.leave("a", "run_3", 1);
    expect(await store.lines.list("", 5)).toEqual([]);
    expect(proxy.lost()).toBe(5);
  });

  it("keeps a delivery, and how a flow catches, and says so", async () => {
    const delivery = aDelivery();
    proxy.loseAnswerTo("insert");
    await store.deliveries.insert(delivery, 5);
    expect((await store.deliveries.list({ workspaceId: "ws_1", limit: 5 })).items).toHaveLength(1);
    expect(await store.deliveries.get(delivery.id)).toEqual(delivery);
    const flow = aFlow();
    await store.flows.insert(flow);
    proxy.loseAnswerTo("update");
    expect(await store.flows.setCatching(flow.id, aCatching(), T0)).toBe(true);
    expect(await store.flows.catching(flow.id)).toEqual(aCatching());
    expect(proxy.lost()).toBe(2);
  });

  it("needs one call to stand in a line, and one to leave it while others stand there", async () => {
    await store.lines.join("a", "run_1");
    proxy.sent.clear();
    await store.lines.join("a", "run_2");
    await store.lines.leave("a", "run_1", 1);
    const calls = [...proxy.sent].filter(([command]) => command !== "hello" && command !== "ping");
    expect(Object.fromEntries(calls)).toEqual({ findAndModify: 2 });
  });

  it("needs one call to accept, one to claim and one to record", async () => {
    await store.runs.accept(aRun());
    proxy.sent.clear();
    const run = aRun();
    await store.runs.accept(run);
    await store.runs.claim(run.id, T0, LATER);
    for (let i = 0; i < 10; i++) await store.runs.record(run.id, 1, { steps: [aStep(`s${i}`)] });
    await store.runs.record(run.id, 1, { run: { status: "succeeded" } });
    const calls = [...proxy.sent].filter(([command]) => command !== "hello" && command !== "ping");
    expect(Object.fromEntries(calls)).toEqual({ insert: 1, findAndModify: 1, update: 11 });
  });
});

describe("a server that goes away", () => {
  let store: MongoStore;
  beforeEach(async () => {
    store = await openMongoStore(mongo.url);
  });
  afterEach(() => store.close());

  // Once more where it fails: the server that stands in for MongoDB has lost a change itself (see its README).
  it("has everything that was acknowledged to 16 writers when it is killed and started again", {
    retry: 1,
  }, async () => {
    const acknowledged: string[] = [];
    let stopped = false;
    const write = async () => {
      while (!stopped) {
        const run = aRun();
        try {
          await store.runs.accept(run);
          if ((await store.runs.claim(run.id, T0, LATER)) === null) throw new Error("not claimed");
          const saved = await store.runs.record(run.id, 1, { steps: [aStep("a")] });
          if (saved === "saved") acknowledged.push(run.id);
        } catch (error) {
          expect(error).toBeInstanceOf(StoreUnavailable);
        }
      }
    };
    const writers = Array.from({ length: 16 }, write);
    for (const enough of [40, 80, 120]) {
      await vi.waitUntil(() => acknowledged.length >= enough, { timeout: 60_000 });
      await mongo.kill9();
      await mongo.restart();
    }
    stopped = true;
    await Promise.all(writers);
    const kept = await Promise.all(acknowledged.map((id) => store.runs.steps(id)));
    expect(kept.filter((steps) => steps.length !== 1)).toEqual([]);
    expect(acknowledged.length).toBeGreaterThanOrEqual(120);
  });

  it("is said to be unavailable by every method within 5 seconds, and works again when it is back", async () => {
    await store.check();
    await mongo.kill9();
    const started = performance.now();
    const calls = callsOf(store);
    const answers = await Promise.allSettled(calls.map(({ call }) => call()));
    expect(performance.now() - started).toBeLessThan(5_000);
    const silent = calls.filter((_, i) => {
      const answer = answers[i];
      return answer?.status !== "rejected" || !(answer.reason instanceof StoreUnavailable);
    });
    expect(silent.map(({ name }) => name)).toEqual([]);
    await mongo.restart();
    const run = aRun();
    await vi.waitUntil(() => works(store.runs.accept(run)), { timeout: 60_000 });
    expect(await store.runs.get(run.id)).toEqual(run);
  });

  it("is said to be unavailable within 5 seconds while it is frozen, and works again when it thaws", async () => {
    const run = aRun();
    await store.runs.accept(run);
    mongo.freeze();
    const started = performance.now();
    const writes = Array.from({ length: 150 }, () => store.runs.accept(aRun()));
    const answers = await Promise.allSettled([...writes, store.check(), store.runs.get(run.id)]);
    const took = performance.now() - started;
    mongo.thaw();
    expect(took).toBeLessThan(5_000);
    for (const answer of answers)
      expect(answer).toMatchObject({ status: "rejected", reason: expect.any(StoreUnavailable) });
    await vi.waitUntil(() => works(store.check()), { timeout: 60_000 });
    expect(await store.runs.get(run.id)).toEqual(run);
  });
});

describe("a server that is not there", () => {
  it("fails the start with a sentence that names it, and not who would sign in", async () => {
    await mongo.kill9();
    const address = new URL(mongo.url).host;
    const opening = openMongoStore(mongo.url.replace("//", "//ada:secret@"));
    const error = await opening.catch((reason) => reason);
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error.message).toContain("cannot be reached");
    expect(String(error.cause)).toContain(address);
    expect(`${error.message} ${error.cause}`).not.toContain("secret");
  });
});

function works(call: Promise<unknown>): Promise<boolean> {
  return call.then(
    () => true,
    () => false,
  );
}

/** Each method of the store once, as somebody would call it. */
function callsOf(store: Store) {
  const { runs, flows, versions, samples, deliveries, lines, connections, accounts, stats, check } = store;
  type Calls<Part> = Record<keyof Part, () => Promise<unknown>>;
  const ofRuns: Calls<Store["runs"]> = {
    accept: () => runs.accept(aRun()),
    get: () => runs.get("run_1"),
    steps: () => runs.steps("run_1"),
    list: () => runs.list({ workspaceId: "ws_1", limit: 5, text: "x" }),
    claim: () => runs.claim("run_1", T0, LATER),
    record: () => runs.record("run_1", 1, { steps: [aStep("a", { output: "x".repeat(100_000) })] }),
    renew: () => runs.renew([{ id: "run_1", fence: 1 }], LATER),
    move: () => runs.move("run_1", ["queued"], {}),
    overdue: () => runs.overdue(T0, 5),
    prune: () => runs.prune(T0, 5),
    recentEvents: () => runs.recentEvents("flow_1", 5),
    backlog: () => runs.backlog(5),
    count: () => runs.count(),
    oldest: () => runs.oldest("ws_1", ["queued"]),
    sizes: () => runs.sizes(),
  };
  const ofFlows: Calls<Store["flows"]> = {
    insert: () => flows.insert(aFlow()),
    get: () => flows.get("flow_1"),
    byCatchKey: () => flows.byCatchKey("key"),
    list: () => flows.list("ws_1"),
    withStatus: () => flows.withStatus("live"),
    save: () => flows.save(aFlow(), 1),
    patch: () => flows.patch("flow_1", { name: "x" }),
    remove: () => flows.remove("flow_1"),
    catching: () => flows.catching("flow_1"),
    setCatching: () => flows.setCatching("flow_1", aCatching(), T0),
  };
  const ofVersions: Calls<Store["versions"]> = {
    insert: () => versions.insert(aVersion()),
    get: () => versions.get("ver_1"),
    list: () => versions.list("flow_1"),
  };
  const ofSamples: Calls<Store["samples"]> = {
    insert: () => samples.insert(aSample(), 3),
    pin: () => samples.pin("smp_1", true, 3),
    get: () => samples.get("smp_1"),
    list: () => samples.list("flow_1"),
    remove: () => samples.remove("smp_1"),
  };
  const ofDeliveries: Calls<Store["deliveries"]> = {
    insert: () => deliveries.insert(aDelivery(), 3),
    get: () => deliveries.get("dlv_1"),
    list: () => deliveries.list({ workspaceId: "ws_1", limit: 5 }),
    prune: () => deliveries.prune(T0, 5),
  };
  const ofLines: Calls<Store["lines"]> = {
    join: () => lines.join("line", "run_1"),
    first: () => lines.first("line", 5),
    length: () => lines.length("line", 5),
    leave: () => lines.leave("line", "run_1", 1),
    list: () => lines.list("", 5),
  };
  const ofConnections: Calls<Store["connections"]> = {
    insert: () => connections.insert(aConnection()),
    get: () => connections.get("con_1"),
    list: () => connections.list("ws_1"),
    save: () => connections.save(aConnection()),
    remove: () => connections.remove("con_1"),
  };
  const ofAccounts: Calls<Store["accounts"]> = {
    insertFirstUser: () => accounts.insertFirstUser(aUser()),
    userCount: () => accounts.userCount(),
    userByEmail: () => accounts.userByEmail("ada@example.com"),
    userById: () => accounts.userById("usr_1"),
    insertSession: () => accounts.insertSession(aSession()),
    session: () => accounts.session("hash"),
    touchSession: () => accounts.touchSession("hash", T0),
    removeSession: () => accounts.removeSession("hash"),
    pruneSessions: () => accounts.pruneSessions(T0),
    insertToken: () => accounts.insertToken(aToken()),
    tokenByHash: () => accounts.tokenByHash("hash"),
    tokens: () => accounts.tokens("ws_1"),
    touchToken: () => accounts.touchToken("tok_1", T0),
    removeToken: () => accounts.removeToken("tok_1"),
    setting: () => accounts.setting("a"),
    setSettingOnce: () => accounts.setSettingOnce("a", "b"),
  };
  const none = {
    accepted: 1,
    refused: 0,
    succeeded: 0,
    failed: 0,
    canceled: 0,
    steps: 0,
    timed: 0,
    runMs: 0,
  };
  const ofStats: Calls<Store["stats"]> = {
    add: () => stats.add(1, none),
    since: () => stats.since(0),
    prune: () => stats.prune(1),
  };
  const parts = {
    ofRuns,
    ofFlows,
    ofVersions,
    ofSamples,
    ofDeliveries,
    ofLines,
    ofConnections,
    ofAccounts,
    ofStats,
    store: { check },
  };
  return Object.entries(parts).flatMap(([part, calls]) =>
    Object.entries(calls).map(([name, call]) => ({ name: `${part} ${name}`, call })),
  );
}
