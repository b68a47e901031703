// What the Redis queue does when Redis is killed, emptied, frozen or full, and when a worker stands still.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openRedisAccess, type RedisAccess } from "../../../server/adapters/redis-connection.ts";
import {
  createRedisQueue,
  type RedisQueue,
  type RedisQueueOptions,
} from "../../../server/adapters/redis-queue.ts";
import { createSystemClock } from "../../../server/adapters/system-clock.ts";
import type { Job, JobKind } from "../../../server/ports/queue.ts";
import { startRedis, type TestRedis } from "../../kit/redis.ts";

vi.setConfig({ testTimeout: 90_000, hookTimeout: 30_000 });
const SOON = { timeout: 20_000, interval: 20 };
const ALL_KINDS: JobKind[] = ["advance", "tick", "sweep", "prune"];

let redis: TestRedis;
let opened: { access: RedisAccess; queue: RedisQueue }[] = [];
beforeEach(async () => {
  opened = [];
  redis = await startRedis({ own: true });
});
afterEach(async () => {
  for (const { access, queue } of opened) {
    queue.abandon();
    access.close();
  }
  await redis?.close();
});

/** As one process has it. */
async function open(options: RedisQueueOptions = {}, url = redis.url): Promise<RedisQueue> {
  const access = openRedisAccess({ url, prefix: "test", log: { info() {}, warn() {} } });
  const queue = createRedisQueue(access, createSystemClock(), options);
  opened.push({ access, queue });
  await access.ready();
  return queue;
}

const aJob = (id: string, kind: JobKind = "advance"): Job => ({
  id,
  kind,
  ref: `ref-of-${id}`,
  dueAt: Date.now(),
});

/** Notes what is handled, and what two have in hand at once. */
function createLedger() {
  const times = new Map<string, number>();
  const busy = new Set<string>();
  const twiceAtOnce: string[] = [];
  return {
    times,
    twiceAtOnce,
    handler: (workMs: number) => async (job: Job) => {
      if (busy.has(job.id)) twiceAtOnce.push(job.id);
      busy.add(job.id);
      await sleep(workMs);
      busy.delete(job.id);
      times.set(job.id, (times.get(job.id) ?? 0) + 1);
    },
  };
}

async function pushAll(queue: RedisQueue, ids: string[]): Promise<Map<string, number>> {
  const kept = new Map<string, number>();
  for (let i = 0; i < ids.length; i += 50) {
    await Promise.all(
      ids.slice(i, i + 50).map((id) =>
        queue.push(aJob(id)).then(
          () => kept.set(id, Date.now()),
          () => {}, // Redis was killed before it had it
        ),
      ),
    );
  }
  return kept;
}

/** What a push came to, in words. */
function within3s(push: Promise<void>): Promise<string> {
  const answer = push.then(
    () => "kept",
    (error: Error) => error.message,
  );
  return Promise.race([answer, sleep(3_000, "no answer")]);
}

const idsOf = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}:${i}`);

describe("when Redis is killed", () => {
  it("loses nothing but what came in the last second, has no job in hand twice, and works on", async () => {
    const ledger = createLedger();
    const workers = [await open(), await open()];
    for (const worker of workers) worker.work(["advance"], ledger.handler(20), { concurrency: 5 });
    const producer = await open();
    const early = await pushAll(producer, idsOf("early", 1_000));
    await sleep(1_200); // now they are on disk
    const late = pushAll(producer, idsOf("late", 1_000));
    await sleep(50);
    await redis.kill9();
    const killedAt = Date.now();
    await redis.restart();
    const pushed = [...early, ...(await late)];
    await vi.waitFor(async () => {
      await producer.push(aJob("after"));
      expect(ledger.times.has("after")).toBe(true);
    }, SOON);
    await vi.waitFor(async () => expect((await producer.depth()).waiting).toBe(0), SOON);
    await sleep(500);
    const lost = pushed.filter(([id]) => !ledger.times.has(id));
    const again = [...ledger.times.values()].filter((times) => times > 1).length;
    console.log(`pushed ${pushed.length}, lost ${lost.length}, done again ${again}`);
    expect(early.size).toBe(1_000);
    expect(lost.filter(([, at]) => at < killedAt - 1_500)).toEqual([]);
    expect(ledger.twiceAtOnce).toEqual([]);
  });

  it("finds out by itself that it is there again, also when nothing was to be done meanwhile", async () => {
    const ledger = createLedger();
    const worker = await open();
    worker.work(ALL_KINDS, ledger.handler(0), { concurrency: 5 });
    await worker.push(aJob("before"));
    await vi.waitFor(() => expect(ledger.times.has("before")).toBe(true), SOON);
    for (let time = 1; time <= 2; time++) {
      await redis.kill9();
      await sleep(1_000);
      await redis.restart();
      await vi.waitFor(() => worker.push(aJob(`after:${time}`)), SOON);
      await vi.waitFor(() => expect(ledger.times.has(`after:${time}`)).toBe(true), SOON);
    }
  });

  it("does what could not be pushed as soon as Redis is there again, once, and at its time", async () => {
    const producer = await open();
    await producer.push(aJob("before"));
    await redis.kill9();
    const ids = idsOf("owed", 250);
    const refused = await Promise.allSettled(ids.map((id) => producer.push(aJob(id))));
    const later = { ...aJob("later"), dueAt: Date.now() + 3_600_000 };
    await expect(producer.push(later)).rejects.toThrow(/cannot be reached/);
    expect(refused.filter(({ status }) => status === "rejected")).toHaveLength(250);
    await sleep(2_500); // it was tried again meanwhile, and in vain
    await redis.restart();
    await vi.waitFor(async () => expect((await producer.depth()).waiting).toBeGreaterThanOrEqual(251), SOON);
    const ledger = createLedger();
    const worker = await open();
    worker.work(["advance"], ledger.handler(0), { concurrency: 20 });
    await vi.waitFor(() => expect(ids.every((id) => ledger.times.has(id))).toBe(true), SOON);
    expect(ids.filter((id) => ledger.times.get(id) !== 1)).toEqual([]);
    expect(await producer.depth()).toEqual({ waiting: 1, oldestDueAt: later.dueAt });
  });

  it("rejects a push within 3 seconds, and says where it could not be kept", async () => {
    const queue = await open();
    await redis.kill9();
    expect(await within3s(queue.push(aJob("a")))).toMatch(/^The Redis at 127\.0\.0\.1:\d+ cannot be reached/);
    await expect(queue.depth()).rejects.toThrow(/cannot be reached/);
    await queue.close(0);
  });

  it("rejects a push within 3 seconds also when Redis was never there", async () => {
    await redis.kill9();
    const access = openRedisAccess({ url: redis.url, prefix: "test", log: { info() {}, warn() {} } });
    const queue = createRedisQueue(access, createSystemClock());
    opened.push({ access, queue });
    expect(await within3s(queue.push(aJob("a")))).toMatch(/does not answer|cannot be reached/);
    const ledger = createLedger();
    queue.work(["advance"], ledger.handler(0), { concurrency: 1 });
    await redis.restart();
    await vi.waitFor(() => queue.push(aJob("b")), SOON);
    await vi.waitFor(() => expect(ledger.times.has("b")).toBe(true), SOON);
  });
});

describe("when Redis stands still", () => {
  it("rejects pushes within 3 seconds; after 20 s it goes on, and the job in hand was nobody else's", async () => {
    const ledger = createLedger();
    const workers = [await open(), await open()];
    for (const worker of workers) worker.work(["advance"], ledger.handler(25_000), { concurrency: 2 });
    const producer = await open();
    await producer.push(aJob("long"));
    await sleep(1_000);
    redis.freeze();
    expect(await within3s(producer.push(aJob("a")))).toMatch(/does not answer/);
    await sleep(18_000);
    redis.thaw();
    const quick = createLedger();
    const third = await open();
    third.work(["tick"], quick.handler(0), { concurrency: 1 });
    await vi.waitFor(() => producer.push(aJob("b", "tick")), SOON);
    await vi.waitFor(() => expect(quick.times.has("b")).toBe(true), SOON);
    await vi.waitFor(() => expect(ledger.times.get("long")).toBe(1), SOON);
    await sleep(500);
    expect(ledger.times.get("long")).toBe(1);
    expect(ledger.twiceAtOnce).toEqual([]);
  });
});

describe("when Redis is emptied", () => {
  it("goes on with what is new, and what was in hand disturbs nobody", async () => {
    const ledger = createLedger();
    const failures: unknown[] = [];
    const worker = await open({ onFailure: (error) => failures.push(error) });
    worker.work(ALL_KINDS, ledger.handler(300), { concurrency: 10 });
    await pushAll(worker, idsOf("old", 5));
    await worker.push({ ...aJob("waiting"), dueAt: Date.now() + 60_000 });
    await sleep(150);
    await redis.flush();
    await worker.push(aJob("new"));
    await vi.waitFor(() => expect(ledger.times.size).toBe(6), SOON);
    expect(ledger.times.has("new")).toBe(true);
    await sleep(200);
    expect(failures).toEqual([]);
    expect(await worker.depth()).toEqual({ waiting: 0, oldestDueAt: null });
    // one that is found again may have the same id
    await worker.push(aJob("old:0"));
    await vi.waitFor(() => expect(ledger.times.get("old:0")).toBe(2), SOON);
  });
});

describe("when Redis is full", () => {
  it("says so to who pushes, and goes on when there is room again", async () => {
    const ledger = createLedger();
    const queue = await open();
    await redis.client.set("filler", "x".repeat(3_000_000));
    const used = /used_memory:(\d+)/.exec(await redis.client.info("memory"))?.[1];
    await redis.client.config("SET", "maxmemory", String(Number(used) + 300_000));
    const pushUntilFull = async () => {
      for (let i = 0; i < 20_000; i++) await queue.push(aJob(`job:${i}`));
    };
    await expect(pushUntilFull()).rejects.toThrow(/^The Redis at 127\.0\.0\.1:\d+ is full\. Give it/);
    const { waiting } = await queue.depth();
    expect(waiting).toBeGreaterThan(0);
    queue.work(["advance"], ledger.handler(0), { concurrency: 10 });
    await sleep(500);
    await redis.client.del("filler");
    // and the one that was refused
    await vi.waitFor(() => expect(ledger.times.size).toBe(waiting + 1), SOON);
    await queue.push(aJob("after"));
    await vi.waitFor(() => expect(ledger.times.has("after")).toBe(true), SOON);
  });
});

describe("when Redis has become a replica", () => {
  it("rejects the push, and connects anew to find the one that can be written", async () => {
    const queue = await open();
    await queue.push(aJob("a"));
    await redis.client.replicaof("127.0.0.1", 1);
    const ask = opened[0]?.access.ask;
    const connectedAnew = new Promise((resolve) => ask?.once("ready", resolve));
    await expect(queue.push(aJob("b"))).rejects.toThrow(/is a replica/);
    await connectedAnew;
    await redis.client.replicaof("NO", "ONE");
    await vi.waitFor(() => queue.push(aJob("c")), SOON);
  });
});

describe("a worker that stands still for longer than its lock", () => {
  it("loses its job to another one, and is not asked what it made of it", async () => {
    const url = redis.url;
    const sleeper = spawn(process.execPath, [
      join(import.meta.dirname, "redis-sleeper.ts"),
      url,
      "test",
      "1500",
      "6000",
    ]);
    let said = "";
    for (const stream of [sleeper.stdout, sleeper.stderr])
      stream.on("data", (chunk) => {
        said += chunk;
      });
    try {
      const queue = await open({ lockMs: 1_500, stalledMs: 500 });
      await queue.push(aJob("a"));
      await vi.waitFor(() => expect(said).toContain("has a"), SOON);
      const ledger = createLedger();
      queue.work(["advance"], ledger.handler(6_000), { concurrency: 1 });
      await vi.waitFor(() => expect(said).toContain("woke up with a"), SOON);
      expect((await queue.depth()).waiting).toBe(0);
      await vi.waitFor(() => expect(ledger.times.get("a")).toBe(1), SOON);
      await sleep(3_000);
      expect(ledger.times.get("a")).toBe(1);
      expect(said.match(/has a/g)).toHaveLength(1);
      expect(await queue.depth()).toEqual({ waiting: 0, oldestDueAt: null });
    } finally {
      const gone = once(sleeper, "exit");
      sleeper.kill("SIGKILL");
      await gone;
    }
  });
});

describe("a queue that is closed", () => {
  it("gives back at once what is in work, and takes no more of it", async () => {
    const queue = await open();
    const stuck: string[] = [];
    queue.work(
      ["advance"],
      ({ id }) => {
        stuck.push(id);
        return new Promise(() => {});
      },
      { concurrency: 2 },
    );
    await pushAll(queue, idsOf("job", 5));
    await vi.waitFor(() => expect(stuck).toHaveLength(2), SOON);
    await queue.close(100);
    const ledger = createLedger();
    const other = await open();
    expect((await other.depth()).waiting).toBe(5);
    other.work(["advance"], ledger.handler(0), { concurrency: 1 });
    await vi.waitFor(() => expect([...ledger.times.keys()].toSorted()).toEqual(idsOf("job", 5)), SOON);
    expect(stuck).toHaveLength(2);
  });

  it("closes at its deadline also when Redis is away", async () => {
    const queue = await open();
    queue.work(["advance"], () => new Promise(() => {}), { concurrency: 2 });
    await queue.push(aJob("a"));
    await vi.waitFor(async () => expect((await queue.depth()).waiting).toBe(0), SOON);
    await redis.kill9();
    expect(await Promise.race([queue.close(100).then(() => "closed"), sleep(5_000, "open")])).toBe("closed");
  });
});

describe("a worker with many jobs", () => {
  it("does a sweep, a tick and a pruning at once, however many runs wait and have its hands", async () => {
    const queue = await open();
    await pushAll(queue, idsOf("run", 2_000));
    const done: string[] = [];
    queue.work(
      ALL_KINDS,
      ({ kind, id }) => (kind === "advance" ? new Promise(() => {}) : Promise.resolve(void done.push(id))),
      { concurrency: 10 },
    );
    await vi.waitFor(async () => expect((await queue.depth()).waiting).toBe(1_993), SOON);
    for (const kind of ["sweep", "tick", "prune"] as const) await queue.push(aJob(`the:${kind}`, kind));
    await vi.waitFor(() => expect(done.toSorted()).toEqual(["the:prune", "the:sweep", "the:tick"]), SOON);
    expect((await queue.depth()).waiting).toBe(1_993);
  });

  it("keeps no more than it needs to: kind, id, reference and times", async () => {
    const queue = await open();
    await queue.push({ id: "123", kind: "advance", ref: "run_1", dueAt: 1_900_000_000_000 });
    await queue.push({ id: "wait", kind: "advance", ref: "run_2", dueAt: 1_900_000_000_000 });
    expect(await redis.client.hgetall("test:advance:=123")).toMatchObject({
      name: "advance",
      data: '{"ref":"run_1"}',
      timestamp: "1899999999999",
    });
    expect((await queue.depth()).waiting).toBe(2);
    const ledger = createLedger();
    await queue.push(aJob("done"));
    queue.work(["advance"], ledger.handler(0), { concurrency: 1 });
    await vi.waitFor(() => expect(ledger.times.has("done")).toBe(true), SOON);
    await vi.waitFor(async () => expect(await redis.client.exists("test:advance:=done")).toBe(0), SOON);
  });

  it("gives a job again as it was pushed, with the time it was first due: a schedule knows it by that", async () => {
    const queue = await open();
    const seen: Job[] = [];
    queue.work(
      ["tick"],
      (job) => (seen.push(job) === 1 ? Promise.reject(new Error("no")) : Promise.resolve()),
      { concurrency: 1 },
    );
    const job = aJob("the:tick", "tick");
    await queue.push(job);
    await vi.waitFor(() => expect(seen).toEqual([job, job]), SOON);
  });

  it("does not write into Redis why a handler failed", async () => {
    const queue = await open();
    const failures: unknown[] = [];
    const worker = await open({ onFailure: (error, job) => failures.push([error, job?.id]) });
    worker.work(["advance"], () => Promise.reject(new Error("the password is hunter2")), { concurrency: 1 });
    await queue.push(aJob("a"));
    await vi.waitFor(async () => expect((await queue.depth()).waiting).toBe(1), SOON);
    await vi.waitFor(() => expect(failures).toEqual([[new Error("the password is hunter2"), "a"]]), SOON);
    expect(JSON.stringify(await redis.client.hgetall("test:advance:=a"))).not.toContain("hunter2");
  });
});
