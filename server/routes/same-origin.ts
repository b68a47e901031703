// Refuses what another web site makes a signed-in browser send.

import type { Request } from "express";
import { hasSessionCookie } from "./caller.ts";
import type { RouteDeps } from "./deps.ts";
import { ProblemAnswer } from "./problem.ts";

/** For programs that are no browser and use a session all the same. */
const OWN_HEADER = "x-flowcatch";

/**
 * Throws a 403 when a request that changes something may come from another site. Browsers say so in Sec-Fetch-Site,
 * older ones in Origin; a cookie without either needs our own header, which no other site can make a browser send.
 * Requests with a token are nobody's but the program's own.
 */
export function refuseForeign(deps: RouteDeps, req: Request): void {
  if (req.method === "GET" || req.method === "HEAD" || req.headers.authorization !== undefined) return;
  const site = req.headers["sec-fetch-site"];
  if (site !== undefined) {
    if (site !== "same-origin") throw FOREIGN;
    return;
  }
  const { origin } = req.headers;
  if (origin !== undefined) {
    if (origin !== deps.settings.publicUrl && origin !== ownOrigin(req)) throw FOREIGN;
    return;
  }
  if (hasSessionCookie(deps, req) && req.headers[OWN_HEADER] !== "1") throw FOREIGN;
}

function ownOrigin(req: Request): string {
  return `${req.protocol}://${req.headers.host ?? ""}`;
}

const FOREIGN = new ProblemAnswer(403, {
  code: "foreign-origin",
  sentence: "This request comes from another web site.",
  hint: `Programs use an API token, or send the header “${OWN_HEADER}: 1” along with the session.`,
});
