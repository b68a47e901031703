// What the errors of MongoDB's driver and server mean to us.

import mongoose from "mongoose";
import { StoreUnavailable } from "../ports/store.ts";

const { mongo } = mongoose;

/** The server's number says the kind; what each of these has in common: the data is fine, the place is not. */
const UNAVAILABLE: Record<number, string> = {
  6: "one of its hosts cannot be reached",
  7: "one of its hosts is not known",
  13: "it does not let this program do that",
  18: "it does not let this program in",
  24: "something else holds a lock on it",
  46: "something else holds a lock on it",
  50: "it took too long",
  64: "its members did not confirm the write in time",
  89: "its network timed out",
  91: "it is shutting down",
  100: "it has too few members to confirm a write",
  112: "two writes got in each other's way",
  133: "it has no primary",
  134: "its members have not caught up",
  189: "its primary has just stepped down",
  202: "it took too long",
  262: "it took too long",
  290: "it is short of memory",
  365: "it is short of memory",
  402: "it is short of resources",
  462: "it is overloaded",
  9001: "its network failed",
  10058: "it is not the primary",
  10107: "it is not the primary any more",
  11600: "it is shutting down",
  11601: "it interrupted the work",
  11602: "its primary is just changing",
  13435: "it is not the primary",
  13436: "it is starting or recovering",
  14031: "its disk is full",
};

/** A unique index (that of `_id` is one) already has it. */
export function isDuplicate(error: unknown): boolean {
  return codeOf(error) === 11000;
}

/** There is no such collection yet. */
export function isMissingCollection(error: unknown): boolean {
  return codeOf(error) === 26;
}

/** The error as `StoreUnavailable` when it comes from the place and not from what was asked; else undefined. */
export function unavailable(error: unknown, where: string): StoreUnavailable | undefined {
  if (error instanceof StoreUnavailable) return error;
  const why = reason(error);
  if (why === undefined) return undefined;
  return databaseAway(why, where, error);
}

/** Senders of events see the sentence: where the database is, is for the log. */
export function databaseAway(why: string, where: string, error?: unknown): StoreUnavailable {
  const hint = "Nothing that was answered before is lost. It goes on by itself when the database is back.";
  const cause = new Error(`${where}: ${why}`, { cause: error });
  return new StoreUnavailable(`The database cannot be used now: ${why}.`, { hint, cause });
}

function reason(error: unknown): string | undefined {
  if (error instanceof mongoose.Error.MongooseServerSelectionError) return "it cannot be reached";
  if (error instanceof mongo.MongoServerSelectionError) return "it cannot be reached";
  if (error instanceof mongo.MongoNetworkTimeoutError) return "it did not answer in time";
  if (error instanceof mongo.MongoNetworkError) return "the connection to it was lost";
  if (error instanceof mongo.MongoOperationTimeoutError) return "it did not answer in time";
  if (error instanceof mongo.MongoNotConnectedError) return "there is no connection to it";
  if (error instanceof mongo.MongoTopologyClosedError) return "there is no connection to it";
  // the error of a pool whose connections are all taken is not exported
  if (error instanceof Error && error.name === "MongoWaitQueueTimeoutError")
    return "all connections to it are taken";
  // that of many writes at once only wraps the one that ended them
  if (error instanceof mongo.MongoBulkWriteError && error.errorResponse !== error)
    return reason(error.errorResponse);
  const known = UNAVAILABLE[codeOf(error) ?? -1];
  if (known !== undefined) return known;
  if (error instanceof mongo.MongoWriteConcernError) return "its members did not confirm the write";
  if (isBroken(error)) return "the connection to it was lost";
  if (!(error instanceof mongo.MongoError)) return undefined;
  const again = error.hasErrorLabel("RetryableWriteError") || error.hasErrorLabel("RetryableError");
  return again ? "it asked to try again" : undefined;
}

/** The driver hands on, as it is, what Node says of a socket that ended under its hands. */
function isBroken(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EPIPE" || error.code === "ECONNRESET");
}

function codeOf(error: unknown): number | undefined {
  if (!(error instanceof mongo.MongoError)) return undefined;
  return typeof error.code === "number" ? error.code : undefined;
}
