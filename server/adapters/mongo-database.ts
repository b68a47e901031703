// A connection to MongoDB: how long anything may take, what its errors mean, and writes whose answer got lost.

import mongoose, { type Model } from "mongoose";
import { syncIndexes } from "./mongo-indexes.ts";
import { type FlowDoc, type LineDoc, type Models, modelsOn, type RunDoc } from "./mongo-models.ts";
import { databaseAway, isDuplicate, unavailable } from "./mongo-problems.ts";
import type { Text } from "./mongo-values.ts";

export interface MongoOptions {
  /** The database, when the URL names none: `flowcatch` unless said otherwise. */
  dbName?: string;
  /** How long a caller waits before it hears that the database cannot be used now. */
  patienceMs?: number;
  /** False: nothing is written by opening it, not even the indexes that are missing. */
  makeIndexes?: boolean;
}

/** What a piece of work may know of its time. */
export interface Time {
  /** The caller has been told that it failed: begin nothing more. */
  isUp: boolean;
}

export interface MongoDatabase {
  models: Models;
  /** The collections that every run needs, by the driver itself: what Mongoose does for each question costs more than the question. */
  bare: Bare;
  /** The indexes that were missing when it was opened, and now are there, as `collection: a, b`. */
  createdIndexes: string[];
  /**
   * Everything goes through here. Rejects with `StoreUnavailable` when the database cannot be used now, or has not
   * answered within `patienceMs`.
   */
  ask<T>(work: (time: Time) => Promise<T>, patienceMs?: number): Promise<T>;
  /**
   * Does a write, and once more when its answer got lost: it may have been made or not. `again` is true the second
   * time, and the write must find out. (Replica sets do this in the driver, stand-alone servers do not.)
   */
  twice<T>(time: Time, write: (again: boolean) => Promise<T>): Promise<T>;
  /** False when a unique index already has it. */
  insert<Doc extends { _id: Text | number }>(time: Time, model: Model<Doc>, doc: Doc): Promise<boolean>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

export interface Bare {
  runs: mongoose.mongo.Collection<RunDoc>;
  flows: mongoose.mongo.Collection<FlowDoc>;
  lines: mongoose.mongo.Collection<LineDoc>;
}

/** A catch URL answers within 5 seconds, also when the database is gone. */
const PATIENCE_MS = 4_500;
/** For work that nobody waits for, and which comes in portions. */
export const LONG_MS = 60_000;

/** Connects, and makes the indexes that are missing. Rejects with `StoreUnavailable` when it cannot be reached. */
export async function openMongoDatabase(
  url: string,
  { dbName = "flowcatch", patienceMs: usual = PATIENCE_MS, makeIndexes = true }: MongoOptions = {},
): Promise<MongoDatabase> {
  const where = hostsOf(url);
  const connection = mongoose.createConnection(url, {
    ...(namesDatabase(url) ? {} : { dbName }),
    writeConcern: { w: "majority", journal: true },
    readPreference: "primary",
    serverSelectionTimeoutMS: 2_000,
    connectTimeoutMS: 2_000,
    // Longer than the patience of callers: it only lets go of connections that are dead.
    socketTimeoutMS: LONG_MS,
    promoteBuffers: true,
    bufferCommands: false,
    autoIndex: false,
    autoCreate: false,
  });
  // Every piece of work hears of a lost connection by itself; unheard, the event would end the process.
  connection.on("error", () => {});
  const models = modelsOn(connection);
  let createdIndexes: string[];
  try {
    await connection.asPromise();
    createdIndexes = makeIndexes ? await syncIndexes(models, where) : [];
  } catch (error) {
    await connection.close();
    throw unavailable(error, where) ?? error;
  }

  const underWay = new Set<Promise<unknown>>();
  let closed = false;

  async function ask<T>(work: (time: Time) => Promise<T>, patienceMs = usual): Promise<T> {
    if (closed) throw new Error(`The database at ${where} is closed.`);
    const time = { isUp: false };
    const answer = work(time).catch((error) => {
      throw unavailable(error, where) ?? error;
    });
    underWay.add(answer);
    const done = () => underWay.delete(answer);
    answer.then(done, done);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        time.isUp = true;
        const seconds = patienceMs / 1_000;
        reject(databaseAway(`it has not answered within ${seconds} seconds`, where));
      }, patienceMs);
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async function twice<T>(time: Time, write: (again: boolean) => Promise<T>): Promise<T> {
    try {
      return await write(false);
    } catch (error) {
      if (time.isUp || !unavailable(error, where)) throw error;
      return write(true);
    }
  }

  return {
    models,
    bare: {
      runs: connection.collection<RunDoc>("runs"),
      flows: connection.collection<FlowDoc>("flows"),
      lines: connection.collection<LineDoc>("lines"),
    },
    createdIndexes,
    ask,
    twice,
    insert: (time, { collection }, doc) => {
      const fields: mongoose.mongo.Document = Object.fromEntries(Object.entries(doc));
      return twice(time, async (again) => {
        try {
          await collection.insertOne(fields);
          return true;
        } catch (error) {
          if (!isDuplicate(error)) throw error;
          return (
            again && (await collection.findOne({ _id: fields._id }, { projection: { _id: 1 } })) !== null
          );
        }
      });
    },
    async close() {
      if (closed) return;
      closed = true;
      while (underWay.size > 0) await Promise.allSettled(underWay);
      await connection.close();
    },
  };
}

const URL_PARTS = /^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?([^/?]*)(?:\/([^?]*))?/;

/** Without the name and the password in it: it is shown. */
function hostsOf(url: string): string {
  return URL_PARTS.exec(url)?.[1] ?? "the given address";
}

function namesDatabase(url: string): boolean {
  return (URL_PARTS.exec(url)?.[2] ?? "") !== "";
}
