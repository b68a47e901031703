// How much a template may do: limits that stop any template, however it is written, in a moment.

import { TemplateError } from "./template-error.ts";

export interface Budget {
  /** In one render. A step is a part of a path, a filter, 1,000 characters or 100 items or keys that a filter reads. */
  steps: number;
  /** Levels of lists and objects in the value that holds the templates. */
  depth: number;
  /** Characters of everything one render gives, and of any text on the way there. */
  outputChars: number;
  /** Characters of one {{…}}; the text around it only counts as output. */
  templateChars: number;
  /** {{…}} in one text. */
  nodes: number;
}

export const DEFAULT_BUDGET: Readonly<Budget> = {
  steps: 10_000,
  depth: 32,
  outputChars: 1_000_000,
  templateChars: 8_192,
  nodes: 500,
};

/** Levels of lists and objects in the data a template reads; more than that only comes from an attack. */
export const MAX_DATA_DEPTH = 200;

/** Counts what one render has used of its budget; every method throws when there is too little left. */
export interface Meter {
  readonly budget: Readonly<Budget>;
  /** Something of a fixed, small cost was done. */
  step(count?: number): void;
  /** This text, or the items or keys of this value, were read; not what is inside them. */
  read(value: unknown): void;
  /** A text of so many characters is about to be made. */
  fits(chars: number): void;
  /** So many characters are part of the result. */
  output(chars: number): void;
}

/** A fresh meter for one render. */
export function startMeter(limits: Partial<Budget> = {}): Meter {
  const budget = { ...DEFAULT_BUDGET, ...limits };
  let steps = 0;
  let output = 0;

  function step(count = 1): void {
    steps += count;
    if (steps > budget.steps)
      throw overBudget(
        `These templates do too much work: more than ${inWords(budget.steps)} steps.`,
        "Work on fewer items, or spread the work over several steps of the flow.",
      );
  }
  function fits(chars: number): void {
    if (chars > budget.outputChars)
      throw overBudget(
        `A template would give more than ${inWords(budget.outputChars)} characters.`,
        "Pick a smaller part of the data, or shorten it with “truncate” or “slice”.",
      );
  }
  return {
    budget,
    step,
    fits,
    read(value) {
      if (typeof value === "string") step(value.length / 1_000);
      else if (Array.isArray(value)) step(value.length / 100);
      else if (typeof value === "object" && value !== null) step(Object.keys(value).length / 100);
    },
    output(chars) {
      output += chars;
      fits(output);
    },
  };
}

/** The error for anything beyond a limit. */
export function overBudget(sentence: string, hint: string): TemplateError {
  return new TemplateError({ code: "template-budget", sentence, hint });
}

function inWords(value: number): string {
  return value.toLocaleString("en-US");
}
