// A write is done when the disk has it: what is waited for, what shares the waiting, and a disk that says no.

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DATABASE_FILE, openSqliteFile, type SqliteFile } from "../../../server/adapters/sqlite-file.ts";
import type { DiskSync } from "../../../server/adapters/sqlite-sync.ts";
import { StoreUnavailable } from "../../../server/ports/store.ts";

let folder: string;
let file: SqliteFile;
let commits: number[];
/** The syncs that were asked for and are not answered yet. */
let asked: { done: () => void; fail: (error: Error) => void }[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flowcatch-sync-"));
  commits = [];
  asked = [];
  const sync = (): DiskSync => ({
    sync: () => new Promise((done, fail) => asked.push({ done, fail })),
    close: () => {},
  });
  file = openSqliteFile(folder, { sync, onCommit: (writes) => commits.push(writes) });
});
afterEach(async () => {
  for (const { done } of asked) done();
  await file.close();
  rmSync(folder, { recursive: true, force: true });
});

const diskError = () => Object.assign(new Error("EIO: i/o error, fdatasync"), { code: "EIO" });
const set = (name: string) =>
  file.write((db) => db.run("INSERT OR REPLACE INTO settings VALUES (?, 'x')", name));
const has = (name: string) => file.get("SELECT 1 FROM settings WHERE name = ?", name) !== undefined;
const turns = async () => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
};
async function stateOf(promise: Promise<unknown>): Promise<string> {
  return Promise.race([
    promise.then(
      () => "done",
      (error) => (error instanceof StoreUnavailable ? "unavailable" : `failed: ${error}`),
    ),
    turns().then(() => "waiting"),
  ]);
}

test("a write is not done before the disk has it", async () => {
  const one = set("one");
  expect(await stateOf(one)).toBe("waiting");
  expect(asked).toHaveLength(1);
  asked.shift()?.done();
  expect(await stateOf(one)).toBe("done");
});

test("what comes while the disk is waited for shares the next commit", async () => {
  const first = set("first");
  await turns();
  const rest = Promise.all([set("a"), set("b"), set("c")]);
  await turns();
  expect(asked).toHaveLength(1);
  asked.shift()?.done();
  await first;
  await turns();
  expect(asked).toHaveLength(1);
  expect(await stateOf(rest)).toBe("waiting");
  asked.shift()?.done();
  await rest;
  expect(commits).toEqual([1, 3]);
});

test("after a disk that failed, everything is written anew before anything counts", async () => {
  const doubtful = set("doubtful");
  await turns();
  const log = join(folder, `${DATABASE_FILE}-wal`);
  expect(statSync(log).size).toBeGreaterThan(0);
  asked.shift()?.fail(diskError());
  expect(await stateOf(doubtful)).toBe("done");
  // its own word is not asked for again: after a failure it would say yes to what it has lost
  expect(asked).toEqual([]);
  expect(statSync(log).size).toBe(0);
  const later = set("later");
  await turns();
  expect(asked).toHaveLength(1);
  asked.shift()?.done();
  expect(await stateOf(later)).toBe("done");
});

test("where that cannot be done either, it is said, and tried again with what comes next", async () => {
  const reader = new DatabaseSync(join(folder, DATABASE_FILE));
  reader.exec("BEGIN; SELECT * FROM settings");
  const lost = set("lost");
  await turns();
  asked.shift()?.fail(diskError());
  expect(await stateOf(lost)).toBe("unavailable");
  const early = set("early");
  expect(await stateOf(early)).toBe("unavailable");
  reader.exec("COMMIT");
  reader.close();
  const next = set("next");
  await turns();
  expect(asked).toHaveLength(1);
  asked.shift()?.done();
  expect(await stateOf(next)).toBe("done");
  // who was refused while nothing was certain left nothing behind
  expect([has("lost"), has("early"), has("next")]).toEqual([true, false, true]);
});

test("closing waits for the disk, and for what still waits", async () => {
  const one = set("one");
  await turns();
  const two = set("two");
  const closed = file.close();
  expect(await stateOf(closed)).toBe("waiting");
  asked.shift()?.done();
  await Promise.all([one, two, closed]);
  file = openSqliteFile(folder);
  expect([has("one"), has("two")]).toEqual([true, true]);
});

test("the disk itself is asked for every commit", async () => {
  await file.close();
  file = openSqliteFile(folder, { onCommit: (writes) => commits.push(writes) });
  await Promise.all([set("a"), set("b")]);
  await set("c");
  expect(commits).toEqual([2, 1]);
});
