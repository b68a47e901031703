// CSV (RFC 4180) as a list of objects, by the names in its first line.
//
// A reader of our own: it counts cells while it reads them, so that a first line of ten thousand names costs no more
// than its bytes.

import { setOwn } from "../../shared/template-data.ts";

export type ReadCsv =
  | { ok: true; body: Record<string, string>[] }
  | { ok: false; code: "malformed-csv" | "too-many-parts"; sentence: string };

const MAX_CELLS = 200_000;

/**
 * Commas, semicolons or tabs, whichever the first line has most of. Every cell is text and stays as it is, also one that
 * a spreadsheet would take for a formula. A cell without a name is `column 3`; a name that comes again is `name 2`. A
 * short line is filled up with empty cells, and an empty one is left out.
 */
export function readCsv(text: string): ReadCsv {
  const read = rowsOf(text, delimiterOf(text));
  if (!read.ok) return read;
  const [first = [], ...others] = read.rows;
  // Short lines are filled up, so it is the whole rectangle that counts.
  if (first.length * others.length > MAX_CELLS) return tooMany();
  const names = namesOf(first);
  const body = others.map((row) => {
    const object: Record<string, string> = {};
    for (const [i, name] of names.entries()) setOwn(object, name, row[i] ?? "");
    for (let i = names.length; i < row.length; i++) setOwn(object, freeName(object, i), row[i] ?? "");
    return object;
  });
  return { ok: true, body };
}

type Rows = { ok: true; rows: string[][] } | Extract<ReadCsv, { ok: false }>;

/** A quote begins a quoted cell only at its start; elsewhere it is a quote. */
function rowsOf(text: string, delimiter: string): Rows {
  const rows: string[][] = [];
  let row: string[] = [];
  let cells = 0;
  for (let at = 0; at <= text.length; ) {
    const start = at;
    let cell: string;
    if (text[at] === '"') {
      const end = endOfQuoted(text, at);
      if (end === -1) return unclosed(rows.length + 1);
      const rest = endOfPlain(text, end + 1, delimiter);
      cell = text.slice(at + 1, end).replaceAll('""', '"') + text.slice(end + 1, rest).trim();
      at = rest;
    } else {
      at = endOfPlain(text, at, delimiter);
      cell = text.slice(start, at);
    }
    if (++cells > MAX_CELLS) return tooMany();
    row.push(cell);
    if (text[at] === delimiter) at++;
    else {
      if (row.length > 1 || at > start) rows.push(row);
      row = [];
      at += text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1;
    }
  }
  return { ok: true, rows };
}

/** The quote that closes; two of them are one inside. */
function endOfQuoted(text: string, open: number): number {
  let at = text.indexOf('"', open + 1);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

function endOfPlain(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length) {
    const c = text[at];
    if (c === delimiter || c === "\n" || c === "\r") break;
    at++;
  }
  return at;
}

function delimiterOf(text: string): string {
  const end = text.search(/[\r\n]/);
  const line = (end === -1 ? text : text.slice(0, end)).replaceAll(/"[^"]*"/g, "");
  const counts = [",", ";", "\t"].map((c): [string, number] => [c, line.split(c).length]);
  return counts.reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

function namesOf(header: string[]): string[] {
  const sent = new Set(header.map((cell) => cell.trim()));
  const given = new Set<string>();
  const numbers = new Map<string, number>();
  return header.map((cell, i) => {
    const wanted = cell.trim() || `column ${i + 1}`;
    let name = wanted;
    for (let number = numbers.get(wanted) ?? 2; given.has(name); number++) {
      if (!sent.has(`${wanted} ${number}`)) name = `${wanted} ${number}`;
      numbers.set(wanted, number + 1);
    }
    given.add(name);
    return name;
  });
}

/** For a cell that no name was given for. */
function freeName(object: Record<string, string>, index: number): string {
  const name = `column ${index + 1}`;
  return Object.hasOwn(object, name) ? `${name} (${index + 1})` : name;
}

function unclosed(row: number): Rows {
  const sentence = `The body is not valid CSV: a quoted cell in row ${row} does not end.`;
  return { ok: false, code: "malformed-csv", sentence };
}

function tooMany(): Extract<ReadCsv, { ok: false }> {
  const sentence = `The CSV has more than ${MAX_CELLS.toLocaleString("en")} cells.`;
  return { ok: false, code: "too-many-parts", sentence };
}
