// The SQLite queue keeps the contract, keeps its jobs over a restart, and does not slow down with what waits.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqliteFile, openSqliteMemory, type SqliteFile } from "../../server/adapters/sqlite-file.ts";
import { createSqliteQueue, type SqliteQueue } from "../../server/adapters/sqlite-queue.ts";
import type { Job } from "../../server/ports/queue.ts";
import { createFakeClock } from "../kit/clock.ts";
import { describeQueue } from "./queue-contract.ts";

describeQueue("the SQLite queue", async () => {
  const clock = createFakeClock();
  const file = openSqliteMemory();
  const queues: SqliteQueue[] = [];
  const another = () => {
    const queue = createSqliteQueue(file, clock);
    queues.push(queue);
    return queue;
  };
  return {
    queue: another(),
    another,
    crash: (queue) => queues.find((one) => one === queue)?.abandon(),
    now: clock.now,
    advance: clock.advance,
    leaseMs: 30_000,
    async close() {
      for (const queue of queues) queue.abandon();
      await file.close();
      await clock.settle();
      expect(clock.sleeping()).toEqual([]);
    },
  };
});

describe("the SQLite queue in a file", () => {
  const clock = createFakeClock();
  let folder: string;
  let file: SqliteFile;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "flowcatch-"));
    file = openSqliteFile(folder);
  });
  afterEach(async () => {
    await file.close();
    rmSync(folder, { recursive: true });
  });

  /** Lets what is under way come to rest: a write of our own is behind all others. */
  async function rest(): Promise<void> {
    for (let i = 0; i < 3; i++) {
      await clock.settle();
      await file.run("UPDATE pulse SET beats = beats + 1");
    }
    await clock.settle();
  }

  async function advance(ms: number): Promise<void> {
    await rest();
    await clock.advance(ms);
    await rest();
  }

  function aJob(id: string, inMs: number): Job {
    return { id, kind: "advance", ref: "run_1", dueAt: clock.now() + inMs };
  }

  it("has its jobs again after a restart, those in work too, and remembers how often they failed", async () => {
    const before = createSqliteQueue(file, clock);
    before.work(["advance"], async ({ id }) => (id === "bad" ? Promise.reject() : new Promise(() => {})), {
      concurrency: 2,
    });
    for (const job of [aJob("bad", 0), aJob("stuck", 0), aJob("later", 60_000)]) await before.push(job);
    await advance(1_500);
    before.abandon();
    await file.close();
    file = openSqliteFile(folder);
    const seen: string[] = [];
    const after = createSqliteQueue(file, clock);
    after.work(["advance"], async ({ id }) => void seen.push(id), { concurrency: 2 });
    await rest();
    expect(seen).toEqual(["stuck"]);
    await advance(1_000); // it failed twice: 1 s and now 2 s
    expect(seen).toEqual(["stuck"]);
    await advance(1_000);
    expect(seen).toEqual(["stuck", "bad"]);
    await advance(60_000);
    expect(seen).toEqual(["stuck", "bad", "later"]);
    await after.close(0);
  });

  it("does not slow down with a hundred thousand jobs that wait", async () => {
    const queue = createSqliteQueue(file, clock);
    let done = 0;
    queue.work(["advance", "tick", "sweep", "prune"], async () => void done++, { concurrency: 10 });
    const cycle = async () => {
      const began = performance.now();
      const target = done + 300;
      await Promise.all(Array.from({ length: 300 }, (_, i) => queue.push(aJob(`now:${done}:${i}`, 0))));
      while (done < target) await clock.settle();
      return performance.now() - began;
    };
    await cycle();
    const empty = await cycle();
    await file.run(
      `INSERT INTO jobs (id, kind, ref, due_at, failures)
       WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000)
       SELECT 'later:' || n, 'advance', 'run_1', ? + n, 0 FROM numbers`,
      clock.now() + 1e9,
    );
    await cycle();
    const full = await cycle();
    expect(full).toBeLessThan(empty * 5 + 50);
    await queue.close(0);
  }, 30_000);

  it("stays at work when the file cannot be written, and goes on when it can", async () => {
    const failures: unknown[] = [];
    const broken: SqliteFile = {
      ...file,
      run: (...statement) => (down ? Promise.reject(new Error("disk full")) : file.run(...statement)),
    };
    let down = false;
    const queue = createSqliteQueue(broken, clock, { onFailure: (error) => failures.push(error) });
    let calls = 0;
    queue.work(["advance"], async () => void calls++, { concurrency: 1 });
    await queue.push(aJob("a", 0));
    down = true;
    await rest();
    expect(calls).toBe(1);
    await advance(1_000);
    expect(calls).toBe(2); // done twice rather than never
    down = false;
    await advance(120_000);
    expect(calls).toBe(3);
    expect(failures.length).toBe(2);
    expect(await queue.depth()).toEqual({ waiting: 0, oldestDueAt: null });
    await queue.close(0);
  });
});
