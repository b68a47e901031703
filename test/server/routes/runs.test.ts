// Runs through the API: pages and filters, one run with its steps, and a flow that answers its caller.

import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { sendRunResponse } from "../../../server/routes/run-response.ts";
import type { FlowView, RunRowView, RunView } from "../../../shared/api-views.ts";
import { startTestApp, type TestApp } from "../../kit/app.ts";
import { liveFlow } from "../../kit/flows.ts";

let app: TestApp;
afterEach(() => app.close());

const SET = {
  uses: "logic.setFields",
  input: { fields: [{ name: "total", value: "{{trigger.body.total}}" }] },
};

async function post(flow: FlowView, body: unknown) {
  return app.anonymous("POST", new URL(flow.catchUrl).pathname, { body });
}

async function list(query: string): Promise<{ items: RunRowView[]; next: string | null }> {
  const answer = await app.owner("GET", `/api/runs?${query}`);
  expect(answer.status).toBe(200);
  return answer.body as { items: RunRowView[]; next: string | null };
}

async function ended(id: string): Promise<RunView> {
  for (let look = 0; look < 200; look++) {
    const run = (await app.owner("GET", `/api/runs/${id}`)).body as RunView;
    if (run.finishedAt !== null) return run;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error(`${id} does not end`);
}

test("runs come in pages, newest first, by flow, status, time and text", async () => {
  app = await startTestApp();
  const [a, b] = [await liveFlow(app, { set: SET }), await liveFlow(app, { set: SET })];
  for (let n = 0; n < 7; n++) await post(n % 2 === 0 ? a : b, { order: `no-${n}` });
  const summaries = (page: { items: RunRowView[] }) => page.items.map(({ summary }) => summary);

  const first = await list("limit=3");
  expect(summaries(first)).toEqual(['{"order":"no-6"}', '{"order":"no-5"}', '{"order":"no-4"}']);
  const second = await list(`limit=3&cursor=${encodeURIComponent(first.next ?? "")}`);
  expect(summaries(second)).toEqual(['{"order":"no-3"}', '{"order":"no-2"}', '{"order":"no-1"}']);
  const last = await list(`limit=3&cursor=${encodeURIComponent(second.next ?? "")}`);
  expect(summaries(last)).toEqual(['{"order":"no-0"}']);
  expect(last.next).toBeNull();

  expect((await list(`flowId=${b.id}`)).items).toHaveLength(3);
  expect((await list("status=queued,failed")).items).toHaveLength(7);
  expect((await list("status=failed")).items).toHaveLength(0);
  expect(summaries(await list("text=NO-4"))).toEqual(['{"order":"no-4"}']);
  const time = first.items[0]?.createdAt ?? 0;
  expect((await list(`from=${time + 1}`)).items).toHaveLength(0);
  expect((await list(`to=${time + 1}`)).items).toHaveLength(7);
  expect(first.items[0]).toMatchObject({
    flowId: a.id,
    flowName: "A flow",
    versionNumber: 1,
    status: "queued",
  });
});

test("a run shows its event, its graph and each step's input and output", async () => {
  app = await startTestApp({ worker: true });
  const flow = await liveFlow(app, { set: SET });
  const { runId } = (await post(flow, { total: 42, note: "{{7*7}}" })).body as { runId: string };
  expect(await ended(runId)).toMatchObject({
    status: "succeeded",
    summary: '{"total":42,"note":"{{7*7}}"}',
    event: { kind: "webhook", bytes: 29, data: { method: "POST", body: { total: 42, note: "{{7*7}}" } } },
    graph: { steps: { set: { uses: "logic.setFields" } } },
    steps: [{ path: "set", status: "done", attempt: 1, output: { total: 42 } }],
    response: null,
  });
  const status = await app.anonymous("GET", `${new URL(flow.catchUrl).pathname}/runs/${runId}`);
  expect(status.body).toEqual({ runId, status: "succeeded", finishedAt: expect.any(Number) });
});

test("what a sender signs in with is seen by the run, and shown to nobody", async () => {
  app = await startTestApp({ worker: true });
  const flow = await liveFlow(app, {
    set: {
      uses: "logic.setFields",
      input: { fields: [{ name: "length", value: "{{trigger.headers.authorization | size}}" }] },
    },
  });
  const headers = {
    authorization: "Bearer sesame-open",
    cookie: "session=crumbs",
    "x-api-key": "k-123456",
    "x-shop-topic": "orders/paid",
  };
  const path = new URL(flow.catchUrl).pathname;
  const caught = await app.anonymous("POST", path, { body: {}, headers });
  const { runId } = caught.body as { runId: string };
  const shown = {
    authorization: "Bearer ••••",
    cookie: "••••",
    "x-api-key": "••••",
    "x-shop-topic": "orders/paid",
  };
  const run = await ended(runId);
  expect(run).toMatchObject({ event: { data: { headers: shown } }, steps: [{ output: { length: 18 } }] });
  const samples = await app.owner("GET", `/api/flows/${flow.id}/samples`);
  expect(samples.body).toMatchObject({ items: [{ event: { data: { headers: shown } } }] });
  for (const text of [JSON.stringify(run), samples.text]) expect(text).not.toMatch(/sesame|crumbs|k-123456/);
});

test("a run is canceled, run again, and asked for nothing", async () => {
  app = await startTestApp();
  const flow = await liveFlow(app, { set: SET });
  const { runId } = (await post(flow, {})).body as { runId: string };
  const answered = await app.owner("POST", `/api/runs/${runId}/answer`, {
    body: { path: "set", choice: "repeat" },
  });
  expect(answered).toMatchObject({ status: 409, body: { code: "not-asking" } });
  const canceled = await app.owner("POST", `/api/runs/${runId}/cancel`);
  expect(canceled).toMatchObject({ status: 200, body: { status: "canceled" } });
  const twice = await app.owner("POST", `/api/runs/${runId}/cancel`);
  expect(twice).toMatchObject({ status: 409, body: { code: "run-ended" } });
  const again = await app.owner("POST", `/api/runs/${runId}/replay`);
  expect(again).toMatchObject({ status: 201, body: { replayOf: runId, status: "queued" } });
  for (const path of ["", "/cancel", "/replay"]) {
    const answer = await app.owner(path === "" ? "GET" : "POST", `/api/runs/run_gone${path}`);
    expect(answer).toMatchObject({ status: 404, body: { code: "not-found" } });
  }
});

describe("a flow that answers its caller", () => {
  const respond = (input: Record<string, unknown>) => ({ answer: { uses: "logic.respond", input } });

  test("does so, as a page of nowhere", async () => {
    app = await startTestApp({ worker: true });
    const flow = await liveFlow(
      app,
      respond({
        status: "201",
        headers: [
          { name: "X-Order", value: "{{trigger.body.id}}" },
          { name: "Content-Type", value: "text/html" },
          { name: "Content-Security-Policy", value: "default-src *" },
          { name: "Clear-Site-Data", value: '"*"' },
        ],
        bodyType: "text",
        text: "<script>alert({{trigger.body.id}})</script>",
      }),
    );
    const answer = await post(flow, { id: 7 });
    expect(answer.status).toBe(201);
    expect(answer.text).toBe("<script>alert(7)</script>");
    expect(answer.headers.get("x-order")).toBe("7");
    expect(answer.headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(answer.headers.get("clear-site-data")).toBeNull();
  });

  test.each([
    [{ json: { ok: true } }, "application/json; charset=utf-8", '{"ok":true}'],
    [{ json: "{{trigger.body.id}}" }, "application/json; charset=utf-8", "7"],
    [{ json: "a text" }, "application/json; charset=utf-8", '"a text"'],
    [{}, "application/json; charset=utf-8", "null"],
    [{ bodyType: "text", text: "Thanks" }, "text/plain; charset=utf-8", "Thanks"],
    [{ bodyType: "none" }, null, ""],
    [{ bodyType: "json", json: { a: 1 }, status: 204 }, "application/json; charset=utf-8", ""],
  ])("with %j sends %s %s", async (input, type, text) => {
    app = await startTestApp({ worker: true });
    const answer = await post(await liveFlow(app, respond(input)), { id: 7 });
    expect(answer.status).toBe("status" in input ? input.status : 200);
    expect(answer.headers.get("content-type")).toBe(type);
    expect(answer.text).toBe(text);
  });

  test("may name no header that is ours", () => {
    const set = new Map<string, unknown>();
    const res = new ServerResponse(new IncomingMessage(new Socket()));
    sendRunResponse(res, {
      status: 200,
      headers: { "set-cookie": "flowcatch=stolen", "bad name": "x", "x-bad": "a\r\nb", "X-Good": "1" },
      body: "x",
    });
    for (const name of res.getHeaderNames()) set.set(name, res.getHeader(name));
    expect([...set.keys()]).not.toContain("set-cookie");
    expect([...set.keys()]).not.toContain("x-bad");
    expect(set.get("x-good")).toBe("1");
  });

  test("lets go of a caller when the server stops", async () => {
    app = await startTestApp();
    const flow = await liveFlow(app, respond({ bodyType: "text", text: "late" }));
    const waiting = post(flow, {});
    while ((await list("")).items.length === 0) await new Promise((done) => setTimeout(done, 5));
    app.stop();
    expect(await waiting).toMatchObject({ status: 202, body: { runId: expect.stringMatching(/^run_/) } });
  });
});
