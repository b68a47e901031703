// Lists what reached the catch URLs, newest first: the deliveries, and between them the runs that came by a catch URL.
//
// First the keys, from indexes that have nearly the wanted order, then the rows of those keys. Whether a run came by a
// catch URL is in its event, so a history of other runs is looked through like a search for text: a while, and then
// the page ends where it is.

import type { SQLInputValue } from "node:sqlite";
import { type Delivery, Verdict } from "../../shared/delivery.ts";
import type { EventRequest } from "../../shared/event.ts";
import { RunStatus } from "../../shared/run.ts";
import type { DeliveryQuery, DeliveryRow, Page } from "../ports/store.ts";
import { type Key, type Look, mergeLists, newestFirst, readCursor, toCursor } from "./delivery-pages.ts";
import { SUMMARY_BYTES, summaryOf } from "./run-summary.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { runsWith } from "./sqlite-run-list.ts";
import { SEARCHED_BYTES } from "./sqlite-run-rows.ts";
import { fromJson, fromJsonOrNull } from "./sqlite-values.ts";

interface Found extends Key {
  seq: number;
  /** It is a run. */
  accepted: boolean;
}

interface KeyColumns {
  at: number;
  id: string;
  seq: number;
  fits: number;
}

type Kept = Exclude<Verdict, "accepted">;

const KEPT = Verdict.options.filter((verdict) => verdict !== "accepted");
const SCANNED_AT_ONCE = 250;
/** Each of the two lists; nobody else has to wait long for a search that finds nothing. */
const SEARCH_MS = 25;

/** See `DeliveryStore.list`. */
export async function listDeliveries(file: SqliteFile, query: DeliveryQuery): Promise<Page<DeliveryRow>> {
  const limit = Math.min(Math.max(Math.trunc(query.limit), 1), 200);
  const after = readCursor(query.cursor);
  const verdicts = new Set(query.verdict ?? Verdict.options);
  const kept = KEPT.filter((verdict) => verdicts.has(verdict));
  const lists: Look<Found>[] = [];
  if (kept.length > 0) lists.push(async (from, most) => deliveriesAfter(file, query, kept, from, most));
  if (verdicts.has("accepted")) lists.push(async (from, most) => runsAfter(file, query, from, most));
  if (query.text !== undefined && query.text !== "") {
    const byId = lists.length > 0 && oneById(file, query, verdicts, query.text);
    if (byId) return { items: after ? [] : [byId], next: null };
  }
  const atOnce = query.text === undefined ? Math.min(limit + 1, SCANNED_AT_ONCE) : SCANNED_AT_ONCE;
  const { keys, last } = await mergeLists(lists, after, { limit, atOnce, ms: SEARCH_MS });
  return { items: keys.flatMap((key) => rowOf(file, key) ?? []), next: toCursor(last) };
}

/** The newest of each verdict, merged. */
function deliveriesAfter(
  file: SqliteFile,
  query: DeliveryQuery,
  verdicts: Kept[],
  after: Key | undefined,
  limit: number,
): (Found & { fits: boolean })[] {
  const text = textCondition(query.text);
  return verdicts
    .flatMap((verdict) => {
      const { where, values } = conditions(query, "at", "id", after);
      return file.all<KeyColumns>(
        `SELECT at, id, seq, ${text.sql} AS fits
         FROM deliveries INDEXED BY deliveries_of_${query.flowId === undefined ? "workspace" : "flow"}
         WHERE verdict = ? AND ${where} ORDER BY at DESC, id DESC LIMIT ?`,
        ...text.values,
        verdict,
        ...values,
        limit,
      );
    })
    .sort(newestFirst)
    .slice(0, limit)
    .map(({ fits, ...key }) => ({ ...key, accepted: false, fits: fits > 0 }));
}

/**
 * The newest of each status, merged, and then what fits of them. The index has the time; those of one millisecond are
 * put in order by their ids.
 */
function runsAfter(
  file: SqliteFile,
  query: DeliveryQuery,
  after: Key | undefined,
  limit: number,
): (Found & { fits: boolean })[] {
  const { where, values } = conditions(query, "created_at", "id", after);
  const text = textCondition(query.text);
  const fits = ({ seq }: { seq: number }) =>
    file.get(
      `SELECT 1 FROM runs JOIN run_events ON run_seq = seq WHERE seq = ? AND ${CAUGHT} AND ${text.sql}`,
      seq,
      ...text.values,
    ) !== undefined;
  return RunStatus.options
    .flatMap((status) =>
      file.all<Omit<Found, "accepted">>(
        `SELECT created_at AS at, id, seq
         FROM ${runsWith(status, query.flowId)} AND status = ? AND ${where} ORDER BY created_at DESC, id DESC LIMIT ?`,
        status,
        ...values,
        limit,
      ),
    )
    .sort(newestFirst)
    .slice(0, limit)
    .map((key) => ({ ...key, accepted: true, fits: fits(key) }));
}

const CAUGHT = "replay_of IS NULL AND json_extract(event, '$.kind') = 'webhook'";

/** As in the list of runs: of ASCII alone the case does not matter. */
function textCondition(text: string | undefined): { sql: string; values: string[] } {
  if (text === undefined || text === "") return { sql: "1", values: [] };
  const start = `substr(coalesce(start, raw), 1, ${SEARCHED_BYTES})`;
  return { sql: `(instr(lower(CAST(${start} AS TEXT)), lower(?)) > 0)`, values: [text] };
}

function conditions(
  { workspaceId, flowId, from, to }: DeliveryQuery,
  at: string,
  id: string,
  after: Key | undefined,
): { where: string; values: SQLInputValue[] } {
  const parts: [string, ...SQLInputValue[]][] = [["workspace_id = ?", workspaceId]];
  if (flowId !== undefined) parts.push(["flow_id = ?", flowId]);
  if (from !== undefined) parts.push([`${at} >= ?`, from]);
  if (to !== undefined) parts.push([`${at} < ?`, to]);
  if (after !== undefined) parts.push([`(${at}, ${id}) < (?, ?)`, after.at, after.id]);
  return {
    where: parts.map(([sql]) => sql).join(" AND "),
    values: parts.flatMap(([, ...values]) => values),
  };
}

function oneById(
  file: SqliteFile,
  { workspaceId, flowId, from, to }: DeliveryQuery,
  verdicts: Set<Verdict>,
  id: string,
): DeliveryRow | undefined {
  const delivery = file.get<{ seq: number }>("SELECT seq FROM deliveries WHERE id = ?", id);
  const run = file.get<{ seq: number }>(
    `SELECT seq FROM runs CROSS JOIN run_events ON run_seq = seq WHERE id = ? AND ${CAUGHT}`,
    id,
  );
  const found = delivery ?? run;
  const row = found && rowOf(file, { seq: found.seq, accepted: !delivery });
  const fits =
    row?.workspaceId === workspaceId &&
    (flowId === undefined || row.flowId === flowId) &&
    verdicts.has(row.verdict) &&
    (from === undefined || row.at >= from) &&
    (to === undefined || row.at < to);
  return fits ? row : undefined;
}

interface RowColumns {
  id: string;
  workspace_id: string;
  flow_id: string;
  at: number;
  bytes: number;
  begin: Uint8Array;
  request: string;
}

type DeliveryRowColumns = RowColumns & {
  verdict: Kept;
  run_id: string | null;
  status: number;
  problem: string | null;
};

const BEGIN = `substr(coalesce(start, raw), 1, ${SUMMARY_BYTES}) AS begin`;

/** Undefined when it was deleted a moment ago. */
function rowOf(
  file: SqliteFile,
  { seq, accepted }: Pick<Found, "seq" | "accepted">,
): DeliveryRow | undefined {
  if (accepted) {
    const row = file.get<RowColumns & { status: RunStatus }>(
      `SELECT id, workspace_id, flow_id, created_at AS at, status, length(raw) AS bytes, ${BEGIN},
         json_extract(event, '$.request') AS request
       FROM runs JOIN run_events ON run_seq = seq WHERE seq = ?`,
      seq,
    );
    if (!row) return undefined;
    const accepted = { verdict: "accepted" as const, status: ANSWERED_TO_ACCEPTED, problem: null };
    return { ...toRow(row), ...accepted, runId: row.id, run: row.status };
  }
  const row = file.get<DeliveryRowColumns>(
    `SELECT id, workspace_id, flow_id, at, verdict, run_id, status, problem, bytes, ${BEGIN}, request
     FROM deliveries WHERE seq = ?`,
    seq,
  );
  if (!row) return undefined;
  const { verdict, status, problem, run_id: runId } = row;
  return {
    ...toRow(row),
    verdict,
    status,
    problem: fromJsonOrNull<Delivery["problem"]>(problem),
    runId,
    run: null,
  };
}

const ANSWERED_TO_ACCEPTED = 202;

function toRow(row: RowColumns): Omit<DeliveryRow, "verdict" | "status" | "problem" | "runId" | "run"> {
  const request = fromJson<EventRequest>(row.request);
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    flowId: row.flow_id,
    at: row.at,
    bytes: row.bytes,
    method: request.method,
    contentType: request.contentType,
    summary: summaryOf(row.begin, row.bytes === 0 ? JSON.stringify({ request }) : null),
  };
}
