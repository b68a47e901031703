// What every store must do with the list of deliveries: runs and others in one order, none lost and none given twice.

import { expect, it } from "vitest";
import type { DeliveryQuery, DeliveryRow, Store } from "../../server/ports/store.ts";
import { type Delivery, Verdict } from "../../shared/delivery.ts";
import { Refused } from "../../shared/problem.ts";
import type { Run } from "../../shared/run.ts";
import { aDelivery, aRun, aWebhook, HOSTILE_TEXTS, T0 } from "./builders.ts";

type One = { id: string; at: number; workspaceId: string; flowId: string; verdict: Verdict };

export function describeDeliveryList(store: () => Store): void {
  async function delivered(change: Partial<Delivery> = {}): Promise<One> {
    const delivery = aDelivery(change);
    await store().deliveries.insert(delivery, 1_000);
    return delivery;
  }

  async function accepted(change: Partial<Run> = {}): Promise<One> {
    const run = aRun(change);
    await store().runs.accept(run);
    return { ...run, at: run.createdAt, verdict: "accepted" };
  }

  /** Every other one is a run; the others have the verdicts in turn. */
  function fill(count: number, at: (i: number) => number, change: (i: number) => Partial<One> = () => ({})) {
    const kept = Verdict.options.filter((verdict) => verdict !== "accepted");
    return Promise.all(
      Array.from({ length: count }, (_, i) => {
        const { workspaceId = "ws_1", flowId = "flow_1" } = change(i);
        const about = { workspaceId, flowId };
        if (i % 2 === 0) return accepted({ ...about, createdAt: at(i) });
        return delivered({ ...about, at: at(i), verdict: kept[(i >> 1) % kept.length] ?? "refused" });
      }),
    );
  }

  function ask(query: Partial<DeliveryQuery>) {
    return store().deliveries.list({ workspaceId: "ws_1", limit: 50, ...query });
  }

  async function askAll(query: Partial<DeliveryQuery>, between: () => Promise<unknown> = async () => {}) {
    const rows: DeliveryRow[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 1000; page++) {
      const { items, next } = await ask({ ...query, ...(cursor === undefined ? {} : { cursor }) });
      expect(items.length).toBeLessThanOrEqual(query.limit ?? 50);
      rows.push(...items);
      if (next === null) return rows;
      cursor = next;
      await between();
    }
    throw new Error("the pages have no end");
  }

  const ids = (rows: { id: string }[]) => rows.map(({ id }) => id);
  const inOrder = (ones: One[]) => ids(ones.toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)));

  it("gives what became no run with why, and what became one with how it stands", async () => {
    const raw = new TextEncoder().encode('{"order":  1001}');
    const duplicate = aDelivery({
      at: T0 + 1,
      verdict: "duplicate",
      runId: "run_1",
      problem: null,
      status: 200,
    });
    const refused = aDelivery({ at: T0, raw: raw.subarray(0, 9), bytes: 16 });
    for (const one of [duplicate, refused]) await store().deliveries.insert(one, 10);
    const run = aRun({ createdAt: T0 + 2, event: aWebhook(raw), status: "failed" });
    await store().runs.accept(run);
    const of = { workspaceId: "ws_1", flowId: "flow_1", method: "POST", contentType: "application/json" };
    expect((await ask({})).items).toEqual([
      {
        ...of,
        id: run.id,
        at: T0 + 2,
        verdict: "accepted",
        problem: null,
        runId: run.id,
        bytes: 16,
        status: 202,
        summary: '{"order": 1001}',
        run: "failed",
      },
      {
        ...of,
        id: duplicate.id,
        at: T0 + 1,
        verdict: "duplicate",
        problem: null,
        runId: "run_1",
        bytes: duplicate.bytes,
        status: 200,
        summary: '{"order":1001}',
        run: null,
      },
      {
        ...of,
        id: refused.id,
        at: T0,
        verdict: "refused",
        problem: refused.problem,
        runId: null,
        bytes: 16,
        status: 401,
        summary: '{"order":',
        run: null,
      },
    ]);
  });

  it("says how long a body was, however long, and what a request without one asked for", async () => {
    const long = new TextEncoder().encode("x".repeat(600_000));
    await accepted({ createdAt: T0 + 3, event: aWebhook(long) });
    await delivered({ at: T0 + 2, raw: long.subarray(0, 5_000), bytes: 600_000 });
    const get = aWebhook("");
    get.request = { ...get.request, method: "GET", query: { order: "7" }, contentType: "" };
    await accepted({ createdAt: T0 + 1, event: get });
    await delivered({ at: T0, request: get.request, raw: new Uint8Array(), bytes: 0 });
    const { items } = await ask({});
    expect(items.map(({ bytes }) => bytes)).toEqual([600_000, 600_000, 0, 0]);
    for (const { summary } of items.slice(0, 2)) expect(summary).toMatch(/^x{50,300}…$/);
    for (const { summary, method } of items.slice(2))
      expect([summary, method]).toEqual(['GET {"order":"7"}', "GET"]);
  });

  it("leaves out runs that came otherwise: by a schedule, by hand, and those that run another again", async () => {
    const caught = await accepted({ createdAt: T0 + 5 });
    await accepted({ createdAt: T0 + 6, event: { kind: "schedule", id: "evt_1", at: T0, data: { a: 1 } } });
    await accepted({
      createdAt: T0 + 4,
      event: { kind: "manual", id: "evt_2", at: T0, data: "kind webhook" },
    });
    const again = await accepted({ createdAt: T0 + 3, replayOf: caught.id });
    expect(ids(await askAll({}))).toEqual([caught.id]);
    expect(ids(await askAll({ limit: 1, text: '"order"' }))).toEqual([caught.id]);
    expect(await askAll({ text: again.id })).toEqual([]);
  });

  it("gives every one once and in order, page by page, when many share one millisecond", async () => {
    const all = await fill(61, (i) => T0 + Math.floor(i / 15));
    for (const limit of [1, 4, 7, 60, 200]) {
      expect([limit, ids(await askAll({ limit }))]).toEqual([limit, inOrder(all)]);
      expect([limit, ids(await askAll({ limit, text: "1001" }))]).toEqual([limit, inOrder(all)]);
    }
  });

  it("gives every one once while new ones arrive", async () => {
    const all = await fill(30, (i) => T0 + Math.floor(i / 4));
    let extra = 0;
    const rows = await askAll({ limit: 4 }, () => fill(2, () => T0 + 1_000 + extra++));
    expect(ids(rows)).toEqual(inOrder(all));
  });

  it("ends on a full page without an empty one after it", async () => {
    await fill(8, (i) => T0 + i);
    for (const filter of [{ limit: 4 }, { limit: 2, verdict: ["accepted" as const] }]) {
      const first = await ask(filter);
      const second = await ask({ ...filter, cursor: first.next ?? "" });
      const { limit } = filter;
      expect([first.items.length, second.items.length, second.next]).toEqual([limit, limit, null]);
    }
  });

  it("filters by verdict, flow and time, alone and together, over several pages", async () => {
    const all = await fill(
      84,
      (i) => T0 + i,
      (i) => ({ flowId: i % 3 === 0 ? "flow_1" : "flow_2", workspaceId: i % 21 === 20 ? "ws_2" : "ws_1" }),
    );
    const filters: Partial<DeliveryQuery>[] = [
      {},
      { flowId: "flow_2" },
      { verdict: ["accepted"] },
      { verdict: ["refused"] },
      { verdict: ["handshake", "refused", "handshake"] },
      { verdict: ["accepted", "duplicate"], flowId: "flow_2" },
      { verdict: [...Verdict.options] },
      { verdict: [] },
      { from: T0 + 10, to: T0 + 60 },
      { flowId: "flow_1", verdict: ["accepted", "filtered"], from: T0 + 3, to: T0 + 80 },
      { workspaceId: "ws_2" },
      { workspaceId: "ws_2", flowId: "flow_1" },
      { workspaceId: "ws_3" },
      { flowId: "flow_3" },
    ];
    for (const filter of filters) {
      const wanted = all.filter(
        (one) =>
          one.workspaceId === (filter.workspaceId ?? "ws_1") &&
          (filter.flowId === undefined || one.flowId === filter.flowId) &&
          (filter.verdict === undefined || filter.verdict.includes(one.verdict)) &&
          (filter.from === undefined || one.at >= filter.from) &&
          (filter.to === undefined || one.at < filter.to),
      );
      expect([filter, ids(await askAll({ ...filter, limit: 5 }))]).toEqual([filter, inOrder(wanted)]);
    }
  });

  it("finds text in the first 2 KB of the body, whatever its case, literally", async () => {
    const body = (i: number) => new TextEncoder().encode(`{"name":"${i % 3 === 0 ? "FOX 100%" : "hen"}"}`);
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        i % 2 === 0
          ? accepted({ createdAt: T0 + i, event: aWebhook(body(i)) })
          : delivered({ at: T0 + i, raw: body(i) }),
      ),
    );
    const wanted = inOrder(all.filter((_, i) => i % 3 === 0));
    expect(ids(await askAll({ text: "fox 100%", limit: 1 }))).toEqual(wanted);
    expect(ids(await askAll({ text: "Fox 100%", flowId: "flow_1" }))).toEqual(wanted);
    expect(await askAll({ text: "f_x" })).toEqual([]);
    expect(await askAll({ text: "" })).toHaveLength(12);
    const late = new TextEncoder().encode(`needle-early${" ".repeat(3_000)}needle-late`);
    const [run, other] = [await accepted({ event: aWebhook(late) }), await delivered({ raw: late })];
    expect(ids(await askAll({ text: "needle-early" }))).toEqual(inOrder([run, other]));
    expect(await askAll({ text: "needle-late" })).toEqual([]);
    for (const text of HOSTILE_TEXTS.filter((text) => text !== "")) {
      const found = await askAll({ text: `${text}${text}` });
      expect([text, found.length]).toEqual([text, 0]);
    }
  });

  it("finds one by its id, if it fits the other filters", async () => {
    for (const one of [await accepted(), await delivered()]) {
      expect(ids(await askAll({ text: one.id }))).toEqual([one.id]);
      expect(ids(await askAll({ text: one.id, verdict: [one.verdict], from: T0, to: T0 + 1 }))).toEqual([
        one.id,
      ]);
      const others: Partial<DeliveryQuery>[] = [
        { flowId: "flow_2" },
        { workspaceId: "ws_2" },
        { verdict: ["handshake"] },
        { verdict: [] },
        { from: T0 + 1 },
        { to: T0 },
      ];
      for (const other of others) expect(await askAll({ ...other, text: one.id })).toEqual([]);
    }
  });

  it("refuses a cursor that it did not give", async () => {
    for (const cursor of [...HOSTILE_TEXTS, "1", "_", "1_2_3", "NaN_run_1", "1e9_run_5"]) {
      await expect(ask({ cursor })).rejects.toBeInstanceOf(Refused);
    }
  });
}
