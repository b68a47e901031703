// Lists runs newest first, page by page, fast at a million runs: every step of it is bounded.
//
// First the keys, from an index that has the wanted order; then the rows of those keys. Searching for text reads the
// start of one event after the other, gives the event loop a turn every thousand, and after 20,000 ends the page
// where it is: such a page may be short or empty and still have a next one.

import type { SQLInputValue } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Refused } from "../../shared/problem.ts";
import { RunStatus } from "../../shared/run.ts";
import type { Page, RunQuery, RunRow } from "../ports/store.ts";
import { SUMMARY_BYTES, summaryOf } from "./run-summary.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { workspacesOf } from "./sqlite-run-changes.ts";
import { type RunColumns, SEARCHED_BYTES, toRowWithoutEvent } from "./sqlite-run-rows.ts";
import { marks } from "./sqlite-values.ts";

/** A place in the order: older runs have a smaller one. */
interface Key {
  created_at: number;
  seq: number;
}

/** By workspace, by flow, or by both. */
type Wanted = Pick<RunQuery, "status" | "from" | "to"> &
  (Pick<RunQuery, "workspaceId" | "flowId"> | { workspaceId?: undefined; flowId: string });

const SCANNED_AT_ONCE = 250;
/** A search that finds nothing goes on in the next page: nobody else has to wait long for it. */
const SEARCH_MS = 50;

/** See `RunStore.list`. Text is looked for in the first 2 KB of the body, as it was sent. */
export async function listRuns(file: SqliteFile, query: RunQuery): Promise<Page<RunRow>> {
  const limit = Math.min(Math.max(Math.trunc(query.limit), 1), 200);
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor);
  if (query.text === undefined || query.text === "") {
    const keys = keysAfter(file, query, after, limit + 1);
    return pageOf(file, keys.slice(0, limit), keys.length > limit ? keys[limit - 1] : undefined);
  }
  const byId = file.get<RunColumns>("SELECT * FROM runs WHERE id = ?", query.text);
  if (byId && fits(byId, query)) return pageOf(file, after ? [] : [byId], undefined);
  return searchText(file, query, query.text, after, limit);
}

async function searchText(
  file: SqliteFile,
  query: RunQuery,
  text: string,
  after: Key | undefined,
  limit: number,
): Promise<Page<RunRow>> {
  const found: Key[] = [];
  let last = after;
  for (const over = performance.now() + SEARCH_MS; performance.now() < over; await nextTurn()) {
    const keys = keysAfter(file, query, last, SCANNED_AT_ONCE);
    for (const key of keys) {
      last = key;
      if (eventHas(file, key.seq, text)) found.push(key);
      if (found.length === limit) return pageOf(file, found, last);
    }
    if (keys.length < SCANNED_AT_ONCE) return pageOf(file, found, undefined);
  }
  return pageOf(file, found, last);
}

/** `lower` and `instr` and not LIKE: a search for "100%" means that, and NUL is a character like any other. */
function eventHas(file: SqliteFile, seq: number, text: string): boolean {
  const row = file.get<{ found: number }>(
    `SELECT instr(lower(CAST(substr(coalesce(start, raw), 1, ${SEARCHED_BYTES}) AS TEXT)), lower(?)) AS found
     FROM run_events WHERE run_seq = ?`,
    text,
    seq,
  );
  return row !== undefined && row.found > 0;
}

/** The newest of a flow, by their `seq`. */
export function newestOfFlow(file: SqliteFile, flowId: string, limit: number): number[] {
  return keysAfter(file, { flowId }, undefined, limit).map(({ seq }) => seq);
}

/** The newest of each status, merged: an index for all statuses together would be written with every run. */
function keysAfter(file: SqliteFile, query: Wanted, after: Key | undefined, limit: number): Key[] {
  return [...new Set(query.status ?? RunStatus.options)]
    .flatMap((status) => keysOf(file, query, status, after, limit))
    .sort((a, b) => b.created_at - a.created_at || b.seq - a.seq)
    .slice(0, limit);
}

function keysOf(
  file: SqliteFile,
  { workspaceId, flowId, from, to }: Wanted,
  status: RunStatus,
  after: Key | undefined,
  limit: number,
): Key[] {
  const where: string[] = [];
  const values: SQLInputValue[] = [];
  const and = (condition: string, ...its: SQLInputValue[]) => {
    where.push(condition);
    values.push(...its);
  };
  if (flowId !== undefined) and("flow_id = ?", flowId);
  if (workspaceId !== undefined) and("workspace_id = ?", workspaceId);
  else if (status === "running") {
    const workspaces = workspacesOf(file);
    and(`workspace_id IN (${marks(workspaces)})`, ...workspaces);
  }
  and("status = ?", status);
  if (from !== undefined) and("created_at >= ?", from);
  if (to !== undefined) and("created_at < ?", to);
  if (after !== undefined) and("(created_at, seq) < (?, ?)", after.created_at, after.seq);
  return file.all<Key>(
    `SELECT created_at, seq FROM ${runsWith(status, flowId)}
     AND ${where.join(" AND ")} ORDER BY created_at DESC, seq DESC LIMIT ?`,
    ...values,
    limit,
  );
}

/**
 * Where runs of a status are found in the order of time, of one flow or of all. The index is said outright, because the
 * planner has no statistics of a database that is new. Those in hand are few, and the flow's index leaves them out.
 */
export function runsWith(status: RunStatus, flowId: string | undefined): string {
  return flowId === undefined || status === "running"
    ? "runs INDEXED BY runs_of_workspace_by_status WHERE true"
    : "runs INDEXED BY runs_of_flow_at_rest WHERE status <> 'running'";
}

function fits(run: RunColumns, { workspaceId, flowId, status, from, to }: RunQuery): boolean {
  return (
    run.workspace_id === workspaceId &&
    (flowId === undefined || run.flow_id === flowId) &&
    (status === undefined || status.includes(run.status)) &&
    (from === undefined || run.created_at >= from) &&
    (to === undefined || run.created_at < to)
  );
}

function pageOf(file: SqliteFile, keys: Key[], last: Key | undefined): Page<RunRow> {
  const items = keys.flatMap(({ seq }) => {
    const row = file.get<RunColumns & { start: Uint8Array | null; bodyless: string | null }>(
      `SELECT runs.*, substr(coalesce(start, raw), 1, ${SUMMARY_BYTES}) AS start,
         CASE WHEN length(raw) = 0 THEN event END AS bodyless
       FROM runs JOIN run_events ON run_seq = seq WHERE seq = ?`,
      seq,
    );
    return row ? [{ ...toRowWithoutEvent(row), summary: summaryOf(row.start, row.bodyless) }] : [];
  });
  return { items, next: last ? `${last.created_at}_${last.seq}` : null };
}

function readCursor(cursor: string): Key {
  const parts = /^(\d{1,15}(?:\.\d{1,10})?)_(\d{1,15})$/.exec(cursor);
  if (parts === null) {
    throw new Refused({
      code: "cursor-unknown",
      sentence: "The cursor of this page is not one that a list of runs gave.",
      hint: "Leave it out to begin with the newest run.",
    });
  }
  return { created_at: Number(parts[1]), seq: Number(parts[2]) };
}
