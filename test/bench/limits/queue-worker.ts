// Limit q, behind its front: takes a job, claims its document, sends six fields on and writes what became of it. No
// retries, no leases, no engine. `queue-worker.ts <store> <redis> <sink>`

import { Worker } from "bullmq";
import { Pool } from "undici";
import { z } from "zod";
import { answer } from "../child.ts";
import { openEvents, openRedis, PREFIX, QUEUE } from "./queue-work.ts";

/** As many as a worker of the server has in hand. */
const CONCURRENCY = 100;
const Ref = z.object({ ref: z.string() });

const [, , storeUrl = "", redisUrl = "", sink = ""] = process.argv;
const events = await openEvents(storeUrl);
const { origin, pathname } = new URL(sink);
const pool = new Pool(origin, { connections: 50, pipelining: 1 });

const worker = new Worker(QUEUE, (job) => handle(Ref.parse(job.data).ref), {
  connection: openRedis(redisUrl),
  prefix: PREFIX,
  concurrency: CONCURRENCY,
});
await worker.waitUntilReady();
answer({});

async function handle(_id: string): Promise<void> {
  const startedAt = Date.now();
  const event = await events.findOneAndUpdate(
    { _id, status: "queued" },
    { $set: { status: "running", startedAt } },
  );
  if (!event) return;
  const order: Record<string, Record<string, unknown>> = JSON.parse(event.body);
  const input = JSON.stringify({
    order: order.name,
    email: String(order.email).toLowerCase(),
    total: Number(order.current_total_price),
    currency: order.currency,
    customer: { name: order.customer?.first_name },
    mark: order.cart_token,
  });
  const response = await pool.request({
    path: pathname,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: input,
  });
  const output = await response.body.text();
  await events.updateOne({ _id }, { $set: { status: "done", input, output, finishedAt: Date.now() } });
}
