// The figures for a Prometheus. Closed by default: the owner may read them, and whoever has METRICS_TOKEN.

import { createHash, timingSafeEqual } from "node:crypto";
import { type Request, Router } from "express";
import { identify } from "./caller.ts";
import type { RouteDeps } from "./deps.ts";
import { NOBODY } from "./problem.ts";

export function createMetricsRouter(deps: RouteDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get("/metrics", async (req, res) => {
    if (!hasMetricsToken(deps, req) && !(await identify(deps, req))) throw NOBODY;
    const { metrics } = deps.watch;
    const text = await metrics.text();
    res.setHeader("Content-Type", metrics.contentType);
    res.setHeader("Cache-Control", "no-store");
    res.end(text);
  });
  return router;
}

function hasMetricsToken({ settings }: RouteDeps, req: Request): boolean {
  const { metricsToken } = settings;
  const [, given] = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? "") ?? [];
  if (metricsToken === undefined || given === undefined) return false;
  // Hashes are equally long whatever was given, so that comparing takes the same time for all of it.
  return timingSafeEqual(hash(metricsToken), hash(given));
}

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
