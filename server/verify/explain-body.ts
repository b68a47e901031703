// Mistakes with the body: something between the sender and here wrote it anew.

import type { Finding } from "./explain-finding.ts";
import type { Trial } from "./explain-trial.ts";

/** A longer body is compared only as it came: reading it as JSON several times is too much work. */
const MOST = 128 * 1024;

/** A body that would fit if it were as the sender signed it. */
export function findInBody(trial: Trial): Finding | null {
  const { raw } = trial.request;
  if (!trial.scheme.signed.includes("body") || raw.byteLength > MOST) return null;
  for (const { what, body } of bodies(Buffer.from(raw))) {
    if (!trial.fits({ request: { raw: body } })) continue;
    return {
      sentence: `The secret is right, but the body is not the one that was signed: ${what}.`,
      hint: "Something between the sender and here changes bodies, mostly a proxy, or a program that passes requests on. Have it pass the bytes on as they are.",
    };
  }
  return null;
}

function* bodies(raw: Buffer): Generator<{ what: string; body: Buffer }> {
  const text = raw.toString("latin1");
  const as = (what: string, changed: string) => ({ what, body: Buffer.from(changed, "latin1") });
  if (text.startsWith(BOM)) yield as("a byte order mark was put in front of it", text.slice(BOM.length));
  else yield as("the byte order mark in front of it is gone", BOM + text);
  if (/\s$/.test(text)) {
    yield as("a line break or space was put behind it", text.replace(/\r?\n$/, ""));
    yield as("line breaks or spaces were put around it", text.trim());
  }
  yield as("the line break at its end is gone", `${text}\n`);
  yield as("the line break at its end is gone", `${text}\r\n`);
  if (text.includes("\r\n")) yield as("its line breaks were changed", text.replaceAll("\r\n", "\n"));
  else if (text.includes("\n")) yield as("its line breaks were changed", text.replaceAll("\n", "\r\n"));
  for (const rewritten of spellings(raw.toString("utf8"))) {
    yield { what: "its JSON was read and written anew, with other spaces", body: Buffer.from(rewritten) };
  }
}

/** A byte order mark of UTF-8, its bytes read one by one. */
const BOM = "\u00ef\u00bb\u00bf";

/** The same JSON, as the usual programs write it. */
function* spellings(text: string): Generator<string> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return;
  }
  const compact = JSON.stringify(data);
  const indented = JSON.stringify(data, null, 2);
  // Python puts a space behind every comma and colon, and writes ASCII alone; PHP escapes slashes, too.
  const spaced = JSON.stringify(data, null, 1)
    .replace(/\n */g, " ")
    .replace(/([[{]) | (?=[\]}])/g, "$1");
  for (const each of [
    compact,
    indented,
    spaced,
    JSON.stringify(data, null, 4),
    JSON.stringify(data, null, "\t"),
  ]) {
    yield each;
    const escaped = each.replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
    if (escaped !== each) yield escaped;
  }
  const php = compact
    .replaceAll("/", "\\/")
    .replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  if (php !== compact) yield php;
}
