// What a run of two steps asks of the database and of Redis, counted on the wire between them and the real server.

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type Started, startServer } from "../../../server/start.ts";
import { mapStep, publish, sendStep } from "../../bench/product.ts";
import { signIn } from "../../kit/api.ts";
import { graph } from "../../kit/graph.ts";
import { type MongoProxy, startProxy } from "../../kit/mongo/proxy.ts";
import { type Mongo, startMongo } from "../../kit/mongo.ts";
import { OWNER } from "../../kit/process.ts";
import { startRedis, type TestRedis } from "../../kit/redis.ts";
import { type HttpTarget, startHttpTarget } from "../../kit/targets.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 600_000 });
/** Leases, sweeps and the figures of minutes come beside them: fewer than once a run. */
const RUNS = 200;

let mongo: Mongo;
let redis: TestRedis;
let proxy: MongoProxy;
let target: HttpTarget;
let folder: string;
const servers: Started[] = [];

beforeAll(async () => {
  [mongo, redis] = await Promise.all([startMongo({ own: true }), startRedis({ own: true })]);
  proxy = await startProxy(mongo.url);
  target = await startHttpTarget();
  folder = mkdtempSync(join(tmpdir(), "flowcatch-calls-"));
  const env = {
    PORT: "0",
    DATA_DIR: folder,
    LOG_LEVEL: "silent",
    MONGO_URL: proxy.url,
    REDIS_URL: redis.url,
    ENCRYPTION_KEY: randomBytes(32).toString("base64"),
    OWNER_EMAIL: OWNER.email,
    OWNER_PASSWORD: OWNER.password,
    ALLOW_NETWORKS: "127.0.0.0/8",
  };
  for (const ROLE of ["web", "worker"]) servers.push(await startServer({ ...env, ROLE }));
});
afterAll(async () => {
  for (const server of servers) await server.stop();
  await Promise.all([target?.close(), proxy?.close()]);
  await Promise.all([mongo?.close(), redis?.close()]);
  rmSync(folder, { recursive: true, force: true });
});

it("is one insert, one claim and one record a run, at most one read, and three messages", async () => {
  const web = servers[0]?.url ?? "";
  const client = await signIn(web, OWNER.email, OWNER.password);
  const send = { ...sendStep(`${target.url}/orders`, "map") };
  const flow = await publish(client, "Counted", graph("trigger -> map -> send", { map: mapStep(), send }));
  const order = { name: "#1", email: "A@example.com", current_total_price: "1", currency: "EUR" };
  const post = async () => {
    const body = JSON.stringify({ ...order, cart_token: "t", customer: { first_name: "Ada" } });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(flow.catchUrl, { method: "POST", headers, body });
    expect([answer.status, await answer.text()]).toEqual([202, expect.stringContaining("runId")]);
  };
  const arrived = (count: number) =>
    vi.waitFor(() => expect(target.requests).toHaveLength(count), { timeout: 60_000, interval: 50 });
  await post();
  await arrived(1);

  const before = new Map(proxy.calls);
  await redis.client.config("RESETSTAT");
  for (let i = 0; i < RUNS; i++) {
    if (i % 10 === 0) await arrived(1 + i);
    await post();
  }
  await arrived(1 + RUNS);
  const published = await calls("publish");
  // so that everything is written down
  for (const server of servers.splice(0).reverse()) await server.stop();
  expect(callsPerRun()).toEqual({
    "find flows": 1,
    "insert runs": 1,
    "findAndModify runs": 1,
    "update runs": 1,
  });
  expect(published / RUNS).toBeLessThanOrEqual(3.1);

  /** Whole ones: what comes less often than once a run is none of its own. */
  function callsPerRun(): Record<string, number> {
    const each = [...proxy.calls].map(([call, count]): [string, number] => [
      call,
      Math.floor((count - (before.get(call) ?? 0)) / RUNS),
    ]);
    return Object.fromEntries(each.filter(([, count]) => count > 0));
  }
});

async function calls(command: string): Promise<number> {
  const info = await redis.client.info("commandstats");
  return Number(new RegExp(`^cmdstat_${command}:calls=(\\d+)`, "m").exec(info)?.[1] ?? 0);
}
