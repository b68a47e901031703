// The lines that runs stand in, in SQLite: one row for each line, and one for each place in it.

import type { LineStore } from "../ports/store.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { firstInLine, LINE, type LineColumns } from "./sqlite-line-changes.ts";
import { packText, unpackText } from "./sqlite-values.ts";

export function createLineStore(file: SqliteFile): LineStore {
  return {
    join: (line, runId) => file.write("joinLine", packText(line), runId),
    first: async (line, limit) => firstInLine(file, packText(line), limit),
    async length(line, most) {
      return Math.min(most, file.get<LineColumns>(LINE, packText(line))?.places ?? 0);
    },
    leave: (line, runId, atOnce) => file.write("leaveLine", packText(line), runId, atOnce),
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
