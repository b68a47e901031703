// The catch URL: any request to /catch/<key> is a delivery. Raw bytes in, and what became of them out.
//
// This path is short on purpose: it has no session, no body parser, no compression and no log line of its own.

import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { DEFAULT_CATCH_SETTINGS } from "../../shared/catching.ts";
import type { Received } from "../../shared/delivery.ts";
import type { Problem } from "../../shared/problem.ts";
import { keepUnread, receive } from "../engine/intake.ts";
import { answerReceived, refuseUnread, sendBusy, sendJson, sendUnknown } from "./catch-answer.ts";
import { type Body, readBody } from "./catch-body.ts";
import { allowOrigin, allowRequests } from "./catch-cors.ts";
import { headerData, queryData, queryText, type SenderAddress, senderAddress } from "./catch-request.ts";
import type { RouteDeps } from "./deps.ts";
import { asAnswer } from "./problem.ts";
import { catchUrl } from "./views.ts";

const PATH = /^\/catch\/([A-Za-z0-9_-]{16,64})(?:\/runs\/([\w-]{1,80}))?$/;
/** A body that is longer is read only for a key that exists. */
const READ_UNSEEN = 16 * 1024;
const NO_BYTES = new Uint8Array();

/** Is the request for a catch URL, or for something that looks like one? */
export function isCatch(req: IncomingMessage): boolean {
  return /^\/catch(?:\/|$)/.test(pathOf(req));
}

/** Answers `/catch/<key>` and `/catch/<key>/runs/<id>`; gets no other request. */
export function createCatchListener(deps: RouteDeps): RequestListener {
  const addressOf = senderAddress(deps.settings.trustProxy);
  return (req, res) => {
    const [, key, runId] = PATH.exec(pathOf(req)) ?? [];
    if (key !== undefined && runId === undefined)
      void guard(deps, res, () => take(deps, addressOf, req, res, key));
    else if (key !== undefined && runId !== undefined && (req.method === "GET" || req.method === "HEAD"))
      void guard(deps, res, () => tellStatus(deps, res, key, runId));
    else refuseEarly(deps, req, res, { kind: "unknown" });
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
    if (res.headersSent) return void res.destroy();
    const isLater = known?.status === 503;
    const problem = isLater ? known.problem : FAILED;
    const retryAfterSeconds = isLater ? (known.retryAfterSeconds ?? 5) : 30;
    deps.onReceived?.({ kind: "busy", problem, retryAfterSeconds });
    sendBusy(res, problem, retryAfterSeconds);
  }
}

const FAILED: Problem = {
  code: "internal",
  sentence: "The server made a mistake, and the event was not stored.",
  hint: "Send it again later.",
};

async function take(
  deps: RouteDeps,
  addressOf: SenderAddress,
  req: IncomingMessage,
  res: ServerResponse,
  key: string,
): Promise<void> {
  // These two ask about the address. They are no events, though some senders want to see them answered first.
  if (req.method === "HEAD" || req.method === "OPTIONS") return tellAbout(deps, req, res, key);

  const { origin } = req.headers;
  const length =
    req.headers["transfer-encoding"] === undefined ? Number(req.headers["content-length"] ?? 0) : Infinity;
  let most = deps.settings.maxBodyBytes;
  if (length > READ_UNSEEN || origin !== undefined) {
    const flow = await deps.store.flows.byCatchKey(key);
    if (!flow) return refuseEarly(deps, req, res, { kind: "unknown" });
    const { cors, maxBytes } = flow.catching?.settings ?? DEFAULT_CATCH_SETTINGS;
    if (origin !== undefined) allowOrigin(res, cors, origin);
    if (maxBytes !== null) most = Math.min(most, maxBytes);
  }
  const body: Body = await readBody(req, most);
  if (body.kind === "gone") return;
  const request = {
    key,
    method: req.method ?? "",
    url: catchUrl(deps, key) + queryText(req),
    query: queryData(req),
    ...headerData(req),
    contentType: req.headers["content-type"] ?? "",
    from: addressOf(req),
  };
  if (body.kind === "refused") {
    refuseEarly(deps, req, res, body);
    const said = Number.isFinite(length) ? length : most + 1;
    return keepUnread(deps, { ...request, raw: NO_BYTES }, body, said);
  }
  const received = await receive(deps, { ...request, raw: body.raw });
  deps.onReceived?.(received);
  await answerReceived(deps, res, key, received);
}

/** Before it was an event: perhaps not all of it has come. */
function refuseEarly(
  deps: RouteDeps,
  req: IncomingMessage,
  res: ServerResponse,
  received: Extract<Received, { kind: "unknown" | "refused" }>,
): void {
  deps.onReceived?.(received);
  refuseUnread(req, res, received);
}

async function tellAbout(
  deps: RouteDeps,
  req: IncomingMessage,
  res: ServerResponse,
  key: string,
): Promise<void> {
  const flow = await deps.store.flows.byCatchKey(key);
  if (!flow) return sendUnknown(res);
  const { cors, methods } = flow.catching?.settings ?? DEFAULT_CATCH_SETTINGS;
  const allowed = [...methods, "HEAD", "OPTIONS"].join(", ");
  res.setHeader("Allow", allowed);
  const { origin } = req.headers;
  if (origin !== undefined) {
    allowOrigin(res, cors, origin);
    allowRequests(res, allowed);
  }
  res.writeHead(204).end();
}

/** What became of a run, for the one who sent the event: no data but the flow's own answer. */
async function tellStatus(deps: RouteDeps, res: ServerResponse, key: string, runId: string): Promise<void> {
  const flow = await deps.store.flows.byCatchKey(key);
  const run = flow && (await deps.store.runs.get(runId));
  if (!run || run.flowId !== flow.id) return sendUnknown(res);
  const { status, finishedAt, response } = run;
  sendJson(res, 200, { runId, status, finishedAt, ...(response ? { response } : {}) });
}
