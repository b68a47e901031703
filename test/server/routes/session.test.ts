// Setting up the owner, signing in and out, and how long a session lasts.

import { request } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { networkOf } from "../../../server/routes/sign-in-limit.ts";
import { OWNER_PASSWORD, startTestApp, type TestApp, type TestAppOptions } from "../../kit/app.ts";
import { createFakeClock } from "../../kit/clock.ts";

let app: TestApp;
afterEach(() => app.close());

const start = async (options: TestAppOptions = {}) => {
  app = await startTestApp(options);
};
const OWNER = { email: "owner@example.com", password: OWNER_PASSWORD };
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function cookieOf(headers: Headers): string {
  return headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

describe("the owner", () => {
  test("is created once, is signed in by it, and is known from then on", async () => {
    await start({ owner: false });
    expect((await app.anonymous("GET", "/api/setup")).body).toEqual({ needsOwner: true, signedIn: null });
    const made = await app.anonymous("POST", "/api/setup", {
      body: { email: " Ada@Example.com".trim(), password: "twelve letters" },
    });
    expect(made).toMatchObject({ status: 201, body: { email: "ada@example.com", role: "owner" } });
    const cookie = cookieOf(made.headers);
    const seen = await app.anonymous("GET", "/api/setup", { headers: { cookie } });
    expect(seen.body).toEqual({ needsOwner: false, signedIn: made.body });
    const again = await app.anonymous("POST", "/api/setup", { body: OWNER });
    expect(again).toMatchObject({ status: 409, body: { code: "owner-exists" } });
  });

  test("is one, however many ask at once", async () => {
    await start({ owner: false, settings: { signIn: { perAddress: 100, perAccountAndAddress: 100 } } });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        app.anonymous("POST", "/api/setup", {
          body: { email: `user${n}@example.com`, password: "twelve letters" },
        }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([
      201,
      ...Array.from({ length: 19 }, () => 409),
    ]);
    expect(await app.deps.store.accounts.userCount()).toBe(1);
    expect(answers.filter(({ headers }) => headers.getSetCookie().length > 0)).toHaveLength(1);
  });

  test.each([
    ["flows.evil.example:3000", 403],
    ["127.0.0.1.evil.example", 403],
    ["localhost:9", 201],
    ["192.168.1.5:3000", 201],
    ["[::1]:3000", 201],
    ["nas", 201],
    ["nas.local", 201],
    ["flows.example.com", 201],
  ])("under the name %s: %i", async (host, status) => {
    await start({ owner: false, settings: { publicUrl: "http://flows.example.com" } });
    const body = JSON.stringify({ email: "ada@example.com", password: "twelve letters" });
    const headers = { host, "content-type": "application/json", "content-length": body.length };
    const got = await new Promise((resolve) => {
      request(`${app.url}/api/setup`, { method: "POST", headers }, (res) => {
        res.resume();
        resolve(res.statusCode);
      }).end(body);
    });
    expect(got).toBe(status);
  });

  test.each([
    [{ email: "not an address", password: "twelve letters" }, "email"],
    [{ email: "ada@example.com", password: "short" }, "password"],
    [{ email: { $ne: null }, password: "twelve letters" }, "email"],
    [{ email: "ada@example.com" }, "password"],
    [{}, "email"],
  ])("%j is refused by the name of the field", async (body, field) => {
    await start({ owner: false });
    const answer = await app.anonymous("POST", "/api/setup", { body });
    expect(answer).toMatchObject({ status: 400, body: { code: "invalid-request", field } });
    expect(await app.deps.store.accounts.userCount()).toBe(0);
  });
});

describe("signing in", () => {
  test("opens a session whose cookie scripts cannot read", async () => {
    await start();
    const answer = await app.anonymous("POST", "/api/session", {
      body: { ...OWNER, email: "OWNER@example.com " },
    });
    expect(answer).toMatchObject({ status: 200, body: { email: OWNER.email } });
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^flowcatch=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/),
    ]);
    const headers = { cookie: cookieOf(answer.headers) };
    expect((await app.anonymous("GET", "/api/flows", { headers })).status).toBe(200);
  });

  test("over https binds the cookie to the host", async () => {
    await start({ settings: { publicUrl: "https://flows.example.com" } });
    const answer = await app.anonymous("POST", "/api/session", { body: OWNER });
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-flowcatch=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure$/,
      ),
    ]);
    const headers = { cookie: cookieOf(answer.headers) };
    expect((await app.anonymous("GET", "/api/flows", { headers })).status).toBe(200);
    const plain = { cookie: headers.cookie.replace("__Host-", "") };
    expect((await app.anonymous("GET", "/api/flows", { headers: plain })).status).toBe(401);
  });

  test("stores no secret in plain", async () => {
    await start();
    const answer = await app.anonymous("POST", "/api/session", { body: OWNER });
    const secret = cookieOf(answer.headers).split("=")[1] ?? "";
    expect(await app.deps.store.accounts.session(secret)).toBeNull();
    expect(app.logged.join("")).not.toContain(secret);
    expect(app.logged.join("")).not.toContain(OWNER_PASSWORD);
  });

  test("ends the session that came with it", async () => {
    await start();
    const answer = await app.owner("POST", "/api/session", { body: OWNER });
    expect(answer.status).toBe(200);
    expect((await app.owner("GET", "/api/flows")).status).toBe(401);
  });

  test("says the same of a wrong password and an unknown account", async () => {
    await start();
    const wrong = await app.anonymous("POST", "/api/session", { body: { ...OWNER, password: "wrong" } });
    const unknown = await app.anonymous("POST", "/api/session", {
      body: { ...OWNER, email: "x@example.com" },
    });
    expect(wrong).toMatchObject({ status: 401, body: { code: "sign-in-refused" } });
    expect(unknown.text).toBe(wrong.text);
    expect(wrong.headers.getSetCookie()).toEqual([]);
  });

  test("is not for another site to do", async () => {
    await start();
    const headers = { origin: "https://evil.example" };
    expect((await app.anonymous("POST", "/api/session", { body: OWNER, headers })).status).toBe(403);
  });

  test("is slowed down: five wrong ones for an account, then 429 with when to come again", async () => {
    await start();
    const attempt = (password: string) =>
      app.anonymous("POST", "/api/session", { body: { ...OWNER, password } });
    for (let n = 0; n < 5; n++) expect((await attempt("wrong")).status).toBe(401);
    const sixth = await attempt(OWNER_PASSWORD);
    expect(sixth).toMatchObject({ status: 429, body: { code: "too-many-attempts" } });
    const wait = Number(sixth.headers.get("retry-after"));
    expect(wait).toBeGreaterThan(800);
    expect(wait).toBeLessThanOrEqual(900);
  });

  test("is slowed down per address, whichever the account", async () => {
    await start({ settings: { signIn: { perAddress: 3 } } });
    const statuses: number[] = [];
    for (const email of ["a@example.com", "b@example.com", "c@example.com", "d@example.com"]) {
      statuses.push((await app.anonymous("POST", "/api/session", { body: { ...OWNER, email } })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429]);
  });

  test("cannot be had more often by claiming other addresses", async () => {
    await start({ settings: { signIn: { perAddress: 2 } } });
    const statuses: number[] = [];
    for (const n of [1, 2, 3]) {
      const headers = { "x-forwarded-for": `203.0.113.${n}`, "x-real-ip": `203.0.113.${n}` };
      statuses.push(
        (await app.anonymous("POST", "/api/session", { body: { email: "", password: "" }, headers })).status,
      );
    }
    expect(statuses).toEqual([401, 401, 429]);
  });

  test("behind a proxy counts the address that the proxy saw", async () => {
    await start({ settings: { trustProxy: 1, signIn: { perAddress: 1 } } });
    const from = async (chain: string) => {
      const headers = { "x-forwarded-for": chain };
      return (await app.anonymous("POST", "/api/session", { body: { email: "", password: "" }, headers }))
        .status;
    };
    expect(await from("203.0.113.1")).toBe(401);
    expect(await from("203.0.113.2")).toBe(401);
    expect(await from("198.51.100.7, 203.0.113.2")).toBe(429);
  });

  test("forgets the failures of the one who got in", async () => {
    await start();
    const attempt = (password: string) =>
      app.anonymous("POST", "/api/session", { body: { ...OWNER, password } });
    for (let n = 0; n < 4; n++) await attempt("wrong");
    expect((await attempt(OWNER_PASSWORD)).status).toBe(200);
    expect((await attempt("wrong")).status).toBe(401);
    expect((await attempt(OWNER_PASSWORD)).status).toBe(200);
  });
});

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["::ffff:203.0.113.9", "203.0.113.9"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2::", "2001:db8:1:2::/64"],
  ["2001:0db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["64:ff9b::203.0.113.9", "64:ff9b:0:0::/64"],
])("the address %s counts as %s", async (address, network) => {
  await start({ owner: false });
  expect(networkOf(address)).toBe(network);
});

describe("a session", () => {
  const alive = async () => (await app.owner("GET", "/api/flows")).status === 200;

  test("lasts while it is used, and ends after seven idle days", async () => {
    const clock = createFakeClock();
    await start({ clock });
    await clock.advance(6 * DAY);
    expect(await alive()).toBe(true);
    await clock.advance(6 * DAY);
    expect(await alive()).toBe(true);
    await clock.advance(7 * DAY);
    expect(await alive()).toBe(false);
    expect(await alive()).toBe(false);
  });

  test("ends after thirty days, used or not", async () => {
    const clock = createFakeClock();
    await start({ clock });
    for (let day = 0; day < 29; day++) {
      await clock.advance(DAY);
      expect(await alive()).toBe(true);
    }
    await clock.advance(DAY);
    expect(await alive()).toBe(false);
  });

  test("is written down as used once a minute", async () => {
    const clock = createFakeClock();
    const touched: number[] = [];
    await start({
      clock,
      wrapStore: (store) => ({
        ...store,
        accounts: {
          ...store.accounts,
          touchSession: async (hash, at) => {
            touched.push(at);
            await store.accounts.touchSession(hash, at);
          },
        },
      }),
    });
    for (let n = 0; n < 10; n++) {
      await clock.advance(30_000);
      await alive();
    }
    expect(touched).toHaveLength(5);
  });

  test("ends with signing out, and its cookie goes", async () => {
    await start();
    const answer = await app.owner("DELETE", "/api/session");
    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(/^flowcatch=; .*Max-Age=0/)]);
    expect(await alive()).toBe(false);
  });
});

describe("a token", () => {
  test("is shown once and known by its tail", async () => {
    await start();
    const made = await app.owner("POST", "/api/tokens", { body: { name: " CI " } });
    const { token, id, tail } = made.body as Record<string, string>;
    expect(made.status).toBe(201);
    expect(token).toMatch(/^fc_[0-9a-z]{6}_[\w-]{43}_[0-9a-f]{8}$/);
    expect(token?.endsWith(tail ?? "-")).toBe(true);
    const list = await app.owner("GET", "/api/tokens");
    expect(list.text).not.toContain(token);
    expect(list.body).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ id, name: "CI" })]),
    });
    expect(app.logged.join("")).not.toContain(token);
  });

  test("says when it was last used, to the minute", async () => {
    const clock = createFakeClock();
    await start({ clock });
    await app.program("GET", "/api/flows");
    const first = clock.now();
    await clock.advance(30_000);
    const list = await app.program("GET", "/api/tokens");
    expect(list.body).toMatchObject({ items: [{ name: "test", lastUsedAt: first }] });
  });

  test("cannot make or revoke tokens", async () => {
    await start();
    const made = await app.program("POST", "/api/tokens", { body: { name: "more" } });
    expect(made).toMatchObject({ status: 403, body: { code: "session-needed" } });
    expect((await app.program("DELETE", "/api/tokens/tok_1")).status).toBe(403);
  });
});
