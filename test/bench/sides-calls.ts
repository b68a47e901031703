// What a run costs around the processes: calls to the store, calls to Redis, bytes on the way and bytes that stay.

import { Redis } from "ioredis";
import mongoose from "mongoose";
import { startProxy } from "../kit/mongo/proxy.ts";
import type { Mongo } from "../kit/mongo.ts";
import type { TestRedis } from "../kit/redis.ts";
import { pause, type Rig } from "./rig.ts";
import type { Places, Side } from "./sides.ts";

export interface Calls {
  runs: number;
  /** By command and collection, for each run; what comes less often than for one run in twenty is background. */
  store: Record<string, number>;
  storeBackground: number;
  /** By command, those that a process sent. */
  redis: Record<string, number>;
  /** All commands that Redis carried out, those inside of scripts among them. */
  redisInside: number;
  /** On the way to the store and back, and to Redis and back. */
  storeBytes: { sent: number; answered: number };
  redisBytes: { sent: number; answered: number };
  /** Of the finished run's document as BSON, without indexes. */
  documentBytes: number;
  /** What Redis needs for a job that waits. */
  waitingJobBytes: number;
}

const WAITING = 20;
const RARE = 0.05;

/** Sends orders one connection at a time; first some that have to wait, for there is no worker yet. */
export async function countCalls(
  rig: Rig,
  mongo: Mongo,
  redis: TestRedis,
  start: (places: Places) => Promise<Side>,
): Promise<Calls> {
  const proxy = await startProxy(mongo.another());
  const side = await start({ storeUrl: proxy.url, redisUrl: redis.url, sinkUrl: rig.sinkUrl });
  try {
    const look = new Redis(redis.url);
    const drive = (seconds: number, perSecond: number) =>
      rig.drive(side.target, { kind: "open", seconds, connections: 8, perSecond });
    // the first of everything makes keys and loads scripts
    await driveUnworked(side, 1, WAITING);
    const memoryBefore = await memoryOf(look);
    const waiting = await driveUnworked(side, 2, 500);
    const memoryAfter = await memoryOf(look);
    await side.addWorker();
    await untilDone(side, WAITING + waiting);
    // A worker that starts queues once more what waits, and those jobs come to nothing one after the other.
    await untilQuiet(proxy.calls);

    const callsBefore = new Map(proxy.calls);
    const bytesBefore = proxy.bytes();
    const statsBefore = await statsOf(look);
    const { load } = await drive(4, 150);
    await untilDone(side, WAITING + waiting + load.accepted);
    await pause(300); // the last job is let go after its run has ended
    const statsAfter = await statsOf(look);
    const bytesAfter = proxy.bytes();
    const store = perRun(callsBefore, proxy.calls, load.accepted);
    const redisCalls = perRun(statsBefore.calls, statsAfter.calls, load.accepted);
    const documents = await side.documents(100);
    look.disconnect();
    return {
      runs: load.accepted,
      store: Object.fromEntries(Object.entries(store).filter(([, count]) => count >= RARE)),
      storeBackground: sum(Object.values(store).filter((count) => count < RARE)),
      redis: Object.fromEntries(
        Object.entries(redisCalls).filter(([name, count]) => SENT.has(name) && count >= RARE),
      ),
      redisInside: sum(Object.values(redisCalls)),
      storeBytes: {
        sent: (bytesAfter.sent - bytesBefore.sent) / load.accepted,
        answered: (bytesAfter.answered - bytesBefore.answered) / load.accepted,
      },
      redisBytes: {
        sent: (statsAfter.input - statsBefore.input) / load.accepted,
        answered: (statsAfter.output - statsBefore.output) / load.accepted,
      },
      documentBytes:
        sum(documents.map((document) => mongoose.mongo.BSON.calculateObjectSize(document))) /
        documents.length,
      waitingJobBytes: (memoryAfter - memoryBefore) / waiting,
    };
  } finally {
    await side.close();
    await proxy.close();
    await redis.flush();
  }

  /** The sink sees nothing of these, so they are sent without waiting for it. */
  async function driveUnworked({ target }: Side, seconds: number, perSecond: number): Promise<number> {
    const order = { kind: "open" as const, seconds, connections: 8, perSecond };
    const { load } = await rig.drive({ ...target, posts: false }, order);
    return load.accepted;
  }
}

/** What a client sends; everything else is a command that a script carried out. */
const SENT = new Set(["eval", "evalsha", "publish", "bzpopmin", "ping", "info", "client"]);

async function untilDone(side: Side, expected: number): Promise<void> {
  for (let i = 0; i < 300 && (await side.succeeded()) < expected; i++) await pause(100);
}

async function untilQuiet(calls: Map<string, number>): Promise<void> {
  const count = () => sum([...calls.values()]);
  for (let last = -1, now = count(); now - last > 5; now = count()) {
    last = now;
    await pause(500);
  }
}

function perRun(before: Map<string, number>, after: Map<string, number>, runs: number) {
  return Object.fromEntries(
    [...after].map(([name, count]): [string, number] => [name, (count - (before.get(name) ?? 0)) / runs]),
  );
}

async function memoryOf(look: Redis): Promise<number> {
  return figureIn(await look.info("memory"), "used_memory");
}

async function statsOf(look: Redis) {
  const commands = (await look.info("commandstats")).matchAll(/^cmdstat_([^:|]+)[^:]*:calls=(\d+)/gm);
  const calls = new Map<string, number>();
  for (const [, name = "", count] of commands) calls.set(name, (calls.get(name) ?? 0) + Number(count));
  const stats = await look.info("stats");
  return {
    calls,
    input: figureIn(stats, "total_net_input_bytes"),
    output: figureIn(stats, "total_net_output_bytes"),
  };
}

function figureIn(info: string, name: string): number {
  return Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1]);
}

function sum(values: number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
