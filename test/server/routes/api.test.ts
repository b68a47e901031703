// What holds for every route: problems, bodies, headers, and the client beside them.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Store, StoreUnavailable } from "../../../server/ports/store.ts";
import { startTestApp, type TestApp } from "../../kit/app.ts";

let app: TestApp;
let dir: string;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "flowcatch-client-"));
  mkdirSync(join(dir, "assets"));
  writeFileSync(join(dir, "index.html"), "<!doctype html><title>Flowcatch</title>");
  writeFileSync(join(dir, "assets", "index-3f2a.js"), "export {}");
  writeFileSync(join(dir, "..secret"), "CANARY");
  app = await startTestApp({ clientDir: dir });
});
afterEach(async () => {
  rmSync(dir, { recursive: true });
  await app.close();
});

async function restart(options: Parameters<typeof startTestApp>[0]): Promise<void> {
  await app.close();
  app = await startTestApp(options);
}

describe("a problem", () => {
  test.each([
    ["an unknown route", "GET", "/api/nothing", undefined, 404, "no-route"],
    ["an unknown flow", "GET", "/api/flows/flow_1", undefined, 404, "not-found"],
    ["an id with a null byte", "GET", "/api/flows/%00", undefined, 404, "not-found"],
    ["an id that climbs", "GET", "/api/flows/..%2f..%2fetc%2fpasswd", undefined, 404, "not-found"],
    ["an id that is too long", "GET", `/api/flows/${"x".repeat(81)}`, undefined, 400, "invalid-request"],
    ["a broken %", "GET", "/api/flows/%E0%A4%A", undefined, 400, "invalid-request"],
    ["a missing field", "POST", "/api/flows", {}, 400, "invalid-request"],
    ["a list for a text", "POST", "/api/flows", { name: ["a"] }, 400, "invalid-request"],
    ["an operator for a text", "POST", "/api/flows", { name: { $ne: "" } }, 400, "invalid-request"],
    ["a query value twice", "GET", "/api/runs?flowId=a&flowId=b", undefined, 400, "invalid-request"],
    ["a status that there is not", "GET", "/api/runs?status=lost", undefined, 400, "invalid-request"],
    ["too many at once", "GET", "/api/runs?limit=5000", undefined, 400, "invalid-request"],
    ["a cursor of our own making", "GET", "/api/runs?cursor=1%20OR%201", undefined, 422, "cursor-unknown"],
  ])("%s is one", async (_, method, path, body, status, code) => {
    const answer = await app.owner(method, path, { body });
    expect(answer.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer).toMatchObject({
      status,
      body: { type: `/docs/problems#${code}`, title: expect.stringMatching(/\.$/), status, code },
    });
  });

  test("names every field that is wrong, in words", async () => {
    const graph = {
      steps: { a: { id: "a", uses: "nonsense", name: "", input: [], at: { x: 0, y: 0 } } },
      edges: {},
    };
    const answer = await app.owner("POST", "/api/flows", { body: { name: " ", graph } });
    const { problems } = answer.body as { problems: { field: string; sentence: string }[] };
    expect(problems.map(({ field }) => field)).toEqual(
      expect.arrayContaining(["name", "graph.steps.a.uses", "graph.steps.a.name", "graph.steps.a.input"]),
    );
    expect(problems.find(({ field }) => field === "name")?.sentence).toBe("“name” must not be empty.");
  });

  test("that is our own fault tells nothing but where the log has more", async () => {
    const broken = (store: Store): Store => ({
      ...store,
      flows: { ...store.flows, list: () => Promise.reject(new Error("SELECT secret CANARY")) },
    });
    await restart({ wrapStore: broken, mayLogErrors: true });
    const answer = await app.owner("GET", "/api/flows");
    expect(answer).toMatchObject({ status: 500, body: { code: "internal" } });
    expect(answer.text).not.toContain("CANARY");
    const id = /“(\w+)”/.exec((answer.body as { detail: string }).detail)?.[1] ?? "no id";
    expect(app.logged.find((line) => line.includes(id))).toContain("CANARY");
  });

  test("of a full disk says when to come again", async () => {
    const full = (store: Store): Store => ({
      ...store,
      flows: { ...store.flows, insert: () => Promise.reject(new StoreUnavailable("The disk is full.")) },
    });
    await restart({ wrapStore: full });
    const answer = await app.owner("POST", "/api/flows", { body: { name: "A" } });
    expect(answer).toMatchObject({ status: 503, body: { code: "store-unavailable" } });
    expect(answer.headers.get("retry-after")).toBe("5");
  });
});

describe("a body", () => {
  const post = (body: string | Uint8Array, type: string) =>
    app.owner("POST", "/api/flows", { body, headers: { "content-type": type } });

  test.each([
    ["no JSON", '{"name":', "application/json", 400, "malformed-json"],
    ["broken UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), "application/json", 400, "malformed-text"],
    ["a form", "name=a", "application/x-www-form-urlencoded", 415, "unsupported-type"],
    ["multipart", "--x--", "multipart/form-data; boundary=x", 415, "unsupported-type"],
    ["text", '{"name":"a"}', "text/plain", 415, "unsupported-type"],
    ["another character set", '{"name":"a"}', "application/json; charset=latin1", 415, "unsupported-type"],
    ["more than 2 MB", `{"name":"${"a".repeat(2_100_000)}"}`, "application/json", 413, "too-large"],
  ])("that is %s is refused", async (_, body, type, status, code) => {
    expect(await post(body, type)).toMatchObject({ status, body: { code } });
  });

  test("of somebody who is not signed in may be short, and no more", async () => {
    const signIn = (password: string) =>
      app.anonymous("POST", "/api/session", { body: { email: "ada@example.com", password } });
    expect((await signIn("a".repeat(1_000))).status).toBe(401);
    expect(await signIn("a".repeat(17_000))).toMatchObject({
      status: 413,
      body: { code: "too-large", title: "The body is too large: 16 KB at most." },
    });
  });

  test("with keys that mean something to JavaScript breaks nothing", async () => {
    const body = '{"name":"a","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    expect((await post(body, "application/json")).status).toBe(201);
    const graph = '{"name":"a","graph":{"steps":{"__proto__":{"id":"__proto__"}},"edges":{}}}';
    expect((await post(graph, "application/json")).status).toBe(400);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("headers", () => {
  test("leave a page nothing but what comes from here", async () => {
    for (const path of ["/", "/api/setup", "/flows/flow_1", "/healthz"]) {
      const { headers } = await app.anonymous("GET", path);
      expect(headers.get("content-security-policy")).toBe(
        "default-src 'none';script-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data:;" +
          "font-src 'self';connect-src 'self';frame-ancestors 'none';base-uri 'none';form-action 'self'",
      );
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-powered-by")).toBeNull();
      expect(headers.get("strict-transport-security")).toBeNull();
    }
  });

  test("over https ask for https from then on", async () => {
    await restart({ settings: { publicUrl: "https://flows.example.com" } });
    const { headers } = await app.anonymous("GET", "/api/setup");
    expect(headers.get("strict-transport-security")).toContain("max-age=");
  });
});

describe("the client", () => {
  test("is index.html for every screen, and never kept", async () => {
    for (const path of ["/", "/flows/flow_1", "/runs/run_1?x=.js", "/API/flows"]) {
      const answer = await app.anonymous("GET", path);
      expect(answer.status, path).toBe(200);
      expect(answer.text, path).toContain("<title>Flowcatch");
      expect(answer.headers.get("cache-control")).toBe("no-cache");
    }
  });

  test("has files that are kept for ever, because their names change with them", async () => {
    const answer = await app.anonymous("GET", "/assets/index-3f2a.js");
    expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(answer.headers.get("content-type")).toContain("javascript");
  });

  test.each(["/assets/gone-1234.js", "/..secret", "/..%2f..%2fetc/passwd.txt", "/assets/../..secret"])(
    "%s is no file of it",
    async (path) => {
      const answer = await app.anonymous("GET", path);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.text).not.toContain("CANARY");
      expect(answer.text).not.toContain("root:");
    },
  );

  test("that is not built says so", async () => {
    await restart({ clientDir: "/nonexistent" });
    expect(await app.anonymous("GET", "/")).toMatchObject({
      status: 503,
      body: expect.stringContaining("npm run build"),
    });
  });
});

describe("health", () => {
  test("alive and ready", async () => {
    expect(await app.anonymous("GET", "/healthz")).toMatchObject({ status: 200, body: { ok: true } });
    expect(await app.anonymous("GET", "/readyz")).toMatchObject({ status: 200, body: { ok: true } });
  });

  test("alive but not ready when it cannot store, or is stopping", async () => {
    await restart({
      wrapStore: (store) => ({ ...store, check: () => Promise.reject(new Error("disk CANARY")) }),
    });
    const answer = await app.anonymous("GET", "/readyz");
    expect(answer).toMatchObject({ status: 503, body: { code: "not-ready" } });
    expect(answer.text).not.toContain("CANARY");
    expect((await app.anonymous("GET", "/healthz")).status).toBe(200);
    await restart({});
    app.stop();
    expect((await app.anonymous("GET", "/readyz")).status).toBe(503);
  });
});
