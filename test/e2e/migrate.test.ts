// `npm run migrate`: an installation that was furnished by the real program goes to MongoDB, whole, and lives on there.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mongoose from "mongoose";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openMongoStore } from "../../server/adapters/mongo-store.ts";
import { openSqliteFile } from "../../server/adapters/sqlite-file.ts";
import { createSqliteStore } from "../../server/adapters/sqlite-store.ts";
import { openVault } from "../../server/data-folder.ts";
import type { Store } from "../../server/ports/store.ts";
import { newVaultKey } from "../../server/vault.ts";
import type { Run, RunStatus } from "../../shared/run.ts";
import {
  aCatching,
  aDelivery,
  aFlow,
  aRun,
  aSample,
  aStep,
  aVersion,
  aWebhook,
  HOSTILE_DATA,
  HOSTILE_TEXTS,
  T0,
} from "../contracts/builders.ts";
import { type Client, signIn } from "../kit/api.ts";
import { graph } from "../kit/graph.ts";
import { type Mongo, startMongo } from "../kit/mongo.ts";
import { OWNER, type Program, startProgram } from "../kit/process.ts";
import { startRedis, type TestRedis } from "../kit/redis.ts";
import { furnish } from "../kit/sample-house.ts";
import { type HttpTarget, startHttpTarget } from "../kit/targets.ts";

let mongo: Mongo;
let folder: string;
let endings: (() => unknown)[];

beforeAll(async () => {
  mongo = await startMongo({ own: true });
}, 600_000);
afterAll(() => mongo.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flowcatch-migrate-"));
  endings = [() => rmSync(folder, { recursive: true, force: true })];
});
afterEach(async () => {
  for (const end of endings.reverse()) await end();
});

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the program; `during` gets its way to kill it. */
async function migrate(args: string[], during?: (kill: () => void) => Promise<void>): Promise<Ended> {
  const child = spawn(process.execPath, ["server/migrate.ts", ...args], {
    cwd: join(import.meta.dirname, "../.."),
    env: { PATH: process.env.PATH ?? "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended: Ended = { code: null, out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    ended.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    ended.err += chunk;
  });
  const gone = once(child, "close");
  await Promise.race([gone, during?.(() => child.kill("SIGKILL")) ?? gone]);
  await gone;
  return { ...ended, code: child.exitCode };
}

async function connect(url: string) {
  const connection = await mongoose.createConnection(url).asPromise();
  endings.push(() => connection.close());
  if (!connection.db) throw new Error("it is connected");
  return connection.db;
}

/** Everything that is in a database: documents and indexes. */
async function contents(db: mongoose.mongo.Db): Promise<string[]> {
  const names = (await db.listCollections().toArray()).map(({ name }) => name).sort();
  return Promise.all(
    names.map(async (name) => {
      const docs = await db.collection(name).find({}).toArray();
      const indexes = await db.collection(name).indexes();
      return JSON.stringify({ name, docs, indexes: indexes.map(({ key }) => key) });
    }),
  );
}

async function withStore<T>(at: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = createSqliteStore(openSqliteFile(at));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function end(store: Store, run: Run, status: RunStatus, outputs: unknown[]): Promise<void> {
  await store.runs.accept(run);
  if (status === "queued") return;
  const claim = await store.runs.claim(run.id, T0, T0 + 1e15);
  const steps = outputs.map((output, n) => aStep(`each[${n}]/step`, { input: { n }, output }));
  const finishedAt = ["succeeded", "failed", "canceled"].includes(status) ? T0 + 9 : null;
  const patch = {
    status,
    finishedAt,
    ...(status === "waiting" ? { wakeAt: T0 * 2 } : {}),
    ...(status === "failed" ? { problem: { code: "x", sentence: "half \ud83e", hint: "a" } } : {}),
    ...(status === "succeeded" ? { response: { status: 200, headers: {}, body: HOSTILE_DATA } } : {}),
  };
  await store.runs.record(run.id, claim?.run.fence ?? 0, { steps, run: patch });
}

const sum = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

/** A folder with runs, some of them large, and nothing made by a server. */
async function fill(runs: number): Promise<void> {
  await withStore(folder, async (store) => {
    await store.accounts.setSettingOnce("keyFingerprint", "ours");
    for (let n = 0; n < 40; n++) await store.flows.insert(aFlow({ id: `flow_${n}`, createdAt: T0 - n }));
    for (let n = 0; n < 40; n += 2) {
      await store.flows.setCatching(`flow_${n}`, aCatching({ sealed: n === 0 ? null : `v1.${n}` }), T0 + n);
    }
    for (let n = 0; n < 30; n++) {
      const raw = new TextEncoder().encode("d".repeat(n % 10 === 0 ? 300_000 : n));
      await store.deliveries.insert(aDelivery({ at: T0 + n, raw, from: HOSTILE_TEXTS[n % 15] ?? "" }), 100);
    }
    for (const line of HOSTILE_TEXTS.filter((text) => text !== "")) {
      for (const run of ["run_b", "run_a", "run_c"]) await store.lines.join(line, run);
    }
    await store.versions.insert(aVersion());
    for (let n = 0; n < 10; n++) {
      await store.samples.insert(
        aSample({ event: aWebhook("s".repeat(n * 100_000)), pinned: n % 2 === 0 }),
        20,
      );
    }
    for (let n = 0; n < runs; n++) {
      const raw = JSON.stringify({ n, pad: "x".repeat(n % 40 === 0 ? 400_000 : 500) });
      const outputs = ["a", "b".repeat(n % 50 === 0 ? 90_000 : 200)];
      await end(store, aRun({ event: aWebhook(raw), createdAt: T0 + n }), "succeeded", outputs);
    }
    await store.stats.add(7, {
      accepted: 1,
      refused: 2,
      succeeded: 3,
      failed: 4,
      canceled: 5,
      steps: 6,
      timed: 7,
      runMs: 8.5,
    });
  });
}

async function until(look: () => Promise<boolean>, seconds = 90): Promise<void> {
  for (const stop = Date.now() + seconds * 1_000; Date.now() < stop; ) {
    if (await look()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("it never came to be");
}

test("an installation of every kind of thing is moved, and goes on where it was", async () => {
  const target: HttpTarget = await startHttpTarget();
  endings.push(() => target.close());
  const old: Program = await startProgram();
  endings.push(() => old.close());
  const api = await signIn(old.url, OWNER.email, OWNER.password);
  const house = await furnish(api, target);
  const call = {
    uses: "http.request",
    input: {
      method: "POST",
      url: `${target.url}/woken`,
      bodyType: "json",
      json: { n: "{{trigger.body.n}}" },
    },
  };
  const publish = async (client: Client, name: string, made: ReturnType<typeof graph>) => {
    const { id } = await client("createFlow", { body: { name, graph: made } });
    return client("publishFlow", { params: { id }, body: {} });
  };
  const soon = await publish(
    api,
    "Soon",
    graph("trigger -> wait -> tell", {
      wait: { uses: "logic.wait", input: { mode: "duration", duration: { amount: 8, unit: "seconds" } } },
      tell: call,
    }),
  );
  const { catchUrl } = await publish(api, "Lives on", graph("trigger -> tell", { tell: call }));
  const clock = await publish(
    api,
    "Every minute",
    graph("trigger -> note", {
      trigger: { uses: "schedule.interval", input: { every: 1, unit: "minutes" } },
    }),
  );
  const post = async (url: string, n: number): Promise<{ runId: string }> => {
    const body = JSON.stringify({ n });
    return (
      await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body })
    ).json() as never;
  };
  const { runId: waiting } = await post(soon.catchUrl, 1);
  await until(async () => (await api("run", { params: { id: waiting } })).status === "waiting");
  const locked = await migrate(["--from", old.folder, "--to", mongo.url]);
  expect([locked.code, locked.err]).toEqual([
    1,
    expect.stringMatching(/in use by another Flowcatch process \(pid \d+\)\. Stop that one/),
  ]);
  await old.terminate();

  const flow = await withStore(old.folder, async (store) => {
    const found = await store.flows.get(soon.id);
    if (!found?.liveVersionId) throw new Error("it was published");
    const of = { workspaceId: found.workspaceId, flowId: found.id, versionId: found.liveVersionId };
    for (const [n, text] of HOSTILE_TEXTS.entries()) {
      const event = { kind: "manual" as const, id: `evt_${n}`, at: T0, data: { text, HOSTILE_DATA } };
      await end(store, aRun({ ...of, dedupeKey: text, event }), "failed", [HOSTILE_DATA, text]);
      await store.samples.insert(aSample({ ...of, name: text, event, pinned: n === 3 }), 20);
    }
    const large = aWebhook(Buffer.alloc(9_000_000, "{\ud83e\u0000"));
    await end(store, aRun({ ...of, event: large }), "succeeded", ["x".repeat(5_000_000)]);
    await end(
      store,
      aRun({ ...of, event: aWebhook("") }),
      "canceled",
      Array.from({ length: 700 }, (_, n) => "y".repeat(n)),
    );
    for (const status of ["waiting", "asking"] as const) await end(store, aRun(of), status, [1]);
    return of;
  });
  const cutOff = aRun({ ...flow, versionId: flow.versionId, event: aWebhook('{"n":2}') });
  await withStore(old.folder, async (store) => {
    await store.runs.accept(cutOff);
    await store.runs.claim(cutOff.id, T0, T0 * 2);
  });

  const before = sum(join(old.folder, "flowcatch.db"));
  const url = mongo.another();
  const moved = await migrate(["--from", old.folder, "--to", url]);
  expect(moved.err + moved.out).toContain("hold the same");
  expect(moved.code).toBe(0);
  expect(sum(join(old.folder, "flowcatch.db"))).toBe(before);
  const ENCRYPTION_KEY = readFileSync(join(old.folder, "encryption.key"), "utf8").trim();
  expect(moved.out).toContain(`export ENCRYPTION_KEY="$(cat '${join(old.folder, "encryption.key")}')"`);
  expect(moved.out + moved.err).not.toContain(ENCRYPTION_KEY);
  expect((await migrate(["--from", old.folder, "--to", url, "--verify-only"])).code).toBe(0);

  const redis: TestRedis = await startRedis({ own: true });
  endings.push(() => redis.close());
  const program = await startProgram({ MONGO_URL: url, REDIS_URL: redis.url, ENCRYPTION_KEY });
  endings.push(() => program.close());
  const client = await signIn(program.url, OWNER.email, OWNER.password);
  const names = async (of: Client) => (await of("flows")).items.map(({ name }) => name);
  expect(await names(client)).toContain("Order paid → warehouse");
  expect((await client("connections")).items.map(({ name }) => name)).toEqual(["The team's channel"]);
  expect((await client("run", { params: { id: house.runs.loop } })).status).toBe("succeeded");
  await post(new URL(new URL(catchUrl).pathname, program.url).href, 3);
  const heard = (n: number) => async () =>
    target.requests.some(({ path, json }) => path === "/woken" && (json as { n: number }).n === n);
  await until(heard(3));
  await until(heard(1));
  await until(heard(2));
  const runsOf = async () => (await client("runs", { query: { flowId: clock.id, limit: 200 } })).items;
  const ticks = (await runsOf()).length;
  await until(async () => (await runsOf()).length > ticks, 100);
}, 300_000);

test("killed three times in the middle and started again, it ends whole and leaves nothing over", async () => {
  await fill(3_000);
  const clean = mongo.another();
  expect((await migrate(["--from", folder, "--to", clean])).code).toBe(0);
  const url = mongo.another();
  const db = await connect(url);
  for (const least of [1, 800, 1_800]) {
    const killed = await migrate(["--from", folder, "--to", url], async (kill) => {
      await until(async () => (await db.collection("runs").estimatedDocumentCount()) >= least);
      kill();
    });
    expect(killed.code).toBeNull();
    expect(killed.out).not.toContain("hold the same");
  }
  expect(await db.collection("runs").countDocuments()).toBeLessThan(3_000);
  const half = await openMongoStore(url, { patienceMs: 60_000 });
  await expect(openVault("this database", newVaultKey(), half.accounts)).rejects.toThrow(
    /is being moved into it/,
  );
  await half.close();
  // as it is when the last moment was between the parts of a run and the run
  const whole = await connect(clean);
  const come = new Set(await db.collection("runs").distinct("_id"));
  const owner = (await whole.collection("runs").distinct("_id")).find((id) => !come.has(id));
  const part = { _id: `${new mongoose.Types.ObjectId().toHexString()}.0`, owner, bytes: Buffer.from("part") };
  await db.collection<typeof part>("blobs").insertOne(part);
  const again = await migrate(["--from", folder, "--to", url]);
  expect([again.code, again.err]).toEqual([0, expect.stringContaining("going on with what is missing")]);
  for (const name of ["runs", "blobs", "pins", "samples", "deliveries", "lines", "minutes"]) {
    const counts = [db, whole].map((one) => one.collection(name).countDocuments());
    expect([name, await counts[0]]).toEqual([name, await counts[1]]);
  }
  const store = await openMongoStore(url, { patienceMs: 60_000 });
  endings.push(() => store.close());
  const ids = (await store.flows.list("ws_1")).map(({ id }) => id);
  expect(ids).toEqual(Array.from({ length: 40 }, (_, n) => `flow_${n}`));
  expect(await store.flows.catching("flow_2")).toEqual(aCatching({ sealed: "v1.2" }));
  expect(await store.flows.catching("flow_1")).toBeNull();
  expect(await store.lines.join("half \ud83e of a fox", "run_d")).toBe(3);
  expect(await store.lines.first("half \ud83e of a fox", 9)).toEqual(["run_b", "run_a", "run_c", "run_d"]);
  await store.flows.insert(aFlow({ id: "flow_new" }));
  expect((await store.flows.list("ws_1")).at(-1)?.id).toBe("flow_new");
}, 300_000);

test("somebody else's database is refused in a sentence, and nothing is written there", async () => {
  await fill(3);
  const cases: [string, (db: mongoose.mongo.Db, url: string) => Promise<void>, RegExp][] = [
    [
      "another key",
      async (db) =>
        void (await db
          .collection<{ _id: string; value: string }>("settings")
          .insertOne({ _id: "keyFingerprint", value: "theirs" })),
      /sealed with another key/,
    ],
    [
      "another flow",
      async (db) => void (await db.collection<{ _id: string }>("flows").insertOne({ _id: "flow_theirs" })),
      /holds flows that are not in the data folder/,
    ],
    [
      "another program",
      async (db) => void (await db.collection("users").insertMany([{ email: "a" }, { email: "a" }])),
      /holds users that are not/,
    ],
    [
      "another run",
      async (db) => void (await db.collection<{ _id: string }>("runs").insertOne({ _id: "run_theirs" })),
      /holds runs that are not/,
    ],
    [
      "a complete move",
      async (_, url) => void expect((await migrate(["--from", folder, "--to", url])).code).toBe(0),
      /was completed on 20/,
    ],
  ];
  for (const [name, make, sentence] of cases) {
    const url = mongo.another();
    const db = await connect(url);
    await make(db, url);
    const before = await contents(db);
    const { code, err } = await migrate(["--from", folder, "--to", url]);
    expect([name, code, err]).toEqual([name, 1, expect.stringMatching(sentence)]);
    expect(await contents(db)).toEqual(before);
  }
}, 120_000);

test("what is not the same is named, and the exit code is 1", async () => {
  await fill(60);
  const url = mongo.another();
  expect((await migrate(["--from", folder, "--to", url])).code).toBe(0);
  const db = await connect(url);
  const runs = db.collection<{ _id: string; start: Buffer; tail: string[] }>("runs");
  const [body, steps, gone] = await runs.find({}).sort({ createdAt: -1 }).limit(3).toArray();
  if (!body || !steps || !gone) throw new Error("there are sixty");
  await runs.updateOne({ _id: body._id }, { $set: { start: Buffer.from("other bytes") } });
  await runs.updateOne({ _id: steps._id }, { $set: { tail: steps.tail.slice(1) } });
  await runs.deleteOne({ _id: gone._id });
  await db.collection("blobs").deleteOne({});
  await db
    .collection<{ _id: string; seat: number; doc: string }>("users")
    .insertOne({ _id: "usr_1", seat: 0, doc: "{}" });
  await db
    .collection<{ _id: string }>("flows")
    .updateOne({ _id: "flow_2" }, { $set: { catching: JSON.stringify(aCatching({ sealed: null })) } });
  await db
    .collection<{ _id: string }>("lines")
    .updateOne({ _id: "$where" }, { $set: { runs: ["run_a", "run_b", "run_c"] } });
  await db.collection("deliveries").updateOne({ at: T0 + 3 }, { $set: { verdict: "asleep" } });
  const { code, out } = await migrate(["--from", folder, "--to", url, "--verify-only"]);
  expect(code).toBe(1);
  expect(out).toContain("do not hold the same");
  expect(out).toContain(`runs: ${body._id} is not the same in both.`);
  expect(out).toContain(`steps: the list of ${steps._id} is not the same in both.`);
  expect(out).toContain(`runs: ${gone._id} is not in the database.`);
  expect(out).toContain("flows: flow_2 is not the same in both.");
  expect(out).toContain("lines: $where is not the same in both.");
  expect(out).toMatch(/deliveries: dlv_\w+ is not the same in both\./);
  expect(out).toMatch(/cannot be read in the database: The blob/);
  expect(out).toContain("users: usr_1 is in the database and not in the data folder.");
}, 120_000);

test("it says how it wants to be called", async () => {
  await fill(1);
  const called = async (...args: string[]) => {
    const { code, out, err } = await migrate(args);
    return [code, out + err];
  };
  expect(await called("--help")).toEqual([0, expect.stringContaining("--verify-only")]);
  expect(await called("--fro", folder)).toEqual([2, expect.stringContaining("There is no flag --fro.")]);
  expect(await called("--to", mongo.url)).toEqual([2, expect.stringContaining("--from is missing")]);
  expect(await called("--from", folder)).toEqual([2, expect.stringContaining("--to is missing")]);
  expect(await called("--from", folder, "--to", "redis://x")).toEqual([
    2,
    expect.stringContaining("--to is no address that begins with mongodb://"),
  ]);
  expect(await called("--from", "nowhere", "--to", mongo.url)).toEqual([
    1,
    expect.stringContaining("There is no flowcatch.db in"),
  ]);
  expect(await called("--from", folder, "--to", "mongodb://127.0.0.1:1/x")).toEqual([
    1,
    expect.stringContaining("cannot be reached"),
  ]);
}, 60_000);
