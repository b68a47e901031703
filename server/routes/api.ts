// Builds the router of /api from shared/api.ts: who may, what is asked for, what is answered.
//
//   every request ── not from another site ── public routes ── somebody? ── member routes ── 404
//                                                                 └ nobody: 401, whatever the path

import { isUtf8 } from "node:buffer";
import express, { type Request, type RequestHandler, type Response, Router } from "express";
import { z } from "zod";
import { api, LIVE_PATH, type RouteName } from "../../shared/api.ts";
import { type Caller, identify } from "./caller.ts";
import { catchingHandlers } from "./catching.ts";
import { connectionHandlers } from "./connections.ts";
import { connectorHandlers } from "./connectors.ts";
import { deliveryHandlers } from "./deliveries.ts";
import type { RouteDeps } from "./deps.ts";
import { flowHandlers } from "./flows.ts";
import type { Handlers, MemberName, PublicHandlers } from "./handler.ts";
import { createHealthHandlers } from "./health-report.ts";
import { liveHandler } from "./live.ts";
import { openapi } from "./openapi.ts";
import { invalidRequest, NOBODY, ProblemAnswer, problemHandler } from "./problem.ts";
import { runHandlers } from "./runs.ts";
import { refuseForeign } from "./same-origin.ts";
import { sampleHandlers } from "./samples.ts";
import { scheduleHandlers } from "./schedule.ts";
import { sessionHandlers, signInHandlers } from "./session.ts";
import { createSignInLimit } from "./sign-in-limit.ts";
import { tokenHandlers } from "./tokens.ts";
import { verificationHandlers } from "./verifications.ts";

export const OPENAPI_PATH = "/openapi.json";

/** The largest body: a draft of 500 steps. */
const BODY_LIMIT = "2mb";
/** Of whoever is not signed in: in pieces of one byte, a body takes several hundred times its size in memory. */
const STRANGERS_BODY_LIMIT = "16kb";

export function createApiRouter(deps: RouteDeps): Router {
  // Strict and case-sensitive: a path is a route or it is not, and what is not is for members only.
  const router = Router({ caseSensitive: true, strict: true });
  const jsonUpTo = (limit: string) => express.json({ limit, verify: refuseBrokenText });
  const [parseJson, parseStrangersJson] = [jsonUpTo(BODY_LIMIT), jsonUpTo(STRANGERS_BODY_LIMIT)];
  const publicHandlers: PublicHandlers = signInHandlers(
    createSignInLimit(deps.settings.signIn, deps.openLimiter),
  );
  const handlers: Handlers<MemberName> = {
    ...sessionHandlers,
    ...tokenHandlers,
    ...flowHandlers,
    ...sampleHandlers,
    ...scheduleHandlers,
    ...runHandlers,
    ...deliveryHandlers,
    ...catchingHandlers,
    ...verificationHandlers,
    ...connectionHandlers,
    ...connectorHandlers,
    ...createHealthHandlers(),
  };

  router.use((req, res, next) => {
    res.setHeader("Cache-Control", "no-store");
    refuseForeign(deps, req);
    next();
  });
  router.get(OPENAPI_PATH, (_req, res) => {
    res.type("json").send(openapi());
  });
  for (const name of namesOf(publicHandlers)) {
    const { method, path } = api[name];
    router[method](expressPath(path), ...bodyParsers(name, parseStrangersJson), async (req, res) => {
      const asked = read(name, req);
      await answer(deps, name, res, publicHandlers[name], {
        ...asked,
        caller: await identify(deps, req),
        req,
        res,
      });
    });
  }
  router.use(async (req, res, next) => {
    const caller = await identify(deps, req);
    if (!caller) throw NOBODY;
    callers.set(res, caller);
    next();
  });
  router.get(LIVE_PATH, liveHandler(deps, callerOf));
  for (const name of namesOf(handlers)) {
    const { method, path } = api[name];
    router[method](expressPath(path), ...bodyParsers(name, parseJson), async (req, res) => {
      const asked = read(name, req);
      await answer(deps, name, res, handlers[name], { ...asked, caller: callerOf(res), req, res });
    });
  }
  router.use((req) => {
    throw new ProblemAnswer(404, {
      code: "no-route",
      sentence: `There is no ${req.method} ${req.baseUrl}${req.path.slice(0, 200)}.`,
      hint: "Everything there is stands in /api/openapi.json.",
    });
  });
  router.use(problemHandler(deps.log));
  return router;
}

/** Who is calling, for as long as the answer lives. */
const callers = new WeakMap<Response, Caller>();

function callerOf(res: Response): Caller {
  const caller = callers.get(res);
  if (!caller) throw NOBODY;
  return caller;
}

interface Asked {
  params: unknown;
  query: unknown;
  body: unknown;
}

/** The request's three parts, checked by the route's schemas. */
function read(name: RouteName, req: Request): Asked {
  const { params, query, body } = api[name];
  return {
    params: check(params, { ...req.params }, "path"),
    query: check(query, queryOf(req), "query"),
    body: check(body, req.body ?? {}, "body"),
  };
}

function check(schema: z.ZodType, value: unknown, within: string): unknown {
  if (schema instanceof z.ZodUndefined) return undefined;
  const parsed = schema.safeParse(value, { reportInput: true });
  if (!parsed.success) throw invalidRequest(parsed.error, within);
  return parsed.data;
}

/** Of a name that comes twice, the schema sees the list, and refuses it. */
function queryOf(req: Request): Record<string, unknown> {
  const cut = req.url.indexOf("?");
  const search = new URLSearchParams(cut < 0 ? "" : req.url.slice(cut));
  return Object.fromEntries(
    [...new Set(search.keys())].map((key) => {
      const [first, ...more] = search.getAll(key);
      return [key, more.length > 0 ? [first, ...more] : first];
    }),
  );
}

/** The tables are typed by name; where name and handler meet again, the compiler has lost that they belong together. */
type AnyHandler = (deps: RouteDeps, call: never) => Promise<unknown>;

async function answer(
  deps: RouteDeps,
  name: RouteName,
  res: Response,
  handler: AnyHandler,
  call: object,
): Promise<void> {
  const began = performance.now();
  const { status, response } = api[name];
  const result = await handler(deps, call as never);
  if (deps.checkAnswers && !(response instanceof z.ZodUndefined)) checkAnswer(name, response, result);
  res.status(status);
  if (status === 204) res.end();
  else res.json(result);
  deps.log.debug({ route: name, status, ms: Math.round(performance.now() - began) }, "api");
}

/** Nothing more and nothing less than the schema says may go out. */
function checkAnswer(name: RouteName, schema: z.ZodType, result: unknown): void {
  const wire: unknown = JSON.parse(JSON.stringify(result));
  const parsed = schema.safeParse(wire);
  if (!parsed.success) throw new Error(`${name} answers against its schema: ${parsed.error.message}`);
  const known = JSON.stringify(sorted(JSON.parse(JSON.stringify(parsed.data))));
  if (known !== JSON.stringify(sorted(wire))) throw new Error(`${name} answers more than its schema says`);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, sorted(inner)]);
}

function bodyParsers(name: RouteName, parseJson: RequestHandler): RequestHandler[] {
  return api[name].body instanceof z.ZodUndefined ? [] : [refuseOtherTypes, parseJson];
}

function refuseOtherTypes(req: Request, _res: Response, next: () => void): void {
  const hasBody =
    req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > 0;
  if (hasBody && !req.is("application/json")) {
    throw new ProblemAnswer(415, {
      code: "unsupported-type",
      sentence: "The body must be JSON, with “Content-Type: application/json”.",
    });
  }
  next();
}

/** The parser itself would put U+FFFD in the place of what it cannot read. */
function refuseBrokenText(_req: unknown, _res: unknown, body: Buffer): void {
  if (!isUtf8(body)) {
    throw new ProblemAnswer(400, { code: "malformed-text", sentence: "The body is not valid UTF-8." });
  }
}

/** `/flows/{id}` → `/flows/:id`. */
export function expressPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ":$1");
}

function namesOf<N extends string>(table: Record<N, unknown>): N[] {
  return Object.keys(table) as N[];
}
