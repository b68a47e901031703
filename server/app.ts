// The web server as one function from its dependencies to what answers requests; needs no port.
//
//   /catch/*            catch URLs, with nothing in front: not even Express
//   /api/*              for members; who nobody knows gets a 401 whatever the path
//   /healthz /readyz    for those who watch over the process
//   /metrics            the same, in figures, for those who may know them
//   everything else     the client

import type { RequestListener } from "node:http";
import compression from "compression";
import express, { type Express } from "express";
import helmet from "helmet";
import { createApiRouter } from "./routes/api.ts";
import { createCatchListener, isCatch } from "./routes/catch.ts";
import { createClientRouter } from "./routes/client.ts";
import { isHttps, type RouteDeps } from "./routes/deps.ts";
import { createHealthRouter } from "./routes/health.ts";
import { createMetricsRouter } from "./routes/metrics.ts";
import { ProblemAnswer, problemHandler } from "./routes/problem.ts";

export type AppDeps = RouteDeps;

/** Answers every request. */
export function createListener(deps: AppDeps): RequestListener {
  const takeCatch = createCatchListener(deps);
  const app = createApp(deps);
  return (req, res) => {
    // A proxy must not send its next request into a connection that is about to end.
    if (deps.stopping.aborted) res.setHeader("Connection", "close");
    if (isCatch(req)) takeCatch(req, res);
    else app(req, res);
  };
}

/** What a process answers that only carries runs on: whether it does, and its figures. */
export function createWatchListener(deps: AppDeps): RequestListener {
  const app = plainExpress(deps);
  app.use(createHealthRouter(deps));
  app.use(createMetricsRouter(deps));
  app.use(() => {
    throw notServedHere;
  });
  app.use(problemHandler(deps.log));
  return app;
}

const notServedHere = new ProblemAnswer(404, {
  code: "not-found",
  sentence: "This process carries runs on and answers nothing else.",
  hint: "Ask one whose ROLE is web or all.",
});

/** Everything but the catch URLs. */
export function createApp(deps: AppDeps): Express {
  const app = plainExpress(deps);
  app.use("/api", compression(), createApiRouter(deps));
  app.use(createHealthRouter(deps));
  app.use(createMetricsRouter(deps));
  app.use(createClientRouter(deps));
  app.use(problemHandler(deps.log));
  return app;
}

function plainExpress({ settings }: Pick<AppDeps, "settings">): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", false);
  app.set("case sensitive routing", true);
  app.set("strict routing", true);
  app.set("trust proxy", settings.trustProxy);
  app.use(securityHeaders(isHttps(settings)));
  return app;
}

function securityHeaders(https: boolean) {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // the UI kit sets the variables of its theme in a style element
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
    },
    // On plain http browsers ignore these and complain about them.
    strictTransportSecurity: https,
    crossOriginOpenerPolicy: https,
    originAgentCluster: https,
    xFrameOptions: { action: "deny" },
  });
}
