// The two that are measured beside each other: the server as several processes, and the same work done bare. Both are
// one web process and any number of workers on one store and one Redis.

import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import mongoose from "mongoose";
import { z } from "zod";
import { signIn } from "../kit/api.ts";
import { OWNER, type Program, startProgram } from "../kit/process.ts";
import { type Child, startChild } from "./child.ts";
import { EVENTS } from "./limits/queue-work.ts";
import { Ready } from "./messages.ts";
import { ORDER_HEADERS } from "./order.ts";
import { orderGraph, publish } from "./product.ts";
import type { Target } from "./rig.ts";

/** `one` is ours as processes that take and carry on alike. */
export type SideName = "ours" | "one" | "bare";

export interface Side {
  name: SideName;
  target: Target;
  webPid: number;
  workerPids(): number[];
  addWorker(): Promise<void>;
  /** How many of those that were taken have succeeded, by the store. */
  succeeded(): Promise<number>;
  /** Some of its documents, as they lie in the store. */
  documents(most: number): Promise<mongoose.mongo.Document[]>;
  /** Forgets all runs. The compatible server has no index for lists: what it counts, it looks through. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

export interface Places {
  storeUrl: string;
  redisUrl: string;
  sinkUrl: string;
}

/** A web process, and workers as they are added. `flags` are for Node, in each of the processes. */
export function startOurs(places: Places, flags: string[] = []): Promise<Side> {
  return startServers(places, "ours", flags);
}

/** One process in every role: what it takes it carries on itself, and no job is made. */
export function startOne(places: Places): Promise<Side> {
  return startServers(places, "one", []);
}

async function startServers(
  { storeUrl, redisUrl, sinkUrl }: Places,
  name: "ours" | "one",
  flags: string[],
): Promise<Side> {
  const settings = {
    MONGO_URL: storeUrl,
    REDIS_URL: redisUrl,
    ENCRYPTION_KEY: randomBytes(32).toString("base64"),
  };
  const programs: Program[] = [];
  const tidyUp = () => {
    for (const program of programs) {
      void program.kill(); // the signal goes out at once, and nothing after that is waited for
      rmSync(program.folder, { recursive: true, force: true });
    }
  };
  process.on("exit", tidyUp);
  const close = async () => {
    process.off("exit", tidyUp);
    await Promise.all(programs.map((program) => program.terminate()));
    await Promise.all(programs.map((program) => program.close()));
  };
  try {
    const web = await startProgram({ ...settings, ROLE: name === "one" ? "all" : "web" }, flags);
    programs.push(web);
    const client = await signIn(web.url, OWNER.email, OWNER.password);
    const { catchUrl } = await publish(client, "Orders", orderGraph(sinkUrl));
    return {
      name,
      target: { urls: [catchUrl], headers: ORDER_HEADERS, pid: null, posts: true },
      webPid: web.pid(),
      workerPids: () => programs.slice(1).map((program) => program.pid()),
      async addWorker() {
        programs.push(await startProgram({ ...settings, ROLE: "worker" }, flags));
      },
      ...(await history(storeUrl, "runs", "succeeded", close)),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

export async function startBare({ storeUrl, redisUrl, sinkUrl }: Places): Promise<Side> {
  const workers: Child[] = [];
  const args = [storeUrl, redisUrl];
  const { child: web, ready } = await startChild("limits/queue-web.ts", Ready, args);
  const close = async () => {
    await Promise.all([web, ...workers].map((child) => child.close()));
  };
  try {
    return {
      name: "bare",
      target: { urls: [ready.url], headers: ORDER_HEADERS, pid: null, posts: true },
      webPid: web.pid,
      workerPids: () => workers.map(({ pid }) => pid),
      async addWorker() {
        const { child } = await startChild("limits/queue-worker.ts", z.object({}), [...args, sinkUrl]);
        workers.push(child);
      },
      ...(await history(storeUrl, EVENTS, "done", close)),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Looks past the processes into the store, so that asking costs them nothing. */
async function history(
  storeUrl: string,
  collection: string,
  status: string,
  closeProcesses: () => Promise<void>,
): Promise<Pick<Side, "succeeded" | "documents" | "empty" | "close">> {
  const client = new mongoose.mongo.MongoClient(storeUrl);
  await client.connect();
  const runs = client.db().collection(collection);
  return {
    succeeded: () => runs.countDocuments({ status }),
    documents: (most) => runs.find().limit(most).toArray(),
    empty: async () => void (await runs.deleteMany({})),
    async close() {
      await client.close();
      await closeProcesses();
    },
  };
}
