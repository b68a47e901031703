// Every change to the database by its name: a name and plain values can be sent to the thread that makes it.

import type { SQLInputValue } from "node:sqlite";
import { DELIVERY_CHANGES } from "./sqlite-delivery-changes.ts";
import { FLOW_CHANGES } from "./sqlite-flow-changes.ts";
import { LINE_CHANGES } from "./sqlite-line-changes.ts";
import { RUN_CHANGES } from "./sqlite-run-changes.ts";
import { SAMPLE_CHANGES } from "./sqlite-sample-changes.ts";
import type { Writer } from "./sqlite-writer.ts";

const CHANGES = {
  ...RUN_CHANGES,
  ...LINE_CHANGES,
  ...DELIVERY_CHANGES,
  ...FLOW_CHANGES,
  ...SAMPLE_CHANGES,
  runStatement,
};

export type ChangeName = keyof typeof CHANGES;
export type ChangeInput<Name extends ChangeName> = (typeof CHANGES)[Name] extends (
  db: Writer,
  ...input: infer Input
) => unknown
  ? Input
  : never;
export type ChangeOutput<Name extends ChangeName> = ReturnType<(typeof CHANGES)[Name]>;

/** Makes it, within the transaction that is open. */
export function makeChange(db: Writer, name: ChangeName, input: readonly unknown[]): unknown {
  // Whoever named it had its input checked by the compiler; on the way here that is forgotten.
  const change = CHANGES[name] as (db: Writer, ...input: unknown[]) => unknown;
  return change(db, ...input);
}

/** One statement; gives how many rows it changed. */
function runStatement(db: Writer, sql: string, values: SQLInputValue[]): number {
  return db.run(sql, ...values);
}
