// Loaded into the program before it starts, and into each of its threads (`node --require`, since what is loaded by
// `--import` is not there in a thread that begins with a text): counts its calls to the disk and to the outside, and
// kills the process before or after one of them. The program itself knows nothing of it.
//
//   CRASH_LOG    a file: one line for each call that was begun
//   CRASH_AT     the number of the call to die at, from 1; without it calls are only counted
//   CRASH_WHEN   before | after
//   CRASH_FROM   a file: calls count from the moment it exists; without it from the start
//
// A call is a statement that writes (BEGIN and COMMIT among them), a sync or a renaming of a file, a request that is
// sent (done when it is on its way), and an answer to one (done when it is whole). Reading changes nothing on either
// side, so it is no place of its own to die at.

import { subscribe } from "node:diagnostics_channel";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { DatabaseSync, StatementSync } from "node:sqlite";
import { getEnvironmentData, isMainThread, setEnvironmentData } from "node:worker_threads";

const { CRASH_LOG = "", CRASH_AT = "0", CRASH_WHEN = "before", CRASH_FROM } = process.env;
const log = fs.openSync(CRASH_LOG, "a");
const at = Number(CRASH_AT);
/** One count for all threads. */
const COUNT = "crash-points";
if (isMainThread) setEnvironmentData(COUNT, new Int32Array(new SharedArrayBuffer(4)));
const calls = getEnvironmentData(COUNT) as Int32Array;
let counting = CRASH_FROM === undefined;

/** A call begins: gives its number, 0 for one that does not count. */
function begin(what: string): number {
  counting ||= fs.existsSync(CRASH_FROM ?? "");
  if (!counting) return 0;
  const call = Atomics.add(calls, 0, 1) + 1;
  fs.writeSync(log, `${what.trim().replace(/\s+/g, " ").slice(0, 80)}\n`);
  if (call === at && CRASH_WHEN === "before") process.kill(process.pid, "SIGKILL");
  return call;
}

function end(call: number): void {
  if (call > 0 && call === at && CRASH_WHEN === "after") process.kill(process.pid, "SIGKILL");
}

function around<Result>(what: string, work: () => Result): Result {
  const call = begin(what);
  const result = work();
  end(call);
  return result;
}

const READS = /^\s*(SELECT|PRAGMA|EXPLAIN)\b/i;

const { exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (sql) {
  return around(sql, () => exec.call(this, sql));
};

for (const name of ["run", "get", "all"] as const) {
  const method: (this: StatementSync, ...values: never[]) => never = StatementSync.prototype[name] as never;
  StatementSync.prototype[name] = function (this: StatementSync, ...values: never[]): never {
    const work = () => method.apply(this, values);
    return READS.test(this.sourceSQL) ? work() : around(this.sourceSQL, work);
  };
}

const { renameSync, fsyncSync } = fs;
fs.renameSync = (from, to) => around(`rename ${to}`, () => renameSync(from, to));
fs.fsyncSync = (handle) => around("fsync", () => fsyncSync(handle));
syncBuiltinESMExports();

/** The number of what each request is in the middle of. */
const under = new WeakMap<object, number>();

function onRequest(event: string, happened: (request: { path: string }) => void): void {
  subscribe(`undici:${event}`, (message) => {
    // what undici publishes on its channels
    happened((message as { request: { path: string } }).request);
  });
}

onRequest("client:sendHeaders", (request) => under.set(request, begin(`send ${request.path}`)));
onRequest("request:bodySent", (request) => end(under.get(request) ?? 0));
onRequest("request:headers", (request) => under.set(request, begin(`answer ${request.path}`)));
onRequest("request:trailers", (request) => end(under.get(request) ?? 0));
