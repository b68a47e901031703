// How lines are written: joined, left. Made in the thread that has the database.

import { whoMovesUp } from "./line-order.ts";
import type { Reader, Writer } from "./sqlite-writer.ts";

export interface LineColumns {
  seq: number;
  places: number;
}

export const LINE = "SELECT seq, places FROM lines WHERE name = ?";

/** The name as `packText` makes it. */
type LineName = string | Uint8Array;

export const LINE_CHANGES = { joinLine, leaveLine };

/** Gives how many stand before it. */
function joinLine(db: Writer, name: LineName, runId: string): number {
  db.run("INSERT INTO lines (name, places) VALUES (?, 0) ON CONFLICT DO NOTHING", name);
  const found = db.get<LineColumns>(LINE, name);
  if (!found) throw new Error(`The line ${name} went away while it was joined.`);
  const { seq, places } = found;
  const joined = db.run(
    "INSERT INTO line_places (line, run_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
    seq,
    runId,
  );
  if (joined === 1) return places;
  const before = db.get<{ n: number }>(
    `SELECT count(*) AS n FROM line_places WHERE line = ?
       AND seq < (SELECT seq FROM line_places WHERE run_id = ? AND line = ?)`,
    seq,
    runId,
    seq,
  );
  return before?.n ?? 0;
}

/** Gives who moves up to the first `atOnce`. */
function leaveLine(db: Writer, name: LineName, runId: string, atOnce: number): string | null {
  const first = firstInLine(db, name, atOnce + 1);
  const left = db.run(
    "DELETE FROM line_places WHERE run_id = ? AND line = (SELECT seq FROM lines WHERE name = ?)",
    runId,
    name,
  );
  return left === 1 ? whoMovesUp(first, runId, atOnce) : null;
}

export function firstInLine(db: Reader, name: LineName, limit: number): string[] {
  return db
    .all<{ run_id: string }>(
      `SELECT run_id FROM line_places WHERE line = (SELECT seq FROM lines WHERE name = ?)
       ORDER BY seq LIMIT ?`,
      name,
      limit,
    )
    .map(({ run_id }) => run_id);
}

/** For a run that is being deleted. */
export function leaveAllLines(db: Writer, runSeq: number): void {
  db.run("DELETE FROM line_places WHERE run_id = (SELECT id FROM runs WHERE seq = ?)", runSeq);
}
