// What runs in the thread that writes: it opens the database, and makes the changes that it is sent.
//
// It loads little on purpose: what it imports is in memory a second time.

import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { type ChangeName, makeChange } from "./sqlite-changes.ts";
import { errorCodeOf } from "./sqlite-codes.ts";
import { createCommits, type Outcome } from "./sqlite-commits.ts";
import { closeDatabase, prepareToWrite } from "./sqlite-database.ts";

/** What it is started with. */
export interface ThreadData {
  path: string;
  batch: number | undefined;
}

export type ToThread =
  | { kind: "write"; changes: [name: ChangeName, input: unknown[]][] }
  | { kind: "spare memory" }
  | { kind: "close" };

/** What became of one change; of an error, what survives the way. */
export type Told =
  | { ok: true; value: unknown }
  | { ok: false; message: string; stack: string | undefined; errcode: number | undefined };

/** The outcomes are in the order in which the changes were sent. */
export interface FromThread {
  told: Told[];
  commits: [changes: number, seconds: number][];
}

export function writeFor(port: NonNullable<typeof parentPort>, { path, batch }: ThreadData): void {
  const database = new DatabaseSync(path, { timeout: 1_000 });
  prepareToWrite(database);
  let answer: FromThread = { told: [], commits: [] };

  const commits = createCommits(database, {
    ...(batch === undefined ? {} : { batch }),
    onCommit: (changes, seconds) => answer.commits.push([changes, seconds]),
  });

  /** One message for all that share a commit. */
  function settle(outcome: Outcome): void {
    if (answer.told.push(tell(outcome)) > 1) return;
    queueMicrotask(() => {
      port.postMessage(answer);
      answer = { told: [], commits: [] };
    });
  }

  port.on("message", (message: ToThread) => {
    switch (message.kind) {
      case "write":
        for (const [name, input] of message.changes)
          commits.add({ make: (db) => makeChange(db, name, input), settle });
        return;
      case "spare memory":
        database.exec("PRAGMA shrink_memory");
        // There when somebody has made V8's collector visible before this thread began.
        return void globalThis.gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
      case "close":
        commits.finish();
        closeDatabase(database);
        // After the last answer, which is sent by the end of this turn.
        return void setImmediate(() => port.close());
    }
  });
}

function tell(outcome: Outcome): Told {
  if (outcome.ok) return outcome;
  const { error } = outcome;
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { ok: false, message, stack, errcode: errorCodeOf(error) };
}

if (parentPort) writeFor(parentPort, workerData);
