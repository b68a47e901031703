// Starts the thread that writes, and talks to it: changes go out together once a turn, and are answered in their order.
//
// The disk is waited for there. A commit or a checkpoint that waits in the event loop holds up every request.

import { getCompileCacheDir } from "node:module";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";
import type { ChangeName } from "./sqlite-changes.ts";
import type { CommitOptions, Outcome } from "./sqlite-commits.ts";
import type { FromThread, ThreadData, Told, ToThread } from "./sqlite-thread-main.ts";

export interface WritingThread {
  /** `settle` is called once, when it is on disk or refused; the error is SQLite's own, or what the change threw. */
  write(name: ChangeName, input: unknown[], settle: (outcome: Outcome) => void): void;
  spareMemory(): void;
  /** Resolves when everything is written and its database closed. */
  close(): Promise<void>;
}

/** So many changes under way keep the thread at work until the next ones are there. */
const ENOUGH = 20;

/** The database at `path` is there and up to date. Should the thread end by a defect, so does the process. */
export function startWritingThread(path: string, { batch, onCommit }: CommitOptions): WritingThread {
  const data: ThreadData = { path, batch };
  const thread = new Worker(START, { eval: true, workerData: data });
  thread.unref();
  const ended = new Promise<void>((resolve) => void thread.once("exit", () => resolve()));
  /** To be sent. */
  let changes: [ChangeName, unknown[]][] = [];
  /** Not answered yet, the unsent ones among them. */
  const waiting: ((outcome: Outcome) => void)[] = [];
  let scheduled = false;

  function send(message: ToThread): void {
    thread.postMessage(message);
  }

  /**
   * A message costs as much as some changes do: with enough under way to keep the thread at work, the next one waits
   * for an answer and takes along what comes until then.
   */
  function sendSoon(): void {
    if (scheduled || changes.length === 0 || waiting.length - changes.length > ENOUGH) return;
    scheduled = true;
    setImmediate(sendNow);
  }

  function sendNow(): void {
    scheduled = false;
    if (changes.length === 0) return;
    send({ kind: "write", changes });
    changes = [];
  }

  thread.on("message", ({ told, commits }: FromThread) => {
    for (const [count, seconds] of commits) onCommit?.(count, seconds);
    const settles = waiting.splice(0, told.length);
    if (waiting.length === 0) thread.unref();
    sendSoon();
    for (const [index, one] of told.entries()) settles[index]?.(hear(one));
  });
  thread.on("error", (error) => {
    throw new Error("The thread that writes the database ended.", { cause: error });
  });

  return {
    write(name, input, settle) {
      // What waits for the disk keeps the process alive; the thread by itself does not.
      if (waiting.push(settle) === 1) thread.ref();
      changes.push([name, input]);
      sendSoon();
    },
    spareMemory: () => send({ kind: "spare memory" }),
    async close() {
      sendNow();
      thread.ref();
      send({ kind: "close" });
      await ended;
    },
  };
}

const PROGRAM = new URL("./sqlite-thread-main.ts", import.meta.url).href;

/** A thread does not take over where compiled code is kept, and would compile everything anew at each start. */
const CACHE = getCompileCacheDir();
const START = `
  ${CACHE === undefined ? "" : `require("node:module").enableCompileCache(${JSON.stringify(dirname(CACHE))});`}
  import(${JSON.stringify(PROGRAM)});
`;

function hear(told: Told): Outcome {
  if (told.ok) return told;
  const { message, stack, errcode } = told;
  const error = Object.assign(new Error(message), errcode === undefined ? {} : { errcode });
  if (stack !== undefined) error.stack = stack;
  return { ok: false, error };
}
