// Flows through the API: drafts and their revisions, publishing, versions, copies, keys, samples, testing a step.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FlowView } from "../../../shared/api-views.ts";
import type { Graph } from "../../../shared/graph.ts";
import { type Answer, startTestApp, type TestApp } from "../../kit/app.ts";
import { liveFlow, sequence } from "../../kit/flows.ts";

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
});
afterEach(() => app.close());

const view = (answer: Answer) => answer.body as FlowView;
const SET = { uses: "logic.setFields", input: { fields: [{ name: "a", value: "1" }] } };

async function create(graph?: Graph): Promise<FlowView> {
  const answer = await app.owner("POST", "/api/flows", {
    body: { name: "Orders", ...(graph ? { graph } : {}) },
  });
  expect(answer.status).toBe(201);
  return view(answer);
}

describe("a new flow", () => {
  test("has a catch URL of its own and a trigger that waits for it", async () => {
    const flow = await create();
    expect(flow).toMatchObject({
      name: "Orders",
      revision: 1,
      status: "draft",
      liveNumber: null,
      changed: true,
    });
    expect(flow.draft.steps.trigger?.uses).toBe("webhook.catch");
    expect(flow.catchUrl).toMatch(new RegExp(`^${app.deps.settings.publicUrl}/catch/[\\w-]{32}$`));
    expect((await create()).catchUrl).not.toBe(flow.catchUrl);
    expect((await app.owner("GET", `/api/flows/${flow.id}`)).body).toEqual(flow);
  });

  test("stands in the list with what its draft uses and what its runs did", async () => {
    const flow = await liveFlow(app, { set: SET });
    await app.anonymous("POST", new URL(flow.catchUrl).pathname, { body: { id: 1 } });
    const { body } = await app.owner("GET", "/api/flows");
    expect(body).toMatchObject({
      items: [
        {
          id: flow.id,
          steps: 1,
          uses: ["webhook.catch", "logic.setFields"],
          status: "live",
          liveNumber: 1,
          changed: false,
          lastRun: { status: "queued" },
          runs: { queued: 1, failed: 0 },
        },
      ],
    });
    expect(JSON.stringify(body)).not.toContain(flow.catchUrl.slice(-32));
  });
});

describe("a draft", () => {
  test("is saved with the revision it was read at", async () => {
    const flow = await create();
    const graph = sequence({ set: SET });
    const saved = await app.owner("PUT", `/api/flows/${flow.id}/draft`, {
      body: { revision: 1, graph, name: "Sales" },
    });
    expect(view(saved)).toMatchObject({ revision: 2, draft: graph, name: "Sales" });
    const late = await app.owner("PUT", `/api/flows/${flow.id}/draft`, { body: { revision: 1, graph } });
    expect(late).toMatchObject({ status: 409, body: { code: "draft-moved-on" } });
  });

  test("is won by one of those who save at once", async () => {
    const flow = await create();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        app.owner("PUT", `/api/flows/${flow.id}/draft`, {
          body: { revision: 1, graph: sequence({ [`step${n}`]: SET }) },
        }),
      ),
    );
    expect(answers.map((a) => a.status).toSorted()).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
    expect((await app.owner("GET", `/api/flows/${flow.id}`)).body).toEqual(
      answers.find((a) => a.status === 200)?.body,
    );
  });

  test("is a change once it is not what is live; a moved box is none", async () => {
    const flow = await liveFlow(app, { set: SET });
    expect(flow.changed).toBe(false);
    const moved = structuredClone(flow.draft);
    for (const step of Object.values(moved.steps)) step.at = { x: 300, y: 40 };
    const body = { revision: flow.revision, graph: moved };
    const saved = view(await app.owner("PUT", `/api/flows/${flow.id}/draft`, { body }));
    expect(saved.changed).toBe(false);
    const graph = sequence({ set: { ...SET, input: { fields: [] } } });
    const changed = await app.owner("PUT", `/api/flows/${flow.id}/draft`, {
      body: { revision: saved.revision, graph },
    });
    expect(view(changed).changed).toBe(true);
  });

  test("tells what keeps it from being published", async () => {
    const flow = await create(sequence({ call: { uses: "http.request" }, gone: { uses: "acme.fly" } }));
    expect(flow.problems.map(({ stepId }) => stepId)).toEqual(expect.arrayContaining(["call", "gone"]));
  });
});

describe("publishing", () => {
  test("freezes versions 1, 2, 3 and makes the newest live", async () => {
    const flow = await create(sequence({ set: SET }));
    await app.owner("POST", `/api/flows/${flow.id}/publish`, { body: { note: "first" } });
    const again = await app.owner("POST", `/api/flows/${flow.id}/publish`);
    expect(view(again)).toMatchObject({ status: "live", liveNumber: 2, changed: false });
    const { body } = await app.owner("GET", `/api/flows/${flow.id}/versions`);
    expect(body).toMatchObject({
      items: [
        { number: 2, live: true, note: "" },
        { number: 1, live: false, note: "first" },
      ],
    });
    const first = await app.owner("GET", `/api/flows/${flow.id}/versions/1`);
    expect(first.body).toMatchObject({ number: 1, graph: flow.draft });
    expect((await app.owner("GET", `/api/flows/${flow.id}/versions/9`)).status).toBe(404);
  });

  test("is refused with every problem", async () => {
    const flow = await create(sequence({ call: { uses: "http.request" }, gone: { uses: "acme.fly" } }));
    const answer = await app.owner("POST", `/api/flows/${flow.id}/publish`, { body: {} });
    expect(answer).toMatchObject({ status: 422, body: { code: "not-ready" } });
    const { problems } = answer.body as { problems: unknown[] };
    expect(problems).toEqual(flow.problems);
    expect(problems.length).toBeGreaterThan(1);
  });

  test("is refused when the draft is not the one that was looked at", async () => {
    const flow = await create(sequence({ set: SET }));
    const answer = await app.owner("POST", `/api/flows/${flow.id}/publish`, { body: { revision: 7 } });
    expect(answer).toMatchObject({ status: 409, body: { code: "draft-moved-on" } });
  });

  test("can be undone for a while, and the old version be brought back", async () => {
    const flow = await liveFlow(app, { set: SET });
    const path = `/api/flows/${flow.id}`;
    expect(view(await app.owner("POST", `${path}/pause`)).status).toBe("paused");
    expect(view(await app.owner("POST", `${path}/resume`)).status).toBe("live");
    const other = sequence({ other: SET });
    const saved = view(
      await app.owner("PUT", `${path}/draft`, { body: { revision: flow.revision, graph: other } }),
    );
    const body = { revision: saved.revision };
    const restored = view(await app.owner("POST", `${path}/versions/1/restore`, { body }));
    expect(restored.draft).toEqual(flow.draft);
    expect(restored.changed).toBe(false);
    expect((await app.owner("POST", `${path}/versions/1/restore`, { body })).status).toBe(409);
  });

  test("comes before resuming", async () => {
    const flow = await create();
    const answer = await app.owner("POST", `/api/flows/${flow.id}/resume`);
    expect(answer).toMatchObject({ status: 422, body: { code: "not-published" } });
  });
});

test("a flow is renamed, copied and deleted", async () => {
  const flow = await liveFlow(app, { set: SET });
  const path = `/api/flows/${flow.id}`;
  expect(view(await app.owner("PATCH", path, { body: { name: " Sales " } })).name).toBe("Sales");
  const copy = view(await app.owner("POST", `${path}/duplicate`));
  expect(copy).toMatchObject({ name: "Sales (copy)", draft: flow.draft, status: "draft", revision: 1 });
  expect(copy.catchUrl).not.toBe(flow.catchUrl);
  await app.anonymous("POST", new URL(flow.catchUrl).pathname, { body: {} });
  expect((await app.owner("DELETE", path)).status).toBe(204);
  expect((await app.owner("DELETE", path)).status).toBe(404);
  expect((await app.anonymous("POST", new URL(flow.catchUrl).pathname, { body: {} })).status).toBe(404);
  expect((await app.owner("GET", "/api/runs")).body).toEqual({ items: [], next: null });
  expect((await app.owner("GET", "/api/flows")).body).toMatchObject({ items: [{ id: copy.id }] });
});

test("a new catch URL takes events at once", async () => {
  const flow = await liveFlow(app, { set: SET });
  const rotated = view(await app.owner("POST", `/api/flows/${flow.id}/rotate-key`));
  expect(rotated.catchUrl).not.toBe(flow.catchUrl);
  expect((await app.anonymous("POST", new URL(rotated.catchUrl).pathname, { body: {} })).status).toBe(202);
});

test("samples are the newest twenty events, caught asleep or carried by runs", async () => {
  const flow = await create(sequence({ set: SET }));
  const address = new URL(flow.catchUrl).pathname;
  for (let n = 0; n < 22; n++) await app.anonymous("POST", address, { body: { n } });
  await app.owner("POST", `/api/flows/${flow.id}/publish`);
  await app.anonymous("POST", address, { body: { n: "run" } });
  const { body } = await app.owner("GET", `/api/flows/${flow.id}/samples`);
  const { items } = body as {
    items: { id: string; from: string; event: { data: { body: { n: unknown } } } }[];
  };
  expect(items).toHaveLength(20);
  expect(items[0]).toMatchObject({ from: "run", event: { data: { body: { n: "run" } }, bytes: 11 } });
  expect(items[1]).toMatchObject({ from: "caught", event: { data: { body: { n: 21 } } } });
  expect((await app.owner("DELETE", `/api/flows/${flow.id}/samples/${items[1]?.id}`)).status).toBe(204);
  expect((await app.owner("DELETE", `/api/flows/${flow.id}/samples/${items[1]?.id}`)).status).toBe(404);
  const other = await create();
  expect((await app.owner("DELETE", `/api/flows/${other.id}/samples/${items[2]?.id}`)).status).toBe(404);
});

test("a step is tried with sample data", async () => {
  const flow = await create();
  const graph = sequence({
    set: { uses: "logic.setFields", input: { fields: [{ name: "a", value: "{{trigger.b}}" }] } },
  });
  const answer = await app.owner("POST", `/api/flows/${flow.id}/test-step`, {
    body: { step: graph.steps.set, scope: { trigger: { b: "{{7*7}}" } } },
  });
  expect(answer).toMatchObject({
    status: 200,
    body: { output: { a: "{{7*7}}" }, port: "main", problem: null },
  });
  const call = sequence({
    call: { uses: "http.request", input: { method: "POST", url: "https://example.com/x" } },
  });
  const dry = await app.owner("POST", `/api/flows/${flow.id}/test-step`, {
    body: { step: call.steps.call, scope: {}, dryRun: true },
  });
  expect(dry.body).toMatchObject({ requests: [{ method: "POST", url: "https://example.com/x" }] });
});

test("another workspace's things do not exist", async () => {
  const flow = await liveFlow(app, { set: SET });
  await app.anonymous("POST", new URL(flow.catchUrl).pathname, { body: {} });
  const run = (await app.owner("GET", "/api/runs")).body as { items: { id: string }[] };
  const stored = await app.deps.store.flows.get(flow.id);
  if (!stored) throw new Error("no flow");
  await app.deps.store.flows.insert({
    ...stored,
    id: "flow_theirs",
    workspaceId: "ws_other",
    catchKey: "k".repeat(32),
  });
  for (const [method, path] of [
    ["GET", ""],
    ["DELETE", ""],
    ["POST", "/publish"],
    ["POST", "/rotate-key"],
    ["GET", "/samples"],
  ] as const) {
    expect((await app.owner(method, `/api/flows/flow_theirs${path}`)).status).toBe(404);
  }
  expect((await app.owner("GET", `/api/runs/${run.items[0]?.id}`)).status).toBe(200);
  expect((await app.owner("GET", "/api/flows")).body).toMatchObject({ items: [{ id: flow.id }] });
});
