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
}

export function createWriter(database: DatabaseSync): Writer {
  const prepared = new Map<string, StatementSync>();
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
  };
}
