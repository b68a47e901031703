// What the small programs beside which the server is measured have in common: a port, and saying which.

import type { Express } from "express";
import { answer } from "../child.ts";

export function listenFor(app: Express): void {
  const server = app.listen(0, "127.0.0.1", () => {
    const address = server.address();
    answer({ url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/hook` });
  });
  server.keepAliveTimeout = 60_000;
}
