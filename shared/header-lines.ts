// HTTP headers out of name–value rows that people write: a value must not be able to start a header of its own.

import { Refused } from "./problem.ts";

/** Names in lower case; a row without a name and a value is left out, the later of two equal names wins. */
export function readHeaderLines(
  rows: { name: string; value: unknown }[],
  notSettable: readonly string[],
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const row of rows) {
    const name = row.name.trim().toLowerCase();
    const value = singleText(row.value);
    if (name === "" && value === "") continue;
    if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name) || name === "__proto__") {
      throw refuse(`“${row.name.slice(0, 60)}” can't be the name of a header.`);
    }
    if (notSettable.includes(name)) throw refuse(`The header “${name}” can't be set here.`);
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw refuse(`The header “${name}” holds a line break or a character that headers can't carry.`);
    }
    headers[name] = value;
  }
  return headers;
}

/** A value where only text can stand: lists and objects as JSON, nothing as an empty text. */
export function singleText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function refuse(sentence: string): Refused {
  return new Refused({
    code: "header-invalid",
    sentence,
    hint: "Look at the headers of this step and of its connection.",
    field: "headers",
  });
}
