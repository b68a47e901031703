// Several processes on one MongoDB and one Redis: web and worker apart, restarted one after the other under load.

import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Client, signIn } from "../kit/api.ts";
import { graph, type StepChange } from "../kit/graph.ts";
import { type Mongo, startMongo } from "../kit/mongo.ts";
import { OWNER, type Program, startProgram } from "../kit/process.ts";
import { startRedis, type TestRedis } from "../kit/redis.ts";
import { type HttpTarget, startHttpTarget } from "../kit/targets.ts";

let mongo: Mongo;
let redis: TestRedis;
let target: HttpTarget;
let programs: Program[];

beforeAll(async () => {
  [mongo, redis] = await Promise.all([startMongo({ own: true }), startRedis({ own: true })]);
});
afterAll(() => Promise.all([mongo.close(), redis.close()]));
beforeEach(async () => {
  target = await startHttpTarget();
  programs = [];
});
afterEach(async () => {
  await Promise.all(programs.map((program) => program.close()));
  await target.close();
  await redis.flush();
});

type Role = "all" | "web" | "worker";

/** One process for each role, on an empty database. The first creates the owner. */
async function startRoles(...roles: Role[]): Promise<Program[]> {
  const settings = {
    MONGO_URL: mongo.another(),
    REDIS_URL: redis.url,
    ENCRYPTION_KEY: randomBytes(32).toString("base64"),
  };
  for (const ROLE of roles) programs.push(await startProgram({ ...settings, ROLE }));
  return programs;
}

const call = (path: string): StepChange => ({
  uses: "http.request",
  input: {
    method: "POST",
    url: `${target.url}/${path}`,
    bodyType: "json",
    json: { n: "{{trigger.body.n}}" },
  },
});

async function publish(client: Client) {
  const made = graph("trigger -> one -> two", { one: call("one"), two: call("two") });
  const { id } = await client("createFlow", { body: { name: "Shared", graph: made } });
  return client("publishFlow", { params: { id }, body: {} });
}

function post(program: Program, catchUrl: string, body: unknown): Promise<Response> {
  return fetch(new URL(new URL(catchUrl).pathname, program.url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
}

async function untilEnded(client: Client, flowId: string, count: number, seconds = 60) {
  const statuses = new Map<string, string>();
  for (const end = Date.now() + seconds * 1_000; Date.now() < end; ) {
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: { items: { id: string; status: string }[]; next: string | null } = await client("runs", {
        query: { flowId, limit: 200, ...(cursor ? { cursor } : {}) },
      });
      for (const { id, status } of page.items) statuses.set(id, status);
      cursor = page.next;
    }
    const ended = [...statuses.values()].filter((status) => status === "succeeded").length;
    if (ended >= count && ended === statuses.size) return statuses;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return statuses;
}

describe("web and worker apart", () => {
  test("what one web process was told, the other knows, and a worker does", async () => {
    const [first, second, worker] = await startRoles("web", "web", "worker");
    if (!first || !second || !worker) throw new Error("three were started");
    const flow = await publish(await signIn(first.url, OWNER.email, OWNER.password));
    const client = await signIn(second.url, OWNER.email, OWNER.password);
    const answers = [];
    for (let n = 0; n < 20; n++)
      answers.push(await (await post(n % 2 ? first : second, flow.catchUrl, { n })).json());
    const statuses = await untilEnded(client, flow.id, 20);
    expect(answers.map(({ runId }) => statuses.get(runId))).toEqual(answers.map(() => "succeeded"));
    expect(target.requests.filter(({ path }) => path === "/two")).toHaveLength(20);

    const health = await client("health", {});
    expect(health).toMatchObject({ store: "MongoDB", queue: "Redis" });
    const { ok, status } = await fetch(`${worker.url}/readyz`);
    expect([ok, status]).toEqual([true, 200]);
    for (const path of ["/", "/api/flows", new URL(flow.catchUrl).pathname])
      expect([path, (await fetch(worker.url + path)).status]).toEqual([path, 404]);
  });

  test("an answer that a worker makes reaches the caller who waits at a web process", async () => {
    const [web] = await startRoles("web", "worker");
    if (!web) throw new Error("it was started");
    const client = await signIn(web.url, OWNER.email, OWNER.password);
    const made = graph("trigger -> say", {
      say: { uses: "logic.respond", input: { json: { got: "{{trigger.body.n}}" } } },
    });
    const { id } = await client("createFlow", { body: { name: "Answers", graph: made } });
    const flow = await client("publishFlow", { params: { id }, body: {} });
    const answer = await post(web, flow.catchUrl, { n: 7 });
    expect([answer.status, await answer.json()]).toEqual([200, { got: 7 }]);
  });

  test("how many runs go on at a time, and one customer's in order, hold for all processes together", async () => {
    const [first, second] = await startRoles("web", "web", "worker", "worker");
    if (!first || !second) throw new Error("they were started");
    let underWay = 0;
    let most = 0;
    const open = new Map<string, number>();
    const begun: { customer: string; n: number }[] = [];
    const together: string[] = [];
    target.answer = async ({ body }) => {
      const { customer, n } = JSON.parse(body) as { customer: string; n: number };
      begun.push({ customer, n });
      most = Math.max(most, ++underWay);
      open.set(customer, (open.get(customer) ?? 0) + 1);
      if ((open.get(customer) ?? 0) > 1) together.push(customer);
      await new Promise((resolve) => setTimeout(resolve, 60));
      open.set(customer, (open.get(customer) ?? 0) - 1);
      underWay--;
      return {};
    };
    const client = await signIn(first.url, OWNER.email, OWNER.password);
    const json = { customer: "{{trigger.body.customer}}", n: "{{trigger.body.n}}" };
    const input = { method: "POST", url: `${target.url}/call`, bodyType: "json", json };
    const made = graph("trigger -> call", { call: { uses: "http.request", input } });
    const { id } = await client("createFlow", { body: { name: "In line", graph: made } });
    const settings = { atOnce: 3, oneAtATimeBy: "body.customer" };
    await client("setCatching", { params: { id }, body: { settings } });
    const flow = await client("publishFlow", { params: { id }, body: {} });
    for (let n = 0; n < 60; n++) {
      const answer = await post(n % 2 ? first : second, flow.catchUrl, { customer: `c${n % 5}`, n });
      expect(answer.status).toBe(202);
    }
    const statuses = await untilEnded(client, id, 60);
    expect([...statuses.values()]).toEqual(Array(60).fill("succeeded"));
    expect(together).toEqual([]);
    expect(most).toBe(3);
    for (let c = 0; c < 5; c++) {
      const mine = begun.filter(({ customer }) => customer === `c${c}`).map(({ n }) => n);
      expect(mine).toEqual(mine.toSorted((a, b) => a - b));
    }
  });

  test("a restart of every process, one after the other under load, loses nothing and repeats nothing", async () => {
    const all = await startRoles("web", "web", "worker", "worker");
    const [first, second] = all;
    if (!first || !second) throw new Error("they were started");
    const flow = await publish(await signIn(first.url, OWNER.email, OWNER.password));
    const acked: string[] = [];
    let stop = false;
    let n = 0;
    const send = async () => {
      while (!stop) {
        const mine = n++;
        // as a proxy does: the other one, when one does not answer
        for (const web of mine % 2 ? [first, second] : [second, first]) {
          const answer = await post(web, flow.catchUrl, { n: mine }).catch(() => null);
          if (answer?.status !== 202) continue;
          acked.push(((await answer.json()) as { runId: string }).runId);
          break;
        }
      }
    };
    const senders = Array.from({ length: 4 }, send);
    for (const program of all) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await program.terminate()).toBe(0);
      await program.restart();
    }
    stop = true;
    await Promise.all(senders);
    expect(acked.length).toBeGreaterThan(50);
    const client = await signIn(first.url, OWNER.email, OWNER.password);
    const statuses = await untilEnded(client, flow.id, acked.length);
    expect(acked.filter((id) => statuses.get(id) !== "succeeded")).toEqual([]);
    const keys = target.requests.map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toHaveLength(new Set(keys).size);
  }, 180_000);

  test("with Redis gone a web process still takes events, says so, and they are carried on when it is back", async () => {
    const [web, worker] = await startRoles("web", "worker");
    if (!web || !worker) throw new Error("they were started");
    const client = await signIn(web.url, OWNER.email, OWNER.password);
    const flow = await publish(client);
    await redis.kill9();
    const acked: string[] = [];
    for (let n = 0; n < 5; n++) {
      const answer = await post(web, flow.catchUrl, { n });
      expect(answer.status).toBe(202);
      acked.push(((await answer.json()) as { runId: string }).runId);
    }
    const webReady = await fetch(`${web.url}/readyz`);
    expect(await webReady.json()).toEqual({ ok: true, store: "ok", queue: "The queue cannot be used now." });
    const ready = await fetch(`${worker.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.text()).toContain("The queue cannot be used now.");
    await redis.restart();
    const statuses = await untilEnded(client, flow.id, 5, 90);
    expect(acked.map((id) => statuses.get(id))).toEqual(acked.map(() => "succeeded"));
  }, 180_000);

  test("with the database gone a catch URL says so within 5 s, and works again when it is back", async () => {
    const [web] = await startRoles("all");
    if (!web) throw new Error("it was started");
    const client = await signIn(web.url, OWNER.email, OWNER.password);
    const flow = await publish(client);
    expect((await post(web, flow.catchUrl, { n: 1 })).status).toBe(202);
    await mongo.kill9();
    const answer = await post(web, flow.catchUrl, { n: 2 });
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
    const ready = await fetch(`${web.url}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining("database")]);
    await mongo.restart();
    let status = 0;
    for (let i = 0; i < 60 && status !== 202; i++) {
      status = (await post(web, flow.catchUrl, { n: 3 })).status;
      if (status !== 202) await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(status).toBe(202);
    const statuses = await untilEnded(client, flow.id, 2);
    expect([...statuses.values()]).toEqual(["succeeded", "succeeded"]);
  }, 120_000);
});

test("two processes with another key do not start, and say which setting is wrong", async () => {
  const settings = { MONGO_URL: mongo.another(), REDIS_URL: redis.url };
  const key = () => randomBytes(32).toString("base64");
  programs.push(await startProgram({ ...settings, ENCRYPTION_KEY: key() }));
  await expect(startProgram({ ...settings, ENCRYPTION_KEY: key() })).rejects.toThrow(/ENCRYPTION_KEY/);
});
