// The SQLite file: one process at a time, nothing acknowledged is lost, and a bad moment passes.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openSqliteFile, type SqliteFile } from "../../../server/adapters/sqlite-file.ts";
import { MIGRATIONS, type Migration } from "../../../server/adapters/sqlite-migrations.ts";
import { createSqliteStore } from "../../../server/adapters/sqlite-store.ts";
import { StoreUnavailable } from "../../../server/ports/store.ts";
import { TryLater } from "../../../shared/problem.ts";
import { aRun, aWebhook } from "../../contracts/builders.ts";
import { bodyOf } from "../../kit/sqlite-writer.ts";

const WRITER = new URL("../../kit/sqlite-writer.ts", import.meta.url).pathname;
const FILE_MODULE = new URL("../../../server/adapters/sqlite-file.ts", import.meta.url).href;

const NOTES: Migration[] = [
  {
    name: "notes",
    sql: "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT",
  },
];

vi.setConfig({ testTimeout: 30_000 }); // it starts processes

let folder: string;
let open: SqliteFile[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flowcatch-"));
  open = [];
});

afterEach(async () => {
  for (const file of open) await file.close();
  rmSync(folder, { recursive: true });
});

function openHere(options: Parameters<typeof openSqliteFile>[1] = {}, where = folder): SqliteFile {
  const file = openSqliteFile(where, options);
  open.push(file);
  return file;
}

const openNotes = (options = {}) => openHere({ migrations: NOTES, ...options });

function addNote(file: SqliteFile, text: string): Promise<number> {
  return file.run("INSERT INTO notes (text) VALUES (?)", text);
}

function notesIn(file: { all: SqliteFile["all"] }): string[] {
  return file.all<{ text: string }>("SELECT text FROM notes ORDER BY id").map(({ text }) => text);
}

/** Starts the writing program; resolves when it has the folder. `lines` is what it has said since. */
async function startWriter(where: string) {
  const child = spawn(process.execPath, [WRITER, where], { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  const read = createInterface({ input: child.stdout });
  const ended = new Promise<void>((resolve) => read.once("close", resolve));
  await new Promise<void>((resolve, reject) => {
    read.on("line", (line) => (line === "open" ? resolve() : lines.push(line)));
    child.once("exit", (code) => reject(new Error(`the writer ended with ${code}`)));
  });
  return {
    pid: child.pid,
    lines,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

describe("the lock", () => {
  it("refuses a second process, naming the folder and who has it, until that one is killed", async () => {
    const writer = await startWriter(folder);
    expect(() => openSqliteFile(folder)).toThrow(
      `The data folder ${folder} is in use by another Flowcatch process (pid ${writer.pid}). Stop that one first, or start this one with another data folder.`,
    );
    await writer.kill();
    expect(openHere().get("SELECT 1 AS one")).toMatchObject({ one: 1 });
  });

  it("refuses the same process too, and is free after closing", async () => {
    const first = openHere();
    expect(() => openSqliteFile(folder)).toThrow(`this very process (pid ${process.pid})`);
    // the failed attempt has not taken the first one's lock away
    expect(() =>
      execFileSync(process.execPath, [WRITER, folder], {
        stdio: ["ignore", "ignore", "pipe"],
        timeout: 20_000,
      }),
    ).toThrow(/is in use by/);
    await first.close();
    expect(existsSync(join(folder, "flowcatch.pid"))).toBe(false);
    openHere();
  });

  it("lets go when opening fails", () => {
    expect(() => openSqliteFile(folder, { migrations: [{ name: "bad", sql: "nonsense" }] })).toThrow("bad");
    openHere();
  });

  it("makes a folder and files that only the owner can read", async () => {
    const where = join(folder, "new", "data");
    const file = openHere({}, where);
    await createSqliteStore(file).check();
    expect(statSync(where).mode & 0o777).toBe(0o700);
    for (const name of ["flowcatch.db", "flowcatch.db-wal", "flowcatch.lock", "flowcatch.pid"]) {
      expect([name, statSync(join(where, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
  });
});

describe("writes", () => {
  it("give what the change gave, or say what it said, from wherever they are made", async () => {
    const file = openNotes();
    expect(await addNote(file, "one")).toBe(1);
    const refused = await addNote(file, "one").catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Error);
    expect(refused).not.toBeInstanceOf(StoreUnavailable);
    expect(String(refused)).toContain("UNIQUE constraint failed: notes.text");
    expect(notesIn(file)).toEqual(["one"]);
  });

  it("are made in the order in which they were asked for, and are there to be read once they are", async () => {
    const file = openNotes();
    const texts = Array.from({ length: 200 }, (_, i) => `note ${i}`);
    const seen: number[] = [];
    await Promise.all(
      texts.map(async (text, i) => {
        if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
        await addNote(file, text);
        if (notesIn(file).includes(text)) seen.push(i);
      }),
    );
    expect(seen).toHaveLength(200);
    const later = texts.filter((_, i) => i % 20 === 0);
    const sooner = texts.filter((_, i) => i % 20 !== 0);
    expect(notesIn(file)).toEqual([...sooner, ...later]);
  });

  it("share a commit when they come in one turn", async () => {
    const commits: number[] = [];
    const file = openNotes({ onCommit: (writes: number) => commits.push(writes) });
    await Promise.all(["a", "b", "c"].map((text) => addNote(file, text)));
    await addNote(file, "d");
    expect(commits).toEqual([3, 1]);
  });

  it("wait for a lock beside the event loop: whoever reads meanwhile is answered", async () => {
    const file = openNotes();
    await addNote(file, "before");
    const other = new DatabaseSync(join(folder, "flowcatch.db"));
    other.exec("BEGIN IMMEDIATE");
    let done = false;
    const waiting = addNote(file, "waits").finally(() => {
      done = true;
    });
    for (let turn = 0; turn < 50; turn++) {
      await sleep(1);
      expect(notesIn(file)).toEqual(["before"]);
    }
    expect(done).toBe(false);
    other.exec("COMMIT");
    other.close();
    await waiting;
    expect(notesIn(file)).toEqual(["before", "waits"]);
  });

  it("end the process when the thread that makes them cannot go on: nothing is left unanswered", () => {
    const program = `
      const { rmSync, mkdirSync } = await import("node:fs");
      const { openSqliteFile } = await import(${JSON.stringify(FILE_MODULE)});
      const file = openSqliteFile(${JSON.stringify(folder)});
      for (const end of ["", "-wal", "-shm"]) rmSync(${JSON.stringify(join(folder, "flowcatch.db"))} + end);
      mkdirSync(${JSON.stringify(join(folder, "flowcatch.db"))});
      await file.run("INSERT INTO settings VALUES ('a', 'b')");
      console.log("written");`;
    const said = spawnSync(process.execPath, ["--input-type=module", "-e", program], { timeout: 20_000 });
    expect([said.status, String(said.stdout)]).toEqual([1, ""]);
    expect(String(said.stderr)).toContain("The thread that writes the database ended.");
  });

  it("keep the process alive until they are on disk, and the file that is open does not", () => {
    const program = `
      const { openSqliteFile } = await import(${JSON.stringify(FILE_MODULE)});
      const file = openSqliteFile(${JSON.stringify(folder)});
      await file.run("INSERT INTO settings VALUES ('a', 'b')");
      console.log("written");`;
    const said = execFileSync(process.execPath, ["--input-type=module", "-e", program], { timeout: 20_000 });
    expect(String(said)).toBe("written\n");
  });

  it("are finished by closing, and refused after it", async () => {
    const file = openNotes({ batch: 2 });
    const writes = ["a", "b", "c", "d", "e"].map((text) => addNote(file, text));
    await file.close();
    await file.close();
    expect(await Promise.all(writes)).toEqual([1, 1, 1, 1, 1]);
    await expect(addNote(file, "f")).rejects.toThrow("closed");
    expect(existsSync(join(folder, "flowcatch.db-wal"))).toBe(false);
    expect(notesIn(openNotes())).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("ask to come again while another program holds the database, and work after that", async () => {
    const file = openNotes();
    const other = new DatabaseSync(join(folder, "flowcatch.db"));
    other.exec("BEGIN IMMEDIATE");
    const refused = await addNote(file, "a").catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreUnavailable);
    expect(refused).toBeInstanceOf(TryLater);
    expect(String(refused)).toContain("another program holds a lock");
    other.exec("COMMIT");
    other.close();
    await addNote(file, "b");
    expect(notesIn(file)).toEqual(["b"]);
  });

  it("keep the write-ahead log small", async () => {
    const file = openNotes();
    for (let i = 0; i < 300; i++) {
      await Promise.all(
        Array.from({ length: 10 }, (_, j) => addNote(file, `${i}.${j} ${"x".repeat(4_000)}`)),
      );
    }
    expect(statSync(join(folder, "flowcatch.db-wal")).size).toBeLessThan(17_000_000);
    expect(statSync(join(folder, "flowcatch.db")).size).toBeGreaterThan(8_000_000);
  });
});

describe("migrations", () => {
  const MORE: Migration[] = [...NOTES, { name: "stars", sql: "ALTER TABLE notes ADD COLUMN stars INTEGER" }];

  it("make the tables of an empty folder, without a copy", () => {
    const file = openHere();
    expect(file.get("PRAGMA user_version")).toMatchObject({ user_version: MIGRATIONS.length });
    expect(existsSync(join(folder, `flowcatch.before-${MIGRATIONS.length}.db`))).toBe(false);
  });

  it("carry an older database on, with what is in it, and leave a copy from before", async () => {
    const before = openNotes();
    await addNote(before, "kept");
    await before.close();
    const after = openNotes({ migrations: MORE });
    expect(after.all("SELECT text, stars FROM notes")).toEqual([{ text: "kept", stars: null }]);
    const path = join(folder, "flowcatch.before-2.db");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const copy = new DatabaseSync(path, { readOnly: true });
    expect(copy.prepare("PRAGMA user_version").get()).toMatchObject({ user_version: 1 });
    expect(copy.prepare("SELECT * FROM notes").all()).toMatchObject([{ id: 1, text: "kept" }]);
    copy.close();
    await after.close();
    rmSync(path);
    await openNotes({ migrations: MORE }).close();
    expect(existsSync(path)).toBe(false);
  });

  it("leave everything as it was when a step fails, and go on from there another time", async () => {
    const before = openNotes();
    await addNote(before, "kept");
    await before.close();
    const bad = [...MORE, { name: "half", sql: "CREATE TABLE half (a); INSERT INTO nowhere VALUES (1)" }];
    expect(() => openNotes({ migrations: bad })).toThrow(
      /format 3 \(half\).*as it was in format 2.*before-2/,
    );
    const good = [...MORE, { name: "whole", sql: "CREATE TABLE half (a)" }];
    const after = openNotes({ migrations: good });
    expect(notesIn(after)).toEqual(["kept"]);
    expect(after.get("PRAGMA user_version")).toMatchObject({ user_version: 3 });
    // the copy from before both is not written over by one that is half way
    const formats = ["flowcatch.before-2.db", "flowcatch.before-3.db"].map((name) => {
      const copy = new DatabaseSync(join(folder, name), { readOnly: true });
      const format = copy.prepare("PRAGMA user_version").get()?.user_version;
      copy.close();
      return format;
    });
    expect(formats).toEqual([1, 2]);
  });

  it("refuse a database that a newer program has written, and do not touch it", async () => {
    await openNotes({ migrations: MORE }).close();
    expect(() => openNotes()).toThrow(
      `The database in ${folder} was written by a newer Flowcatch: its format is 2, this program knows up to 1.`,
    );
    expect(openNotes({ migrations: MORE }).get("PRAGMA user_version")).toMatchObject({ user_version: 2 });
  });
});

describe("what was acknowledged", () => {
  it("is there after kill -9, whole, every time", { timeout: 60_000 }, async () => {
    const promised: string[] = [];
    for (let round = 0; round < 6; round++) {
      const writer = await startWriter(folder);
      await sleep(80 + Math.random() * 250);
      await writer.kill();
      promised.push(...writer.lines);
    }
    expect(promised.length).toBeGreaterThan(100);
    const file = openHere();
    const store = createSqliteStore(file);
    const ended = new Set(promised.filter((line) => line.startsWith("ended ")).map((line) => line.slice(6)));
    const accepted = promised.filter((line) => line.startsWith("accepted ")).map((line) => line.slice(9));
    const lost: string[] = [];
    for (const id of accepted) {
      const run = await store.runs.get(id);
      const whole = run?.event.kind === "webhook" && Buffer.compare(run.event.raw, bodyOf(id)) === 0;
      const steps = await store.runs.steps(id);
      // a record is all or nothing: its steps are there exactly when its status is
      const agree = steps.length === (run?.status === "succeeded" ? 2 : 0);
      if (!whole || !agree || (ended.has(id) && run.status !== "succeeded")) lost.push(id);
    }
    expect(lost).toEqual([]);
    expect(file.all("PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
    const counted = await store.runs.count();
    const inTable = file.all<{ status: string; n: number }>(
      "SELECT status, count(*) AS n FROM runs GROUP BY status",
    );
    for (const { status, n } of inTable) expect(counted).toMatchObject({ [status]: n });
    for (const id of accepted.filter((id) => !ended.has(id)).slice(-20)) {
      const claim = await store.runs.claim(id, Date.now(), Date.now() + 1_000);
      const run = await store.runs.get(id);
      if (run?.status === "running") expect(claim).not.toBeNull();
    }
  });

  it("is there after the disk was full, and writes work again when it is not", async (context) => {
    const mounted = mountSmallDisk(folder);
    if (mounted !== true) {
      console.warn(`NOT TESTED: a full disk. It needs root and mount -t tmpfs: ${mounted}`);
      return context.skip(`a small tmpfs cannot be mounted here: ${mounted}`);
    }
    try {
      const data = join(folder, "data");
      const filler = join(folder, "filler");
      writeFileSync(filler, Buffer.alloc(8_000_000, 1));
      const file = openHere({}, data);
      const store = createSqliteStore(file);
      const acknowledged: string[] = [];
      const refused: unknown[] = [];
      const accept = async () => {
        const run = aRun({ event: aWebhook(crypto.getRandomValues(new Uint8Array(40_000))) });
        await store.runs.accept(run).then(
          () => acknowledged.push(run.id),
          (error: unknown) => refused.push(error),
        );
      };
      while (refused.length < 30) await Promise.all(Array.from({ length: 10 }, accept));
      expect(acknowledged.length).toBeGreaterThan(50);
      for (const error of refused) expect(error).toBeInstanceOf(StoreUnavailable);
      expect(String(refused[0])).toContain("the disk is full");
      expect(await store.runs.count()).toMatchObject({ queued: acknowledged.length });
      rmSync(filler);
      const before = acknowledged.length;
      await Promise.all(Array.from({ length: 10 }, accept));
      await store.check();
      expect(acknowledged.length).toBe(before + 10);
      await file.close();
      const again = createSqliteStore(openHere({}, data));
      for (const id of acknowledged) expect((await again.runs.get(id))?.id).toBe(id);
      expect(await again.runs.count()).toMatchObject({ queued: acknowledged.length });
      await again.close();
    } finally {
      for (const file of open) await file.close();
      execFileSync("umount", [folder]);
    }
  });
});

/** True, or why not. */
function mountSmallDisk(where: string): true | string {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", where], { stdio: "pipe" });
    return true;
  } catch (error) {
    return error instanceof Error ? error.message.trim() : String(error);
  }
}
