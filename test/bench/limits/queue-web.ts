// Limit q, its front: one document in the store for each request, answered when it is there, and one job in BullMQ.
// `queue-web.ts <store> <redis>`

import { randomUUID } from "node:crypto";
import { Queue } from "bullmq";
import express from "express";
import { listenFor } from "./listen.ts";
import { openEvents, openRedis, PREFIX, QUEUE } from "./queue-work.ts";

const [, , storeUrl = "", redisUrl = ""] = process.argv;
const events = await openEvents(storeUrl);
const queue = new Queue(QUEUE, { connection: openRedis(redisUrl), prefix: PREFIX });

const app = express();
app.post("/hook", express.json(), async (req, res) => {
  const _id = randomUUID();
  await events.insertOne({ _id, at: Date.now(), body: JSON.stringify(req.body), status: "queued" });
  res.status(202).json({ id: _id });
  // As the server does it: the event is safe, so its sender does not wait for the job.
  await queue.add("order", { ref: _id }, { removeOnComplete: true });
});
listenFor(app);
