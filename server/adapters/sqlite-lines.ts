// The lines that runs stand in, in SQLite: one row for each line, and one for each place in it.

import type { LineStore } from "../ports/store.ts";
import { whoMovesUp } from "./line-order.ts";
import type { Reader, SqliteFile, Writer } from "./sqlite-file.ts";
import { packText, unpackText } from "./sqlite-values.ts";

interface LineColumns {
  seq: number;
  places: number;
}

const LINE = "SELECT seq, places FROM lines WHERE name = ?";

export function createLineStore(file: SqliteFile): LineStore {
  return {
    join: (line, runId) =>
      file.write((db) => {
        const name = packText(line);
        db.run("INSERT INTO lines (name, places) VALUES (?, 0) ON CONFLICT DO NOTHING", name);
        const found = db.get<LineColumns>(LINE, name);
        if (!found) throw new Error(`The line ${line} went away while it was joined.`);
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
      }),
    first: async (line, limit) => firstOf(file, packText(line), limit),
    async length(line, most) {
      return Math.min(most, file.get<LineColumns>(LINE, packText(line))?.places ?? 0);
    },
    leave: (line, runId, atOnce) =>
      file.write((db) => {
        const name = packText(line);
        const first = firstOf(db, name, atOnce + 1);
        const left = db.run(
          "DELETE FROM line_places WHERE run_id = ? AND line = (SELECT seq FROM lines WHERE name = ?)",
          runId,
          name,
        );
        return left === 1 ? whoMovesUp(first, runId, atOnce) : null;
      }),
    async list(after, limit) {
      return file
        .all<{ name: string | Uint8Array }>(
          "SELECT name FROM lines WHERE name > ? ORDER BY name LIMIT ?",
          packText(after),
          limit,
        )
        .map(({ name }) => unpackText(name));
    },
  };
}

function firstOf(db: Reader, name: string | Uint8Array, limit: number): string[] {
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
