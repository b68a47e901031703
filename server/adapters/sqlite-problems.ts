// What goes wrong with the database, as those who use the store know it.

import { StoreUnavailable } from "../ports/store.ts";
import { whyUnavailable } from "./sqlite-codes.ts";

/** The error as `StoreUnavailable` when it comes from the place and not from the statement; else undefined. */
export function unavailable(error: unknown, where: string): StoreUnavailable | undefined {
  if (error instanceof StoreUnavailable) return error;
  const why = whyUnavailable(error);
  if (why === undefined) return undefined;
  // Senders of events see the sentence: where the folder lies is for the log.
  const cause = new Error(`${where}: ${why}`, { cause: error });
  return new StoreUnavailable(`The database cannot be used now: ${why}.`, { cause });
}
