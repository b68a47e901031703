// Flows and their versions in SQLite.

import type { SQLInputValue } from "node:sqlite";
import type { Flow, Version } from "../../shared/flow.ts";
import type { CaughtFlow, FlowStore, VersionStore } from "../ports/store.ts";
import { createCatching, toCatching } from "./sqlite-catching.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { fromJson, marks, packText, toJson, unpackText } from "./sqlite-values.ts";

interface FlowColumns {
  id: string;
  workspace_id: string;
  name: string | Uint8Array;
  revision: number;
  status: Flow["status"];
  live_version_id: string | null;
  catch_key: string;
  created_at: number;
  updated_at: number;
  draft: string;
}

interface VersionColumns {
  id: string;
  workspace_id: string;
  flow_id: string;
  number: number;
  note: string | Uint8Array;
  created_at: number;
  graph: string;
}

/** Every webhook asks for a flow by its key: kept at hand, since nobody but this process changes the file. */
const caughtByFile = new WeakMap<SqliteFile, Map<string, CaughtFlow>>();
const MOST_CAUGHT = 10_000;

export function createFlowStore(file: SqliteFile): FlowStore {
  const caught = caughtByFile.get(file) ?? new Map<string, CaughtFlow>();
  caughtByFile.set(file, caught);
  /** Nobody hears of a change while what was at hand before it still is. Refused ones may be there all the same. */
  async function changing<T>(change: () => Promise<T>): Promise<T> {
    try {
      return await change();
    } finally {
      caught.clear();
    }
  }
  async function one(where: string, value: string): Promise<Flow | null> {
    const row = file.get<FlowColumns>(`SELECT * FROM flows WHERE ${where}`, value);
    return row ? toFlow(row) : null;
  }
  async function many(where: string, value: string): Promise<Flow[]> {
    return file.all<FlowColumns>(`SELECT * FROM flows WHERE ${where} ORDER BY seq`, value).map(toFlow);
  }
  return {
    async insert(flow) {
      const columns = toColumns(flow);
      const names = Object.keys(columns);
      await file.run(
        `INSERT INTO flows (${names.join(", ")}) VALUES (${marks(names)})`,
        ...Object.values(columns),
      );
    },
    get: (id) => one("id = ?", id),
    async byCatchKey(key) {
      const known = caught.get(key);
      if (known) return { ...known };
      const row = file.get<
        Pick<FlowColumns, "id" | "workspace_id" | "status" | "live_version_id"> & { catching: string | null }
      >("SELECT id, workspace_id, status, live_version_id, catching FROM flows WHERE catch_key = ?", key);
      if (!row) return null;
      const { id, status, workspace_id: workspaceId, live_version_id: liveVersionId } = row;
      const flow = { id, workspaceId, status, liveVersionId, catching: toCatching(row.catching) };
      if (caught.size >= MOST_CAUGHT) caught.clear();
      caught.set(key, flow);
      return { ...flow };
    },
    ...createCatching(file, changing),
    list: (workspaceId) => many("workspace_id = ?", workspaceId),
    withStatus: (status) => many("status = ?", status),
    async save(flow, ifRevision) {
      const { id, name, draft, revision, updatedAt } = flow;
      const changed = await file.run(
        "UPDATE flows SET name = ?, draft = ?, revision = ?, updated_at = ? WHERE id = ? AND revision = ?",
        packText(name),
        toJson(draft),
        revision,
        updatedAt,
        id,
        ifRevision,
      );
      return changed === 1 ? "saved" : "stale";
    },
    async patch(id, { name, status, liveVersionId, catchKey, updatedAt }) {
      const change: Record<string, SQLInputValue | undefined> = {
        name: name === undefined ? undefined : packText(name),
        status,
        live_version_id: liveVersionId,
        catch_key: catchKey,
        updated_at: updatedAt,
      };
      const sets = ["id = id"];
      const values: SQLInputValue[] = [];
      for (const [column, value] of Object.entries(change)) {
        if (value === undefined) continue;
        sets.push(`${column} = ?`);
        values.push(value);
      }
      const sql = `UPDATE flows SET ${sets.join(", ")} WHERE id = ?`;
      return (await changing(() => file.run(sql, ...values, id))) === 1;
    },
    async remove(id) {
      const was = await changing(() => file.write("removeFlow", id));
      if (was) await deleteAllOf(file, id);
      return was;
    },
  };
}

/** Goes on with the removals that the last process did not finish. */
export async function finishRemovals(file: SqliteFile): Promise<void> {
  for (const { id } of file.all<{ id: string }>("SELECT id FROM removed_flows")) await deleteAllOf(file, id);
}

const PORTION = 500;

/** In portions, so that a flow with a million runs does not stop everything else while it goes. */
async function deleteAllOf(file: SqliteFile, flowId: string): Promise<void> {
  while ((await file.write("deleteDeliveriesOfFlow", flowId, PORTION)) === PORTION);
  while ((await file.write("deleteRunsOfRemovedFlow", flowId, PORTION)) === PORTION);
}

export function createVersionStore(file: SqliteFile): VersionStore {
  return {
    async insert(version) {
      const inserted = await file.run(
        `INSERT INTO versions (id, workspace_id, flow_id, number, note, created_at, graph)
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (flow_id, number) DO NOTHING`,
        version.id,
        version.workspaceId,
        version.flowId,
        version.number,
        packText(version.note),
        version.createdAt,
        toJson(version.graph),
      );
      return inserted === 1 ? "saved" : "taken";
    },
    async get(id) {
      const row = file.get<VersionColumns>("SELECT * FROM versions WHERE id = ?", id);
      return row ? toVersion(row) : null;
    },
    async list(flowId) {
      return file
        .all<VersionColumns>("SELECT * FROM versions WHERE flow_id = ? ORDER BY number DESC", flowId)
        .map(toVersion);
    },
  };
}

function toColumns(flow: Flow): Record<keyof FlowColumns, SQLInputValue> {
  return {
    id: flow.id,
    workspace_id: flow.workspaceId,
    name: packText(flow.name),
    revision: flow.revision,
    status: flow.status,
    live_version_id: flow.liveVersionId,
    catch_key: flow.catchKey,
    created_at: flow.createdAt,
    updated_at: flow.updatedAt,
    draft: toJson(flow.draft),
  };
}

function toFlow(row: FlowColumns): Flow {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    name: unpackText(row.name),
    draft: fromJson(row.draft),
    revision: row.revision,
    status: row.status,
    liveVersionId: row.live_version_id,
    catchKey: row.catch_key,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toVersion(row: VersionColumns): Version {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    flowId: row.flow_id,
    number: row.number,
    graph: fromJson(row.graph),
    note: unpackText(row.note),
    createdAt: row.created_at,
  };
}
