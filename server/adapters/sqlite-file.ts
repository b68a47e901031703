// Opens the one SQLite file of a data folder: read here, written by a thread of its own.
//
//   write(a)  write(b)  ──►  the thread: BEGIN a b COMMIT, and waits for the disk  ──►  the promises resolve
//   get, all  ──►  the last commit, by a connection of our own

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { type ChangeInput, type ChangeName, type ChangeOutput, makeChange } from "./sqlite-changes.ts";
import { type CommitOptions, createCommits, type Outcome } from "./sqlite-commits.ts";
import { closeDatabase, prepareToWrite } from "./sqlite-database.ts";
import { lockFolder, makePrivateFile } from "./sqlite-lock.ts";
import { MIGRATIONS, type Migration, migrate } from "./sqlite-migrations.ts";
import { unavailable } from "./sqlite-problems.ts";
import { startWritingThread } from "./sqlite-thread.ts";
import { createWriter, type Reader } from "./sqlite-writer.ts";

/** Reads see the last commit, never the middle of one; they throw `StoreUnavailable` when the disk gives an error. */
export interface SqliteFile extends Reader {
  /**
   * Makes the change and resolves, with what it gave, when that is on disk. It is all or nothing, and changes are made
   * in the order of the calls. Rejects with `StoreUnavailable` when the disk is full or failing; later writes work as
   * soon as it is not. One that was rejected because the disk could not say that it has it may be there all the same.
   */
  write<Name extends ChangeName>(name: Name, ...input: ChangeInput<Name>): Promise<ChangeOutput<Name>>;
  /** The same with a single statement; gives how many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): Promise<number>;
  /** Lets go of memory that is only there to be quick. */
  spareMemory(): void;
  /** Writes what is still waiting, folds the write-ahead log into the file and lets go of the folder. */
  close(): Promise<void>;
}

export interface SqliteOptions extends CommitOptions {
  migrations?: Migration[];
}

export const DATABASE_FILE = "flowcatch.db";

/** Opens (or makes) `<folder>/flowcatch.db` and brings it up to date. Throws when another process has the folder. */
export function openSqliteFile(folder: string, options: SqliteOptions = {}): SqliteFile {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(folder);
  try {
    const path = join(folder, DATABASE_FILE);
    makePrivateFile(path);
    const database = openDatabase(path, folder, options);
    database.exec("PRAGMA query_only = ON; PRAGMA cache_size = -2048");
    const { write, spareMemory, close } = startWritingThread(path, options);
    return createFile(database, folder, {
      write,
      spareMemory,
      async close() {
        await close();
        database.close();
        unlock();
      },
    });
  } catch (error) {
    unlock();
    throw error;
  }
}

/** The same without a disk, for tests. */
export function openSqliteMemory(options: SqliteOptions = {}): SqliteFile {
  const database = openDatabase(":memory:", undefined, options);
  const commits = createCommits(database, options);
  return createFile(database, "memory", {
    write: (name, input, settle) => commits.add({ make: (db) => makeChange(db, name, input), settle }),
    spareMemory: () => {},
    async close() {
      commits.finish();
      closeDatabase(database);
    },
  });
}

function openDatabase(
  path: string,
  folder: string | undefined,
  { migrations = MIGRATIONS }: SqliteOptions,
): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 1_000 });
  try {
    prepareToWrite(database);
    migrate(database, migrations, folder);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Who makes the changes. */
export interface Hand {
  write(name: ChangeName, input: unknown[], settle: (outcome: Outcome) => void): void;
  spareMemory(): void;
  close(): Promise<void>;
}

/** Read here, written by `hand`. */
export function createFile(database: DatabaseSync, where: string, hand: Hand): SqliteFile {
  const reader = createWriter(database);
  let closing: Promise<void> | undefined;

  function read<T>(look: () => T): T {
    try {
      return look();
    } catch (error) {
      throw unavailable(error, where) ?? error;
    }
  }

  function write<Name extends ChangeName>(name: Name, ...input: ChangeInput<Name>) {
    return new Promise<ChangeOutput<Name>>((resolve, reject) => {
      if (closing) return reject(new Error(`The database in ${where} is closed.`));
      hand.write(name, input, (outcome) => {
        // what the change gives has lost its type on the way
        if (outcome.ok) resolve(outcome.value as ChangeOutput<Name>);
        else reject(unavailable(outcome.error, where) ?? outcome.error);
      });
    });
  }

  return {
    all: <Row>(sql: string, ...values: SQLInputValue[]) => read(() => reader.all<Row>(sql, ...values)),
    get: <Row>(sql: string, ...values: SQLInputValue[]) => read(() => reader.get<Row>(sql, ...values)),
    write,
    run: (sql, ...values) => write("runStatement", sql, values),
    spareMemory() {
      if (closing) return;
      database.exec("PRAGMA shrink_memory");
      hand.spareMemory();
    },
    close() {
      closing ??= hand.close();
      return closing;
    },
  };
}
