// The tables, as numbered steps. A step that was released is never changed: a new one is added below it.

import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";

export interface Migration {
  name: string;
  sql: string;
}

/**
 * Brings the database to the newest version, one transaction a step; the number of steps done is its `user_version`.
 * A database that already holds something is copied first, to `flowcatch.before-<the first step it lacks>.db`: when
 * the process dies between two steps, the next start makes a second copy and leaves the one from before both alone.
 * Throws when a newer program has written it.
 */
export function migrate(database: DatabaseSync, migrations: Migration[], folder: string | undefined): void {
  const version = Number(database.prepare("PRAGMA user_version").get()?.user_version);
  if (version > migrations.length) {
    throw new Error(
      `The database in ${folder} was written by a newer Flowcatch: its format is ${version}, this program knows up to ${migrations.length}. Start the newer program, or put back the copy made before it migrated.`,
    );
  }
  if (version === migrations.length) return;
  const copy = version > 0 && folder !== undefined ? copyBefore(database, folder, version + 1) : undefined;
  for (const [index, { name, sql }] of migrations.entries()) {
    if (index < version) continue;
    database.exec("BEGIN IMMEDIATE");
    try {
      database.exec(sql);
      database.exec(`PRAGMA user_version = ${index + 1}; COMMIT`);
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      const saved = copy === undefined ? "" : ` A copy from before is ${copy}.`;
      throw new Error(
        `The database could not be brought to format ${index + 1} (${name}): ${error instanceof Error ? error.message : error}. It is as it was in format ${index}.${saved}`,
        { cause: error },
      );
    }
  }
}

/** The copy takes its final name only when it is whole and on disk. */
function copyBefore(database: DatabaseSync, folder: string, next: number): string {
  const path = join(folder, `flowcatch.before-${next}.db`);
  const unfinished = `${path}.unfinished`;
  rmSync(unfinished, { force: true });
  closeSync(openSync(unfinished, "wx", 0o600));
  database.prepare("VACUUM INTO ?").run(unfinished);
  syncToDisk(unfinished);
  renameSync(unfinished, path);
  syncToDisk(folder);
  return path;
}

function syncToDisk(path: string): void {
  const handle = openSync(path, "r");
  fsyncSync(handle);
  closeSync(handle);
}

/*
 * Times are REAL: milliseconds, which may have a fraction; SQLite keeps whole ones as integers.
 * ANY marks free text that may hold what UTF-8 cannot (see packText).
 * JSON columns hold what the store never looks into.
 */
export const MIGRATIONS: Migration[] = [
  {
    name: "the first tables",
    sql: `
      CREATE TABLE flows (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        workspace_id TEXT NOT NULL,
        name ANY NOT NULL,
        revision INTEGER NOT NULL,
        status TEXT NOT NULL,
        live_version_id TEXT,
        catch_key TEXT NOT NULL UNIQUE,
        created_at REAL NOT NULL,
        updated_at REAL NOT NULL,
        draft TEXT NOT NULL
      ) STRICT;
      CREATE INDEX flows_of_workspace ON flows (workspace_id);
      CREATE INDEX flows_by_status ON flows (status);

      -- flows whose runs are still being deleted
      CREATE TABLE removed_flows (id TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;

      CREATE TABLE versions (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        workspace_id TEXT NOT NULL,
        flow_id TEXT NOT NULL,
        number INTEGER NOT NULL,
        note ANY NOT NULL,
        created_at REAL NOT NULL,
        graph TEXT NOT NULL,
        UNIQUE (flow_id, number)
      ) STRICT;

      CREATE TABLE samples (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        workspace_id TEXT NOT NULL,
        flow_id TEXT NOT NULL,
        name ANY NOT NULL,
        created_at REAL NOT NULL,
        event TEXT NOT NULL,
        raw BLOB NOT NULL
      ) STRICT;
      CREATE INDEX samples_of_flow ON samples (flow_id, created_at);

      CREATE TABLE runs (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        workspace_id TEXT NOT NULL,
        flow_id TEXT NOT NULL,
        version_id TEXT NOT NULL,
        status TEXT NOT NULL,
        fence INTEGER NOT NULL,
        lease_until REAL,
        dedupe_key ANY NOT NULL,
        created_at REAL NOT NULL,
        started_at REAL,
        finished_at REAL,
        wake_at REAL,
        replay_of TEXT,
        problem TEXT,
        response TEXT,
        -- when somebody should have taken it in hand
        due_at REAL AS (CASE status
          WHEN 'queued' THEN created_at
          WHEN 'waiting' THEN wake_at
          WHEN 'running' THEN coalesce(lease_until, 0)
        END) VIRTUAL,
        UNIQUE (flow_id, dedupe_key)
      ) STRICT;
      CREATE INDEX runs_of_workspace ON runs (workspace_id, created_at);
      CREATE INDEX runs_of_workspace_by_status ON runs (workspace_id, status, created_at);
      CREATE INDEX runs_of_flow ON runs (flow_id, created_at);
      CREATE INDEX runs_of_flow_by_status ON runs (flow_id, status, created_at);
      CREATE INDEX runs_due ON runs (due_at) WHERE due_at IS NOT NULL;
      CREATE INDEX runs_ended ON runs (created_at) WHERE status IN ('succeeded', 'failed', 'canceled');

      -- apart from runs, so that a change of status does not write the body again
      CREATE TABLE run_events (
        run_seq INTEGER PRIMARY KEY,
        event TEXT NOT NULL,
        -- the start of raw where raw is long: searching must not read whole bodies
        start BLOB,
        raw BLOB NOT NULL
      ) STRICT;

      -- seq is the order of first recording
      CREATE TABLE step_runs (
        seq INTEGER PRIMARY KEY,
        run_seq INTEGER NOT NULL,
        path TEXT NOT NULL,
        step TEXT NOT NULL,
        UNIQUE (run_seq, path)
      ) STRICT;

      -- how many runs are in each status, kept by triggers: counting a million rows takes too long
      CREATE TABLE run_counts (
        flow_id TEXT NOT NULL,
        status TEXT NOT NULL,
        runs INTEGER NOT NULL,
        PRIMARY KEY (flow_id, status)
      ) STRICT, WITHOUT ROWID;
      CREATE TRIGGER runs_counted_on_insert AFTER INSERT ON runs BEGIN
        INSERT INTO run_counts VALUES (NEW.flow_id, NEW.status, 1)
          ON CONFLICT DO UPDATE SET runs = runs + 1;
      END;
      CREATE TRIGGER runs_counted_on_move AFTER UPDATE OF status ON runs WHEN OLD.status <> NEW.status BEGIN
        UPDATE run_counts SET runs = runs - 1 WHERE flow_id = OLD.flow_id AND status = OLD.status;
        INSERT INTO run_counts VALUES (NEW.flow_id, NEW.status, 1)
          ON CONFLICT DO UPDATE SET runs = runs + 1;
      END;
      CREATE TRIGGER runs_counted_on_delete AFTER DELETE ON runs BEGIN
        UPDATE run_counts SET runs = runs - 1 WHERE flow_id = OLD.flow_id AND status = OLD.status;
      END;

      CREATE TABLE connections (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        workspace_id TEXT NOT NULL,
        connector_id TEXT NOT NULL,
        name ANY NOT NULL,
        sealed TEXT NOT NULL,
        shown TEXT NOT NULL,
        created_at REAL NOT NULL,
        updated_at REAL NOT NULL
      ) STRICT;
      CREATE INDEX connections_of_workspace ON connections (workspace_id);

      CREATE TABLE users (
        id TEXT NOT NULL PRIMARY KEY,
        workspace_id TEXT NOT NULL,
        email ANY NOT NULL UNIQUE,
        password_hash TEXT NOT NULL,
        role TEXT NOT NULL,
        created_at REAL NOT NULL
      ) STRICT;

      CREATE TABLE sessions (
        hash TEXT NOT NULL PRIMARY KEY,
        user_id TEXT NOT NULL,
        created_at REAL NOT NULL,
        last_seen_at REAL NOT NULL,
        expires_at REAL NOT NULL
      ) STRICT;

      CREATE TABLE tokens (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        workspace_id TEXT NOT NULL,
        name ANY NOT NULL,
        hash TEXT NOT NULL UNIQUE,
        tail TEXT NOT NULL,
        created_at REAL NOT NULL,
        last_used_at REAL
      ) STRICT;
      CREATE INDEX tokens_of_workspace ON tokens (workspace_id);

      CREATE TABLE settings (name ANY NOT NULL PRIMARY KEY, value ANY NOT NULL) STRICT;

      -- written to find out whether the disk takes writes
      CREATE TABLE pulse (one INTEGER PRIMARY KEY CHECK (one = 1), beats INTEGER NOT NULL) STRICT;
      INSERT INTO pulse VALUES (1, 0);

      CREATE TABLE jobs (
        id TEXT NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL,
        ref TEXT NOT NULL,
        due_at REAL NOT NULL,
        -- how often a handler has given it back
        failures INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX jobs_due ON jobs (kind, due_at);
    `,
  },
  {
    name: "samples can be pinned",
    sql: "ALTER TABLE samples ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0",
  },
  {
    name: "figures of each minute",
    sql: `
      CREATE TABLE minute_stats (
        -- minutes since 1970
        minute INTEGER PRIMARY KEY,
        accepted INTEGER NOT NULL,
        refused INTEGER NOT NULL,
        succeeded INTEGER NOT NULL,
        failed INTEGER NOT NULL,
        canceled INTEGER NOT NULL,
        steps INTEGER NOT NULL,
        timed INTEGER NOT NULL,
        run_ms REAL NOT NULL
      ) STRICT;
    `,
  },
  {
    name: "a job that was put off knows when it was due",
    sql: "ALTER TABLE jobs ADD COLUMN first_due_at REAL",
  },
  {
    name: "how flows catch",
    sql: "ALTER TABLE flows ADD COLUMN catching TEXT",
  },
  {
    name: "requests that became no run",
    sql: `
      CREATE TABLE deliveries (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        workspace_id TEXT NOT NULL,
        flow_id TEXT NOT NULL,
        at REAL NOT NULL,
        verdict TEXT NOT NULL,
        run_id TEXT,
        status INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        sender ANY NOT NULL,
        problem TEXT,
        request TEXT NOT NULL,
        -- the start of raw where raw is long, as in run_events
        start BLOB,
        raw BLOB NOT NULL
      ) STRICT;
      CREATE INDEX deliveries_of_workspace ON deliveries (workspace_id, verdict, at, id);
      CREATE INDEX deliveries_of_flow ON deliveries (flow_id, verdict, at, id);
      CREATE INDEX deliveries_by_time ON deliveries (at);

      -- how many a flow has, the refused ones and the others, kept by triggers: each insert has to know
      CREATE TABLE delivery_counts (
        flow_id TEXT NOT NULL,
        refused INTEGER NOT NULL,
        deliveries INTEGER NOT NULL,
        PRIMARY KEY (flow_id, refused)
      ) STRICT, WITHOUT ROWID;
      CREATE TRIGGER deliveries_counted_on_insert AFTER INSERT ON deliveries BEGIN
        INSERT INTO delivery_counts VALUES (NEW.flow_id, NEW.verdict = 'refused', 1)
          ON CONFLICT DO UPDATE SET deliveries = deliveries + 1;
      END;
      CREATE TRIGGER deliveries_counted_on_delete AFTER DELETE ON deliveries BEGIN
        UPDATE delivery_counts SET deliveries = deliveries - 1
          WHERE flow_id = OLD.flow_id AND refused = (OLD.verdict = 'refused');
      END;
    `,
  },
  {
    name: "lines that runs stand in",
    sql: `
      ALTER TABLE runs ADD COLUMN lines TEXT;

      -- a line that nobody stands in is not there
      CREATE TABLE lines (
        seq INTEGER PRIMARY KEY,
        name ANY NOT NULL UNIQUE,
        places INTEGER NOT NULL
      ) STRICT;
      -- seq is the order of arrival
      CREATE TABLE line_places (
        seq INTEGER PRIMARY KEY,
        line INTEGER NOT NULL,
        run_id TEXT NOT NULL,
        UNIQUE (run_id, line)
      ) STRICT;
      CREATE INDEX line_places_in_order ON line_places (line, seq);
      CREATE TRIGGER line_grew AFTER INSERT ON line_places BEGIN
        UPDATE lines SET places = places + 1 WHERE seq = NEW.line;
      END;
      CREATE TRIGGER line_shrank AFTER DELETE ON line_places BEGIN
        UPDATE lines SET places = places - 1 WHERE seq = OLD.line;
        DELETE FROM lines WHERE seq = OLD.line AND places = 0;
      END;
    `,
  },
  {
    name: "runs are listed status by status",
    // three indexes less that every run wrote: each list is merged from the newest of each status
    sql: "DROP INDEX runs_of_workspace; DROP INDEX runs_of_flow; DROP INDEX runs_ended",
  },
  {
    name: "runs are counted once for each commit",
    // by whoever writes them: the triggers were a quarter of the work of writing a run; and not while they are in hand
    sql: `
      DROP TRIGGER runs_counted_on_insert; DROP TRIGGER runs_counted_on_move; DROP TRIGGER runs_counted_on_delete;
      DELETE FROM run_counts WHERE status = 'running';
    `,
  },
  {
    name: "runs without a dedupe key are in one index less",
    // An index that begins with the flow is written in as many places as there are flows: each is a page to be written.
    sql: `
      ALTER TABLE runs RENAME TO runs_before;
      CREATE TABLE runs (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        workspace_id TEXT NOT NULL,
        flow_id TEXT NOT NULL,
        version_id TEXT NOT NULL,
        status TEXT NOT NULL,
        fence INTEGER NOT NULL,
        lease_until REAL,
        -- NULL is the run's own id, which nothing else has
        dedupe_key ANY,
        created_at REAL NOT NULL,
        started_at REAL,
        finished_at REAL,
        wake_at REAL,
        replay_of TEXT,
        problem TEXT,
        response TEXT,
        lines TEXT,
        -- when somebody should have taken it in hand
        due_at REAL AS (CASE status
          WHEN 'queued' THEN created_at
          WHEN 'waiting' THEN wake_at
          WHEN 'running' THEN ifnull(lease_until, 0)
        END) VIRTUAL
      ) STRICT;
      INSERT INTO runs
        SELECT seq, id, workspace_id, flow_id, version_id, status, fence, lease_until, nullif(dedupe_key, id),
          created_at, started_at, finished_at, wake_at, replay_of, problem, response, lines
        FROM runs_before ORDER BY seq;
      DROP TABLE runs_before;
      CREATE UNIQUE INDEX runs_once ON runs (flow_id, dedupe_key) WHERE dedupe_key IS NOT NULL;
      CREATE INDEX runs_of_workspace_by_status ON runs (workspace_id, status, created_at);
      -- no more are running than are in hand
      CREATE INDEX runs_of_flow_at_rest ON runs (flow_id, status, created_at) WHERE status <> 'running';
      CREATE INDEX runs_due ON runs (due_at) WHERE due_at IS NOT NULL;
    `,
  },
];
