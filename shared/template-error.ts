// The one error a template throws, whatever is wrong with it.

import { type Problem, Refused } from "./problem.ts";

/** Every way in which a template can fail; stable, as the docs and the screen go by it. */
export type TemplateCode =
  | "template-syntax"
  | "template-missing"
  | "template-unknown-filter"
  | "template-filter-argument"
  | "template-budget";

export interface TemplateProblem extends Problem {
  code: TemplateCode;
}

/** A template that cannot be read, finds nothing, or asks too much. Trying again gives the same answer. */
export class TemplateError extends Refused {
  override name = "TemplateError";
  override readonly problem: TemplateProblem;
  /** For a text that cannot be read: the offset of the character where reading stopped. */
  readonly position: number | undefined;
  constructor(problem: TemplateProblem, options?: { position?: number; cause?: unknown }) {
    super(problem, options);
    this.problem = problem;
    this.position = options?.position;
  }

  /** The same error, saying which part of the input it is about; the innermost place named wins. */
  in(field: string): TemplateError {
    if (field === "" || this.problem.field !== undefined) return this;
    const options = { cause: this, ...(this.position === undefined ? {} : { position: this.position }) };
    return new TemplateError({ ...this.problem, field }, options);
  }
}
