// How a catch URL answers by its flow's settings, over real HTTP: browsers, proxies, limits, answers.

import { createHmac } from "node:crypto";
import { request } from "node:http";
import { afterEach, expect, test } from "vitest";
import type { FlowView } from "../../../shared/api-views.ts";
import { type Answer, startTestApp, type TestApp, type TestAppOptions } from "../../kit/app.ts";
import { liveFlow } from "../../kit/flows.ts";

type Steps = Parameters<typeof liveFlow>[1];

let app: TestApp;
let flow: FlowView;
let path: string;
afterEach(() => app.close());

async function start(settings: object, options: TestAppOptions & { secrets?: string[]; made?: Steps } = {}) {
  const { secrets, made, ...rest } = options;
  app = await startTestApp(rest);
  flow = await liveFlow(app, made);
  path = new URL(flow.catchUrl).pathname;
  const body = { settings, ...(secrets ? { secrets } : {}) };
  const answer = await app.owner("PUT", `/api/flows/${flow.id}/catching`, { body });
  if (answer.status !== 200) throw new Error(answer.text);
}

const post = (headers: Record<string, string> = {}, body: unknown = {}): Promise<Answer> =>
  app.anonymous("POST", path, { headers, body });

test("a page may read the answer if its origin is one of those that may, and a browser may ask before", async () => {
  await start({ cors: { allow: "some", origins: ["https://shop.example"] }, methods: ["POST"] });
  const answer = await post({ origin: "https://shop.example" });
  expect(answer.headers.get("access-control-allow-origin")).toBe("https://shop.example");
  expect(answer.headers.get("vary")).toContain("Origin");
  const other = await post({ origin: "https://other.example" });
  expect([other.status, other.headers.get("access-control-allow-origin")]).toEqual([202, null]);
  const asked = await app.anonymous("OPTIONS", path, { headers: { origin: "https://shop.example" } });
  expect(asked.headers.get("access-control-allow-methods")).toBe("POST, HEAD, OPTIONS");
  expect(asked.headers.get("access-control-allow-origin")).toBe("https://shop.example");
  expect(asked.headers.get("access-control-allow-credentials")).toBeNull();
});

test("with no browsers no page may read anything", async () => {
  await start({ cors: { allow: "none" } });
  expect(
    (await post({ origin: "https://shop.example" })).headers.get("access-control-allow-origin"),
  ).toBeNull();
});

test("every page may by default, and who sends no origin hears nothing of it", async () => {
  await start({});
  expect((await post({ origin: "null" })).headers.get("access-control-allow-origin")).toBe("*");
  expect((await post()).headers.get("access-control-allow-origin")).toBeNull();
});

test("behind a trusted proxy the list of addresses is about the sender, and nobody else's word is believed", async () => {
  const settings = { allowedAddresses: ["203.0.113.7"] };
  await start(settings, { settings: { trustProxy: 1 } });
  expect((await post({ "x-forwarded-for": "203.0.113.7" })).status).toBe(202);
  expect((await post({ "x-forwarded-for": "203.0.113.7, 198.51.100.1" })).status).toBe(403);
  expect((await post()).status).toBe(403);
  await app.close();
  await start(settings, { settings: { trustProxy: ["127.0.0.1"] } });
  expect((await post({ "x-forwarded-for": "203.0.113.7" })).status).toBe(202);
  await app.close();
  await start(settings);
  expect((await post({ "x-forwarded-for": "203.0.113.7" })).status).toBe(403);
});

test("too many are told when to come again, in whole seconds", async () => {
  await start({ rate: { perSecond: 1, burst: 2 } });
  const answers = [await post(), await post(), await post()];
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 429]);
  expect(answers[2]?.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
  expect(answers[2]?.body).toMatchObject({ code: "too-many-requests" });
});

test("a method that is not taken is answered with those that are", async () => {
  await start({ methods: ["POST", "PUT"] });
  const answer = await app.anonymous("DELETE", path);
  expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST, PUT"]);
});

test("a body over the flow's limit is refused before it is read to its end", async () => {
  await start({ maxBytes: 1_000 });
  const answer = await post({}, "x".repeat(50_000));
  expect(answer.status).toBe(413);
  expect((await post({}, "x".repeat(2_000))).status).toBe(413);
  const { items } = (await app.owner("GET", "/api/deliveries")).body as { items: object[] };
  expect(items).toMatchObject([
    { verdict: "refused", status: 413, bytes: 2_000, problem: { code: "too-large" } },
    { verdict: "refused", status: 413, bytes: 50_000, problem: { code: "too-large" } },
  ]);
});

test("the sender may wait for the end of the run", async () => {
  await start({ answer: { when: "finished" } }, { worker: true });
  const answer = await post();
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ status: "succeeded", runId: expect.stringMatching(/^run_/) });
});

test("the sender may wait for nothing, though the flow answers by itself", async () => {
  const made = { answer: { uses: "logic.respond", input: { status: 201, body: "Hello" } } };
  await start({ answer: { when: "at-once" } }, { worker: true, made });
  expect((await post()).status).toBe(202);
});

test("a fixed answer is no page of this address, whatever the sender put into it", async () => {
  const headers = { "content-type": "text/html" };
  await start({ answer: { when: "fixed", status: 200, headers, body: "Hi {{trigger.body.name}}" } });
  const answer = await post({}, { name: "<script>alert(1)</script>" });
  expect(answer.text).toBe("Hi <script>alert(1)</script>");
  expect(answer.headers.get("content-security-policy")).toContain("sandbox");
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
});

test("a handshake is answered as text of nowhere, before there is any run", async () => {
  await start({});
  const answer = await app.anonymous("POST", `${path}?validationToken=${encodeURIComponent("abc: 1")}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toMatch(/^text\/plain/);
  expect(answer.headers.get("content-security-policy")).toContain("sandbox");
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
});

test("URLs that are signed are those that PUBLIC_URL names, whatever the request says of its host", async () => {
  const publicUrl = "https://flows.example";
  const verification = { kind: "preset", preset: "square" };
  await start({ verification }, { settings: { publicUrl }, secrets: ["signature-key"] });
  const body = '{"event_id":"1"}';
  const sign = (url: string) =>
    createHmac("sha256", "signature-key")
      .update(url + body)
      .digest("base64");
  const send = (url: string) =>
    app.anonymous("POST", path, {
      body,
      headers: {
        "content-type": "application/json",
        "x-forwarded-host": "evil.example",
        "x-square-hmacsha256-signature": sign(url),
      },
    });
  expect((await send(`${publicUrl}${path}`)).status).toBe(202);
  expect((await send(`https://evil.example${path}`)).status).toBe(401);
  expect((await send(`${app.url}${path}`)).status).toBe(401);
});

test("a signature that comes in two headers is refused, though both are right", async () => {
  await start({ verification: { kind: "preset", preset: "stripe" } }, { secrets: ["whsec_s"] });
  const time = Math.floor(Date.now() / 1_000);
  const signature = `t=${time},v1=${createHmac("sha256", "whsec_s").update(`${time}.{}`).digest("hex")}`;
  const send = (signatures: string[]) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = { "content-type": "application/json", "stripe-signature": signatures };
      // `fetch` would make one header of two.
      const asked = request(`${app.url}${path}`, { method: "POST", headers, agent: false }, (answer) => {
        answer.resume().once("end", () => resolve(answer.statusCode));
      });
      asked.once("error", reject).end("{}");
    });
  expect([await send([signature]), await send([signature, signature])]).toEqual([202, 401]);
  const { body } = await app.owner("GET", "/api/deliveries?verdict=refused");
  const [refused] = (body as { items: { problem: { sentence: string } }[] }).items;
  expect(refused?.problem.sentence).toContain("stripe-signature more than once");
});
