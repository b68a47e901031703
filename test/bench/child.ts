// Programs of the benchmark as processes of their own: asked and answering over a channel, and ended with it.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { z } from "zod";

export interface Child {
  pid: number;
  ask<T>(order: object, report: z.ZodType<T>): Promise<T>;
  close(): Promise<void>;
}

const Envelope = z.object({ id: z.number(), content: z.unknown() });
/** The first thing that a program says is not an answer to anything. */
const READY_ID = 0;

/** Starts `test/bench/<file>` and gives it with what it said when it was ready. */
export async function startChild<T>(
  file: string,
  ready: z.ZodType<T>,
  args: string[] = [],
): Promise<{ child: Child; ready: T }> {
  const process_ = fork(join(import.meta.dirname, file), args, {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = READY_ID;
  const expectAnswer = (id: number) => {
    const answer = Promise.withResolvers<unknown>();
    waiting.set(id, answer);
    return answer.promise;
  };
  process_.on("message", (message) => {
    const { id, content } = Envelope.parse(message);
    waiting.get(id)?.resolve(content);
    waiting.delete(id);
  });
  process_.on("exit", (code, signal) => {
    const error = new Error(`test/bench/${file} ended (${signal ?? code}) before it answered.`);
    for (const { reject } of waiting.values()) reject(error);
  });
  const said = ready.parse(await expectAnswer(READY_ID));
  const child: Child = {
    pid: process_.pid ?? 0,
    async ask(order, report) {
      const id = ++lastId;
      const answer = expectAnswer(id);
      process_.send({ id, content: order });
      return report.parse(await answer);
    },
    close: () => end(process_),
  };
  return { child, ready: said };
}

async function end(process_: ChildProcess): Promise<void> {
  if (process_.exitCode !== null || process_.signalCode !== null) return;
  const gone = once(process_, "exit");
  process_.kill("SIGKILL");
  await gone;
}

/** The child's side: says that it is ready and answers what it is asked. */
export function answer(
  ready: object,
  handle: (order: unknown) => object | Promise<object> = () => ({}),
): void {
  const send = (id: number, content: object) => process.send?.({ id, content });
  process.on("message", async (message) => {
    const { id, content } = Envelope.parse(message);
    send(id, await handle(content));
  });
  process.on("disconnect", () => process.exit(0));
  send(READY_ID, ready);
}
