// For those who watch over the process: is it alive, and can it take events?

import { Router } from "express";
import { TryLater } from "../../shared/problem.ts";
import type { Log } from "../engine/deps.ts";
import type { RouteDeps } from "./deps.ts";
import { ProblemAnswer, sendProblem } from "./problem.ts";

export function createHealthRouter(deps: RouteDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get("/healthz", (_req, res) => {
    res.json({ ok: true });
  });
  router.get("/readyz", async (_req, res) => {
    const [store, queue] = await Promise.all([
      stateOf("database", deps.store.check(), deps.log),
      stateOf("queue", deps.queue.depth(), deps.log),
    ]);
    // Without the queue, what is caught is safe all the same: the store has it, and the sweep finds it.
    const works = store === "ok" && (queue === "ok" || deps.role === "web");
    if (works && !deps.stopping.aborted) return void res.json({ ok: true, store, queue });
    const why = deps.stopping.aborted ? "It is stopping." : [store, queue].find((state) => state !== "ok");
    const problem = { code: "not-ready", sentence: `The server cannot take events now. ${why}` };
    sendProblem(res, new ProblemAnswer(503, problem, { retryAfterSeconds: 5 }));
  });
  return router;
}

/** "ok", or in a sentence why not: for anybody, so addresses are left to the log. */
async function stateOf(part: string, look: Promise<unknown>, log: Log): Promise<string> {
  try {
    await look;
    return "ok";
  } catch (error) {
    log.warn({ err: error, part }, "not ready");
    return error instanceof TryLater ? error.problem.sentence : `The ${part} cannot be used now.`;
  }
}
