// What SQLite's error numbers mean to us.

import { StoreUnavailable } from "../ports/store.ts";

export const SQLITE_BUSY = 5;

/** The low byte of SQLite's number says the kind; what each of these has in common: it is not for the statement. */
const UNAVAILABLE: Record<number, string> = {
  [SQLITE_BUSY]: "another program holds a lock on it",
  6: "another program holds a lock on it",
  7: "the memory is used up",
  8: "it is read-only",
  10: "the disk gave an error",
  // Said also when a read came back short; it passes when the disk is well again. Where the file really is damaged,
  // nothing can be stored either, and no run may end because of it.
  11: "its file cannot be read: the disk gives errors, or the file is damaged",
  13: "the disk is full",
  14: "its file cannot be opened",
};

/** Is this an error of SQLite with that number (any of its extended kinds)? */
export function hasSqliteCode(error: unknown, code: number): boolean {
  return sqliteCode(error) === code;
}

/** The error as `StoreUnavailable` when it comes from the place and not from the statement; else undefined. */
export function unavailable(error: unknown, where: string): StoreUnavailable | undefined {
  if (error instanceof StoreUnavailable) return error;
  const why = UNAVAILABLE[sqliteCode(error) ?? -1];
  return why === undefined ? undefined : refuse(why, where, error);
}

/** What the system says of the disk itself is never about a statement. */
export function diskFailed(error: unknown, where: string): StoreUnavailable {
  return unavailable(error, where) ?? refuse("the disk gave an error", where, error);
}

function refuse(why: string, where: string, error: unknown): StoreUnavailable {
  // Senders of events see the sentence: where the folder lies is for the log.
  const cause = new Error(`${where}: ${why}`, { cause: error });
  return new StoreUnavailable(`The database cannot be used now: ${why}.`, { cause });
}

function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error && "errcode" in error && typeof error.errcode === "number")) return undefined;
  return error.errcode & 0xff;
}
