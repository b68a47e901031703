// The catch URL over real HTTP: what is an event, what is refused and how, and that no success is ever false.

import { request } from "node:http";
import { connect } from "node:net";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventData } from "../../../server/formats/event-data.ts";
import { type Store, StoreUnavailable } from "../../../server/ports/store.ts";
import type { FlowView } from "../../../shared/api-views.ts";
import type { WebhookData } from "../../../shared/event.ts";
import type { Run } from "../../../shared/run.ts";
import { startTestApp, type TestApp } from "../../kit/app.ts";
import { liveFlow } from "../../kit/flows.ts";

let app: TestApp;
let flow: FlowView;
let path: string;

beforeEach(async () => {
  app = await startTestApp();
  flow = await liveFlow(app);
  path = new URL(flow.catchUrl).pathname;
});
afterEach(() => app.close());

async function runsOf(flowId: string): Promise<Run[]> {
  const page = await app.deps.store.runs.list({ workspaceId: "ws_default", flowId, limit: 200 });
  const runs = await Promise.all(page.items.map((row) => app.deps.store.runs.get(row.id)));
  return runs.filter((run) => run !== null);
}

async function onlyEvent(): Promise<WebhookData> {
  const [run, ...more] = await runsOf(flow.id);
  expect(more).toEqual([]);
  if (!run) throw new Error("there is no run");
  return eventData(run.event) as WebhookData;
}

const json = { "content-type": "application/json" };

describe("an event", () => {
  test("is answered with the run that carries it and where to look", async () => {
    const answer = await app.anonymous("POST", path, { body: { id: 7 } });
    expect(answer.status).toBe(202);
    const [run] = await runsOf(flow.id);
    expect(answer.body).toEqual({ runId: run?.id, statusUrl: `${flow.catchUrl}/runs/${run?.id}` });
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const { status, body } = await app.anonymous("GET", `${path}/runs/${run?.id}`);
    expect({ status, body }).toEqual({
      status: 200,
      body: { runId: run?.id, status: "queued", finishedAt: null },
    });
  });

  test.each(["GET", "POST", "PUT", "PATCH", "DELETE"])(
    "comes by %s, with or without a body",
    async (method) => {
      expect((await app.anonymous(method, `${path}?a=1&b=2&a=3`)).status).toBe(202);
      expect(await onlyEvent()).toMatchObject({ method, query: { a: ["1", "3"], b: "2" }, body: null });
    },
  );

  test.each([
    ["JSON", "application/json; charset=utf-8", '{"a":[1,"ü"]}', { a: [1, "ü"] }],
    ["a JSON text", "application/json", '"only text"', "only text"],
    ["a JSON number", "application/vnd.api+json", "42", 42],
    ["a form", "application/x-www-form-urlencoded", "a=1&b=x+y&a=2", { a: ["1", "2"], b: "x y" }],
    ["text", "text/plain", "hello {{7*7}}", "hello {{7*7}}"],
  ])("may be %s", async (_, type, body, data) => {
    expect((await app.anonymous("POST", path, { body, headers: { "content-type": type } })).status).toBe(202);
    expect((await onlyEvent()).body).toEqual(data);
  });

  test("keeps the raw bytes as they came", async () => {
    const body = '{ "b" : 1,\n "a": 1.0 }';
    await app.anonymous("POST", path, { body, headers: json });
    const [run] = await runsOf(flow.id);
    expect(run?.event.kind === "webhook" && Buffer.from(run.event.raw).toString()).toBe(body);
  });

  test("keeps also the bytes that no reader of text would give back", async () => {
    const body = Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), Buffer.from('{"a":1}\r\n')]);
    const answer = await app.anonymous("POST", path, { body, headers: json });
    expect(answer.status).toBe(202);
    const [run] = await runsOf(flow.id);
    expect(run?.event.kind === "webhook" && Buffer.from(run.event.raw).toString("hex")).toBe(
      body.toString("hex"),
    );
  });

  test("is answered with what a browser takes for nothing else", async () => {
    for (const address of [path, "/catch/0123456789abcdef0123456789abcdef"]) {
      const { headers } = await app.anonymous("POST", address, { body: {} });
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("cache-control")).toBe("no-store");
    }
  });

  test.each([
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["br", brotliCompressSync],
    ["deflate", deflateSync],
    ["deflate", deflateRawSync],
    ["identity", (text: string) => Buffer.from(text)],
  ])("may be packed by %s", async (encoding, pack) => {
    const headers = { ...json, "content-encoding": encoding };
    expect((await app.anonymous("POST", path, { body: pack('{"a":1}'), headers })).status).toBe(202);
    expect((await onlyEvent()).body).toEqual({ a: 1 });
  });

  test("has its headers joined where they repeat, and none of our own credentials", async () => {
    await new Promise<void>((resolve) => {
      const headers = [
        ...["X-Twice", "1", "X-Twice", "2", "__proto__", "kept", "Content-Length", "0"],
        ...[
          "Cookie",
          `a=b; ${app.cookie}`,
          "Cookie",
          "__Host-flowcatch=x; c=d",
          "Authorization",
          `Bearer ${app.token}`,
        ],
        ...["Host", "somewhere.example"],
      ];
      request(`${app.url}${path}`, { method: "POST", headers, agent: false }, (res) => {
        res.resume().on("end", resolve);
      }).end();
    });
    const { headers } = await onlyEvent();
    expect(headers).toMatchObject({ "x-twice": "1, 2", cookie: "a=b; c=d", authorization: "Bearer ••••" });
    expect(Object.getOwnPropertyDescriptor(headers, "__proto__")?.value).toBe("kept");
    expect(JSON.stringify(headers)).not.toContain(app.token);
  });

  test("may be named by keys that mean something to JavaScript", async () => {
    const body = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":1}';
    const query = "?__proto__=1&constructor=2&__proto__[polluted]=3&toString=4";
    expect((await app.anonymous("POST", `${path}${query}`, { body, headers: json })).status).toBe(202);
    const form = { body: "__proto__=1&constructor=2&__proto__.polluted=3", headers: FORM };
    expect((await app.anonymous("POST", `${path}${query}`, form)).status).toBe(202);
    for (const run of await runsOf(flow.id)) {
      const data = eventData(run.event) as WebhookData;
      expect(Object.getOwnPropertyDescriptor(data.query, "__proto__")?.value).toBe("1");
      expect(Object.hasOwn(data.body as object, "__proto__")).toBe(true);
      expect((await app.owner("GET", `/api/runs/${run.id}`)).status).toBe(200);
    }
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

const FORM = { "content-type": "application/x-www-form-urlencoded" };

describe("a request that is no event", () => {
  test.each([
    ["malformed JSON", json, '{"a":1,}', 400, "malformed-json", /line 1 column 8|position 7/],
    ["JSON cut short", json, '{"a":', 400, "malformed-json", /JSON/],
    ["broken UTF-8", json, Buffer.from([0x22, 0x61, 0xff, 0x22]), 400, "malformed-text", /byte 2/],
    [
      "broken UTF-8 in text",
      { "content-type": "text/plain" },
      Buffer.from([0xc3, 0x28]),
      400,
      "malformed-text",
      /byte 1/,
    ],
    ["JSON 65 deep", json, "[".repeat(65) + "]".repeat(65), 400, "too-deep", /64/],
    ["a picture", { "content-type": "image/png" }, "x", 415, "unsupported-type", /image\/png/],
    [
      "an unknown character set",
      { "content-type": "text/plain; charset=klingon" },
      "x",
      415,
      "unsupported-type",
      /klingon/,
    ],
    [
      "an unknown encoding",
      { ...json, "content-encoding": "lzma" },
      "{}",
      415,
      "unsupported-encoding",
      /lzma/,
    ],
    [
      "two encodings",
      { ...json, "content-encoding": "gzip, gzip" },
      "{}",
      415,
      "unsupported-encoding",
      /gzip, gzip/,
    ],
    ["no gzip in gzip", { ...json, "content-encoding": "gzip" }, "{}", 400, "malformed-encoding", /gzip/],
  ])("%s is refused with what is wrong and where", async (_, headers, body, status, code, sentence) => {
    const answer = await app.anonymous("POST", path, { body, headers });
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    expect(answer).toMatchObject({ status, body: { status, code, title: expect.stringMatching(sentence) } });
    expect(await runsOf(flow.id)).toEqual([]);
  });

  test("a gzip cut short is refused", async () => {
    const body = gzipSync(JSON.stringify({ a: "x".repeat(1_000) })).subarray(0, 30);
    const answer = await app.anonymous("POST", path, {
      body,
      headers: { ...json, "content-encoding": "gzip" },
    });
    expect(answer).toMatchObject({ status: 400, body: { code: "malformed-encoding" } });
  });

  test.each(["gzip", "br"])(
    "a bomb of %s is refused at the limit",
    async (encoding) => {
      const zeros = Buffer.alloc(200 * 1024 * 1024);
      const body =
        encoding === "gzip" ? gzipSync(zeros) : brotliCompressSync(zeros.subarray(0, 20 * 1024 * 1024));
      const before = process.memoryUsage().rss;
      const answer = await app.anonymous("POST", path, {
        body,
        headers: { ...json, "content-encoding": encoding },
      });
      expect(answer).toMatchObject({ status: 413, body: { code: "too-large" } });
      expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1024 * 1024);
    },
    30_000,
  );

  test("a body that says that it is too large is not read", async () => {
    const answer = await app.anonymous("POST", path, { body: Buffer.alloc(5 * 1024 * 1024), headers: json });
    expect(answer).toMatchObject({ status: 413, body: { code: "too-large" } });
    expect(answer.headers.get("connection")).toBe("close");
  });

  test("a body that turns out to be too large is answered, and its connection closed", async () => {
    const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const asked = request(`${app.url}${path}`, { method: "POST", headers: json, agent: false }, (res) => {
        let text = "";
        res.on("data", (chunk) => {
          text += chunk;
        });
        res.on("end", () => resolve({ status: res.statusCode, text }));
      });
      asked.on("error", reject);
      for (let i = 0; i < 40; i++) asked.write(Buffer.alloc(64 * 1024, 0x20));
      asked.end();
    });
    expect(answer.status).toBe(413);
    expect(answer.text).toContain("too-large");
  });

  test("a caller who goes away in the middle leaves nothing", async () => {
    const { port } = new URL(app.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), "127.0.0.1", () => {
        socket.write(
          `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a":1}`,
        );
        setTimeout(() => socket.destroy(), 50);
      });
      socket.on("close", () => setTimeout(resolve, 50));
    });
    expect(await runsOf(flow.id)).toEqual([]);
  });

  test("HEAD and OPTIONS ask about the address", async () => {
    for (const method of ["HEAD", "OPTIONS"]) {
      const answer = await app.anonymous(method, path);
      expect(answer.status).toBe(204);
      expect(answer.headers.get("allow")).toContain("POST");
      expect((await app.anonymous(method, `/catch/${"x".repeat(32)}`)).status).toBe(404);
    }
    expect(await runsOf(flow.id)).toEqual([]);
  });
});

describe("an address without a flow", () => {
  const unknown = "/catch/0123456789abcdef0123456789abcdef";
  test.each([
    unknown,
    "/catch",
    "/catch/",
    "/catch/short",
    "/catch/%",
    "/catch/..%2f..%2fapi%2fflows",
    `${unknown}/`,
    `${unknown}/runs`,
    `${unknown}/runs/run_1`,
    `${unknown}/other`,
    `/catch/${"x".repeat(65)}`,
    "/catch/__proto__",
    "/catch/constructor",
  ])("%s is unknown", async (address) => {
    const answer = await app.anonymous("POST", address, { body: { a: 1 } });
    expect(answer).toMatchObject({ status: 404, body: { code: "unknown-catch-url", status: 404 } });
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
  });

  test("a key that no flow can have is not looked for", async () => {
    await app.close();
    const asked: string[] = [];
    const wrapStore = (store: Store): Store => ({
      ...store,
      flows: {
        ...store.flows,
        byCatchKey(key) {
          asked.push(key);
          return store.flows.byCatchKey(key);
        },
      },
    });
    app = await startTestApp({ wrapStore });
    for (const key of [
      "short",
      "x".repeat(65),
      "x".repeat(5_000),
      "a%27%20OR%201=1%20--%20x",
      "%00".repeat(20),
    ])
      expect((await app.anonymous("POST", `/catch/${key}`, { body: {} })).status).toBe(404);
    expect(asked).toEqual([]);
    await app.anonymous("POST", unknown, { body: {} });
    expect(asked).not.toEqual([]);
  });

  test("a large body for an unknown key is not read", async () => {
    const answer = await app.anonymous("POST", unknown, { body: Buffer.alloc(900_000), headers: json });
    expect(answer.status).toBe(404);
    expect(answer.headers.get("connection")).toBe("close");
  });

  test("the old key of a rotated flow is unknown at once", async () => {
    await app.owner("POST", `/api/flows/${flow.id}/rotate-key`);
    expect((await app.anonymous("POST", path, { body: {} })).status).toBe(404);
  });

  test("a run of another flow has no status here", async () => {
    const other = await liveFlow(app);
    const { body } = await app.anonymous("POST", new URL(other.catchUrl).pathname, { body: {} });
    const { runId } = body as { runId: string };
    expect((await app.anonymous("GET", `${path}/runs/${runId}`)).status).toBe(404);
    expect((await app.anonymous("GET", `${path}/runs/__proto__`)).status).toBe(404);
  });
});

test("a flow that sleeps keeps the event as a sample and says so", async () => {
  const made = await app.owner("POST", "/api/flows", { body: { name: "Not yet" } });
  const draft = made.body as FlowView;
  const answer = await app.anonymous("POST", new URL(draft.catchUrl).pathname, { body: { first: true } });
  expect(answer).toMatchObject({ status: 202, body: { message: expect.stringContaining("not published") } });
  const samples = await app.owner("GET", `/api/flows/${draft.id}/samples`);
  expect(samples.body).toMatchObject({
    items: [
      { from: "caught", id: expect.stringMatching(/^smp_/), event: { data: { body: { first: true } } } },
    ],
  });
  await app.owner("POST", `/api/flows/${flow.id}/pause`);
  const paused = await app.anonymous("POST", path, { body: {} });
  expect(paused).toMatchObject({ status: 202, body: { message: expect.stringContaining("paused") } });
  expect(await runsOf(flow.id)).toEqual([]);
});

describe("when storing fails", () => {
  const failing = async (error: Error, mayLogErrors = true) => {
    await app.close();
    const wrapStore = (store: Store): Store => ({
      ...store,
      runs: { ...store.runs, accept: () => Promise.reject(error) },
    });
    app = await startTestApp({ wrapStore, mayLogErrors });
    flow = await liveFlow(app);
    path = new URL(flow.catchUrl).pathname;
    return app.anonymous("POST", path, { body: {} });
  };

  test.each([
    ["the disk is full", new StoreUnavailable("The disk is full."), "store-unavailable"],
    ["there is a defect", new Error("a defect CANARY"), "internal"],
  ])("because %s, the sender is told to come again", async (_, error, code) => {
    const answer = await failing(error);
    expect(answer).toMatchObject({ status: 503, body: { code } });
    expect(answer.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
    expect(answer.text).not.toContain("CANARY");
    expect(await runsOf(flow.id)).toEqual([]);
  });
});

test("an event that is stored is never asked for again, though the flow's answer cannot be read", async () => {
  await app.close();
  const wrapStore = (store: Store): Store => ({
    ...store,
    runs: { ...store.runs, get: () => Promise.reject(new StoreUnavailable("The disk gave an error.")) },
  });
  app = await startTestApp({ wrapStore });
  flow = await liveFlow(app, { answer: { uses: "logic.respond", input: {} } });
  const answer = await app.anonymous("POST", new URL(flow.catchUrl).pathname, { body: {} });
  expect(answer).toMatchObject({ status: 202, body: { runId: expect.stringMatching(/^run_/) } });
});

test("the path has no session, no cookie and no catch key in the log", async () => {
  const answer = await app.anonymous("POST", path, { body: {}, headers: { cookie: app.cookie } });
  expect(answer.headers.get("set-cookie")).toBeNull();
  expect(answer.headers.get("x-powered-by")).toBeNull();
  expect(app.logged.join("")).not.toContain(path.slice("/catch/".length));
});
