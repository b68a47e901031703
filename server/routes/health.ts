// For those who watch over the process: is it alive, and can it take events?

import { Router } from "express";
import { TryLater } from "../../shared/problem.ts";
import type { RouteDeps } from "./deps.ts";
import { ProblemAnswer, sendProblem } from "./problem.ts";

export function createHealthRouter(deps: RouteDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get("/healthz", (_req, res) => {
    res.json({ ok: true });
  });
  router.get("/readyz", async (_req, res) => {
    try {
      if (deps.stopping.aborted) throw new Error("The server is stopping.");
      await deps.store.check();
      await deps.queue.depth();
      res.json({ ok: true });
    } catch (error) {
      deps.log.warn({ err: error }, "not ready");
      const why = error instanceof TryLater ? ` ${error.problem.sentence}` : "";
      const problem = { code: "not-ready", sentence: `The server cannot take events now.${why}` };
      sendProblem(res, new ProblemAnswer(503, problem, { retryAfterSeconds: 5 }));
    }
  });
  return router;
}
