// A refused or failed call as an error a person can read: what the server said, or what its silence means.

import { type Problem, WireProblem } from "../../shared/problem.ts";

export class ApiProblem extends Error {
  override name = "ApiProblem";
  /** The HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;
  readonly field: string | undefined;
  /** Every problem, where there are several (publishing a flow that is not ready). */
  readonly problems: Problem[];

  constructor(status: number, problem: Problem, problems: Problem[] = []) {
    super(problem.sentence);
    this.status = status;
    this.code = problem.code;
    this.hint = problem.hint;
    this.field = problem.field;
    this.problems = problems;
  }
}

/** The body of an answer that is not 2xx → the problem. */
export function problemOf(status: number, body: unknown): ApiProblem {
  const wire = WireProblem.safeParse(body);
  if (!wire.success) return new ApiProblem(status, unexplained(status));
  const { title, detail, code, field, problems } = wire.data;
  return new ApiProblem(status, { code, sentence: title, hint: detail, field }, problems);
}

/** An answer that does not explain itself: mostly a proxy in between. */
function unexplained(status: number): Problem {
  if (status === 401) return { code: "signed-out", sentence: "You are signed out.", hint: "Sign in again." };
  if (status === 404) {
    return { code: "not-found", sentence: "This does not exist (any more).", hint: "Go back to the list." };
  }
  if (status === 413) {
    return { code: "too-large", sentence: "That is too large to be sent.", hint: "Send less at once." };
  }
  if (status === 429) {
    return { code: "too-many", sentence: "Too many attempts in a short time.", hint: "Wait a minute." };
  }
  if (status >= 502 && status <= 504) {
    return {
      code: "not-ready",
      sentence: "The server is not ready.",
      hint: "It may be starting; try again in a few seconds.",
    };
  }
  return {
    code: "unexplained",
    sentence: `The server answered with an error (${status}).`,
    hint: "Try again; if it stays, the server's log says more.",
  };
}

export function unreachable(): ApiProblem {
  return new ApiProblem(0, {
    code: "unreachable",
    sentence: "The server cannot be reached.",
    hint: "Check that it is running and that you are online, then try again.",
  });
}

/** Anything thrown → a problem to show. */
export function toProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem(0, {
    code: "bug",
    sentence: "Something on this page went wrong.",
    hint: error instanceof Error ? `Reload the page. (${error.message})` : "Reload the page.",
  });
}
