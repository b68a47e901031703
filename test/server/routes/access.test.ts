// Who may call what: every route of the app against every kind of caller. A new route without an entry fails here.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../../server/app.ts";
import { LOCAL_SCHEME, makeLocalProof } from "../../../server/local-proof.ts";
import { api } from "../../../shared/api.ts";
import { sendAsWritten, startTestApp, type TestApp } from "../../kit/app.ts";
import { listRoutes } from "../../kit/routes.ts";

/**
 * What each route answers to a caller it lets in, for an id that does not exist and an empty body: anything but 401
 * and 403. "public" lets everybody in; "member" needs a session or a token; "person" needs a session to change
 * something; "open" is outside the API and has no caller at all.
 */
const TABLE: Record<string, "public" | "member" | "person" | "open"> = {
  "GET /api/openapi.json": "public",
  "GET /api/setup": "public",
  "POST /api/setup": "public",
  "POST /api/session": "public",
  "DELETE /api/session": "member",
  "GET /api/live": "member",
  "GET /api/tokens": "member",
  "POST /api/tokens": "person",
  "DELETE /api/tokens/:id": "person",
  "GET /api/flows": "member",
  "POST /api/flows": "member",
  "GET /api/flows/:id": "member",
  "PUT /api/flows/:id/draft": "member",
  "PATCH /api/flows/:id": "member",
  "DELETE /api/flows/:id": "member",
  "POST /api/flows/:id/duplicate": "member",
  "POST /api/flows/:id/publish": "member",
  "POST /api/flows/:id/pause": "member",
  "POST /api/flows/:id/resume": "member",
  "POST /api/flows/:id/rotate-key": "member",
  "GET /api/flows/:id/versions": "member",
  "GET /api/flows/:id/versions/:number": "member",
  "POST /api/flows/:id/versions/:number/restore": "member",
  "GET /api/flows/:id/samples": "member",
  "POST /api/flows/:id/samples": "member",
  "DELETE /api/flows/:id/samples/:sampleId": "member",
  "POST /api/flows/:id/samples/:sampleId/pin": "member",
  "POST /api/schedule/preview": "member",
  "POST /api/flows/:id/test-step": "member",
  "GET /api/connections": "member",
  "POST /api/connections": "member",
  "PATCH /api/connections/:id": "member",
  "POST /api/connections/:id/test": "member",
  "DELETE /api/connections/:id": "member",
  "GET /api/connectors": "member",
  "GET /api/runs": "member",
  "GET /api/runs/:id": "member",
  "POST /api/runs/:id/cancel": "member",
  "POST /api/runs/:id/replay": "member",
  "POST /api/runs/:id/answer": "member",
  "GET /api/deliveries": "member",
  "GET /api/deliveries/:id": "member",
  "POST /api/deliveries/:id/run": "member",
  "POST /api/deliveries/:id/sample": "member",
  "GET /api/flows/:id/catching": "member",
  "PUT /api/flows/:id/catching": "member",
  "POST /api/flows/:id/send-sample": "member",
  "GET /api/verifications": "member",
  "GET /api/health": "member",
  "GET /healthz": "open",
  "GET /readyz": "open",
  "GET /metrics": "member",
  "GET /{*path}": "open",
};

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

function routes(): string[] {
  return listRoutes(createApp(app.deps)).map(({ method, path }) => `${method} ${path}`);
}

function withIds(path: string): string {
  return path.replace(":number", "1").replaceAll(/:\w+/g, "nothing_of_that_id");
}

const BODY: Record<string, unknown> = {
  "POST /api/tokens": { name: "made by a test" },
};

function split(route: string): { method: string; path: string; body: unknown } {
  const [method = "", path = ""] = route.split(" ");
  const hasBody = method !== "GET" && method !== "DELETE";
  return { method, path: withIds(path), body: hasBody ? (BODY[route] ?? {}) : undefined };
}

const apiRoutes = Object.keys(TABLE).filter((route) => route.includes(" /api/"));
const closedRoutes = apiRoutes.filter((route) => TABLE[route] !== "public");

describe("the table", () => {
  test("has every route of the app, and no other", () => {
    expect(routes().toSorted()).toEqual(Object.keys(TABLE).toSorted());
  });

  test("has every route of the API's description, with the same access", () => {
    for (const { method, path, access } of Object.values(api)) {
      const route = `${method.toUpperCase()} /api${path.replace(/\{(\w+)\}/g, ":$1")}`;
      expect(TABLE[route] === "public", route).toBe(access === "public");
      expect(TABLE, route).toHaveProperty([route]);
    }
  });
});

describe.each(closedRoutes)("%s", (route) => {
  const { method, path, body } = split(route);

  test.each([
    ["nobody", {}],
    ["a session that does not exist", { cookie: `flowcatch=${"x".repeat(43)}`, "x-flowcatch": "1" }],
    ["a token that does not exist", { authorization: `Bearer fc_abcdef_${"x".repeat(43)}_00000000` }],
    ["a password", { authorization: "Basic b3duZXI6Y29ycmVjdA==" }],
    ["an empty authorization", { authorization: "" }],
  ])("is closed to %s", async (_, headers) => {
    const answer = await app.anonymous(method, path, { body, headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    expect(answer.body).toMatchObject({ code: "not-signed-in", status: 401 });
  });

  test("a wrong token is not saved by a good session", async () => {
    const headers = { cookie: app.cookie, "x-flowcatch": "1", authorization: `Bearer ${app.token}x` };
    expect((await app.anonymous(method, path, { body, headers })).status).toBe(401);
  });

  test("no other way of writing the address gets past", async () => {
    for (const form of confusions(path)) {
      // not by fetch, which would tidy the address up
      const answer = await sendAsWritten(app.url, method, form);
      if (form.startsWith("/api/")) expect(answer.status, form).toBe(401);
      else {
        // no address of the API: a screen, or nothing
        expect([400, 404, 503], form).toContain(answer.status);
        expect(answer.text, form).not.toContain("items");
      }
    }
  });
});

// The stream never ends by itself: live.test.ts reads it.
describe.each(closedRoutes.filter((route) => route !== "GET /api/live"))("%s", (route) => {
  const { method, path, body } = split(route);

  test("is open to the owner and to a program", async () => {
    const byOwner = await app.owner(method, path, { body });
    expect([401, 403]).not.toContain(byOwner.status);
    expect(byOwner.status).toBeLessThan(500);
    const byProgram = await app.program(method, path, { body });
    if (TABLE[route] === "person") expect(byProgram.status).toBe(403);
    else expect([401, 403]).not.toContain(byProgram.status);
    if (route === "DELETE /api/session") await signInAgain();
  });
});

describe.each(closedRoutes.filter((route) => !route.startsWith("GET ")))("%s", (route) => {
  const { method, path, body } = split(route);

  test("does nothing for a signed-in browser on another site", async () => {
    const foreign: Record<string, string>[] = [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "none" },
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "https://evil.example", "x-flowcatch": "1" },
      {},
    ];
    for (const headers of foreign) {
      const answer = await app.anonymous(method, path, { body, headers: { cookie: app.cookie, ...headers } });
      expect(answer.body, JSON.stringify(headers)).toMatchObject({ code: "foreign-origin", status: 403 });
    }
  });

  test("works for a browser on our own pages", async () => {
    const own: (() => Record<string, string>)[] = [
      () => ({ "sec-fetch-site": "same-origin" }),
      () => ({ origin: app.deps.settings.publicUrl }),
      () => ({ origin: app.url }),
    ];
    for (const make of own) {
      const headers = make();
      const answer = await app.anonymous(method, path, { body, headers: { cookie: app.cookie, ...headers } });
      expect([401, 403], JSON.stringify(headers)).not.toContain(answer.status);
      if (route === "DELETE /api/session") await signInAgain();
    }
  });
});

async function signInAgain(): Promise<void> {
  await app.close();
  app = await startTestApp();
}

function confusions(path: string): string[] {
  const [, , ...rest] = path.split("/");
  const tail = rest.join("/");
  return [
    `${path}?/catch/x`,
    `${path}?/api/setup`,
    `${path}#/api/setup`,
    `${path};/api/setup`,
    `${path}/`,
    `${path}//`,
    `${path}/.`,
    `${path}%2f`,
    `${path}%00`,
    `${path}.json`,
    `/api/./${tail}`,
    `/api/setup/../${tail}`,
    `/api/setup/%2e%2e/${tail}`,
    `/api/setup%2f..%2f${tail}`,
    `/api//${tail}`,
    `//api/${tail}`,
    `/catch/../api/${tail}`,
    `/catch/x/..%2f..%2fapi/${tail}`,
    `/catch/%2e%2e/api/${tail}`,
    `/API/${tail}`,
    `/api/${tail.toUpperCase()}`,
    `/%61pi/${tail}`,
    `/api/openapi.json/${tail}`,
    `/healthz/../api/${tail}`,
  ];
}

test.each(["x-http-method-override", "x-http-method", "x-method-override"])(
  "the header %s changes nothing",
  async (name) => {
    const answer = await app.anonymous("POST", "/api/setup", { headers: { [name]: "GET" }, body: {} });
    expect(answer.status).toBe(400);
  },
);

describe("who was somebody", () => {
  test("a revoked token is nobody's", async () => {
    const made = await app.owner("POST", "/api/tokens", { body: { name: "short-lived" } });
    const { id, token } = made.body as { id: string; token: string };
    const headers = { authorization: `Bearer ${token}` };
    expect((await app.anonymous("GET", "/api/flows", { headers })).status).toBe(200);
    expect((await app.owner("DELETE", `/api/tokens/${id}`)).status).toBe(204);
    expect((await app.anonymous("GET", "/api/flows", { headers })).status).toBe(401);
  });

  test("the proof of `npm run token` makes one token, once, and opens nothing else", async () => {
    const proof = () => ({
      authorization: `${LOCAL_SCHEME} ${makeLocalProof(app.deps.localKey, app.deps.clock.now())}`,
    });
    const headers = proof();
    expect((await app.anonymous("POST", "/api/tokens", { headers, body: { name: "ci" } })).status).toBe(201);
    expect((await app.anonymous("POST", "/api/tokens", { headers, body: { name: "ci" } })).status).toBe(401);
    for (const route of closedRoutes.filter((r) => r !== "POST /api/tokens")) {
      const { method, path, body } = split(route);
      expect((await app.anonymous(method, path, { headers: proof(), body })).status, route).toBe(401);
    }
    const old = makeLocalProof(app.deps.localKey, app.deps.clock.now() - 31_000);
    const future = makeLocalProof(app.deps.localKey, app.deps.clock.now() + 31_000);
    const foreign = makeLocalProof(new Uint8Array(32), app.deps.clock.now());
    for (const wrong of [old, future, foreign, ""]) {
      const authorization = `${LOCAL_SCHEME} ${wrong}`;
      const answer = await app.anonymous("POST", "/api/tokens", {
        headers: { authorization },
        body: { name: "x" },
      });
      expect(answer.status).toBe(401);
    }
  });

  test("what one kind of secret opens, no other does", async () => {
    const session = app.cookie.split("=")[1] ?? "";
    const misused: Record<string, string>[] = [
      { authorization: `Bearer ${session}` },
      { cookie: `flowcatch=${app.token}`, "x-flowcatch": "1" },
      { authorization: `${LOCAL_SCHEME} ${app.token}` },
      { cookie: `__Host-flowcatch=${session}`, "x-flowcatch": "1" },
    ];
    for (const headers of misused) {
      expect((await app.anonymous("GET", "/api/flows", { headers })).status, JSON.stringify(headers)).toBe(
        401,
      );
    }
  });
});
