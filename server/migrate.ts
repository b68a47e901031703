// `npm run migrate -- --from ./data --to mongodb://…`: moves an installation from its SQLite file to MongoDB.
//
//   look      is the folder free, and the database empty, or a part of an earlier try?
//   copy      what is not there yet; the folder is only read
//   compare   every record, as both stores give it
//   mark      the move is complete: nothing is copied into that database again

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type MongoImport, openMongoImport } from "./adapters/mongo-import.ts";
import { openSqliteExport, type SqliteExport } from "./adapters/sqlite-export.ts";
import { createSystemClock } from "./adapters/system-clock.ts";
import { KEY_FILE, MOVE_BEGUN, MOVED_AT, StartRefused } from "./data-folder.ts";
import { copyAll } from "./migrate-copy.ts";
import { count, createProgress } from "./migrate-progress.ts";
import { checkTarget } from "./migrate-target.ts";
import { type Compared, compareAll } from "./migrate-verify.ts";
import { StoreUnavailable } from "./ports/store.ts";

const HELP = `Moves an installation from its SQLite file to MongoDB.

  npm run migrate -- --from <folder> --to <address>

  --from <folder>    the DATA_DIR of the installation; its server must be stopped
  --to <address>     mongodb://…, the MONGO_URL of the new one; left out, MONGO_URL of the environment is taken
  --verify-only      copies nothing, and compares the two record by record
  --help             shows this

The folder is only read. The database must be empty, or hold a part of an earlier try of the same move: one that was cut
off goes on when it is started again. Start no server on the database before the move is complete. Everything goes
along, sessions too; connections stay sealed, so the new installation needs the same ENCRYPTION_KEY. Jobs stay behind:
the first start finds what there is to do. It ends with 0 when both hold the same, 1 when not or when it was refused,
and 2 when it was called wrongly.
`;

export interface Call {
  from: string;
  to: string;
  verifyOnly: boolean;
}

const FLAGS = {
  from: { type: "string" },
  to: { type: "string" },
  "verify-only": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

class UsageError extends Error {
  override name = "UsageError";
}

/** What was asked for; null is for help. Throws a UsageError with a sentence. */
export function readCall(args: string[], env: NodeJS.ProcessEnv): Call | null {
  // not strict: the sentences are our own
  const { values, positionals } = parseArgs({ args, options: FLAGS, strict: false, allowPositionals: true });
  const unknown = Object.keys(values).find((name) => !Object.hasOwn(FLAGS, name));
  if (unknown !== undefined)
    throw new UsageError(`There is no flag ${unknown.length === 1 ? "-" : "--"}${unknown}.`);
  // A flag that has no value takes the next flag for it.
  const empty = Object.entries(values).find(([, value]) => String(value).startsWith("--"));
  if (empty !== undefined) throw new UsageError(`--${empty[0]} needs a value.`);
  if (positionals[0] !== undefined) throw new UsageError(`“${positionals[0]}” belongs to no flag.`);
  if (values.help !== undefined) return null;
  const verifyOnly = values["verify-only"] ?? false;
  if (typeof verifyOnly !== "boolean") throw new UsageError("--verify-only takes no value.");
  const { from, to = env.MONGO_URL?.trim() } = values;
  if (typeof from !== "string" || from === "") {
    throw new UsageError("--from is missing: the DATA_DIR of the installation, such as ./data.");
  }
  if (typeof to !== "string" || to === "") {
    throw new UsageError(
      "--to is missing: the MONGO_URL of the new installation, such as mongodb://127.0.0.1/flowcatch.",
    );
  }
  // never printed: there may be a password in it
  if (!/^mongodb(\+srv)?:\/\//.test(to)) {
    const name = values.to === undefined ? "MONGO_URL" : "--to";
    throw new UsageError(`${name} is no address that begins with mongodb:// or mongodb+srv://.`);
  }
  return { from: resolve(from), to, verifyOnly };
}

/** Gives whether both hold the same. */
async function move({ from, to, verifyOnly }: Call): Promise<boolean> {
  const source = openSource(from);
  try {
    const target = await openTarget(to, false);
    let again = false;
    try {
      if (verifyOnly) return await compare(source, target);
      again = await checkTarget(source, target);
    } finally {
      await target.close();
    }
    // Only now may something be written: indexes come first.
    const open = await openTarget(to, true);
    try {
      if (again) say("The database holds a part of this move already: going on with what is missing.");
      await open.store.accounts.setSettingOnce(MOVE_BEGUN, new Date(clock.now()).toISOString());
      await copyAll(source, open, { again, progress: progress("copied") });
      if (!(await compare(source, open))) return false;
      await open.store.accounts.setSettingOnce(MOVED_AT, new Date(clock.now()).toISOString());
      process.stdout.write(whatNext(from));
      return true;
    } finally {
      await open.close();
    }
  } finally {
    source.close();
  }
}

const clock = createSystemClock();

function progress(verb: string) {
  return createProgress(verb, say, () => performance.now());
}

async function compare(source: SqliteExport, target: MongoImport): Promise<boolean> {
  const compared = await compareAll(source, target, progress("compared"));
  process.stdout.write(summary(compared));
  return compared.every(({ different }) => different === 0);
}

function summary(compared: Compared[]): string {
  const cells = compared.map(({ what, source, target, different }) => [
    what,
    count(source.count),
    count(target.count),
    source.sum.toString(16).padStart(64, "0").slice(0, 12),
    target.sum.toString(16).padStart(64, "0").slice(0, 12),
    different === 0 ? "the same" : `${count(different)} different`,
  ]);
  const rows = [["", "folder", "database", "sum", "sum", ""], ...cells].map(
    ([what = "", here = "", there = "", sum = "", other = "", verdict = ""]) =>
      `  ${what.padEnd(12)} ${here.padStart(12)} ${there.padStart(12)}  ${sum.padEnd(12)}  ${other.padEnd(12)}  ${verdict}`.trimEnd(),
  );
  const named = compared.flatMap(({ what, differences, different }) => [
    ...differences,
    ...(different > differences.length
      ? [`${what}: and ${count(different - differences.length)} more.`]
      : []),
  ]);
  const verdict =
    named.length === 0
      ? "The folder and the database hold the same."
      : "The folder and the database do not hold the same:";
  return ["", ...rows, "", verdict, ...named, ""].join("\n");
}

/** The key itself is never printed. */
function whatNext(folder: string): string {
  const path = join(folder, KEY_FILE);
  const key = existsSync(path)
    ? `the key of this folder: export ENCRYPTION_KEY="$(cat '${path.replaceAll("'", "'\\''")}')"`
    : "the ENCRYPTION_KEY that it had until now";
  return [
    "",
    "The move is complete. Start the new installation with MONGO_URL, REDIS_URL and",
    `  ${key}`,
    "With another key no connection can be opened. Do not start a server on the folder again: what comes in there is",
    "not moved any more. Keep it until you have seen everything in its new place.",
    "",
  ].join("\n");
}

function openSource(folder: string): SqliteExport {
  try {
    return openSqliteExport(folder);
  } catch (error) {
    throw new StartRefused(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function openTarget(url: string, makeIndexes: boolean): Promise<MongoImport> {
  try {
    return await openMongoImport(url, { makeIndexes });
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    throw new StartRefused(
      `The database that --to names cannot be used: ${error instanceof Error ? error.message : error}`,
      { cause: error },
    );
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(): Promise<void> {
  try {
    const call = readCall(process.argv.slice(2), process.env);
    if (call === null) process.stdout.write(HELP);
    else if (!(await move(call))) process.exitCode = 1;
  } catch (error) {
    if (error instanceof UsageError) {
      say(`${error.message} See: npm run migrate -- --help`);
      process.exitCode = 2;
    } else if (error instanceof StoreUnavailable) {
      say(`${error.problem.sentence} Nothing is lost: start it again, and it goes on where it was.`);
      process.exitCode = 1;
    } else if (error instanceof StartRefused) {
      say(error.message);
      process.exitCode = 1;
    } else {
      throw error;
    }
  }
}

if (import.meta.main) await main();
