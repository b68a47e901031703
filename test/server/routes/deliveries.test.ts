// What reached catch URLs, through the API: what is shown, running it again or for the first time, keeping it.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DeliveryRowView, DeliveryView, FlowView, RunView } from "../../../shared/api-views.ts";
import { type Delivery, REFUSED_BYTES } from "../../../shared/delivery.ts";
import type { WireProblem } from "../../../shared/problem.ts";
import { type Answer, type Sending, startTestApp, type TestApp } from "../../kit/app.ts";
import { liveFlow, sequence } from "../../kit/flows.ts";

let app: TestApp;
let flow: FlowView;
beforeEach(async () => {
  app = await startTestApp();
  flow = await liveFlow(app);
});
afterEach(() => app.close());

const hook = (sending: Sending, of = flow, query = "") =>
  app.anonymous("POST", `${new URL(of.catchUrl).pathname}${query}`, sending);
const list = async (query = "") =>
  ((await app.owner("GET", `/api/deliveries${query}`)).body as { items: DeliveryRowView[] }).items;
const one = async (id: string) => (await app.owner("GET", `/api/deliveries/${id}`)).body as DeliveryView;
const run = (id: string, draft?: boolean) =>
  app.owner("POST", `/api/deliveries/${id}/run`, { body: draft === undefined ? {} : { draft } });
const keep = (id: string) => app.owner("POST", `/api/deliveries/${id}/sample`);
const runOf = async (answer: Answer) => {
  expect(answer.status, answer.text).toBe(201);
  const { runId } = answer.body as { runId: string };
  return (await app.owner("GET", `/api/runs/${runId}`)).body as RunView;
};
const setCatching = async (settings: object, secrets?: string[]) => {
  const answer = await app.owner("PUT", `/api/flows/${flow.id}/catching`, { body: { settings, secrets } });
  expect(answer.status, answer.text).toBe(200);
};

async function caught(sending: Sending = { body: { order: 7 } }, query = ""): Promise<string> {
  const answer = await hook(sending, flow, query);
  expect(answer.status, answer.text).toBe(202);
  return (answer.body as { runId: string }).runId;
}

/** The newest that was not taken. */
async function refused(sending: Sending): Promise<DeliveryRowView> {
  expect((await hook(sending)).status).toBeGreaterThanOrEqual(400);
  const [row] = await list("?verdict=refused");
  if (!row) throw new Error("nothing was refused");
  return row;
}

const JSON_TYPE = { "content-type": "application/json" };

describe("a delivery", () => {
  test("that was accepted is its run, and shows the request", async () => {
    const id = await caught({ headers: JSON_TYPE, body: '{"order": 7}' }, "?a=1&b=2&b=3&c=%C3%A9%26");
    const [row] = await list();
    expect(row).toMatchObject({
      id,
      runId: id,
      verdict: "accepted",
      runStatus: "queued",
      flowName: "A flow",
      method: "POST",
      bytes: 12,
      summary: '{"order": 7}',
      status: 202,
    });
    const shown = await one(id);
    expect(shown).toMatchObject({ ...row });
    expect(shown).toMatchObject({
      url: `${flow.catchUrl}?a=1&b=2&b=3&c=%C3%A9%26`,
      text: '{"order": 7}',
      base64: Buffer.from('{"order": 7}').toString("base64"),
      kept: 12,
      notes: [],
      unreadable: null,
      duplicateOfAt: null,
      data: { method: "POST", query: { a: "1", b: ["2", "3"] }, body: { order: 7 } },
    });
    expect(shown.headers["content-type"]).toBe("application/json");
  });

  test("that was refused says why, with what can be read of its body", async () => {
    const row = await refused({ headers: JSON_TYPE, body: '{"order": ' });
    expect(row).toMatchObject({ verdict: "refused", status: 400, runId: null, runStatus: null });
    const shown = await one(row.id);
    expect(shown).toMatchObject({ text: '{"order": ', data: null, from: "127.0.0.1" });
    expect(shown.problem?.code).toBe("malformed-json");
    expect(shown.unreadable).toContain("JSON");
  });

  test("with bytes that are no text has them as base64 alone", async () => {
    const bytes = new Uint8Array([0xc3, 0x00, 0x81, 0x01]);
    const row = await refused({ headers: JSON_TYPE, body: bytes });
    expect(await one(row.id)).toMatchObject({
      text: null,
      base64: Buffer.from(bytes).toString("base64"),
      kept: 4,
    });
  });

  test("that came before names the first one and its time", async () => {
    await setCatching({ dedupe: { by: "field", path: "order" } });
    const id = await caught();
    expect((await hook({ body: { order: 7 } })).status).toBe(200);
    const [row] = await list("?verdict=duplicate");
    expect(row).toMatchObject({ verdict: "duplicate", runId: id, runStatus: null, status: 200 });
    expect((await one(row?.id ?? "")).duplicateOfAt).toBe((await one(id)).at);
  });

  test("shows no credential, in whatever header or parameter it is", async () => {
    await setCatching({ verification: { kind: "query", parameter: "key" } }, ["letmein-please"]);
    const headers = {
      authorization: "Bearer abc.def",
      "x-api-key": "k-12345",
      cookie: "a=b",
      "x-plain": "seen",
    };
    const id = await caught({ headers, body: { echo: "it is letmein-please" } }, "?key=letmein-please&n=1");
    const shown = await one(id);
    expect(shown.headers).toMatchObject({
      authorization: "Bearer ••••",
      "x-api-key": "••••",
      cookie: "••••",
      "x-plain": "seen",
    });
    expect(new URL(shown.url).search).toBe(`?key=${encodeURIComponent("••••")}&n=1`);
    expect(shown.text).toBe('{"echo":"it is **************"}');
    expect(shown.data).toMatchObject({ query: { key: "••••" }, body: { echo: "it is ••••" } });
    const all = JSON.stringify([shown, await list(), (await app.owner("GET", `/api/runs/${id}`)).body]);
    expect(all).not.toContain("letmein");
    expect(all).not.toContain("abc.def");
    expect(all).not.toContain(Buffer.from("letmein-please").toString("base64").slice(0, 12));
  });

  test("is not there for a run that came otherwise, or again", async () => {
    const id = await caught();
    const again = await app.owner("POST", `/api/runs/${id}/replay`);
    const { id: againId } = again.body as RunView;
    expect((await app.owner("GET", `/api/deliveries/${againId}`)).status).toBe(404);
    expect((await app.owner("GET", "/api/deliveries/dlv_nobody")).status).toBe(404);
    expect((await list()).map((row) => row.id)).toEqual([id]);
  });

  test("is found by flow, verdict and text", async () => {
    const other = await liveFlow(app);
    const id = await caught({ body: { name: "Ada" } });
    await hook({ body: { name: "Grace" } }, other);
    await refused({ headers: JSON_TYPE, body: "{" });
    expect(await list()).toHaveLength(3);
    expect((await list(`?flowId=${flow.id}&verdict=accepted`)).map((row) => row.id)).toEqual([id]);
    expect((await list("?text=ada")).map((row) => row.id)).toEqual([id]);
    expect((await app.owner("GET", "/api/deliveries?verdict=nonsense")).status).toBe(400);
    const first = (await app.owner("GET", "/api/deliveries?limit=2")).body as { next: string };
    expect(await list(`?limit=2&cursor=${encodeURIComponent(first.next)}`)).toHaveLength(1);
  });
});

describe("running a delivery", () => {
  test("that was accepted begins a new run of it, through the live version", async () => {
    const id = await caught();
    const again = await runOf(await run(id));
    expect(again).toMatchObject({ replayOf: id, versionNumber: 1, event: { data: { body: { order: 7 } } } });
    expect(again.id).not.toBe(id);
    expect((await app.deps.store.runs.get(again.id))?.dedupeKey).toBe(again.id);
    const all = (await app.owner("GET", "/api/runs")).body as { items: { id: string }[] };
    expect(all.items.map((row) => row.id)).toEqual([again.id, id]);
  });

  test("that was refused begins a run of what it says, as often as it is asked for", async () => {
    await setCatching({ verification: { kind: "preset", preset: "github" } }, ["the secret"]);
    const row = await refused({ body: { order: 8 } });
    const first = await runOf(await run(row.id));
    expect(first).toMatchObject({
      replayOf: row.id,
      event: { data: { method: "POST", body: { order: 8 } } },
    });
    expect((await runOf(await run(row.id))).id).not.toBe(first.id);
  });

  test("that came twice is no run of the first one", async () => {
    await setCatching({ dedupe: { by: "field", path: "order" } });
    await caught();
    await hook({ body: { order: 7 } });
    const [row] = await list("?verdict=duplicate");
    expect(await runOf(await run(row?.id ?? ""))).toMatchObject({ replayOf: row?.id });
  });

  test("stands in line like any other", async () => {
    await setCatching({ atOnce: 1 });
    const id = await caught();
    const again = await runOf(await run(id));
    expect((await app.deps.store.runs.get(again.id))?.lines).toHaveLength(1);
    expect(again.status).toBe("waiting");
  });

  test.each([
    ["cannot be read", { headers: JSON_TYPE, body: "{" }, "malformed-json"],
    ["was cut off", { headers: JSON_TYPE, body: `{${" ".repeat(REFUSED_BYTES)}` }, "delivery-cut-off"],
  ])("that %s is refused, and keeping it too", async (_, sending, code) => {
    const row = await refused(sending);
    for (const answer of [await run(row.id), await run(row.id, true), await keep(row.id)])
      expect(answer).toMatchObject({ status: 422, body: { code } });
    expect((await app.owner("GET", "/api/runs")).body).toMatchObject({ items: [] });
    expect((await app.owner("GET", `/api/flows/${flow.id}/samples`)).body).toMatchObject({ items: [] });
  });

  test("needs a published version, or the draft", async () => {
    const made = await app.owner("POST", "/api/flows", {
      body: { name: "Asleep", graph: sequence({ set: { uses: "logic.setFields", input: { fields: [] } } }) },
    });
    const asleep = made.body as FlowView;
    expect((await hook({ body: { order: 9 } }, asleep)).status).toBe(202);
    const [row] = await list("?verdict=asleep");
    expect(await run(row?.id ?? "")).toMatchObject({ status: 422, body: { code: "not-published" } });
    expect(await runOf(await run(row?.id ?? "", true))).toMatchObject({ versionNumber: null });
  });
});

describe("running a delivery through the draft", () => {
  const save = async (steps: Parameters<typeof sequence>[0]) => {
    const { revision } = (await app.owner("GET", `/api/flows/${flow.id}`)).body as FlowView;
    const answer = await app.owner("PUT", `/api/flows/${flow.id}/draft`, {
      body: { revision, graph: sequence(steps) },
    });
    expect(answer.status, answer.text).toBe(200);
    return answer.body as FlowView;
  };
  const set = { uses: "logic.setFields", input: { fields: [{ name: "b", value: "2" }] } };

  test("freezes it as it stands, once for each revision", async () => {
    const id = await caught();
    const { revision, draft } = await save({ other: set });
    const first = await runOf(await run(id, true));
    const second = await runOf(await run(id, true));
    expect(first).toMatchObject({ versionNumber: null, replayOf: id });
    expect(first.graph).toEqual(draft);
    expect(second.versionId).toBe(first.versionId);
    await save({ another: set });
    const third = await runOf(await run(id, true));
    expect(third.versionId).not.toBe(first.versionId);
    expect(((await app.owner("GET", `/api/runs/${first.id}`)).body as RunView).graph).toEqual(draft);
    const versions = await app.deps.store.versions.list(flow.id);
    expect(versions.map(({ number }) => number)).toEqual([1, -revision, -(revision + 1)]);
  });

  test("twice at the same moment is two runs through one version", async () => {
    const id = await caught();
    const runs = await Promise.all(Array.from({ length: 5 }, () => run(id, true)));
    const views = await Promise.all(runs.map(runOf));
    expect(new Set(views.map(({ versionId }) => versionId)).size).toBe(1);
    expect(new Set(views.map((view) => view.id)).size).toBe(5);
  });

  test("publishes nothing: it is in no list of versions, and changes none of their numbers", async () => {
    const id = await caught();
    await save({ other: set });
    await runOf(await run(id, true));
    const versions = await app.owner("GET", `/api/flows/${flow.id}/versions`);
    expect(versions.body).toMatchObject({ items: [{ number: 1, live: true }] });
    const { revision } = (await app.owner("GET", `/api/flows/${flow.id}`)).body as FlowView;
    expect((await app.owner("GET", `/api/flows/${flow.id}/versions/-${revision}`)).status).toBe(404);
    const restored = await app.owner("POST", `/api/flows/${flow.id}/versions/-${revision}/restore`, {
      body: { revision },
    });
    expect(restored.status).toBe(404);
    const live = await app.owner("GET", `/api/flows/${flow.id}`);
    expect(live.body).toMatchObject({ liveNumber: 1, changed: true, status: "live" });
    expect(await runOf(await run(id))).toMatchObject({ versionNumber: 1 });
    const rows = (await app.owner("GET", "/api/runs")).body as { items: { versionNumber: number | null }[] };
    expect(rows.items.map(({ versionNumber }) => versionNumber)).toEqual([1, null, 1]);
    const published = await app.owner("POST", `/api/flows/${flow.id}/publish`, { body: {} });
    expect(published.body).toMatchObject({ liveNumber: 2, changed: false });
  });

  test("numbers the first version 1 all the same", async () => {
    const made = await app.owner("POST", "/api/flows", {
      body: { name: "New", graph: sequence({ other: set }) },
    });
    const fresh = made.body as FlowView;
    await hook({ body: {} }, fresh);
    const [row] = await list(`?flowId=${fresh.id}`);
    await runOf(await run(row?.id ?? "", true));
    const published = await app.owner("POST", `/api/flows/${fresh.id}/publish`, { body: {} });
    expect(published.body).toMatchObject({ liveNumber: 1 });
  });

  test("is refused with every problem that the draft has", async () => {
    const id = await caught();
    await save({ mail: { uses: "email.send" } });
    const answer = await run(id, true);
    expect(answer).toMatchObject({ status: 422, body: { code: "not-ready" } });
    expect((answer.body as WireProblem).problems?.length).toBeGreaterThan(0);
    expect(await app.deps.store.versions.list(flow.id)).toHaveLength(1);
    expect((await run(id)).status).toBe(201);
  });

  test("really runs", async () => {
    await app.close();
    app = await startTestApp({ worker: true });
    flow = await liveFlow(app);
    const id = await caught();
    await save({
      other: { uses: "logic.setFields", input: { fields: [{ name: "n", value: "{{trigger.body.order}}" }] } },
    });
    const { id: runId } = await runOf(await run(id, true));
    const look = async () => (await app.owner("GET", `/api/runs/${runId}`)).body as RunView;
    await expect.poll(async () => (await look()).status).toBe("succeeded");
    expect((await look()).steps).toMatchObject([{ path: "other", output: { n: 7 } }]);
  });
});

describe("keeping a delivery", () => {
  const samples = async () =>
    (
      (await app.owner("GET", `/api/flows/${flow.id}/samples`)).body as {
        items: { id: string; pinned: boolean }[];
      }
    ).items;

  test("makes a pinned sample of it, once", async () => {
    const accepted = await caught();
    await setCatching({ verification: { kind: "preset", preset: "github" } }, ["the secret"]);
    const row = await refused({ body: { order: 8 } });
    for (const [id, order] of [
      [accepted, 7],
      [row.id, 8],
    ] as const) {
      const kept = await keep(id);
      expect(kept, kept.text).toMatchObject({ status: 201, body: { pinned: true, from: "caught" } });
      expect(kept.body).toMatchObject({ event: { data: { body: { order } } } });
      expect((await keep(id)).body).toEqual(kept.body);
    }
    expect(await samples()).toHaveLength(2);
  });

  test("is refused when there are twenty, and pushes none out", async () => {
    const id = await caught();
    for (let n = 0; n < 40; n++) {
      const body = { name: `no. ${n}`, data: n };
      const made = await app.owner("POST", `/api/flows/${flow.id}/samples`, { body });
      const sampleId = (made.body as { id: string }).id;
      if (n < 20)
        await app.owner("POST", `/api/flows/${flow.id}/samples/${sampleId}/pin`, { body: { pinned: true } });
    }
    const before = await app.deps.store.samples.list(flow.id);
    expect(await keep(id)).toMatchObject({ status: 409, body: { code: "samples-full" } });
    expect(await app.deps.store.samples.list(flow.id)).toEqual(before);
  });
});

test("another workspace's deliveries do not exist", async () => {
  const id = await caught();
  const mine = await app.deps.store.flows.get(flow.id);
  const event = await app.deps.store.runs.get(id);
  if (!mine || event?.event.kind !== "webhook") throw new Error("nothing was caught");
  const theirFlow = { ...mine, id: "flow_theirs", workspaceId: "ws_other", catchKey: "k".repeat(32) };
  await app.deps.store.flows.insert(theirFlow);
  const { request, raw } = event.event;
  const of = { workspaceId: "ws_other", flowId: "flow_theirs" };
  const delivery: Delivery = {
    ...of,
    id: "dlv_theirs",
    at: 1,
    verdict: "refused",
    problem: null,
    runId: null,
    request,
    raw,
    bytes: raw.byteLength,
    status: 401,
    from: "203.0.113.9",
  };
  await app.deps.store.deliveries.insert(delivery, 10);
  await app.deps.store.runs.accept({ ...event, ...of, id: "run_theirs", dedupeKey: "run_theirs" });
  for (const theirs of ["dlv_theirs", "run_theirs"]) {
    expect((await app.owner("GET", `/api/deliveries/${theirs}`)).status).toBe(404);
    expect((await run(theirs)).status).toBe(404);
    expect((await run(theirs, true)).status).toBe(404);
    expect((await keep(theirs)).status).toBe(404);
    expect(await list(`?text=${theirs}`)).toEqual([]);
  }
  expect((await list()).map((row) => row.id)).toEqual([id]);
  expect(await list("?flowId=flow_theirs")).toEqual([]);
  expect(await app.deps.store.versions.list("flow_theirs")).toEqual([]);
});
