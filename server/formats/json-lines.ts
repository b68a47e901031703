// One JSON value on each line: a list.

import { isTooDeep, MAX_DEPTH, parseJson } from "../../shared/event.ts";
import { moreThan } from "./form.ts";

export type ReadJsonLines =
  | { ok: true; body: unknown[] }
  | { ok: false; code: "malformed-json" | "too-deep" | "too-many-parts"; sentence: string };

const MAX_LINES = 200_000;

export function readJsonLines(text: string): ReadJsonLines {
  if (moreThan(text, "\n", MAX_LINES)) {
    const sentence = `The body has more than ${MAX_LINES.toLocaleString("en")} lines.`;
    return { ok: false, code: "too-many-parts", sentence };
  }
  const body: unknown[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const parsed = parseJson(line);
    if (!parsed.ok) {
      const sentence = parsed.sentence.replace(/^The (body|JSON)/, `Line ${i + 1} of the body`);
      return { ...parsed, sentence };
    }
    body.push(parsed.body);
  }
  if (!isTooDeep(body)) return { ok: true, body };
  return {
    ok: false,
    code: "too-deep",
    sentence: `The lines are nested more than ${MAX_DEPTH} levels deep.`,
  };
}
