// What the MongoDB store makes of large things, of what dead processes left, and of a database that others start on.

import mongoose from "mongoose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type MongoStore, openMongoStore } from "../../../server/adapters/mongo-store.ts";
import type { Event } from "../../../shared/event.ts";
import {
  aDelivery,
  aFlow,
  aRun,
  aSample,
  aStep,
  aWebhook,
  HOSTILE_DATA,
  T0,
} from "../../contracts/builders.ts";
import { type Mongo, startMongo } from "../../kit/mongo.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 600_000 });
const LATER = T0 + 30_000;
const patienceMs = 100_000;

let mongo: Mongo;
let url: string;
let store: MongoStore;
/** The same database, past the store. */
let raw: mongoose.Connection;
beforeAll(async () => {
  mongo = await startMongo();
});
afterAll(() => mongo?.close());
beforeEach(async () => {
  url = mongo.another();
  store = await openMongoStore(url, { patienceMs });
  raw = await mongoose.createConnection(url).asPromise();
});
afterEach(async () => {
  await store.close();
  await raw.close();
});

const documents = (collection: string, filter = {}) => raw.collection(collection).countDocuments(filter);

async function sizeOfDocument(id: string): Promise<number> {
  const [doc] = await raw.collection<{ _id: string }>("runs").find({ _id: id }).toArray();
  return mongoose.mongo.BSON.calculateObjectSize(doc ?? {});
}

/** Byte by byte, `toEqual` takes minutes for a large one. */
function sameBytes(event: Event | undefined, bytes: Uint8Array): boolean {
  return event?.kind === "webhook" && Buffer.compare(event.raw, bytes) === 0;
}

async function claimed(change = {}) {
  const run = aRun(change);
  await store.runs.accept(run);
  await store.runs.claim(run.id, T0, LATER);
  return run;
}

describe("a large run", () => {
  it("keeps a body of 12 MB and 20 MB of step outputs, and its document stays small", async () => {
    const body = Uint8Array.from({ length: 12 * 1024 * 1024 }, (_, i) => (i * 31 + (i >> 8)) % 256);
    const run = await claimed({ event: aWebhook(body) });
    const steps = Array.from({ length: 4 }, (_, i) =>
      aStep(`s${i}`, { output: { text: `${i}é"\n`.repeat(1_000_000), hostile: HOSTILE_DATA } }),
    );
    for (const step of steps) expect(await store.runs.record(run.id, 1, { steps: [step] })).toBe("saved");
    const answer = { status: 200, headers: {}, body: "y".repeat(1_000_000) };
    const problem = { code: "x", sentence: "z".repeat(1_000_000) };
    await store.runs.record(run.id, 1, { run: { status: "failed", response: answer, problem } });
    const kept = await store.runs.get(run.id);
    expect(sameBytes(kept?.event, body)).toBe(true);
    expect([kept?.response, kept?.problem]).toEqual([answer, problem]);
    expect(await store.runs.steps(run.id)).toEqual(steps);
    expect(sameBytes((await store.runs.recentEvents(run.flowId, 1))[0]?.event, body)).toBe(true);
    const [row] = (await store.runs.list({ workspaceId: "ws_1", limit: 1 })).items;
    expect(row?.problem).toEqual(problem);
    expect(await sizeOfDocument(run.id)).toBeLessThan(20_000);
    expect((await store.runs.sizes())[0]?.bytes).toBeGreaterThan(30_000_000);
  });

  it("carries a loop of 5,000 items with 3 steps each: all there, in order of first recording", async () => {
    const run = await claimed();
    const paths = Array.from({ length: 15_000 }, (_, i) => `loop[${Math.floor(i / 3)}]/s${i % 3}`);
    await store.runs.record(run.id, 1, { steps: [aStep("loop", { status: "looping" })] });
    for (let i = 0; i < paths.length; i += 30) {
      const steps = paths.slice(i, i + 30).map((path) => aStep(path, { output: { path } }));
      expect(await store.runs.record(run.id, 1, { steps })).toBe("saved");
    }
    await store.runs.record(run.id, 1, { steps: [aStep("loop", { output: "done" })] });
    const claim = await store.runs.claim(run.id, LATER, LATER + 1);
    expect(claim?.steps.map(({ path }) => path)).toEqual(["loop", ...paths]);
    expect(claim?.steps[0]).toEqual(aStep("loop", { output: "done" }));
    expect(claim?.steps.at(-1)?.output).toEqual({ path: paths.at(-1) });
    expect(await sizeOfDocument(run.id)).toBeLessThan(100_000);
  });

  it("has every record of many that come at once, also when each fills a page, and none of an old fence", async () => {
    const run = await claimed();
    await store.runs.claim(run.id, LATER, LATER + 30_000);
    const sizes = [10, 20_000, 70_000];
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, i) => {
        const output = "x".repeat(sizes[i % 3] ?? 0);
        return store.runs.record(run.id, 1 + (i % 2), {
          steps: [aStep(`from${1 + (i % 2)}no${i}`, { output })],
        });
      }),
    );
    expect(answers).toEqual(answers.map((_, i) => (i % 2 === 0 ? "fenced" : "saved")));
    const steps = await store.runs.steps(run.id);
    const wanted = Array.from({ length: 12 }, (_, i) => `from2no${2 * i + 1}`);
    expect(steps.map(({ path }) => path).toSorted()).toEqual(wanted.toSorted());
    // what came to nothing is not kept either
    const [doc] = await raw
      .collection<{ _id: string; pages: unknown[] }>("runs")
      .find({ _id: run.id })
      .toArray();
    expect(await documents("blobs")).toBe(doc?.pages.length);
  });

  it("leaves nothing behind when it is refused or deleted", async () => {
    const large = aWebhook("x".repeat(600_000));
    const run = await claimed({ event: large, dedupeKey: "k" });
    await store.runs.record(run.id, 1, { steps: [aStep("a", { output: "y".repeat(300_000) })] });
    const before = await documents("blobs");
    expect(await store.runs.accept(aRun({ event: large, dedupeKey: "k" }))).toMatchObject({
      kind: "duplicate",
    });
    const answer = { status: 200, headers: {}, body: "z".repeat(600_000) };
    expect(await store.runs.record(run.id, 0, { run: { response: answer } })).toBe("fenced");
    expect(await documents("blobs")).toBe(before);
    await store.runs.record(run.id, 1, { run: { status: "succeeded" } });
    expect(await store.runs.prune(T0 + 1, 10)).toBe(1);
    expect(await documents("blobs")).toBe(0);
  });

  it("can be a sample, too", async () => {
    const flow = aFlow();
    await store.flows.insert(flow);
    const body = new TextEncoder().encode("x".repeat(9_000_000));
    const sample = aSample({ flowId: flow.id, event: aWebhook(body) });
    await store.samples.insert(sample, 1);
    expect(sameBytes((await store.samples.get(sample.id))?.event, body)).toBe(true);
    await store.samples.insert(aSample({ flowId: flow.id }), 1);
    expect(await documents("blobs")).toBe(0);
    await store.samples.insert(aSample({ flowId: flow.id, event: aWebhook("x".repeat(900_000)) }), 1);
    await store.flows.remove(flow.id);
    expect(await documents("blobs")).toBe(0);
  });
});

describe("what a dead process left", () => {
  it("can be a delivery, too, and goes with it", async () => {
    const body = new TextEncoder().encode("x".repeat(9_000_000));
    const ofFlow = (flowId: string, at: number) =>
      aDelivery({ flowId, at, raw: body, bytes: body.byteLength });
    const flow = aFlow();
    await store.flows.insert(flow);
    const [dropped, pruned, removed] = [
      ofFlow("flow_1", T0),
      ofFlow("flow_1", T0 + 1),
      ofFlow(flow.id, T0 + 2),
    ];
    for (const one of [dropped, pruned, removed]) await store.deliveries.insert(one, 1);
    const found = await store.deliveries.get(removed.id);
    expect(found && Buffer.compare(found.raw, body)).toBe(0);
    expect(await documents("blobs", { owner: dropped.id })).toBe(0);
    expect(await documents("blobs", { owner: pruned.id })).toBeGreaterThan(0);
    expect(await store.deliveries.prune(T0 + 2, 5)).toBe(1);
    expect(await documents("blobs", { owner: pruned.id })).toBe(0);
    await store.flows.remove(flow.id);
    expect(await documents("blobs")).toBe(0);
  });

  it("is cleared away by the pruning, when it is old and nobody names it", async () => {
    const run = await claimed();
    const delivery = aDelivery();
    await store.deliveries.insert(delivery, 5);
    const old = (age: number) =>
      mongoose.Types.ObjectId.createFromTime(Date.now() / 1_000 - age).toHexString();
    const blobs = raw.collection<{ _id: string; owner: string }>("blobs");
    await blobs.insertMany([
      { _id: `${old(7_200)}.0`, owner: "run_nobody" },
      { _id: `${old(7_201)}.0`, owner: run.id },
      { _id: `${old(7_202)}.0`, owner: delivery.id },
      { _id: `${old(60)}.0`, owner: "run_about_to_be" },
    ]);
    await store.runs.prune(Date.now(), 100);
    const owners = (await blobs.find().toArray()).map(({ owner }) => owner);
    expect(owners.toSorted()).toEqual([run.id, delivery.id, "run_about_to_be"].toSorted());
  });

  it("is a flow removed by half: the next that opens the store goes on, and nobody sees it meanwhile", async () => {
    const [gone, other] = [aFlow({ status: "live" }), aFlow({ status: "live" })];
    for (const flow of [gone, other]) await store.flows.insert(flow);
    const runs = Array.from({ length: 600 }, () => aRun({ flowId: gone.id }));
    await Promise.all(runs.map((run) => store.runs.accept(run)));
    const kept = aRun({ flowId: other.id });
    await store.runs.accept(kept);
    // what a crash right after the first write of the removal leaves behind
    await raw.collection<{ _id: string }>("flows").updateOne({ _id: gone.id }, { $set: { removed: true } });
    expect(await store.flows.get(gone.id)).toBeNull();
    expect(await store.flows.byCatchKey(gone.catchKey)).toBeNull();
    expect(await store.flows.withStatus("live")).toEqual([other]);
    expect(await store.flows.patch(gone.id, {})).toBe(false);
    expect(await store.flows.save({ ...gone, revision: 2 }, 1)).toBe("stale");
    expect((await store.runs.sizes()).map(({ flowId }) => flowId)).toEqual([other.id]);
    const next = await openMongoStore(url, { patienceMs });
    await vi.waitUntil(async () => (await documents("flows")) === 1, { timeout: 60_000 });
    expect(await documents("runs")).toBe(1);
    expect(await next.runs.get(kept.id)).toEqual(kept);
    await next.close();
  });

  it("is a line that nobody stands in: it is not there, takes who comes, and goes with the pruning", async () => {
    const empty = { runs: [], places: 0 };
    await raw.collection<{ _id: string }>("lines").insertMany([
      { _id: "a", ...empty },
      { _id: "b", ...empty },
    ]);
    expect(await store.lines.list("", 5)).toEqual([]);
    expect(await store.lines.join("b", "run_1")).toBe(0);
    await store.runs.prune(T0, 5);
    expect(await documents("lines")).toBe(1);
    expect(await store.lines.first("b", 5)).toEqual(["run_1"]);
  });

  it("is a place among the pinned samples that nobody has: it is free again", async () => {
    const sample = aSample();
    await store.samples.insert(sample, 20);
    await raw
      .collection<{ _id: string }>("pins")
      .insertOne({ _id: "flow_1", samples: ["smp_gone"] } as never);
    expect(await store.samples.pin(sample.id, true, 1)).toBe("saved");
    const other = aSample();
    await store.samples.insert(other, 20);
    expect(await store.samples.pin(other.id, true, 1)).toBe("full");
    expect(await store.samples.remove(sample.id)).toBe(true);
    expect(await store.samples.pin(other.id, true, 1)).toBe("saved");
  });
});

describe("a search", () => {
  it("says how long the bodies of runs are that were kept before their length was", async () => {
    for (const size of [7, 5_000, 600_000]) {
      await store.runs.accept(aRun({ createdAt: T0 + size, event: aWebhook("x".repeat(size)) }));
    }
    await raw.collection("runs").updateMany({}, { $unset: { bodyBytes: 1 } });
    const { items } = await store.deliveries.list({ workspaceId: "ws_1", limit: 5 });
    expect(items.map(({ bytes }) => bytes)).toEqual([600_000, 5_000, 7]);
  });

  it("finds a body by its start alone, and keeps it byte for byte", async () => {
    const body = Uint8Array.from({ length: 5_000 }, (_, i) => (i < 2_000 ? 97 : i % 256));
    body.set(new TextEncoder().encode("Needle-Early"), 100);
    body.set(new TextEncoder().encode("needle-late"), 4_000);
    const run = aRun({ event: aWebhook(body) });
    await store.runs.accept(run);
    const event = (await store.runs.get(run.id))?.event;
    expect(sameBytes(event, body)).toBe(true);
    const search = { workspaceId: run.workspaceId, limit: 10 };
    expect((await store.runs.list({ ...search, text: "needle-EARLY" })).items).toHaveLength(1);
    expect((await store.runs.list({ ...search, text: "needle-late" })).items).toHaveLength(0);
  });
});

describe("opening", () => {
  it("makes the indexes that are missing and says which; the next makes none", async () => {
    const first = await openMongoStore(mongo.another(), { patienceMs });
    expect(first.createdIndexes).toContain("runs: flowId, dedupeKey");
    await first.close();
    await raw.collection("runs").dropIndex("wakeAt_1");
    const again = await openMongoStore(url, { patienceMs });
    expect(again.createdIndexes).toEqual(["runs: wakeAt"]);
    await again.close();
    const last = await openMongoStore(url, { patienceMs });
    expect(last.createdIndexes).toEqual([]);
    await last.close();
  });

  it("works for several processes that start at once on an empty database", async () => {
    const empty = mongo.another();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openMongoStore(empty, { patienceMs })));
    const runs = Array.from({ length: 20 }, () => aRun({ dedupeKey: "k" }));
    const answers = await Promise.all(runs.map((run, i) => stores[i % 4]?.runs.accept(run)));
    expect(answers.filter((answer) => answer?.kind === "accepted")).toHaveLength(1);
    await Promise.all(stores.map((one) => one.close()));
  });

  it("is refused where an index that keeps events apart is not unique", async () => {
    const other = mongo.another();
    const past = await mongoose.createConnection(other).asPromise();
    await past.collection("runs").createIndex({ flowId: 1, dedupeKey: 1 });
    await past.close();
    await expect(openMongoStore(other)).rejects.toThrow("not unique");
  });
});

describe("a store that is closed", () => {
  it("refuses to be used, as the defect that it is", async () => {
    const closed = await openMongoStore(url, { patienceMs });
    await closed.close();
    await expect(closed.runs.get("run_1")).rejects.toThrow("closed");
  });
});
