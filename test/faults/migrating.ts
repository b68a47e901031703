// Opens a data folder as the program does, with two slow steps more when `SLOW` is set, and closes it: to be killed.

import { openSqliteFile } from "../../server/adapters/sqlite-file.ts";
import { MIGRATIONS, type Migration } from "../../server/adapters/sqlite-migrations.ts";

const SLOW: Migration[] = [
  {
    name: "many rows",
    sql: `
      CREATE TABLE filler (n INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
      INSERT INTO filler
        WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 200000)
        SELECT n, 'row ' || n || ' ' || hex(zeroblob(20)) FROM counted;
    `,
  },
  {
    name: "every row again",
    sql: `
      ALTER TABLE filler ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
      UPDATE filler SET size = length(text), text = upper(text);
      UPDATE runs SET problem = '{"code":"unexpected","sentence":"by a step"}' WHERE status = 'failed';
      CREATE INDEX filler_by_size ON filler (size, text);
    `,
  },
];

const [folder = ""] = process.argv.slice(2);
const file = openSqliteFile(folder, process.env.SLOW ? { migrations: [...MIGRATIONS, ...SLOW] } : {});
await file.close();
