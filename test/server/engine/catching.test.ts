// What a flow's settings make of a request: who may come in, what counts twice, what is kept, what is answered.

import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sealSecrets } from "../../../server/catch-seal.ts";
import type { CatchRequest } from "../../../server/engine/catch-request.ts";
import { receive } from "../../../server/engine/intake.ts";
import { CatchSettings } from "../../../shared/catching.ts";
import type { Received } from "../../../shared/delivery.ts";
import type { Flow } from "../../../shared/flow.ts";
import { aCatchRequest, createTestEngine, type TestEngine } from "../../kit/engine.ts";
import { graph } from "../../kit/graph.ts";

let engine: TestEngine;
let flow: Flow;
beforeEach(async () => {
  engine = await createTestEngine(undefined, 0);
  engine.queued = true;
  flow = await engine.live(graph("trigger -> set"));
});
afterEach(() => engine.stop());

async function set(settings: unknown, secrets: string[] = []): Promise<void> {
  const stored = {
    settings: CatchSettings.parse(settings),
    sealed: sealSecrets(engine.deps.vault, flow, secrets),
  };
  await engine.store.flows.setCatching(flow.id, stored, engine.clock.now());
}

const send = (more: Partial<CatchRequest> = {}): Promise<Received> =>
  receive(engine.deps, aCatchRequest({ key: flow.catchKey, ...more }));

const json = (body: unknown) => ({ raw: new TextEncoder().encode(JSON.stringify(body)) });

const runs = async () => (await engine.store.runs.count()).queued;

const kept = async () =>
  (await engine.store.deliveries.list({ workspaceId: flow.workspaceId, limit: 200 })).items.map(
    ({ verdict, problem, status }) => ({ verdict, code: problem?.code ?? null, status }),
  );

const STRIPE = { verification: { kind: "preset", preset: "stripe" } };
function signed(text: string, secret: string, at = engine.clock.now()): Partial<CatchRequest> {
  const seconds = Math.floor(at / 1_000);
  const signature = createHmac("sha256", secret).update(`${seconds}.${text}`).digest("hex");
  return {
    raw: Buffer.from(text),
    headers: { "stripe-signature": `t=${seconds},v1=${signature}`, "content-type": "application/json" },
  };
}

describe("who may come in", () => {
  test("a method that is not taken is answered with those that are, and kept as refused", async () => {
    await set({ methods: ["POST", "PUT"] });
    expect(await send({ method: "GET" })).toMatchObject({ kind: "refused", status: 405, allow: "POST, PUT" });
    expect(await kept()).toEqual([{ verdict: "refused", code: "method-not-allowed", status: 405 }]);
    expect((await send({ method: "PUT" })).kind).toBe("accepted");
  });

  test("an address that is not on the list is refused by its name", async () => {
    await set({ allowedAddresses: ["203.0.113.0/24"] });
    const refused = await send({ from: "198.51.100.7" });
    expect(refused).toMatchObject({ kind: "refused", status: 403, problem: { code: "address-not-allowed" } });
    expect((await send({ from: "203.0.113.9" })).kind).toBe("accepted");
    expect((await send({ from: "" })).kind).toBe("refused");
  });

  test("a body over the flow's own limit is refused", async () => {
    await set({ maxBytes: 10 });
    expect(await send(json("12345678901"))).toMatchObject({ kind: "refused", status: 413 });
    expect((await send(json("12345678"))).kind).toBe("accepted");
  });

  test("more than its rate is told when to come again; the others stay unmoved", async () => {
    await set({ rate: { perSecond: 1, burst: 3 } });
    const other = await engine.live(graph("trigger -> set"));
    const got = [await send(), await send(), await send(), await send()];
    expect(got.map(({ kind }) => kind)).toEqual(["accepted", "accepted", "accepted", "refused"]);
    expect(got[3]).toMatchObject({ status: 429, retryAfterSeconds: 1 });
    expect((await receive(engine.deps, aCatchRequest({ key: other.catchKey }))).kind).toBe("accepted");
    await engine.clock.advance(1_000);
    expect((await send()).kind).toBe("accepted");
  });
});

describe("who sent it", () => {
  const BODY = '{"id":"evt_1","type":"invoice.paid","object":"event"}';

  test("what is signed with one of the secrets becomes a run; everything else is refused and makes none", async () => {
    await set(STRIPE, ["whsec_old", "whsec_new"]);
    expect((await send(signed(BODY, "whsec_new"))).kind).toBe("accepted");
    expect((await send(signed(BODY.replace("evt_1", "evt_2"), "whsec_old"))).kind).toBe("accepted");
    const forged = [
      signed(BODY, "whsec_other"),
      { ...signed(BODY, "whsec_new"), raw: Buffer.from(BODY.replace("paid", "void")) },
      { raw: Buffer.from(BODY) },
      signed(BODY, "whsec_new", engine.clock.now() - 400_000),
      signed(BODY, "whsec_new", engine.clock.now() + 400_000),
    ];
    for (const request of forged) expect(await send(request)).toMatchObject({ kind: "refused", status: 401 });
    expect(await runs()).toBe(2);
  });

  test("without its secret it refuses everybody", async () => {
    await set(STRIPE, []);
    const refused = await send(signed(BODY, ""));
    expect(refused).toMatchObject({ kind: "refused", problem: { code: "secret-missing" } });
    expect(refused.kind === "refused" && refused.status).toBeGreaterThanOrEqual(500);
    expect(await runs()).toBe(0);
  });

  test("the person reads what was wrong, and the sender does not", async () => {
    await set(STRIPE, ["whsec_right"]);
    const answered = await send(signed(BODY, "whsec_right", engine.clock.now() - 7 * 60_000));
    const [row] = (await engine.store.deliveries.list({ workspaceId: flow.workspaceId, limit: 1 })).items;
    expect(row?.problem?.sentence).toMatch(/7 minutes/);
    expect(answered.kind === "refused" && answered.problem.sentence).not.toMatch(/7 minutes/);
  });

  test("what a sender proves itself by is not kept", async () => {
    await set({ verification: { kind: "header", header: "x-token" } }, ["open sesame"]);
    const received = await send({ headers: { "x-token": "open sesame", "x-other": "seen" } });
    if (received.kind !== "accepted") throw new Error(received.kind);
    await send({ headers: { "x-token": "open barley" } });
    const run = await engine.run(received.run.id);
    const [refused] = (
      await engine.store.deliveries.list({ workspaceId: flow.workspaceId, verdict: ["refused"], limit: 1 })
    ).items;
    const whole = refused && (await engine.store.deliveries.get(refused.id));
    const all = JSON.stringify([run.event, whole?.request]);
    expect(all).not.toMatch(/sesame|barley/);
    expect(all).toContain("seen");
  });

  test("of a flood of forged requests only some are kept, and all are refused", async () => {
    await set(STRIPE, ["whsec_right"]);
    for (let i = 0; i < 300; i++) expect((await send(signed(BODY, "wrong"))).kind).toBe("refused");
    expect((await kept()).length).toBe(100);
  });
});

describe("the same thing twice", () => {
  test("50 copies that come at the same time make exactly one run", async () => {
    await set({ ...STRIPE }, ["whsec_1"]);
    const copy = signed('{"id":"evt_9","object":"event"}', "whsec_1");
    const got = await Promise.all(Array.from({ length: 50 }, () => send(copy)));
    const accepted = got.filter(({ kind }) => kind === "accepted");
    const [first] = accepted;
    expect(accepted).toHaveLength(1);
    for (const one of got) {
      if (one.kind === "accepted" || first?.kind !== "accepted") continue;
      expect(one).toMatchObject({ kind: "duplicate", of: { runId: first.run.id } });
    }
    expect(await runs()).toBe(1);
    expect((await kept()).filter(({ verdict }) => verdict === "duplicate")).toHaveLength(49);
  });

  test.each([
    [
      "a header",
      { by: "header", header: "x-id" },
      { headers: { "x-id": "7" } },
      { headers: { "x-id": "8" } },
    ],
    ["a field", { by: "field", path: "order.id" }, json({ order: { id: 7 } }), json({ order: { id: 8 } })],
    ["the whole body", { by: "body" }, json([1]), json([2])],
  ])("is told by %s", async (_, dedupe, one, another) => {
    await set({ dedupe });
    const kinds = [];
    for (const request of [one, one, another]) kinds.push((await send(request)).kind);
    expect(kinds).toEqual(["accepted", "duplicate", "accepted"]);
  });

  test("is not told where there is nothing to tell it by", async () => {
    await set({ dedupe: { by: "field", path: "order.id" } });
    expect([(await send()).kind, (await send()).kind]).toEqual(["accepted", "accepted"]);
  });

  test("is a new one when the window is over, and once again from then on", async () => {
    await set({ dedupe: { by: "body" }, dedupeSeconds: 3_600 });
    const kinds = [];
    for (const minutes of [0, 59, 2, 30, 40, 10]) {
      await engine.clock.advance(minutes * 60_000);
      kinds.push((await send()).kind);
    }
    expect(kinds).toEqual(["accepted", "duplicate", "accepted", "duplicate", "accepted", "duplicate"]);
  });
});

describe("what is made of it", () => {
  test("only what the condition lets through becomes a run, and the rest is kept as filtered", async () => {
    await set({ onlyIf: { match: "all", rules: [{ left: "body.status", op: "equals", right: "paid" }] } });
    expect((await send(json({ status: "open" }))).kind).toBe("filtered");
    await engine.clock.advance(1);
    expect((await send(json({ status: "paid" }))).kind).toBe("accepted");
    expect((await kept()).map(({ verdict }) => verdict)).toEqual(["accepted", "filtered"]);
  });

  test("a list becomes a run for each item, each with its own event", async () => {
    await set({ splitList: { path: "orders" }, dedupe: { by: "field", path: "id" } });
    const received = await send(json({ orders: [{ id: 1 }, { id: 2 }, { id: 1 }] }));
    if (received.kind !== "accepted") throw new Error(received.kind);
    expect(received.runIds).toHaveLength(2);
    const events = await Promise.all(received.runIds.map((id) => engine.run(id)));
    const bodies = events.map(({ event }) => event.kind === "webhook" && Buffer.from(event.raw).toString());
    expect(bodies).toEqual(['{"id":1}', '{"id":2}']);
    const again = await send(json({ orders: [{ id: 2 }, { id: 3 }] }));
    expect(again.kind === "accepted" && again.runIds).toHaveLength(1);
  });

  test("a list that is too long is refused as a whole", async () => {
    await set({ splitList: { path: "" } });
    expect(await send(json(Array(1_001).fill(0)))).toMatchObject({ kind: "refused", status: 413 });
    expect(await runs()).toBe(0);
  });

  test("a fixed answer is made of the event, and the sender waits for nothing", async () => {
    const answer = {
      when: "fixed",
      status: 201,
      headers: { "x-a": "b" },
      body: "Thanks, {{trigger.body.name}}",
    };
    await set({ answer });
    const received = await send(json({ name: "Ada" }));
    expect(received).toMatchObject({
      kind: "accepted",
      waitsFor: "nothing",
      fixed: { status: 201, headers: { "x-a": "b" }, body: "Thanks, Ada" },
    });
    expect(await send(json({}))).toMatchObject({ kind: "accepted", fixed: null });
    engine.complaints.length = 0;
  });

  test("while the flow sleeps, what comes is verified, and kept", async () => {
    await set(STRIPE, ["whsec_1"]);
    await engine.store.flows.patch(flow.id, { status: "paused" });
    expect((await send(signed('{"id":"evt_1"}', "whsec_2"))).kind).toBe("refused");
    await engine.clock.advance(1);
    expect((await send(signed('{"id":"evt_1"}', "whsec_1"))).kind).toBe("asleep");
    expect((await kept()).map(({ verdict }) => verdict)).toEqual(["asleep", "refused"]);
  });

  test("a body that cannot be read is kept as it came", async () => {
    expect(await send({ raw: Buffer.from('{"a":') })).toMatchObject({ kind: "refused", status: 400 });
    const [row] = (await engine.store.deliveries.list({ workspaceId: flow.workspaceId, limit: 1 })).items;
    const whole = row && (await engine.store.deliveries.get(row.id));
    expect(Buffer.from(whole?.raw ?? []).toString()).toBe('{"a":');
  });

  test("a sender that asks whether somebody is there is answered without a run", async () => {
    const received = await send(json({ type: "url_verification", challenge: "abc123", token: "x" }));
    expect(received).toMatchObject({ kind: "handshake", answer: { status: 200 } });
    expect(await kept()).toEqual([{ verdict: "handshake", code: "handshake", status: 200 }]);
    expect(await runs()).toBe(0);
  });
});
