// What every store must do with deliveries: keep them whole, and no more of them than it is told to.

import { expect, it } from "vitest";
import type { Store } from "../../server/ports/store.ts";
import { type Delivery, Verdict } from "../../shared/delivery.ts";
import { aDelivery, HOSTILE_DATA, HOSTILE_TEXTS, T0 } from "./builders.ts";

export function describeDeliveries(store: () => Store): void {
  async function kept(change: Partial<Delivery>, keep = 100): Promise<Delivery> {
    const delivery = aDelivery(change);
    await store().deliveries.insert(delivery, keep);
    return delivery;
  }

  async function there(...deliveries: Delivery[]): Promise<boolean[]> {
    const found = await Promise.all(deliveries.map(({ id }) => store().deliveries.get(id)));
    return found.map((delivery) => delivery !== null);
  }

  it("gives back what it was given, with every verdict, and null for what it does not know", async () => {
    for (const verdict of Verdict.options) {
      if (verdict === "accepted") continue;
      const delivery = await kept({ verdict, problem: null, runId: "run_1", status: 200, at: T0 + 0.5 });
      expect(await store().deliveries.get(delivery.id)).toEqual(delivery);
    }
    const problem = { code: "x", sentence: "half \ud83e", hint: "a\u0000b" };
    const refused = await kept({ problem });
    expect(await store().deliveries.get(refused.id)).toEqual(refused);
    for (const id of ["dlv_nobody", ...HOSTILE_TEXTS]) expect(await store().deliveries.get(id)).toBeNull();
  });

  it("keeps bodies byte for byte, headers as they came, and how long the body was", async () => {
    const everyByte = Uint8Array.from({ length: 5_000 }, (_, i) => i % 256);
    const large = new Uint8Array(700_000).map((_, i) => i % 251);
    for (const raw of [new Uint8Array(), everyByte, large]) {
      const { request } = aDelivery();
      request.headers = JSON.parse('{"__proto__":"h","a.b":"$c","x-fox":"🦊"}');
      request.query = JSON.parse('{"__proto__":["1","2"],"$gt":"","":""}');
      request.notes = ["JSON that came as text"];
      const delivery = await kept({ raw, request, bytes: 12_345_678, from: "half \ud83e of an address" });
      const found = await store().deliveries.get(delivery.id);
      expect(found && { ...found, raw: null }).toEqual({ ...delivery, raw: null });
      expect(found && Buffer.compare(found.raw, raw)).toBe(0);
      expect(JSON.stringify(found?.request)).toBe(JSON.stringify(request));
    }
    const problem = { code: "x", sentence: JSON.stringify(HOSTILE_DATA), hint: "" };
    expect((await store().deliveries.get((await kept({ problem })).id))?.problem).toEqual(problem);
  });

  it("does not take a second delivery with the same id", async () => {
    const first = await kept({});
    await expect(store().deliveries.insert(aDelivery({ id: first.id, status: 1 }), 5)).rejects.toThrow();
    expect(await store().deliveries.get(first.id)).toEqual(first);
  });

  it("drops the oldest refused ones of a flow beyond the limit, and nobody else's", async () => {
    const older = await kept({ at: T0 - 5, verdict: "duplicate" });
    const others = [
      await kept({ at: T0 - 9, flowId: "flow_2" }),
      await kept({ at: T0 - 8, flowId: "flow_3" }),
    ];
    const refused: Delivery[] = [];
    for (let i = 0; i < 6; i++) refused.push(await kept({ at: T0 + i }, 3));
    expect(await there(...refused)).toEqual([false, false, false, true, true, true]);
    expect(await there(older, ...others)).toEqual([true, true, true]);
  });

  it("drops the oldest of all other verdicts together, and no refused one", async () => {
    const refused = await kept({ at: T0 - 5 }, 3);
    const verdicts = ["duplicate", "handshake", "filtered", "asleep", "duplicate"] as const;
    const others: Delivery[] = [];
    for (const [i, verdict] of verdicts.entries()) others.push(await kept({ verdict, at: T0 + i }, 3));
    expect(await there(...others)).toEqual([false, false, true, true, true]);
    expect(await there(refused)).toEqual([true]);
  });

  it("drops the oldest by time, whatever came in first, and by id where the time is the same", async () => {
    const at = [T0 + 3, T0 + 1, T0 + 2, T0 + 4];
    const deliveries: Delivery[] = [];
    for (const time of at) deliveries.push(await kept({ at: time }, 2));
    expect(await there(...deliveries)).toEqual([true, false, false, true]);
    const same: Delivery[] = [];
    for (const id of ["dlv_c", "dlv_a", "dlv_b"]) same.push(await kept({ id, flowId: "flow_2" }, 2));
    expect(await there(...same)).toEqual([true, false, true]);
  });

  it("takes in what came before all that is kept, and lets it go at once", async () => {
    for (let i = 0; i < 2; i++) await kept({ at: T0 + i }, 2);
    expect(await there(await kept({ at: T0 - 1 }, 2))).toEqual([false]);
  });

  it("keeps the limit when it is made smaller, and when some were pruned in between", async () => {
    const deliveries: Delivery[] = [];
    for (let i = 0; i < 6; i++) deliveries.push(await kept({ at: T0 + i }));
    expect(await store().deliveries.prune(T0 + 2, 100)).toBe(2);
    deliveries.push(await kept({ at: T0 + 6 }, 5), await kept({ at: T0 + 7 }, 3));
    expect(await there(...deliveries)).toEqual([false, false, false, false, false, true, true, true]);
  });

  it("prunes the oldest first, at most so many, and says how many", async () => {
    const deliveries: Delivery[] = [];
    for (const i of [3, 0, 4, 1, 2]) deliveries.push(await kept({ at: T0 + i, flowId: `flow_${i}` }));
    expect(await store().deliveries.prune(T0 + 3, 2)).toBe(2);
    expect(await there(...deliveries)).toEqual([true, false, true, false, true]);
    expect(await store().deliveries.prune(T0 + 3, 2)).toBe(1);
    expect(await store().deliveries.prune(T0 + 3, 2)).toBe(0);
    expect(await there(...deliveries)).toEqual([true, false, true, false, false]);
  });

  it("keeps no more than the limit of fifty that come at once", async () => {
    const deliveries = Array.from({ length: 50 }, (_, i) => aDelivery({ at: T0 + i }));
    await Promise.all(deliveries.map((delivery) => store().deliveries.insert(delivery, 10)));
    // whoever came last has seen all the others
    await kept({ at: T0 + 100 }, 10);
    expect((await there(...deliveries)).filter((one) => one)).toHaveLength(9);
  });
}
