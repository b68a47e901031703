// What statements are run with: a database whose every statement is prepared once.

import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";

export interface Reader {
  all<Row>(sql: string, ...values: SQLInputValue[]): Row[];
  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined;
}

export interface Writer extends Reader {
  /** Gives how many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number;
  /** Inserts a row and gives its rowid; null when it was left out (`ON CONFLICT DO NOTHING`). */
  insert(sql: string, ...values: SQLInputValue[]): number | null;
  /**
   * Adds to a sum that is written at the end of the commit: the statement runs once for each `of`, with the sum as its
   * first value. A trigger would run it for every row, and takes away the quickest way to update one.
   */
  tally(sql: string, by: number, ...of: string[]): void;
  /** Writes the sums that there are so far. */
  writeTallies(): void;
  /** What they were of was taken back. */
  dropTallies(): void;
}

export function createWriter(database: DatabaseSync): Writer {
  const prepared = new Map<string, StatementSync>();
  const tallies = new Map<string, { sql: string; sum: number; of: string[] }>();
  function statement(sql: string): StatementSync {
    const known = prepared.get(sql);
    if (known) return known;
    const fresh = database.prepare(sql);
    prepared.set(sql, fresh);
    return fresh;
  }
  return {
    all: <Row>(sql: string, ...values: SQLInputValue[]) => statement(sql).all(...values) as Row[],
    get: <Row>(sql: string, ...values: SQLInputValue[]) => statement(sql).get(...values) as Row | undefined,
    run: (sql, ...values) => Number(statement(sql).run(...values).changes),
    insert(sql, ...values) {
      const { changes, lastInsertRowid } = statement(sql).run(...values);
      return changes === 0 ? null : Number(lastInsertRowid);
    },
    tally(sql, by, ...of) {
      const key = `${sql}\n${of.join("\n")}`;
      const before = tallies.get(key);
      if (before) before.sum += by;
      else tallies.set(key, { sql, sum: by, of });
    },
    writeTallies() {
      for (const { sql, sum, of } of tallies.values()) if (sum !== 0) statement(sql).run(sum, ...of);
      tallies.clear();
    },
    dropTallies: () => tallies.clear(),
  };
}
