// The cases of a branch, without any drawing. A case's id is the port that edges hang on, so it never changes.

import { recordOf } from "./form-values.ts";

export interface CaseShown {
  id: string;
  name: string;
  when: unknown;
}

const TAKEN = ["no", "error", "main", "each", "done"];

export function casesOf(value: unknown): CaseShown[] {
  return (Array.isArray(value) ? value : []).map((one) => {
    const { id, name, when } = recordOf(one);
    return { id: String(id ?? ""), name: String(name ?? ""), when };
  });
}

/** The cases with a new one, whose id reads like its name. */
export function withNewCase(cases: readonly CaseShown[]): CaseShown[] {
  let number = cases.length + 1;
  const isTaken = (id: string) => TAKEN.includes(id) || cases.some((one) => one.id === id);
  while (isTaken(`case${number}`)) number++;
  const when = { match: "all", rules: [{ left: "", op: "equals", right: "" }] };
  return [...cases, { id: `case${number}`, name: `case ${number}`, when }];
}

/** The cases with one of them a place further up or down. */
export function moveCase(cases: readonly CaseShown[], from: number, by: -1 | 1): CaseShown[] {
  const moved = cases[from];
  const other = cases[from + by];
  if (!moved || !other) return [...cases];
  return cases.map((one, at) => (at === from ? other : at === from + by ? moved : one));
}
