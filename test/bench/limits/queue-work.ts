// What the two programs of limit q have in common: one collection and one queue, with nothing around them.

import { Redis } from "ioredis";
import mongoose from "mongoose";

export interface EventDoc {
  _id: string;
  at: number;
  body: string;
  status: "queued" | "running" | "done";
  startedAt?: number;
  finishedAt?: number;
  input?: string;
  output?: string;
}

export const EVENTS = "events";
export const QUEUE = "orders";
export const PREFIX = "limit";

/** The driver by itself, with the promise of the server's own store: a majority has it, in the journal. */
export async function openEvents(url: string): Promise<mongoose.mongo.Collection<EventDoc>> {
  const client = new mongoose.mongo.MongoClient(url, { writeConcern: { w: "majority", journal: true } });
  await client.connect();
  return client.db().collection<EventDoc>(EVENTS);
}

export function openRedis(url: string): Redis {
  return new Redis(url, { maxRetriesPerRequest: null });
}
