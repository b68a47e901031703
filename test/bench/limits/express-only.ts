// Limit a: Express reads JSON and answers. What no server on Express can be faster than.

import express from "express";
import { listenFor } from "./listen.ts";

const app = express();
app.post("/hook", express.json(), (_req, res) => {
  res.status(202).json({ ok: true });
});
listenFor(app);
