// Holds a data folder for one process. The kernel lets go when the process dies, however it dies.

import { chmodSync, closeSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { hasSqliteCode, SQLITE_BUSY } from "./sqlite-codes.ts";

/**
 * Takes the folder, or throws an Error that names it and the process that has it. Gives the function that lets go.
 *
 * The lock is an exclusive transaction, for ever open, on a SQLite file of its own: the database itself stays
 * readable for backups and for the `sqlite3` program.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, "flowcatch.lock");
  const pidPath = join(folder, "flowcatch.pid");
  makePrivateFile(path);
  const lock = new DatabaseSync(path);
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if (!hasSqliteCode(error, SQLITE_BUSY)) throw error;
    throw new Error(
      `The data folder ${folder} is in use by ${holder(pidPath)}. Stop that one first, or start this one with another data folder.`,
      { cause: error },
    );
  }
  writeFileSync(pidPath, `${process.pid}\n`, { mode: 0o600 });
  return () => {
    rmSync(pidPath, { force: true });
    lock.close();
  };
}

/**
 * Makes sure that the file exists and that only its owner may read it. An existing file is never opened here:
 * closing any handle of a file takes away every lock that this process has on it.
 */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    chmodSync(path, 0o600);
  }
}

function holder(pidPath: string): string {
  try {
    const pid = Number.parseInt(readFileSync(pidPath, "utf8"), 10);
    if (pid === process.pid) return `this very process (pid ${pid})`;
    if (pid > 0) return `another Flowcatch process (pid ${pid})`;
  } catch {
    // it has only just begun
  }
  return "another Flowcatch process";
}
