// Lists runs newest first, page by page, fast at a million runs: every step of it is bounded.
//
// The order is time, then id, and the indexes of mongo-models.ts have it. Searching for text reads the starts of
// bodies, a thousand at a time, and after 20,000 ends the page where it is: such a page may be short or empty and
// still have a next one.

import type { QueryFilter } from "mongoose";
import { Refused } from "../../shared/problem.ts";
import { RunStatus } from "../../shared/run.ts";
import type { Page, RunQuery, RunRow, RunStore } from "../ports/store.ts";
import type { MongoDatabase } from "./mongo-database.ts";
import type { RunDoc } from "./mongo-models.ts";
import { ROW_FIELDS, toRow } from "./mongo-run-rows.ts";
import { lowerAscii } from "./mongo-values.ts";

/** A place in the order: older runs have a smaller one. */
type Key = Pick<RunDoc, "_id" | "createdAt">;
type Row = Key & Pick<RunDoc, keyof typeof ROW_FIELDS>;

const SCANNED_AT_ONCE = 1_000;
const SCANNED_A_PAGE = 20_000;

/** See `RunStore.list`. */
export async function listRuns(database: MongoDatabase, query: RunQuery): Promise<Page<RunRow>> {
  const limit = Math.min(Math.max(Math.trunc(query.limit), 1), 200);
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor);
  if (query.status?.length === 0) return { items: [], next: null };
  const { runs } = database.models;
  if (query.text === undefined || query.text === "") {
    const rows = await newest(database, filterOf(query, after), ROW_FIELDS, limit + 1);
    return pageOf(database, rows.slice(0, limit), rows.length > limit ? rows[limit - 1] : undefined);
  }
  const byId = await runs.findOne({ ...filterOf(query, undefined), _id: query.text }, ROW_FIELDS).lean();
  if (byId) return pageOf(database, after ? [] : [byId], undefined);
  return searchText(database, query, lowerAscii(query.text), after, limit);
}

/** See `RunStore.oldest`: one look into an index for each status. */
export async function oldestRun(
  { models }: MongoDatabase,
  workspaceId: string,
  statuses: RunStatus[],
): ReturnType<RunStore["oldest"]> {
  const firsts = await Promise.all(
    statuses.map((status) =>
      models.runs
        .findOne({ workspaceId, status }, { flowId: 1, createdAt: 1 })
        .sort({ createdAt: 1, _id: 1 })
        .lean(),
    ),
  );
  const [first] = firsts.filter((run) => run !== null).sort((a, b) => a.createdAt - b.createdAt);
  return first ? { id: first._id, flowId: first.flowId, createdAt: first.createdAt } : null;
}

async function searchText(
  database: MongoDatabase,
  query: RunQuery,
  text: string,
  after: Key | undefined,
  limit: number,
): Promise<Page<RunRow>> {
  const found: string[] = [];
  let last = after;
  let more = true;
  for (let scanned = 0; more && scanned < SCANNED_A_PAGE; scanned += SCANNED_AT_ONCE) {
    const fields = { createdAt: 1, start: 1 } as const;
    const keys = await newest(database, filterOf(query, last), fields, SCANNED_AT_ONCE);
    more = keys.length === SCANNED_AT_ONCE;
    for (const key of keys) {
      last = key;
      if (lowerAscii(key.start.toString()).includes(text)) found.push(key._id);
      if (found.length === limit) return pageOf(database, await rowsOf(database, found), last);
    }
  }
  return pageOf(database, await rowsOf(database, found), more ? last : undefined);
}

function newest<Field extends keyof RunDoc>(
  { models }: MongoDatabase,
  filter: QueryFilter<RunDoc>,
  fields: Readonly<Partial<Record<Field, 1>>>,
  limit: number,
): Promise<(Key & Pick<RunDoc, Field>)[]> {
  return models.runs
    .find(filter, fields)
    .sort({ createdAt: -1, _id: -1 })
    .limit(limit)
    .lean<(Key & Pick<RunDoc, Field>)[]>()
    .exec();
}

/** In the given order; without those that were deleted a moment ago. */
async function rowsOf({ models }: MongoDatabase, ids: string[]): Promise<Row[]> {
  const rows = await models.runs.find({ _id: { $in: ids } }, ROW_FIELDS).lean();
  const byId = new Map(rows.map((row) => [row._id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function filterOf(
  { workspaceId, flowId, status, from, to }: RunQuery,
  after: Key | undefined,
): QueryFilter<RunDoc> {
  const statuses = [...new Set(status ?? RunStatus.options)];
  const every = statuses.length === RunStatus.options.length;
  return {
    workspaceId,
    ...(flowId === undefined ? {} : { flowId }),
    ...(every ? {} : { status: statuses.length === 1 ? statuses[0] : { $in: statuses } }),
    createdAt: {
      $gte: from ?? 0,
      ...(to === undefined ? {} : { $lt: to }),
      // said here too, for the index: the condition below is only about its end
      ...(after === undefined ? {} : { $lte: after.createdAt }),
    },
    ...(after === undefined
      ? {}
      : {
          $or: [
            { createdAt: { $lt: after.createdAt } },
            { createdAt: after.createdAt, _id: { $lt: after._id } },
          ],
        }),
  };
}

async function pageOf(database: MongoDatabase, rows: Row[], last: Key | undefined): Promise<Page<RunRow>> {
  const items = await Promise.all(
    rows.map(async (row) => ({ ...(await toRow(database, row)), summary: row.summary })),
  );
  return { items, next: last ? `${last.createdAt}_${last._id}` : null };
}

function readCursor(cursor: string): Key {
  const parts = /^(\d{1,15}(?:\.\d{1,10})?)_(run_[\w-]{1,100})$/.exec(cursor);
  if (parts?.[2] === undefined) {
    throw new Refused({
      code: "cursor-unknown",
      sentence: "The cursor of this page is not one that a list of runs gave.",
      hint: "Leave it out to begin with the newest run.",
    });
  }
  return { createdAt: Number(parts[1]), _id: parts[2] };
}
