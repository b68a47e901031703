// Ledgers of what was sent and of what arrived: lines of JSON that are on disk before anybody counts on them.

import { close, fdatasync, openSync, readFileSync, write } from "node:fs";
import { promisify } from "node:util";

/** One try of the load to hand an event over. */
export interface Sent {
  /** What makes the event one: every try of it carries the same. Also in the body, as `id`. */
  id: string;
  /** From 1. Also in the body, as `try`. */
  try: number;
  /** Null when the event was sent without one; then each run has its own id as its key. */
  dedupeKey: string | null;
  /** The code of the answer; 0 when there was none. */
  status: number;
  /** Why there was none. */
  error: string | null;
  /** As the answer gave it. */
  retryAfter?: string;
  /** The run that the answer named. */
  runId: string | null;
  sentAt: number;
  /** When the answer came. */
  at: number;
}

/** One call that reached the target. */
export interface Called {
  /** As it came in the header; empty when there was none. */
  key: string;
  /** The key's two parts: the run's id and the step's path. */
  run: string;
  step: string;
  path: string;
  at: number;
}

export interface Ledger<Entry> {
  file: string;
  /** Resolves when the entry is on disk. Entries of one moment share a sync. */
  write(entry: Entry): Promise<void>;
  /** Everything that is on disk, oldest first. */
  entries(): Entry[];
  close(): Promise<void>;
}

/** Opens (or makes) the ledger at `file`, to write behind what it has. */
export function openLedger<Entry extends object>(file: string): Ledger<Entry> {
  const handle = openSync(file, "a", 0o600);
  let lines: string[] = [];
  let next: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();

  /** Waits for the sync before, then takes everything that came in meanwhile with it. */
  async function flush(before: Promise<void>): Promise<void> {
    await before.catch(() => {});
    await new Promise((resolve) => setImmediate(resolve));
    const text = lines.join("");
    lines = [];
    next = undefined;
    await writeText(handle, text);
    await sync(handle);
  }

  return {
    file,
    write(entry) {
      lines.push(`${JSON.stringify(entry)}\n`);
      next ??= last = flush(last);
      return next;
    },
    entries: () => readLedger<Entry>(file),
    async close() {
      await last;
      await promisify(close)(handle);
    },
  };
}

/** What a ledger holds, also one whose writer was killed: a last line that is not whole was counted on by nobody. */
export function readLedger<Entry>(file: string): Entry[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.slice(0, -1).map((line): Entry => JSON.parse(line));
}

const sync = promisify(fdatasync);

async function writeText(handle: number, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  const put = promisify(write);
  for (let from = 0; from < bytes.length; ) from += (await put(handle, bytes, from)).bytesWritten;
}
