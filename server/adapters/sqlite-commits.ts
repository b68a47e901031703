// Gathers changes: those of one turn of the event loop share a commit.
//
//   turn 1   a  b  c              nothing happens yet
//   turn 2   BEGIN a b c COMMIT   on disk, all three are settled; what came meanwhile shares the next commit

import type { DatabaseSync } from "node:sqlite";
import { whyUnavailable } from "./sqlite-codes.ts";
import { createWriter, type Writer } from "./sqlite-writer.ts";

/** What became of a change; the error is SQLite's own, or whatever the change threw. */
export type Outcome = { ok: true; value: unknown } | { ok: false; error: unknown };

export interface Change {
  /** All or nothing. It runs twice when a neighbour in the same commit throws, so it must do nothing but statements. */
  make(db: Writer): unknown;
  /** Called once, when it is on disk or refused. Must not throw. */
  settle(outcome: Outcome): void;
}

export interface CommitOptions {
  /** How many changes share a commit at most: bounds how long one commit takes. */
  batch?: number;
  /** Told of every commit: how many changes shared it, and how many seconds they took with it. Must not throw. */
  onCommit?: (changes: number, seconds: number) => void;
}

export interface Commits {
  /** Makes the change in the next turn of the event loop, with all others that come until then. */
  add(change: Change): void;
  /** Makes what is still waiting, now. */
  finish(): void;
}

/** The commits of a database that is open and waits for the disk by itself (`synchronous = FULL`). */
export function createCommits(
  database: DatabaseSync,
  { batch = 500, onCommit = () => {} }: CommitOptions = {},
): Commits {
  const writer = createWriter(database);
  const waiting: Change[] = [];
  let scheduled = false;

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      flush();
      if (waiting.length > 0) schedule();
    });
  }

  function flush(): void {
    const changes = waiting.splice(0, batch);
    if (changes.length === 0) return;
    const began = performance.now();
    let outcomes: Outcome[];
    try {
      outcomes = makeTogether(changes) ?? makeApart(changes);
      writer.writeTallies();
      writer.run("COMMIT");
    } catch (error) {
      rollBack();
      for (const { settle } of changes) settle({ ok: false, error });
      return;
    }
    onCommit(changes.length, (performance.now() - began) / 1_000);
    for (const [index, { settle }] of changes.entries()) settle(outcomes[index] ?? NEVER);
  }

  /** The usual case, at no cost. Undefined when one of them threw: then nothing has happened. */
  function makeTogether(changes: Change[]): Outcome[] | undefined {
    writer.run("BEGIN IMMEDIATE");
    const outcomes: Outcome[] = [];
    for (const { make } of changes) {
      try {
        outcomes.push({ ok: true, value: make(writer) });
      } catch (error) {
        if (whyUnavailable(error) !== undefined) throw error;
        rollBack();
        return undefined;
      }
    }
    return outcomes;
  }

  /** Each in a savepoint of its own, so that the one that throws takes back only itself. */
  function makeApart(changes: Change[]): Outcome[] {
    writer.run("BEGIN IMMEDIATE");
    return changes.map(({ make }) => {
      writer.run("SAVEPOINT one");
      try {
        const value = make(writer);
        writer.writeTallies();
        writer.run("RELEASE one");
        return { ok: true, value };
      } catch (error) {
        if (whyUnavailable(error) !== undefined) throw error;
        writer.run("ROLLBACK TO one");
        writer.dropTallies();
        writer.run("RELEASE one");
        return { ok: false, error };
      }
    });
  }

  /** SQLite may have done it by itself: it does on a full disk. */
  function rollBack(): void {
    if (database.isTransaction) database.exec("ROLLBACK");
    writer.dropTallies();
  }

  return {
    add(change) {
      waiting.push(change);
      schedule();
    },
    finish() {
      while (waiting.length > 0) flush();
    },
  };
}

const NEVER: Outcome = { ok: false, error: new Error("A change came to nothing.") };
