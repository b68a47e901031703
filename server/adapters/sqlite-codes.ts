// What SQLite's error numbers mean to us.

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

/** Why the database cannot be used now; undefined when the error is about the statement, or none of SQLite's. */
export function whyUnavailable(error: unknown): string | undefined {
  return UNAVAILABLE[sqliteCode(error) ?? -1];
}

/** SQLite's number in full; undefined for other errors. */
export function errorCodeOf(error: unknown): number | undefined {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number"
    ? error.errcode
    : undefined;
}

function sqliteCode(error: unknown): number | undefined {
  const code = errorCodeOf(error);
  return code === undefined ? undefined : code & 0xff;
}
