// How flows catch, in SQLite: a column of the flow, which no draft and no version touches.

import type { FlowStore, StoredCatching } from "../ports/store.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { fromJson, toJson } from "./sqlite-values.ts";

/** Every change of how a flow catches is made within `changing`. */
export function createCatching(
  file: SqliteFile,
  changing: <T>(change: () => Promise<T>) => Promise<T>,
): Pick<FlowStore, "catching" | "setCatching"> {
  return {
    async catching(id) {
      const row = file.get<{ catching: string | null }>("SELECT catching FROM flows WHERE id = ?", id);
      return toCatching(row?.catching ?? null);
    },
    async setCatching(id, { settings, sealed }, updatedAt) {
      const catching = toJson({ settings, sealed });
      const sql = "UPDATE flows SET catching = ?, updated_at = ? WHERE id = ?";
      return (await changing(() => file.run(sql, catching, updatedAt, id))) === 1;
    },
  };
}

export function toCatching(column: string | null): StoredCatching | null {
  return column === null ? null : fromJson(column);
}
