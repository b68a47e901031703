// Connections through the API: what is shown of them, and that a secret never comes out again, anywhere.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { openFields } from "../../../server/connection-seal.ts";
import type { Http, HttpRequest } from "../../../server/ports/http.ts";
import type { ConnectionView } from "../../../shared/connection.ts";
import { Refused } from "../../../shared/problem.ts";
import { type Answer, startTestApp, type TestApp } from "../../kit/app.ts";
import { liveFlow, sequence } from "../../kit/flows.ts";

let app: TestApp;
afterEach(() => app.close());

const CANARY = "CANARY+s3cret/with&every=kind of%letter";
const BEARER = { connectorId: "http", name: "The shop", fields: { kind: "bearer", token: CANARY } };
const view = (answer: Answer) => answer.body as ConnectionView;

async function create(body: unknown = BEARER): Promise<ConnectionView> {
  const answer = await app.owner("POST", "/api/connections", { body });
  expect(answer.status, answer.text).toBe(201);
  return view(answer);
}

async function stored(id: string): Promise<Record<string, unknown>> {
  const connection = await app.deps.store.connections.get(id);
  if (!connection) throw new Error("no connection");
  return openFields(app.deps.vault, connection);
}

describe("what is shown", () => {
  test.each([
    [
      { kind: "bearer", token: "short" },
      { kind: "bearer", token: "••••" },
    ],
    [
      { kind: "bearer", token: "eleven-char" },
      { kind: "bearer", token: "••••" },
    ],
    [
      { kind: "bearer", token: "twelve-chars" },
      { kind: "bearer", token: "••••hars" },
    ],
    [
      { kind: "basic", user: "ada", password: "a long password" },
      { kind: "basic", user: "ada", password: "••••word" },
    ],
    [
      { kind: "bearer", token: "short", testUrl: "https://ada:sesame@example.com/x" },
      { kind: "bearer", token: "••••", testUrl: "https://ada:••••@example.com/x" },
    ],
  ])("of %j is %j", async (fields, shown) => {
    app = await startTestApp();
    expect((await create({ ...BEARER, fields })).shown).toEqual(shown);
  });
});

describe("fields", () => {
  test.each([
    [{ kind: "bearer" }, "token"],
    [{ kind: "basic", password: "x" }, "user"],
    [{ kind: "magic", token: "x" }, "kind"],
    [{ kind: "bearer", token: { $ne: 1 } }, "token"],
    [{ kind: "bearer", token: "x", testUrl: 7, allowedHosts: [] }, "allowedHosts"],
  ])("%j are refused by the name of the field", async (fields, field) => {
    app = await startTestApp();
    const answer = await app.owner("POST", "/api/connections", { body: { ...BEARER, fields } });
    expect(answer).toMatchObject({ status: 422, body: { code: "fields-invalid", field } });
    expect((await app.owner("GET", "/api/connections")).body).toEqual({ items: [] });
  });

  test.each(["logic", "nothing", "__proto__"])("there is nothing to connect to %s", async (connectorId) => {
    app = await startTestApp();
    const answer = await app.owner("POST", "/api/connections", { body: { ...BEARER, connectorId } });
    expect(answer).toMatchObject({ status: 422, body: { code: "connector-unknown" } });
  });

  test("that are left out of a change stay, and so does an empty secret; null takes one away", async () => {
    app = await startTestApp();
    const { id } = await create({
      ...BEARER,
      fields: { ...BEARER.fields, allowedHosts: "a.example.com", testUrl: "https://a.example.com" },
    });
    const patch = async (body: unknown) => view(await app.owner("PATCH", `/api/connections/${id}`, { body }));
    expect((await patch({ name: "New name" })).name).toBe("New name");
    await patch({ fields: { token: "", allowedHosts: "b.example.com", testUrl: null } });
    expect(await stored(id)).toEqual({ kind: "bearer", token: CANARY, allowedHosts: "b.example.com" });
    expect((await patch({ fields: { token: "another-secret-text" } })).shown.token).toBe("••••text");
    expect((await stored(id)).token).toBe("another-secret-text");
    const answer = await app.owner("PATCH", `/api/connections/${id}`, { body: { fields: { token: null } } });
    expect(answer).toMatchObject({ status: 422, body: { field: "token" } });
    expect((await stored(id)).token).toBe("another-secret-text");
  });
});

describe("deleting", () => {
  test("waits until no live flow uses it, and names those that do", async () => {
    app = await startTestApp();
    const { id } = await create();
    const call = {
      uses: "http.request",
      input: { method: "GET", url: "https://example.com" },
      connectionId: id,
    };
    const flow = await liveFlow(app, { call });
    const list = (await app.owner("GET", "/api/connections")).body;
    expect(list).toMatchObject({ items: [{ id, usedBy: [{ flowId: flow.id, name: "A flow" }] }] });
    const answer = await app.owner("DELETE", `/api/connections/${id}`);
    expect(answer).toMatchObject({ status: 409, body: { title: expect.stringContaining("“A flow”") } });

    // the draft no longer uses it, the live version still does
    const body = { revision: flow.revision, graph: sequence({}) };
    await app.owner("PUT", `/api/flows/${flow.id}/draft`, { body });
    expect((await app.owner("DELETE", `/api/connections/${id}`)).status).toBe(409);
    await app.owner("POST", `/api/flows/${flow.id}/pause`);
    expect((await app.owner("DELETE", `/api/connections/${id}`)).status).toBe(204);
    expect((await app.owner("DELETE", `/api/connections/${id}`)).status).toBe(404);
  });
});

test("a connection of another workspace is not there for anybody here", async () => {
  app = await startTestApp();
  const { id } = await create();
  const before = await app.deps.store.connections.get(id);
  if (!before) throw new Error("no connection");
  const theirs = { ...before, id: "con_theirs", workspaceId: "ws_other" };
  await app.deps.store.connections.insert(theirs);
  for (const [method, path, body] of [
    ["PATCH", "", { name: "Ours now" }],
    ["POST", "/test", undefined],
    ["DELETE", "", undefined],
  ] as const) {
    const answer = await app.owner(method, `/api/connections/con_theirs${path}`, body ? { body } : {});
    expect([method, path, answer.status]).toEqual([method, path, 404]);
  }
  expect((await app.owner("GET", "/api/connections")).body).toMatchObject({ items: [{ id }] });
  expect(await app.deps.store.connections.get("con_theirs")).toEqual(theirs);
});

describe("testing", () => {
  const answering = (send: Http["send"]): Http => ({ send });

  test("says what the credentials open", async () => {
    const seen: HttpRequest[] = [];
    const http = answering(async (request) => {
      seen.push(request);
      return { status: 200, headers: {}, body: new Uint8Array(), url: request.url };
    });
    app = await startTestApp({ http });
    const { id } = await create({
      ...BEARER,
      fields: { ...BEARER.fields, testUrl: "https://api.example.com/me" },
    });
    const answer = await app.owner("POST", `/api/connections/${id}/test`);
    expect(answer.body).toEqual({
      ok: true,
      message: expect.stringContaining("api.example.com"),
      problem: null,
    });
    expect(JSON.stringify(seen[0]?.headers)).toContain(CANARY);
  });

  test("says what is wrong, without the secret that the other side may repeat", async () => {
    const http = answering(() => {
      const code = "http-refused";
      throw new Refused({ code, sentence: `No entry for ${CANARY}.`, hint: `{"got":"Bearer ${CANARY}"}` });
    });
    app = await startTestApp({ http });
    const { id } = await create({
      ...BEARER,
      fields: { ...BEARER.fields, testUrl: "https://api.example.com/me" },
    });
    const answer = await app.owner("POST", `/api/connections/${id}/test`);
    expect(answer.body).toMatchObject({ ok: false, problem: { code: "http-refused" } });
    expect(answer.text).not.toContain("CANARY");
  });
});

test("a secret is in no answer, no log and no file, in no spelling", async () => {
  const dir = mkdtempSync(join(tmpdir(), "flowcatch-canary-"));
  const http: Http = {
    send: async (request) => {
      // the other side repeats everything, also in an error
      if (request.url.endsWith("/fail")) {
        const hint = JSON.stringify(request.headers);
        throw new Refused({ code: "http-400", sentence: `It refused ${hint}.`, hint });
      }
      const body = Buffer.from(JSON.stringify({ youSent: request.headers, url: request.url }));
      return {
        status: 200,
        headers: { "content-type": "application/json", echo: CANARY },
        body,
        url: request.url,
      };
    },
  };
  app = await startTestApp({ http, worker: true, dataDir: dir });
  try {
    const { id } = await create({
      ...BEARER,
      fields: { ...BEARER.fields, testUrl: "https://api.example.com/fail" },
    });
    const call = (url: string) => ({
      uses: "http.request",
      input: { method: "POST", url },
      connectionId: id,
    });
    const texts: string[] = [];
    const ask = async (method: string, path: string, body?: unknown) => {
      const answer = await app.owner(method, path, { body });
      texts.push(answer.text, JSON.stringify([...answer.headers]));
      return answer;
    };
    for (const url of ["https://api.example.com/ok", "https://api.example.com/fail"]) {
      const flow = await liveFlow(app, { call: call(url) });
      const caught = await app.anonymous("POST", new URL(flow.catchUrl).pathname, { body: { a: 1 } });
      const { runId } = caught.body as { runId: string };
      for (let look = 0; look < 300; look++) {
        const run = await ask("GET", `/api/runs/${runId}`);
        if ((run.body as { finishedAt: number | null }).finishedAt !== null) break;
        await new Promise((done) => setTimeout(done, 10));
      }
      const step = sequence({ call: call(url) }).steps.call;
      for (const dryRun of [true, false]) {
        await ask("POST", `/api/flows/${flow.id}/test-step`, { step, scope: {}, dryRun });
      }
      await ask("GET", `/api/flows/${flow.id}`);
      await ask("GET", `/api/flows/${flow.id}/versions/1`);
    }
    await ask("POST", `/api/connections/${id}/test`);
    await ask("PATCH", `/api/connections/${id}`, { fields: { testUrl: 7 } });
    for (const path of ["connections", "flows", "runs", "connectors"]) await ask("GET", `/api/${path}`);
    for (const text of [...texts, ...app.logged]) expectNone(text, "an answer or the log");
    // while it runs: the write-ahead log is there
    for (const name of readdirSync(dir)) expectNone(readFileSync(join(dir, name), "latin1"), name);
  } finally {
    await app.close();
    for (const name of readdirSync(dir)) expectNone(readFileSync(join(dir, name), "latin1"), name);
    rmSync(dir, { recursive: true });
    app = await startTestApp();
  }
});

function expectNone(text: string, where: string): void {
  const bytes = Buffer.from(CANARY);
  for (const spelling of [
    CANARY,
    "CANARY",
    bytes.toString("base64").slice(0, 20),
    bytes.toString("base64url").slice(0, 20),
    bytes.toString("hex"),
    encodeURIComponent(CANARY),
    new URLSearchParams([["", CANARY]]).toString().slice(1),
  ]) {
    const at = text.indexOf(spelling);
    const around = at < 0 ? "" : text.slice(Math.max(0, at - 200), at + 100);
    expect(around, `${where} shows the secret as ${spelling}`).toBe("");
  }
}
