// A table in SQLite as durable as the server's own, the writes of one turn of the event loop in one transaction.

import { DatabaseSync, type SQLInputValue } from "node:sqlite";

/** Runs the statement with these values and resolves when that is on disk, with the row's number. */
export type Insert = (values: SQLInputValue[]) => Promise<number>;

export function openWith(path: string, tables: string): (sql: string) => Insert {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${tables}`);
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  let waiting: { run: () => number; resolve: (row: number) => void }[] = [];

  function flush(): void {
    const writes = waiting;
    waiting = [];
    begin.run();
    const rows = writes.map(({ run }) => run());
    commit.run();
    for (const [i, { resolve }] of writes.entries()) resolve(rows[i] ?? 0);
  }

  return (sql) => {
    const statement = database.prepare(sql);
    return (values) =>
      new Promise((resolve) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ run: () => Number(statement.run(...values).lastInsertRowid), resolve });
      });
  };
}
