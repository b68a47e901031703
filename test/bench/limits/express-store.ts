// Limit b: one row on disk for each request, answered after the commit. `express-store.ts <database file>`

import express from "express";
import { openWith } from "./group-commit.ts";
import { listenFor } from "./listen.ts";

const insert = openWith(
  process.argv[2] ?? "",
  "CREATE TABLE events (id INTEGER PRIMARY KEY, at REAL NOT NULL, body TEXT NOT NULL) STRICT",
)("INSERT INTO events (at, body) VALUES (?, ?)");

const app = express();
app.post("/hook", express.json(), async (req, res) => {
  const id = await insert([Date.now(), JSON.stringify(req.body)]);
  res.status(202).json({ id });
});
listenFor(app);
