// What the sender of an event is answered: one switch from what became of it to HTTP.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Received } from "../../shared/delivery.ts";
import { type Problem, toWire } from "../../shared/problem.ts";
import type { Run, RunResponse } from "../../shared/run.ts";
import { awaitRun } from "../engine/await-run.ts";
import { ASLEEP } from "../engine/intake.ts";
import type { RouteDeps } from "./deps.ts";
import { sendRunResponse } from "./run-response.ts";
import { catchUrl } from "./views.ts";

/** How long a caller waits for a flow that answers by itself, or for its end. */
const ANSWER_MS = 30_000;
/** How long the rest of a refused body is let run out, so that its sender gets to read the answer. */
const LINGER_MS = 1_000;

export async function answerReceived(
  deps: RouteDeps,
  res: ServerResponse,
  key: string,
  received: Received,
): Promise<void> {
  switch (received.kind) {
    case "accepted":
      return answerAccepted(deps, res, key, received);
    case "duplicate":
      res.setHeader("X-Duplicate", "true");
      return sendJson(res, 200, { runId: received.of.runId, duplicate: true });
    case "handshake":
      return sendRunResponse(res, received.answer);
    case "filtered":
      return sendJson(res, 200, {
        filtered: true,
        message: "This is not what the flow is for, so nothing was started.",
      });
    case "asleep":
      return sendJson(res, 202, { sampleId: received.sampleId, message: ASLEEP[received.why].sentence });
    case "refused": {
      const { status, problem, retryAfterSeconds, allow } = received;
      if (allow !== undefined) res.setHeader("Allow", allow);
      if (retryAfterSeconds !== undefined) res.setHeader("Retry-After", retryAfterSeconds);
      return sendProblem(res, status, problem);
    }
    case "unknown":
      return sendUnknown(res);
    case "busy":
      return sendBusy(res, received.problem, received.retryAfterSeconds);
  }
}

async function answerAccepted(
  deps: RouteDeps,
  res: ServerResponse,
  key: string,
  { run, runIds, waitsFor, fixed }: Extract<Received, { kind: "accepted" }>,
): Promise<void> {
  if (fixed) return sendRunResponse(res, fixed);
  const about = { runId: run.id, statusUrl: `${catchUrl(deps, key)}/runs/${run.id}` };
  const now = waitsFor === "nothing" ? null : await inTime(deps, run, waitsFor);
  if (now?.response) return sendRunResponse(res, now.response);
  if (waitsFor === "end" && now?.finishedAt != null) {
    const { status, finishedAt } = now;
    return sendJson(res, 200, { ...about, status, finishedAt });
  }
  sendJson(res, 202, runIds.length > 1 ? { ...about, runIds } : about);
}

/** The run when it has what is waited for; null when it has not in time, the server stops, or it cannot be read now. */
async function inTime(deps: RouteDeps, run: Run, waitsFor: "answer" | "end"): Promise<Run | null> {
  const { stopping } = deps;
  const done = new AbortController();
  const stopped = new Promise<null>((resolve) => {
    if (stopping.aborted) resolve(null);
    stopping.addEventListener("abort", () => resolve(null), { signal: done.signal });
  });
  const isThere = ({ response }: { response: RunResponse | null }) =>
    waitsFor === "answer" && response !== null;
  try {
    return await Promise.race([awaitRun(deps, run.id, ANSWER_MS, isThere), stopped]);
  } catch (error) {
    // The event is stored: whatever happens from here on, its sender must not be told to send it again.
    deps.log.warn({ err: error, runId: run.id }, "a flow's answer could not be read");
    return null;
  } finally {
    done.abort();
  }
}

const UNKNOWN: Problem = {
  code: "unknown-catch-url",
  sentence: "There is no flow at this address.",
  hint: "Copy the catch URL from the flow again: it may have been changed.",
};

export function sendUnknown(res: ServerResponse): void {
  sendProblem(res, 404, UNKNOWN);
}

/** Nothing was stored: the sender comes again. Not all at the same second. */
export function sendBusy(res: ServerResponse, problem: Problem, retryAfterSeconds: number): void {
  res.setHeader("Retry-After", Math.ceil(retryAfterSeconds * (1 + Math.random())));
  sendProblem(res, 503, problem);
}

function sendProblem(res: ServerResponse, status: number, problem: Problem): void {
  send(res, status, "application/problem+json", toWire(problem, status));
}

export function sendJson(res: ServerResponse, status: number, body: object): void {
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
  };
}

/**
 * Answers while the sender may still be sending. The whole answer goes out at once; the connection is closed when the
 * sender has stopped, or a moment later: closing it at once would often take the answer away from under its eyes.
 */
export function refuseUnread(
  req: IncomingMessage,
  res: ServerResponse,
  received: Extract<Received, { kind: "unknown" | "refused" }>,
): void {
  const { status, problem } = received.kind === "unknown" ? { status: 404, problem: UNKNOWN } : received;
  if (req.complete) {
    sendProblem(res, status, problem);
    return;
  }
  const bytes = Buffer.from(JSON.stringify(toWire(problem, status)));
  res.writeHead(status, { ...headersFor("application/problem+json", bytes.byteLength), Connection: "close" });
  res.write(bytes);
  req.resume();
  const timer = setTimeout(() => res.end(), LINGER_MS);
  req.once("end", () => res.end());
  res.once("close", () => clearTimeout(timer));
}
