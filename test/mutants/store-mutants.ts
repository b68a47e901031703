// What makes an acknowledged event safe, and a run one holder's at a time: SQLite's commits, fences, leases, jobs.

import { inFile, type Mutant } from "./mutant.ts";

export const STORE_MUTANTS: Mutant[] = [
  ...inFile(
    "server/adapters/sqlite-commits.ts",
    ["test/server/adapters/sqlite-commits.test.ts"],
    [
      {
        name: "A failed commit is not rolled back.",
        find: 'if (database.isTransaction) database.exec("ROLLBACK");',
        replace: "",
      },
      {
        name: "A failed commit is acknowledged.",
        find: "settle({ ok: false, error });",
        replace: "settle({ ok: true, value: error });",
      },
      {
        name: "A change that threw leaves behind what it had done by then.",
        find: 'writer.run("ROLLBACK TO one");',
        replace: "",
      },
      {
        name: "A change that threw is counted all the same.",
        find: 'writer.run("ROLLBACK TO one");\n        writer.dropTallies();',
        replace: 'writer.run("ROLLBACK TO one");',
      },
      {
        name: "A write is acknowledged before its commit.",
        find: "outcomes.push({ ok: true, value: make(writer) });",
        replace:
          "outcomes.push({ ok: true, value: make(writer) }); changes[outcomes.length - 1]?.settle({ ok: true, value: 1 });",
      },
    ],
  ),
  ...inFile(
    "server/adapters/sqlite-database.ts",
    ["test/server/adapters/sqlite-commits.test.ts"],
    [
      {
        name: "A commit does not wait for the disk.",
        find: "synchronous = FULL",
        replace: "synchronous = NORMAL",
      },
      {
        name: "Commits go without the write-ahead log.",
        find: "journal_mode = WAL",
        replace: "journal_mode = DELETE",
      },
    ],
  ),
  ...inFile(
    "server/adapters/sqlite-thread-main.ts",
    ["test/server/adapters/sqlite-file.test.ts"],
    [
      {
        name: "Closing leaves behind what still waits.",
        find: "commits.finish();",
        replace: "",
      },
    ],
  ),
  ...inFile(
    "server/adapters/sqlite-lock.ts",
    ["test/server/adapters/sqlite-file.test.ts"],
    [{ name: "Two processes have one data folder.", find: "; BEGIN EXCLUSIVE", replace: "" }],
  ),
  ...inFile(
    "server/adapters/sqlite-migrations.ts",
    ["test/contracts/sqlite-store.test.ts"],
    [
      {
        name: "A flow takes the same event twice.",
        find: "CREATE UNIQUE INDEX runs_once",
        replace: "CREATE INDEX runs_once",
      },
      {
        name: "A run left running by a dead process is never due again.",
        find: "ifnull(lease_until, 0)",
        replace: "lease_until",
      },
    ],
  ),
  ...inFile(
    "server/adapters/sqlite-run-changes.ts",
    ["test/contracts/sqlite-store.test.ts"],
    [
      {
        name: "A holder that lost its run still writes to it.",
        find: "AND fence = ? AND",
        replace: "AND ? IS NOT NULL AND",
      },
      {
        name: "A run that has ended can be written to.",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the source as it stands
        find: "AND status NOT IN (${ENDED})",
        replace: "",
      },
      {
        name: "A holder that lost its run renews the lease of the one who has it.",
        find: "if (run?.fence !== fence) return [id];",
        replace: "if (!run) return [id];",
      },
      { name: "A claim leaves the fence as it was.", find: "row.fence += 1;", replace: "" },
      { name: "A run in hand is claimed by a second one.", find: "row.lease_until > now", replace: "false" },
      {
        name: "A run that asks or has ended can be claimed.",
        find: '["queued", "waiting", "running"].includes(row.status)',
        replace: "true",
      },
      {
        name: "A claim does not tell that the last holder never let go.",
        find: 'const clean = row.status !== "running";',
        replace: "const clean = true;",
      },
      {
        name: "Canceling or answering leaves the fence as it was.",
        find: '"fence = fence + 1"',
        replace: '"fence = fence"',
      },
      {
        name: "A run is moved whatever its status is.",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the source as it stands
        find: "AND status IN (${marks(from)})",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the source as it would be
        replace: "AND (1 OR status IN (${marks(from)}))",
      },
      {
        name: "Pruning deletes runs that have not ended.",
        find: "for (const status of Object.keys(FINAL)) {",
        replace: 'for (const status of ["queued", "waiting", "asking", "running", ...Object.keys(FINAL)]) {',
      },
      {
        name: "Only the first workspace's old runs are deleted.",
        find: 'if (typeof id !== "string") return found;',
        replace: 'if (typeof id !== "string" || found.length === 1) return found;',
      },
    ],
  ),
  ...inFile(
    "server/adapters/sqlite-runs.ts",
    ["test/contracts/sqlite-store.test.ts"],
    [
      {
        name: "The sweep sees the runs that are due later, and not those that are overdue.",
        find: "due_at < ?",
        replace: "due_at > ?",
      },
    ],
  ),
  ...inFile(
    "server/adapters/sqlite-store.ts",
    ["test/contracts/sqlite-store.test.ts"],
    [{ name: "A dead process keeps its leases.", find: "clearLeases(file), ", replace: "" }],
  ),
  ...inFile(
    "server/adapters/sqlite-accounts.ts",
    ["test/contracts/sqlite-store.test.ts"],
    [
      {
        name: "A second owner can be created.",
        find: "WHERE NOT EXISTS (SELECT 1 FROM users)",
        replace: "",
      },
    ],
  ),
  ...inFile(
    "server/adapters/sqlite-queue.ts",
    ["test/contracts/sqlite-queue.test.ts"],
    [
      {
        name: "Pushing a job that is there already fails.",
        find: "0) ON CONFLICT DO NOTHING",
        replace: "0)",
      },
      { name: "A job whose handler failed is deleted.", find: " failed = true;", replace: "" },
      {
        name: "A job is deleted before its handler has done it.",
        find: "await worker.handler(job);",
        replace:
          'await file.write((db) => db.run("DELETE FROM jobs WHERE id = ?", row.id)); await worker.handler(job);',
      },
      {
        name: "A job is given to two hands at the same time.",
        find: "shared.held.add(row.id);",
        replace: "",
      },
    ],
  ),
];
