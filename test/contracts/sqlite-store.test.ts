// The SQLite store keeps the contract, in a file and in memory.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqliteFile, openSqliteMemory, type SqliteFile } from "../../server/adapters/sqlite-file.ts";
import { MIGRATIONS } from "../../server/adapters/sqlite-migrations.ts";
import { createSqliteStore } from "../../server/adapters/sqlite-store.ts";
import type { Store } from "../../server/ports/store.ts";
import { aDelivery, aFlow, aRun, aSample, aStep, aWebhook, T0 } from "./builders.ts";
import { describeStore } from "./store-contract.ts";

describeStore("the SQLite store in a file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "flowcatch-"));
  let store = createSqliteStore(openSqliteFile(folder));
  return {
    store,
    async reopen() {
      await store.close();
      store = createSqliteStore(openSqliteFile(folder));
      return store;
    },
    async close() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describeStore(
  "the SQLite store in memory",
  async () => {
    const store = createSqliteStore(openSqliteMemory());
    return { store, close: () => store.close() };
  },
  { keeps: false },
);

describe("a SQLite store that is opened", () => {
  let folder: string;
  let file: SqliteFile;
  let store: Store;
  const open = () => {
    file = openSqliteFile(folder);
    store = createSqliteStore(file);
  };
  const reopen = async () => {
    await store.close();
    open();
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "flowcatch-"));
    open();
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const rows = (table: string) => file.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n;

  it("clears the leases of a process that is gone, and says that it did not let go", async () => {
    const run = aRun();
    await store.runs.accept(run);
    await store.runs.claim(run.id, T0, T0 + 30_000);
    expect(await store.runs.claim(run.id, T0 + 1, T0 + 30_000)).toBeNull();
    await reopen();
    expect(await store.runs.claim(run.id, T0 + 2, T0 + 30_000)).toMatchObject({
      clean: false,
      run: { fence: 2 },
    });
  });

  it("has the runs that a gone process was in the middle of among those that are overdue", async () => {
    const run = aRun();
    await store.runs.accept(run);
    await store.runs.claim(run.id, T0, T0 + 30_000);
    expect(await store.runs.overdue(T0 + 20_000, 10)).toEqual([]);
    await reopen();
    // The read comes before the write that opening makes, until that is through.
    await expect.poll(() => store.runs.overdue(T0 + 20_000, 10)).toEqual([run.id]);
  });

  it("brings a database of the first format along: its samples are there, and none is pinned", async () => {
    await store.close();
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    const old = openSqliteFile(folder, { migrations: MIGRATIONS.slice(0, 1) });
    await old.run(
      `INSERT INTO samples (id, workspace_id, flow_id, name, created_at, event, raw)
       VALUES ('smp_1', 'ws_1', 'flow_1', 'An order', ?, ?, ?)`,
      T0,
      JSON.stringify({ kind: "manual", id: "evt_1", at: T0 }),
      Buffer.from('{"order":1}'),
    );
    await old.close();
    open();
    expect(await store.samples.list("flow_1")).toEqual([
      aSample({
        id: "smp_1",
        event: { kind: "manual", id: "evt_1", at: T0, data: { order: 1 } },
        pinned: false,
      }),
    ]);
    expect(await store.samples.pin("smp_1", true, 1)).toBe("saved");
  });

  it("brings a database along from before there were deliveries and lines: its runs are in the list of both", async () => {
    await store.close();
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    const before = MIGRATIONS.findIndex(({ sql }) => sql.includes("catching"));
    const old = openSqliteFile(folder, { migrations: MIGRATIONS.slice(0, before) });
    await old.run(
      `INSERT INTO flows VALUES (1, 'flow_1', 'ws_1', 'A', 1, 'live', 'ver_1', 'key', ?, ?, '{}')`,
      T0,
      T0,
    );
    await old.run(
      `INSERT INTO runs (id, workspace_id, flow_id, version_id, status, fence, dedupe_key, created_at)
       VALUES ('run_1', 'ws_1', 'flow_1', 'ver_1', 'succeeded', 1, 'k', ?)`,
      T0,
    );
    const { raw, ...event } = aWebhook('{"order":1}');
    await old.run("INSERT INTO run_events VALUES (1, ?, NULL, ?)", JSON.stringify(event), raw);
    await old.close();
    open();
    expect(await store.runs.get("run_1")).not.toHaveProperty("lines");
    expect(await store.flows.byCatchKey("key")).toMatchObject({ id: "flow_1", catching: null });
    const { items } = await store.deliveries.list({ workspaceId: "ws_1", limit: 5 });
    expect(items).toMatchObject([{ id: "run_1", verdict: "accepted", summary: '{"order":1}', bytes: 11 }]);
    await store.deliveries.insert(aDelivery(), 5);
    expect(await store.lines.join("line", "run_1")).toBe(0);
    expect(await store.runs.prune(T0 + 1, 5)).toBe(1);
    expect(await store.lines.list("", 5)).toEqual([]);
  });

  it("goes on with the removal of a flow that was cut off", async () => {
    const flow = aFlow();
    await store.flows.insert(flow);
    await Promise.all(Array.from({ length: 1_200 }, () => store.runs.accept(aRun({ flowId: flow.id }))));
    const other = aRun();
    await store.runs.accept(other);
    for (let i = 0; i < 3; i++) await store.deliveries.insert(aDelivery({ flowId: flow.id }), 5);
    // What a crash right after the first of the removal's commits leaves behind.
    await file.run("DELETE FROM flows WHERE id = ?", flow.id);
    await file.run("INSERT INTO removed_flows VALUES (?)", flow.id);
    await reopen();
    await expect.poll(() => rows("removed_flows")).toBe(0);
    expect([rows("runs"), rows("run_events"), rows("deliveries")]).toEqual([1, 1, 0]);
    expect(await store.runs.get(other.id)).toEqual(other);
  });

  it("counts right while runs of a removed flow still move", async () => {
    const flow = aFlow();
    await store.flows.insert(flow);
    const run = aRun({ flowId: flow.id });
    await store.runs.accept(run);
    await store.runs.claim(run.id, T0, T0 + 30_000);
    await Promise.all([
      store.runs.record(run.id, 1, { run: { status: "succeeded", finishedAt: T0 } }),
      file.write("deleteRunsOfRemovedFlow", flow.id, 10),
    ]);
    expect([rows("runs"), rows("run_counts")]).toEqual([0, 0]);
  });

  it("keeps nothing of the runs that were pruned, and all of the others", async () => {
    const old = aRun({ createdAt: T0 });
    const open = aRun({ createdAt: T0 });
    const young = aRun({ createdAt: T0 + 10_000 });
    for (const run of [old, open, young]) {
      await store.runs.accept(run);
      await store.runs.claim(run.id, T0, T0 + 30_000);
      await store.runs.record(run.id, 1, { steps: [aStep("a"), aStep("b")] });
    }
    for (const run of [old, young])
      await store.runs.record(run.id, 1, { run: { status: "succeeded", finishedAt: T0 } });
    expect(await store.runs.prune(T0 + 5_000, 100)).toBe(1);
    expect(await store.runs.get(old.id)).toBeNull();
    expect([rows("runs"), rows("run_events"), rows("step_runs")]).toEqual([2, 2, 4]);
  });

  it("keeps bodies byte for byte, whatever they hold, and finds them by their start alone", async () => {
    const raw = Uint8Array.from({ length: 5_000 }, (_, i) => (i < 2_000 ? 97 : i % 256));
    raw.set(new TextEncoder().encode("needle-early"), 100);
    raw.set(new TextEncoder().encode("needle-late"), 4_000);
    const run = aRun({ event: aWebhook(raw) });
    await store.runs.accept(run);
    await reopen();
    const event = (await store.runs.get(run.id))?.event;
    expect(event?.kind === "webhook" && Buffer.compare(event.raw, raw)).toBe(0);
    const search = { workspaceId: run.workspaceId, limit: 10 };
    expect((await store.runs.list({ ...search, text: "needle-early" })).items).toHaveLength(1);
    expect((await store.runs.list({ ...search, text: "needle-late" })).items).toHaveLength(0);
  });
});
