// Turns everything that can be thrown into a problem (RFC 9457) that a person can read.

import { randomUUID } from "node:crypto";
import type { ErrorRequestHandler, Response } from "express";
import { z } from "zod";
import { type Problem, Refused, TryLater, toWire } from "../../shared/problem.ts";
import type { Log } from "../engine/deps.ts";

/** An answer that is a problem; thrown by handlers. */
export class ProblemAnswer extends Error {
  override name = "ProblemAnswer";
  readonly status: number;
  readonly problem: Problem;
  readonly problems: Problem[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  constructor(
    status: number,
    problem: Problem,
    more: { problems?: Problem[]; retryAfterSeconds?: number } = {},
  ) {
    super(problem.sentence);
    this.status = status;
    this.problem = problem;
    this.problems = more.problems;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

/** For who may not be let in, whatever was asked for. */
export const NOBODY = new ProblemAnswer(401, {
  code: "not-signed-in",
  sentence: "You are not signed in.",
  hint: "Sign in, or send an API token as “Authorization: Bearer …”.",
});

/** 404 with a sentence such as “There is no flow “flow_01…”.” */
export function notFound(what: string, id: string): ProblemAnswer {
  return new ProblemAnswer(404, {
    code: "not-found",
    sentence: `There is no ${what} “${id.slice(0, 80)}”.`,
    hint: "It may have been deleted.",
  });
}

/** Sends it as application/problem+json. */
export function sendProblem(res: Response, answer: ProblemAnswer): void {
  const { status, problem, problems, retryAfterSeconds } = answer;
  if (retryAfterSeconds !== undefined)
    res.setHeader("Retry-After", Math.max(1, Math.ceil(retryAfterSeconds)));
  if (status === 401) res.setHeader("WWW-Authenticate", "Bearer");
  res.statusCode = status;
  res.setHeader("Content-Type", "application/problem+json; charset=utf-8");
  res.setHeader("Cache-Control", "no-store");
  res.end(JSON.stringify(toWire(problem, status, problems)));
}

/** The last word on every error. What is nobody's fault but ours is logged, and told with an id and nothing else. */
export function problemHandler(log: Log): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, req, res, _next) => {
    const answer = asAnswer(error);
    const sent: ProblemAnswer = answer ?? defect(error, log, `${req.method} ${req.baseUrl}${req.path}`);
    if (res.headersSent) res.destroy();
    else sendProblem(res, sent);
  };
}

/** What to answer to an error that is expected; undefined for a defect. */
export function asAnswer(error: unknown): ProblemAnswer | undefined {
  if (error instanceof ProblemAnswer) return error;
  if (error instanceof Refused) return new ProblemAnswer(422, error.problem);
  if (error instanceof TryLater) {
    const retryAfterSeconds = (error.retryAfterMs ?? 5_000) / 1_000;
    return new ProblemAnswer(503, error.problem, { retryAfterSeconds });
  }
  if (error instanceof z.ZodError) return invalidRequest(error, "");
  return bodyError(error);
}

/** 400 with every field that is wrong; `within` is where in the request they are ("body", "query", "path"). */
export function invalidRequest(error: z.ZodError, within: string): ProblemAnswer {
  const problems = error.issues.slice(0, 100).map((issue): Problem => {
    const field = issue.path.map(String).join(".");
    const name = field || within || "the request";
    const missing = issue.code === "invalid_type" && issue.input === undefined;
    const wording = missing || /received undefined/.test(issue.message) ? "is missing" : issue.message;
    const sentence = /^(is|must|needs|has|looks) /.test(wording)
      ? `“${name}” ${wording}.`
      : `“${name}” is not right: ${wording}.`;
    return { code: "invalid-request", sentence, field };
  });
  const [first] = problems;
  return new ProblemAnswer(
    400,
    {
      code: "invalid-request",
      sentence: first?.sentence ?? "The request is not right.",
      field: first?.field,
      hint: "The description of every request is at /api/openapi.json.",
    },
    { problems },
  );
}

/** What Express and its body parser throw: an Error with a `status` below 500, and mostly a `type`. */
function bodyError(error: unknown): ProblemAnswer | undefined {
  if (error instanceof URIError) {
    return new ProblemAnswer(400, { code: "invalid-request", sentence: "The address has a broken % in it." });
  }
  if (!(error instanceof Error && "status" in error && typeof error.status === "number")) return undefined;
  if (error.status < 400 || error.status > 499) return undefined;
  const type = "type" in error ? error.type : undefined;
  if (type === "entity.too.large") {
    const most = "limit" in error ? Number(error.limit) : 0;
    const readable = most < 1_048_576 ? `${most / 1_024} KB` : `${most / 1_048_576} MB`;
    return new ProblemAnswer(413, {
      code: "too-large",
      sentence: `The body is too large: ${readable} at most.`,
      hint: "Nothing was done with it. Send less at a time.",
    });
  }
  if (type === "entity.parse.failed") {
    return new ProblemAnswer(400, {
      code: "malformed-json",
      sentence: `The body is not valid JSON: ${error.message.slice(0, 200)}.`,
    });
  }
  if (error.status === 415) {
    return new ProblemAnswer(415, { code: "unsupported-type", sentence: `${error.message}.` });
  }
  return new ProblemAnswer(error.status, { code: "invalid-request", sentence: `${error.message}.` });
}

function defect(error: unknown, log: Log, where: string): ProblemAnswer {
  const id = randomUUID().slice(0, 8);
  log.error({ err: error, id, where }, "a request failed with a defect");
  return new ProblemAnswer(500, {
    code: "internal",
    sentence: "The server made a mistake while it handled this request.",
    hint: `The log of the server tells more, next to “${id}”.`,
  });
}
