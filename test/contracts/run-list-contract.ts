// What every store must do with lists of runs: newest first, filtered, and no run lost or given twice.

import { expect, it } from "vitest";
import type { RunQuery, RunRow, Store } from "../../server/ports/store.ts";
import { Refused } from "../../shared/problem.ts";
import { type Run, RunStatus } from "../../shared/run.ts";
import { aRun, aWebhook, HOSTILE_TEXTS, T0 } from "./builders.ts";

export function describeRunList(store: () => Store): void {
  async function fill(count: number, change: (i: number) => Partial<Run>): Promise<Run[]> {
    const runs = Array.from({ length: count }, (_, i) => aRun({ createdAt: T0 + i, ...change(i) }));
    await Promise.all(runs.map((run) => store().runs.accept(run)));
    return runs;
  }

  function ask(query: Partial<RunQuery>) {
    return store().runs.list({ workspaceId: "ws_1", limit: 50, ...query });
  }

  /** Every row, page by page. */
  async function askAll(query: Partial<RunQuery>, between: () => Promise<unknown> = async () => {}) {
    const rows: RunRow[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 1000; page++) {
      const { items, next } = await ask({ ...query, ...(cursor === undefined ? {} : { cursor }) });
      rows.push(...items);
      if (next === null) return rows;
      cursor = next;
      await between();
    }
    throw new Error("the pages have no end");
  }

  const ids = (rows: { id: string }[]) => rows.map(({ id }) => id);

  it("gives rows without event and response, newest first", async () => {
    const runs = await fill(3, () => ({ response: { status: 200, headers: {}, body: "x" } }));
    const { items, next } = await ask({});
    expect(next).toBeNull();
    expect(items).toEqual(
      runs.toReversed().map(({ event: _event, response: _response, ...run }) => ({
        ...run,
        summary: '{"order":1001}',
      })),
    );
  });

  it("sums an event up in one short line", async () => {
    const long = "x".repeat(5_000);
    await fill(1, () => ({ event: aWebhook('{\n  "name": "🦊",\r\n\t"more": [1,  2]\n}') }));
    const [spaced] = (await ask({})).items;
    expect(spaced?.summary).toBe('{ "name": "🦊", "more": [1, 2] }');
    await fill(1, () => ({ createdAt: T0 + 1, event: aWebhook(long) }));
    const [cut] = (await ask({})).items;
    expect(cut?.summary).toMatch(/^x{50,300}…$/);
    const get = aWebhook("");
    get.request.method = "GET";
    get.request.query = { order: "7" };
    await fill(1, () => ({ createdAt: T0 + 2, event: get }));
    expect((await ask({})).items[0]?.summary).toBe('GET {"order":"7"}');
    const data = { due: "2026-01-01" };
    await fill(1, () => ({ createdAt: T0 + 3, event: { kind: "schedule", id: "e", at: T0, data } }));
    expect((await ask({})).items[0]?.summary).toBe('{"due":"2026-01-01"}');
  });

  it("gives every run once, page by page, while new ones arrive", async () => {
    const runs = await fill(47, (i) => ({ createdAt: T0 + Math.floor(i / 5) }));
    let extra = 0;
    const rows = await askAll({ limit: 4 }, () =>
      store().runs.accept(aRun({ createdAt: T0 + 1_000 + extra++ })),
    );
    expect(ids(rows).toSorted()).toEqual(ids(runs).toSorted());
    const times = rows.map(({ createdAt }) => createdAt);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it("gives every run once while others are deleted", async () => {
    const runs = await fill(30, (i) => ({ status: i % 3 === 0 ? "succeeded" : "queued" }));
    const rows = await askAll({ limit: 7 }, () => store().runs.prune(T0 + 1_000, 2));
    const queued = ids(runs.filter(({ status }) => status === "queued"));
    expect(new Set(ids(rows)).size).toBe(rows.length);
    expect(queued.filter((id) => !ids(rows).includes(id))).toEqual([]);
  });

  it("ends on a full page without an empty one after it", async () => {
    await fill(8, () => ({}));
    const first = await ask({ limit: 4 });
    const second = await ask({ limit: 4, cursor: first.next ?? "" });
    expect([first.items.length, second.items.length, second.next]).toEqual([4, 4, null]);
  });

  it("filters by flow, status and time, alone and together, over several pages", async () => {
    const statuses = RunStatus.options;
    const runs = await fill(84, (i) => ({
      flowId: i % 2 === 0 ? "flow_1" : "flow_2",
      status: statuses[i % statuses.length] ?? "queued",
      workspaceId: i % 21 === 20 ? "ws_2" : "ws_1",
    }));
    const filters: Partial<RunQuery>[] = [
      {},
      { flowId: "flow_2" },
      { status: ["failed"] },
      { status: ["failed", "asking", "failed"] },
      { status: [...statuses] },
      { status: [] },
      { from: T0 + 10, to: T0 + 60 },
      { flowId: "flow_1", status: ["queued", "running"], from: T0 + 3, to: T0 + 80 },
      { workspaceId: "ws_2" },
      { workspaceId: "ws_2", flowId: "flow_1" },
      { workspaceId: "ws_3" },
      { flowId: "flow_3" },
    ];
    for (const filter of filters) {
      const wanted = runs.filter(
        (run) =>
          run.workspaceId === (filter.workspaceId ?? "ws_1") &&
          (filter.flowId === undefined || run.flowId === filter.flowId) &&
          (filter.status === undefined || filter.status.includes(run.status)) &&
          (filter.from === undefined || run.createdAt >= filter.from) &&
          (filter.to === undefined || run.createdAt < filter.to),
      );
      expect([filter, ids(await askAll({ ...filter, limit: 5 }))]).toEqual([
        filter,
        ids(wanted.toReversed()),
      ]);
    }
  });

  it("finds text in the event, whatever its case, literally, over several pages", async () => {
    const fox = await fill(9, (i) => ({ event: aWebhook(`{"name":"${i % 3 === 0 ? "FOX 100%" : "hen"}"}`) }));
    const wanted = ids(fox.filter((_, i) => i % 3 === 0).toReversed());
    expect(ids(await askAll({ text: "fox 100%", limit: 2 }))).toEqual(wanted);
    expect(ids(await askAll({ text: "Fox 100%", flowId: "flow_1", status: ["queued"] }))).toEqual(wanted);
    expect(await askAll({ text: "f_x" })).toEqual([]);
    expect(await askAll({ text: "100%", status: ["failed"] })).toEqual([]);
    expect(await askAll({ text: "" })).toHaveLength(9);
    expect(await askAll({ text: "y".repeat(10_000) })).toEqual([]);
    for (const text of HOSTILE_TEXTS.filter((text) => text !== "")) {
      expect([text, (await askAll({ text })).length]).toEqual([text, 0]);
    }
  });

  it("finds a run by its id, if it fits the other filters", async () => {
    const [first] = await fill(3, (i) => ({ flowId: `flow_${i}` }));
    expect(ids(await askAll({ text: first?.id ?? "" }))).toEqual([first?.id]);
    expect(await askAll({ text: first?.id ?? "", flowId: "flow_1" })).toEqual([]);
    expect(await askAll({ text: first?.id ?? "", workspaceId: "ws_2" })).toEqual([]);
  });

  it("refuses a cursor that it did not give", async () => {
    for (const cursor of [...HOSTILE_TEXTS, "1", "_", "1_2_3", "NaN_NaN", "1e9_5"]) {
      await expect(ask({ cursor })).rejects.toBeInstanceOf(Refused);
    }
  });
}
