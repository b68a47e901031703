// Which pages may call a catch URL from a browser. No cookie counts there, so a page can do no more than curl.

import type { ServerResponse } from "node:http";
import type { CatchSettings } from "../../shared/catching.ts";

/** Lets the page of this origin read the answer, if the flow's settings let it. */
export function allowOrigin(res: ServerResponse, cors: CatchSettings["cors"], origin: string): void {
  if (cors.allow === "all") res.setHeader("Access-Control-Allow-Origin", "*");
  if (cors.allow !== "some") return;
  res.setHeader("Vary", "Origin");
  if (cors.origins.includes(origin)) res.setHeader("Access-Control-Allow-Origin", origin);
}

/** What a browser wants to know before it sends. */
export function allowRequests(res: ServerResponse, methods: string): void {
  res.setHeader("Access-Control-Allow-Methods", methods);
  res.setHeader("Access-Control-Allow-Headers", "*");
  res.setHeader("Access-Control-Max-Age", "7200");
}
