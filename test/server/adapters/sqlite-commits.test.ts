// Changes that share a commit: together when all is well, each for itself when one of them throws.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Commits, createCommits, type Outcome } from "../../../server/adapters/sqlite-commits.ts";
import { prepareToWrite } from "../../../server/adapters/sqlite-database.ts";
import type { Writer } from "../../../server/adapters/sqlite-writer.ts";

let folder: string;
let database: DatabaseSync;
let commits: Commits;
let shared: number[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flowcatch-commits-"));
  database = new DatabaseSync(join(folder, "notes.db"));
  prepareToWrite(database);
  database.exec(`
    CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE sums (name TEXT PRIMARY KEY, sum INTEGER NOT NULL, times INTEGER NOT NULL DEFAULT 1) STRICT;
    CREATE TABLE replies (note INTEGER REFERENCES notes DEFERRABLE INITIALLY DEFERRED) STRICT;
  `);
  shared = [];
  commits = createCommits(database, { batch: 10, onCommit: (changes) => shared.push(changes) });
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

function change<T>(make: (db: Writer) => T): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: Outcome) => (outcome.ok ? resolve(outcome.value) : reject(outcome.error));
    commits.add({ make, settle });
  });
}

const add = (text: string) => change((db) => db.run("INSERT INTO notes (text) VALUES (?)", text));
const addReply = (note: number) => change((db) => db.run("INSERT INTO replies VALUES (?)", note));
const fail = () =>
  change(() => {
    throw new RangeError("mine");
  });
const notes = () =>
  database
    .prepare("SELECT text FROM notes ORDER BY id")
    .all()
    .map(({ text }) => text);
const statuses = async (all: Promise<unknown>[]) =>
  (await Promise.allSettled(all)).map(({ status }) => status);

/** What another program sees: only what is committed. */
function countOutside(): number {
  const outside = new DatabaseSync(join(folder, "notes.db"), { readOnly: true });
  const counted = outside.prepare("SELECT count(*) AS n FROM notes").get();
  outside.close();
  return Number(counted?.n);
}

test("a commit waits for the disk, and goes into a log", () => {
  expect(database.prepare("PRAGMA journal_mode").get()).toMatchObject({ journal_mode: "wal" });
  expect(database.prepare("PRAGMA synchronous").get()).toMatchObject({ synchronous: 2 });
});

test("changes of one turn share a commit, and nobody sees the middle of it", async () => {
  const seen: number[] = [];
  await Promise.all(
    ["a", "b", "c"].map((text) =>
      change((db) => {
        db.run("INSERT INTO notes (text) VALUES (?)", text);
        seen.push(countOutside());
      }),
    ),
  );
  expect(seen).toEqual([0, 0, 0]);
  expect(countOutside()).toBe(3);
  expect(shared).toEqual([3]);
});

test("they do not all share one when there are very many", async () => {
  const seen = new Set<number>();
  await Promise.all(Array.from({ length: 35 }, (_, i) => add(`${i}`).then(() => seen.add(countOutside()))));
  expect([...seen]).toEqual([10, 20, 30, 35]);
  expect(shared).toEqual([10, 10, 10, 5]);
});

test("all are refused, and nothing of them is kept, when the commit itself fails", async () => {
  // A reply to no note is found out by the commit.
  expect(await statuses([add("good"), addReply(404)])).toEqual(["rejected", "rejected"]);
  expect(notes()).toEqual([]);
  await add("later");
  expect(notes()).toEqual(["later"]);
});

test("they are refused with the commit also when a neighbour of theirs had failed before it", async () => {
  expect(await statuses([add("a"), fail(), addReply(99)])).toEqual(["rejected", "rejected", "rejected"]);
  expect(notes()).toEqual([]);
  await add("b");
  expect(notes()).toEqual(["b"]);
});

test("one that throws takes back what it did itself, and nothing of its neighbours", async () => {
  await add("there");
  const answers = await Promise.allSettled([
    add("a"),
    change((db) => {
      db.run("INSERT INTO notes (text) VALUES ('half')");
      db.run("INSERT INTO notes (text) VALUES ('there')");
    }),
    add("b"),
    fail(),
    change((db) => {
      db.run("INSERT INTO notes (text) VALUES ('c')");
      return "given";
    }),
  ]);
  expect(answers.map(({ status }) => status === "fulfilled")).toEqual([true, false, true, false, true]);
  expect(answers[3]).toMatchObject({ reason: new RangeError("mine") });
  expect(answers[4]).toMatchObject({ value: "given" });
  expect(notes()).toEqual(["there", "a", "b", "c"]);
});

const SUM = `INSERT INTO sums (sum, name) VALUES (?, ?)
  ON CONFLICT DO UPDATE SET sum = sum + excluded.sum, times = times + 1`;
const tally = (name: string, by: number) => change((db) => db.tally(SUM, by, name));
const sums = () =>
  Object.fromEntries(
    database
      .prepare("SELECT * FROM sums")
      .all()
      .map(({ name, sum, times }) => [name, { sum, times }]),
  );

test("what is tallied is written once for each commit, and not at all when it comes to nothing", async () => {
  await Promise.all([tally("a", 1), tally("b", 1), tally("a", 2), tally("c", 1), tally("c", -1)]);
  expect(sums()).toEqual({ a: { sum: 3, times: 1 }, b: { sum: 1, times: 1 } });
  await tally("a", -3);
  expect(sums()).toEqual({ a: { sum: 0, times: 2 }, b: { sum: 1, times: 1 } });
});

test("what is taken back is not tallied", async () => {
  const halfway = () =>
    change((db) => {
      db.tally(SUM, 10, "a");
      throw new RangeError("mine");
    });
  expect(await statuses([tally("a", 1), halfway(), tally("a", 1)])).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  expect(sums()).toMatchObject({ a: { sum: 2 } });
  // a commit that fails as a whole
  expect(await statuses([tally("a", 1), addReply(99)])).toEqual(["rejected", "rejected"]);
  await tally("b", 1);
  expect(sums()).toMatchObject({ a: { sum: 2 }, b: { sum: 1 } });
});

test("what still waits is made at once when it is asked for", async () => {
  const waiting = [add("a"), add("b")];
  commits.finish();
  expect(notes()).toEqual(["a", "b"]);
  await Promise.all(waiting);
});
