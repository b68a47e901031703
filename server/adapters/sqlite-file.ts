// Opens the one SQLite file of a data folder, and gathers writes: those of one turn of the event loop share a commit.
//
//   turn 1   write(a)  write(b)  write(c)     nothing happens yet
//   turn 2   BEGIN  a  b  c  COMMIT           in the write-ahead log, and the disk is asked to keep it
//   turn 3   write(d)  write(e)               these wait for the disk, and share the next commit
//   turn 4   the disk has it                  the first three promises resolve; BEGIN  d  e  COMMIT
//
// The disk is waited for beside the event loop, not in it: a commit that waits inside holds up every request.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { lockFolder, makePrivateFile } from "./sqlite-lock.ts";
import { MIGRATIONS, type Migration, migrate } from "./sqlite-migrations.ts";
import { diskFailed, unavailable } from "./sqlite-problems.ts";
import { createDiskSync, type DiskSync } from "./sqlite-sync.ts";

export interface Reader {
  all<Row>(sql: string, ...values: SQLInputValue[]): Row[];
  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined;
}

export interface Writer extends Reader {
  /** Gives how many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number;
}

/** Reads see the last commit, never the middle of one; they throw `StoreUnavailable` when the disk gives an error. */
export interface SqliteFile extends Reader {
  /**
   * Runs `change` in the next turn of the event loop and resolves, with what it gave, when that is on disk. It is
   * all or nothing. It runs twice when a neighbour in the same commit throws, so it must do nothing but statements.
   * Rejects with `StoreUnavailable` when the disk is full or failing; later writes work as soon as it is not. One that
   * was rejected because the disk could not say that it has it may be there all the same.
   */
  write<T>(change: (writer: Writer) => T): Promise<T>;
  /** Lets go of memory that is only there to be quick. */
  spareMemory(): void;
  /** Writes what is still waiting, folds the write-ahead log into the file and lets go of the folder. */
  close(): Promise<void>;
}

export interface SqliteOptions {
  migrations?: Migration[];
  /** How many writes share a commit at most: bounds how long one commit keeps the event loop. */
  batch?: number;
  /** Asks the disk to keep the file of this path; default: what the system offers for it. */
  sync?: (path: string) => DiskSync;
  /** Told of every commit: how many writes shared it, and how many seconds they took with it. Must not throw. */
  onCommit?: (writes: number, seconds: number) => void;
}

export const DATABASE_FILE = "flowcatch.db";

interface Waiting {
  change: (writer: Writer) => unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/** Opens (or makes) `<folder>/flowcatch.db` and brings it up to date. Throws when another process has the folder. */
export function openSqliteFile(folder: string, options: SqliteOptions = {}): SqliteFile {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(folder);
  try {
    const path = join(folder, DATABASE_FILE);
    makePrivateFile(path);
    return openDatabase(path, folder, options, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** The same without a disk, for tests. */
export function openSqliteMemory(options: SqliteOptions = {}): SqliteFile {
  return openDatabase(":memory:", undefined, options, () => {});
}

function openDatabase(
  path: string,
  folder: string | undefined,
  { migrations = MIGRATIONS, batch = 500, onCommit = () => {}, sync = createDiskSync }: SqliteOptions,
  unlock: () => void,
): SqliteFile {
  const where = folder ?? "memory";
  const database = new DatabaseSync(path, { timeout: 1_000 });
  try {
    // FULL: a commit waits until it is on disk. The log is cut back to 16 MB after a burst.
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA journal_size_limit = 16777216;
      PRAGMA cache_size = -8192;
      PRAGMA temp_store = MEMORY;
    `);
    migrate(database, migrations, folder);
    // From here on commits do not wait: `disk` does, before anybody is told. Checkpoints still wait for both files.
    if (folder !== undefined) database.exec("PRAGMA synchronous = NORMAL");
  } catch (error) {
    database.close();
    throw error;
  }

  const writer = createWriter(database);
  const disk = folder === undefined ? null : sync(`${path}-wal`);
  const waiting: Waiting[] = [];
  let scheduled = false;
  /** The disk is being waited for. */
  let syncing: Promise<void> | undefined;
  /** The disk failed once: what it was given since the last checkpoint may be lost on it, whatever it says later. */
  let doubtful = false;
  let closed = false;

  function schedule(): void {
    if (scheduled || syncing) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      if (closed) return;
      flush();
      if (waiting.length > 0) schedule();
    });
  }

  function flush(): void {
    const changes = waiting.splice(0, batch);
    if (changes.length === 0) return;
    const began = performance.now();
    try {
      // While it is not known what the disk has, nothing is added to it: what is refused now is not there either.
      if (doubtful) makeSure();
      const settle = runTogether(changes) ?? runApart(changes);
      writer.run("COMMIT");
      if (disk && !closed) syncing = waitForDisk(disk, changes, settle, began);
      else settled(changes, settle, began);
    } catch (error) {
      rollBack();
      refused(changes, doubtful ? diskFailed(error, where) : error);
    }
  }

  function settled(changes: Waiting[], settle: (() => void)[], began: number): void {
    onCommit(changes.length, (performance.now() - began) / 1_000);
    for (const done of settle) done();
  }

  function refused(changes: Waiting[], error: unknown): void {
    const reason = unavailable(error, where) ?? error;
    for (const { reject } of changes) reject(reason);
  }

  /** What is written by then is whole in the log; whether it is on disk is what is found out here. */
  async function waitForDisk(
    disk: DiskSync,
    changes: Waiting[],
    settle: (() => void)[],
    began: number,
  ): Promise<void> {
    try {
      await disk.sync().catch(() => {
        doubtful = true;
        makeSure();
      });
      settled(changes, settle, began);
    } catch (error) {
      // Whoever is told so may come again, and it may be there all the same: as with an answer that got lost.
      refused(changes, diskFailed(error, where));
    }
    syncing = undefined;
    if (!closed && waiting.length > 0) schedule();
  }

  /**
   * After a failed sync Linux takes what it could not write for written, so a second one says nothing. The pages are
   * still there to be read: a checkpoint writes them all anew, into the database, and waits for that.
   */
  function makeSure(): void {
    const result = database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
    if (result?.busy !== 0) throw new Error(`The log in ${where} could not be folded into the database.`);
    doubtful = false;
  }

  /** The usual case, at no cost. Undefined when one of them threw: then nothing has happened. */
  function runTogether(changes: Waiting[]): (() => void)[] | undefined {
    writer.run("BEGIN IMMEDIATE");
    const settle: (() => void)[] = [];
    for (const { change, resolve } of changes) {
      try {
        const value = change(writer);
        settle.push(() => resolve(value));
      } catch (error) {
        const gone = unavailable(error, where);
        if (gone) throw gone;
        rollBack();
        return undefined;
      }
    }
    return settle;
  }

  /** Each in a savepoint of its own, so that the one that throws takes back only itself. */
  function runApart(changes: Waiting[]): (() => void)[] {
    writer.run("BEGIN IMMEDIATE");
    return changes.map(({ change, resolve, reject }) => {
      writer.run("SAVEPOINT one");
      try {
        const value = change(writer);
        writer.run("RELEASE one");
        return () => resolve(value);
      } catch (error) {
        const gone = unavailable(error, where);
        if (gone) throw gone;
        writer.run("ROLLBACK TO one");
        writer.run("RELEASE one");
        return () => reject(error);
      }
    });
  }

  function read<T>(look: () => T): T {
    try {
      return look();
    } catch (error) {
      throw unavailable(error, where) ?? error;
    }
  }

  /** SQLite may have done it by itself: it does on a full disk. */
  function rollBack(): void {
    if (database.isTransaction) database.exec("ROLLBACK");
  }

  return {
    all: <Row>(sql: string, ...values: SQLInputValue[]) => read(() => writer.all<Row>(sql, ...values)),
    get: <Row>(sql: string, ...values: SQLInputValue[]) => read(() => writer.get<Row>(sql, ...values)),
    write<T>(change: (writer: Writer) => T): Promise<T> {
      if (closed) return Promise.reject(new Error(`The database in ${where} is closed.`));
      return new Promise<T>((resolve, reject) => {
        // what `change` gives is a T: the list of waiting writes has lost that
        waiting.push({ change, resolve: (value) => resolve(value as T), reject });
        schedule();
      });
    },
    spareMemory() {
      if (!closed) database.exec("PRAGMA shrink_memory");
    },
    async close() {
      if (closed) return;
      closed = true;
      await syncing;
      database.exec("PRAGMA synchronous = FULL");
      while (waiting.length > 0) flush();
      disk?.close();
      try {
        database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      } catch {
        // on a full disk the log stays as it is and is read at the next start
      }
      database.close();
      unlock();
    },
  };
}

/** Every statement is prepared once. */
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
  };
}
