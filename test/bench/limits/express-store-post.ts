// Limit c: as b, then six fields go on to the sink and what became of it is a second row. No retries, no engine.
// `express-store-post.ts <database file> <sink> [posts, one after another]`

import express from "express";
import { Pool } from "undici";
import { openWith } from "./group-commit.ts";
import { listenFor } from "./listen.ts";

const [, , path = "", sink = "", posts = "1"] = process.argv;
const prepare = openWith(
  path,
  `CREATE TABLE events (id INTEGER PRIMARY KEY, at REAL NOT NULL, body TEXT NOT NULL) STRICT;
   CREATE TABLE results (id INTEGER PRIMARY KEY, event_id INTEGER NOT NULL, status INTEGER NOT NULL, input TEXT NOT NULL,
     output TEXT NOT NULL, started_at REAL NOT NULL, finished_at REAL NOT NULL) STRICT`,
);
const insertEvent = prepare("INSERT INTO events (at, body) VALUES (?, ?)");
const insertResult = prepare("INSERT INTO results VALUES (NULL, ?, ?, ?, ?, ?, ?)");
const { origin, pathname } = new URL(sink);
const pool = new Pool(origin, { connections: 50, pipelining: 1 });

const app = express();
app.post("/hook", express.json(), async (req, res) => {
  const id = await insertEvent([Date.now(), JSON.stringify(req.body)]);
  res.status(202).json({ id });
  for (let left = Number(posts); left > 0; left--) await sendOn(id, req.body);
});
listenFor(app);

async function sendOn(id: number, order: Record<string, Record<string, unknown>>): Promise<void> {
  const startedAt = Date.now();
  const input = JSON.stringify({
    order: order.name,
    email: String(order.email).toLowerCase(),
    total: Number(order.current_total_price),
    currency: order.currency,
    customer: { name: order.customer?.first_name },
    mark: order.cart_token,
  });
  const answer = await pool.request({
    path: pathname,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: input,
  });
  const output = await answer.body.text();
  await insertResult([id, answer.statusCode, input, output, startedAt, Date.now()]);
}
