// What can go wrong, in words a person can act on.

import { z } from "zod";

/**
 * An error a person can read. `sentence` names the thing that is wrong, `hint` the next move.
 * `stepId` and `field` say where in a graph it is, when it is about a graph.
 */
export const Problem = z
  .object({
    code: z.string().describe("stable, kebab-case; the same in the API, the logs and the docs"),
    sentence: z.string(),
    hint: z.string().optional(),
    stepId: z.string().optional(),
    field: z.string().optional(),
  })
  .meta({
    id: "Problem",
    examples: [
      {
        code: "field-required",
        sentence: "“Send e-mail” needs a recipient.",
        hint: "Open the step and fill in “To”.",
        stepId: "email",
        field: "to",
      },
    ],
    antiExamples: [{ code: "E_FAIL", message: "Something went wrong" }],
  });
export type Problem = z.infer<typeof Problem>;

/** A problem as it goes over HTTP: RFC 9457 (application/problem+json) with our code and, for lists, every problem. */
export const WireProblem = z
  .object({
    type: z.string().describe("where the code is explained"),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().optional(),
    code: z.string(),
    stepId: z.string().optional(),
    field: z.string().optional(),
    problems: z.array(Problem).optional(),
  })
  .meta({ id: "WireProblem" });
export type WireProblem = z.infer<typeof WireProblem>;

/** The address of a code's explanation; relative, so that it works on every installation. */
export function problemType(code: string): string {
  return `/docs/problems#${code}`;
}

/** `Problem` (and an HTTP status) to its RFC 9457 form. */
export function toWire(problem: Problem, status: number, problems?: Problem[]): WireProblem {
  const { code, sentence, hint, stepId, field } = problem;
  return { type: problemType(code), title: sentence, status, detail: hint, code, stepId, field, problems };
}

/** Do not retry this: trying again gives the same answer. The person has to change something. */
export class Refused extends Error {
  override name = "Refused";
  readonly problem: Problem;
  constructor(problem: Problem, options?: { cause?: unknown }) {
    super(problem.sentence, options);
    this.problem = problem;
  }
}

/**
 * It may work later. `retryAfterMs`, where the other side named a time, is milliseconds from now. `maybeDone` says that
 * the other side may have done it all the same: the connection was lost, or time ran out, after it was asked.
 */
export class TryLater extends Error {
  override name = "TryLater";
  readonly problem: Problem;
  readonly retryAfterMs: number | undefined;
  readonly maybeDone: boolean;
  constructor(problem: Problem, options?: { retryAfterMs?: number; maybeDone?: boolean; cause?: unknown }) {
    super(problem.sentence, options);
    this.problem = problem;
    this.retryAfterMs = options?.retryAfterMs;
    this.maybeDone = options?.maybeDone ?? false;
  }
}
