// Kills the program while it brings an old database to its own format.

import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { MIGRATIONS } from "../../server/adapters/sqlite-migrations.ts";
import { signIn } from "../kit/api.ts";
import { OWNER, startProgram } from "../kit/process.ts";
import { checkOutput, untilSettled } from "./checker.ts";
import type { Fault, FaultOptions, FaultReport } from "./fault.ts";

const HERE = import.meta.dirname;
const SETTINGS = {
  ENCRYPTION_KEY: Buffer.alloc(32, 7).toString("base64"),
  // what the old database holds must not be too old to keep
  RETENTION: "3650d",
};
/** Kills at moments of their own, in two slow steps. */
const SLOW_KILLS = { short: 4, full: 30 };
/** Lives that the whole program carries on when not all are: the others are only opened. */
const WHOLE_STARTS = 3;

export const fault: Fault = {
  id: "F22",
  title: "kill -9 in the middle of a migration; everything is there afterwards, and so is a copy from before",
  fast: true,
  run,
};

interface Point {
  k: number;
  what: string;
  when: "before" | "after";
}

interface Cut {
  /** The format that the kill left behind. */
  format: number;
  missed: string[];
}

async function run({ full, say }: FaultOptions): Promise<FaultReport> {
  const base = mkdtempSync(join(tmpdir(), "flowcatch-migration-"));
  const old = join(base, "old");
  makeOldFolder(old);
  const missed: string[] = [];
  const formats: number[] = [];
  try {
    const calls = await countCalls(old, join(base, "counted"));
    const points = calls.flatMap((what, i): Point[] => [
      { k: i + 1, what, when: "before" },
      { k: i + 1, what, when: "after" },
    ]);
    // those around the commits are in it in any case: nothing else moves the format
    const chosen = points.filter(({ what }, i) => full || what.includes("user_version") || i % 3 === 0);
    const wholes = Math.ceil(chosen.length / (full ? chosen.length : WHOLE_STARTS));
    const todo = [...chosen.entries()];
    const worker = async () => {
      for (let next = todo.shift(); next; next = todo.shift()) {
        const [i, point] = next;
        const { format, missed: wrong } = await cutAt(old, base, point, i % wholes === 0);
        const where = `Killed ${point.when} call ${point.k} (${point.what})`;
        formats.push(format);
        missed.push(...wrong.map((sentence) => `${where}: ${sentence}`));
        say(`${i + 1} of ${chosen.length}: ${where}, format ${format}`);
      }
    };
    await Promise.all([worker(), worker()]);
    const slow = await killSlowly(old, base, full ? SLOW_KILLS.full : SLOW_KILLS.short, say);
    return {
      figures: {
        points: chosen.length,
        leftInOldFormat: formats.filter((format) => format === 1).length,
        leftHalfWay: formats.filter((format) => format > 1 && format < MIGRATIONS.length).length,
        ...slow.figures,
      },
      missed: [...missed, ...slow.missed],
    };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

/** One kill, and what the next start makes of it: the whole program, or only the opening of the folder. */
async function cutAt(old: string, base: string, { k, when }: Point, whole: boolean): Promise<Cut> {
  const folder = join(base, `${k}-${when}`);
  cpSync(old, folder, { recursive: true });
  const env = { CRASH_AT: String(k), CRASH_WHEN: when, CRASH_LOG: join(base, "log") };
  const ended = await open(folder, { env, preload: true });
  const { format, missed } = lookAfter(folder, MIGRATIONS.length);
  if (ended !== "SIGKILL") missed.push("It was not killed there.");
  missed.push(...(whole ? await carryOn(folder) : await openAgain(folder, {}, MIGRATIONS.length)));
  rmSync(folder, { recursive: true });
  return { format, missed };
}

/** A folder as the first format left it. */
function makeOldFolder(folder: string): void {
  mkdirSync(folder, { mode: 0o700 });
  const database = new DatabaseSync(join(folder, "flowcatch.db"));
  database.exec("PRAGMA journal_mode = WAL; BEGIN");
  database.exec(MIGRATIONS[0]?.sql ?? "");
  database.exec(readFileSync(join(HERE, "format-1.sql"), "utf8"));
  database.exec("PRAGMA user_version = 1; COMMIT");
  database.close();
}

/** What the opening calls of the disk, up to the last step's commit. */
async function countCalls(old: string, folder: string): Promise<string[]> {
  cpSync(old, folder, { recursive: true });
  const log = `${folder}.log`;
  writeFileSync(log, "");
  const ended = await open(folder, { env: { CRASH_LOG: log }, preload: true });
  const calls = readFileSync(log, "utf8").trimEnd().split("\n");
  const last = calls.findLastIndex((call) => call.includes("user_version ="));
  if (ended !== 0 || last < 0) throw new Error(`The old folder could not be opened: ${ended}.`);
  return calls.slice(0, last + 1);
}

interface Opening {
  env?: Record<string, string>;
  preload?: boolean;
  /** Asked every millisecond: kills it. */
  killWhen?: () => boolean;
}

/** Opens the folder in a process of its own; gives how that ended. */
async function open(folder: string, { env = {}, preload, killWhen }: Opening): Promise<number | string> {
  const load = preload ? ["--import", join(HERE, "crash-points.ts")] : [];
  const child = spawn(process.execPath, [...load, join(HERE, "migrating.ts"), folder], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const timer = setInterval(() => {
    if (killWhen?.()) child.kill("SIGKILL");
  }, 1);
  await once(child, "exit");
  clearInterval(timer);
  return child.signalCode ?? child.exitCode ?? "gone";
}

/** What a kill has left: a whole database in one of the formats, with everything; from the first step on a copy. */
function lookAfter(folder: string, newest: number): Cut {
  const { format, missed } = look(join(folder, "flowcatch.db"));
  if (format < 1 || format > newest) missed.push(`The database is in format ${format}.`);
  const copy = join(folder, "flowcatch.before-2.db");
  if (!existsSync(copy)) {
    if (format > 1) missed.push("A step was done, and there is no copy from before it.");
    return { format, missed };
  }
  const copied = look(copy);
  if (copied.format !== 1) missed.push(`The copy from before is in format ${copied.format}.`);
  return { format, missed: [...missed, ...copied.missed.map((sentence) => `In the copy: ${sentence}`)] };
}

/** How many rows the old database has. */
const ROWS = {
  flows: 1,
  versions: 1,
  samples: 1,
  runs: 3,
  run_events: 3,
  connections: 1,
  users: 1,
  tokens: 1,
};

function look(path: string): Cut {
  const database = new DatabaseSync(path);
  const missed: string[] = [];
  try {
    const integrity = String(database.prepare("PRAGMA integrity_check").get()?.integrity_check);
    if (integrity !== "ok") missed.push(`The integrity check says: ${integrity}.`);
    for (const [table, rows] of Object.entries(ROWS)) {
      const found = Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
      if (found !== rows) missed.push(`${table} has ${found} rows and had ${rows}.`);
    }
    return { format: Number(database.prepare("PRAGMA user_version").get()?.user_version), missed };
  } finally {
    database.close();
  }
}

async function openAgain(folder: string, env: Record<string, string>, newest: number): Promise<string[]> {
  const ended = await open(folder, { env });
  const { format, missed } = lookAfter(folder, newest);
  if (ended !== 0) missed.push(`The next start ended with ${ended}.`);
  if (format !== newest) missed.push(`After the next start the database is in format ${format}.`);
  if (!existsSync(join(folder, "flowcatch.before-2.db"))) missed.push("There is no copy from before.");
  return missed;
}

/** The whole program goes on with the folder: its people, its flow and its runs are there, and new events are taken. */
async function carryOn(folder: string): Promise<string[]> {
  const program = await startProgram({ ...SETTINGS, DATA_DIR: folder });
  try {
    const missed: string[] = [];
    const client = await signIn(program.url, OWNER.email, OWNER.password);
    const flow = (await client("flows")).items[0];
    if (!flow) return ["The flow is gone."];
    const { items: samples } = await client("samples", { params: { id: flow.id } });
    const { items: connections } = await client("connections");
    const kept = samples.filter(({ from }) => from === "caught").length;
    if (kept !== 1) missed.push(`The flow has ${kept} caught samples, and had one.`);
    if (connections.length !== 1) missed.push("The connection is gone.");
    const { catchUrl } = await client("flow", { params: { id: flow.id } });
    const answer = await fetch(`${program.url}${new URL(catchUrl).pathname}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"n":4}',
    });
    if (answer.status !== 202) missed.push(`A new event was answered ${answer.status}.`);
    if ((await untilSettled(folder, 15_000)) === null) missed.push("A run was still open after 15 s.");
    const { items: runs } = await client("runs", { query: { flowId: flow.id } });
    const ends = runs.map(({ status }) => status).join(" ");
    if (ends !== "succeeded succeeded succeeded succeeded") missed.push(`The runs are: ${ends}.`);
    return [...missed, ...checkOutput(program.output()).missed];
  } finally {
    await program.close();
  }
}

/** Two steps that write much, killed when the folder has grown to a size of chance. */
async function killSlowly(
  old: string,
  base: string,
  kills: number,
  say: FaultOptions["say"],
): Promise<FaultReport> {
  const newest = MIGRATIONS.length + 2;
  const env = { SLOW: "1" };
  const whole = join(base, "slow");
  cpSync(old, whole, { recursive: true });
  const least = bytesIn(whole);
  let most = 0;
  await open(whole, {
    env,
    killWhen: () => {
      most = Math.max(most, bytesIn(whole));
      return false;
    },
  });
  rmSync(whole, { recursive: true });
  const missed: string[] = [];
  const formats: number[] = [];
  let killed = 0;
  for (let i = 0; i < kills; i++) {
    const folder = join(base, `slow-${i}`);
    cpSync(old, folder, { recursive: true });
    const bytes = Math.round(least + ((most - least) * (i + Math.random())) / kills);
    if ((await open(folder, { env, killWhen: () => bytesIn(folder) >= bytes })) === "SIGKILL") killed++;
    const cut = lookAfter(folder, newest);
    const where = `Killed at ${bytes} bytes in format ${cut.format}`;
    const sentences = [...cut.missed, ...(await openAgain(folder, env, newest))];
    missed.push(...sentences.map((sentence) => `${where}: ${sentence}`));
    formats.push(cut.format);
    say(`slow kill ${i + 1} of ${kills}: ${where}`);
    rmSync(folder, { recursive: true });
  }
  if (killed < kills / 2) missed.push(`Only ${killed} of ${kills} slow migrations were killed in time.`);
  return { figures: { slowBytes: most, slowKills: killed, slowFormats: formats.join(" ") }, missed };
}

function bytesIn(folder: string): number {
  return readdirSync(folder)
    .map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size, 0);
}
