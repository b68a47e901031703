// The catch URL: any request to /catch/<key> is an event. Raw bytes in, one switch from what became of it to HTTP.
//
// This path is short on purpose: it has no session, no body parser, no compression and no log line of its own.

import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Received } from "../../shared/delivery.ts";
import type { Problem } from "../../shared/problem.ts";
import { toWire } from "../../shared/problem.ts";
import type { Run, RunResponse } from "../../shared/run.ts";
import { awaitResponse, receive } from "../engine/intake.ts";
import { type Body, readBody } from "./catch-body.ts";
import { headerData, queryData } from "./catch-request.ts";
import type { RouteDeps } from "./deps.ts";
import { asAnswer } from "./problem.ts";
import { sendRunResponse } from "./run-response.ts";
import { catchUrl } from "./views.ts";

const PATH = /^\/catch\/([A-Za-z0-9_-]{16,64})(?:\/runs\/([\w-]{1,80}))?$/;
/** A body that is longer is read only for a key that exists. */
const READ_UNSEEN = 16 * 1024;
/** How long a caller waits for a flow that answers by itself. */
const ANSWER_MS = 30_000;
/** How long the rest of a refused body is let run out, so that its sender gets to read the answer. */
const LINGER_MS = 1_000;

/** Is the request for a catch URL, or for something that looks like one? */
export function isCatch(req: IncomingMessage): boolean {
  return /^\/catch(?:\/|$)/.test(pathOf(req));
}

/** Answers `/catch/<key>` and `/catch/<key>/runs/<id>`; gets no other request. */
export function createCatchListener(deps: RouteDeps): RequestListener {
  return (req, res) => {
    const [, key, runId] = PATH.exec(pathOf(req)) ?? [];
    if (key !== undefined && runId === undefined) void guard(deps, res, () => take(deps, req, res, key));
    else if (key !== undefined && runId !== undefined && (req.method === "GET" || req.method === "HEAD"))
      void guard(deps, res, () => tellStatus(deps, res, key, runId));
    else void guard(deps, res, () => refuse(deps, req, res, { kind: "unknown" }));
  };
}

/** Without the query. A proxy may send the whole address where the path is expected (RFC 9112, 3.2.2). */
function pathOf({ url = "" }: IncomingMessage): string {
  const path = url.startsWith("/") ? url : url.replace(/^https?:\/\/[^/?#]*/i, "");
  const end = path.indexOf("?");
  return end < 0 ? path : path.slice(0, end);
}

/** Nothing that goes wrong here may end as a success. */
async function guard(deps: RouteDeps, res: ServerResponse, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const known = asAnswer(error);
    if (!known) deps.log.error({ err: error }, "a catch URL failed with a defect");
    if (res.headersSent) res.destroy();
    else if (known?.status === 503) sendBusy(res, known.problem, known.retryAfterSeconds ?? 5);
    else sendBusy(res, FAILED, 30);
  }
}

const FAILED: Problem = {
  code: "internal",
  sentence: "The server made a mistake, and the event was not stored.",
  hint: "Send it again later.",
};

async function take(deps: RouteDeps, req: IncomingMessage, res: ServerResponse, key: string): Promise<void> {
  // These two ask about the address. They are no events, though some senders want to see them answered first.
  if (req.method === "HEAD" || req.method === "OPTIONS") return tellAbout(deps, key, res);

  const length =
    req.headers["transfer-encoding"] === undefined ? Number(req.headers["content-length"] ?? 0) : Infinity;
  if (length > READ_UNSEEN && !(await deps.store.flows.byCatchKey(key)))
    return refuse(deps, req, res, { kind: "unknown" });
  const body: Body = await readBody(req, deps.settings.maxBodyBytes);
  if (body.kind === "gone") return;
  if (body.kind === "refused") return refuse(deps, req, res, body);

  const received = await receive(deps, {
    key,
    method: req.method ?? "",
    query: queryData(req),
    headers: headerData(req),
    contentType: req.headers["content-type"] ?? "",
    raw: body.raw,
  });
  await answer(deps, res, key, received);
}

/** Before it was an event: perhaps not all of it has come. */
function refuse(
  deps: RouteDeps,
  req: IncomingMessage,
  res: ServerResponse,
  received: Extract<Received, { kind: "unknown" | "refused" }>,
): Promise<void> {
  deps.onReceived?.(received);
  if (received.kind === "unknown") return refuseUnread(req, res, 404, UNKNOWN);
  return refuseUnread(req, res, received.status, received.problem);
}

async function answer(deps: RouteDeps, res: ServerResponse, key: string, received: Received): Promise<void> {
  deps.onReceived?.(received);
  switch (received.kind) {
    case "accepted": {
      const { run, answers } = received;
      const response = answers ? await responseOf(deps, run) : null;
      if (response) return sendRunResponse(res, response);
      return sendJson(res, 202, { runId: run.id, statusUrl: statusUrl(deps, key, run) });
    }
    case "duplicate":
      res.setHeader("X-Duplicate", "true");
      return sendJson(res, 200, { runId: received.of.runId, duplicate: true });
    case "asleep":
      return sendJson(res, 202, { sampleId: received.sampleId, message: ASLEEP[received.why] });
    case "refused":
      return sendProblem(res, received.status, received.problem);
    case "unknown":
      return sendUnknown(res);
    case "busy":
      return sendBusy(res, received.problem, received.retryAfterSeconds);
  }
}

/** The flow's own answer; null when it has none in time, the server stops before, or it cannot be read now. */
async function responseOf(deps: RouteDeps, run: Run): Promise<RunResponse | null> {
  const { stopping } = deps;
  const done = new AbortController();
  const stopped = new Promise<null>((resolve) => {
    if (stopping.aborted) resolve(null);
    stopping.addEventListener("abort", () => resolve(null), { signal: done.signal });
  });
  try {
    return await Promise.race([awaitResponse(deps, run.id, ANSWER_MS), stopped]);
  } catch (error) {
    // The event is stored: whatever happens from here on, its sender must not be told to send it again.
    deps.log.warn({ err: error, runId: run.id }, "a flow's answer could not be read");
    return null;
  } finally {
    done.abort();
  }
}

const ASLEEP = {
  draft: "This flow is not published, so nothing was started. The event was kept as a sample for the editor.",
  paused: "This flow is paused, so nothing was started. The event was kept as a sample.",
  "not-a-webhook":
    "This flow is started by something else than its catch URL, so nothing was started. The event was kept as a sample.",
};

async function tellAbout(deps: RouteDeps, key: string, res: ServerResponse): Promise<void> {
  if (!(await deps.store.flows.byCatchKey(key))) return sendUnknown(res);
  res.setHeader("Allow", METHODS);
  // A page of the sender's may call a catch URL from a browser: no cookie counts here, so it can do no more than curl.
  res.setHeader("Access-Control-Allow-Origin", "*");
  res.setHeader("Access-Control-Allow-Methods", METHODS);
  res.setHeader("Access-Control-Allow-Headers", "*");
  res.setHeader("Access-Control-Max-Age", "86400");
  res.writeHead(204).end();
}

const METHODS = "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS";

/** What became of a run, for the one who sent the event: no data but the flow's own answer. */
async function tellStatus(deps: RouteDeps, res: ServerResponse, key: string, runId: string): Promise<void> {
  const flow = await deps.store.flows.byCatchKey(key);
  const run = flow && (await deps.store.runs.get(runId));
  if (!run || run.flowId !== flow.id) return sendUnknown(res);
  const { status, finishedAt, response } = run;
  sendJson(res, 200, { runId, status, finishedAt, ...(response ? { response } : {}) });
}

function statusUrl(deps: RouteDeps, key: string, run: Run): string {
  return `${catchUrl(deps, key)}/runs/${run.id}`;
}

const UNKNOWN: Problem = {
  code: "unknown-catch-url",
  sentence: "There is no flow at this address.",
  hint: "Copy the catch URL from the flow again: it may have been changed.",
};

function sendUnknown(res: ServerResponse): void {
  sendProblem(res, 404, UNKNOWN);
}

/** Nothing was stored: the sender comes again. Not all at the same second. */
function sendBusy(res: ServerResponse, problem: Problem, retryAfterSeconds: number): void {
  res.setHeader("Retry-After", Math.ceil(retryAfterSeconds * (1 + Math.random())));
  sendProblem(res, 503, problem);
}

function sendProblem(res: ServerResponse, status: number, problem: Problem): void {
  send(res, status, "application/problem+json", toWire(problem, status));
}

function sendJson(res: ServerResponse, status: number, body: object): void {
  send(res, status, "application/json", body);
}

function send(res: ServerResponse, status: number, type: string, body: object): void {
  // A text goes out in one piece with its headers; bytes would be a second one.
  const text = JSON.stringify(body);
  res.writeHead(status, headersFor(type, Buffer.byteLength(text)));
  res.end(text);
}

function headersFor(type: string, length: number) {
  return {
    "Content-Type": `${type}; charset=utf-8`,
    "Content-Length": length,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
  };
}

/**
 * Answers while the sender may still be sending. The whole answer goes out at once; the connection is closed when the
 * sender has stopped, or a moment later: closing it at once would often take the answer away from under its eyes.
 */
async function refuseUnread(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  problem: Problem,
): Promise<void> {
  if (req.complete) return sendProblem(res, status, problem);
  const bytes = Buffer.from(JSON.stringify(toWire(problem, status)));
  res.writeHead(status, { ...headersFor("application/problem+json", bytes.byteLength), Connection: "close" });
  res.write(bytes);
  req.resume();
  const timer = setTimeout(() => res.end(), LINGER_MS);
  req.once("end", () => res.end());
  res.once("close", () => clearTimeout(timer));
}
