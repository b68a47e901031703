// Connections: credentials go in, and never come out again.

import type { z } from "zod";

import type { Connection, ConnectionView } from "../../shared/connection.ts";
import { stepsOf } from "../../shared/graph.ts";
import { newId } from "../../shared/id.ts";
import { type Problem, Refused, TryLater } from "../../shared/problem.ts";
import { openFields, sealFields } from "../connection-seal.ts";
import type { ConnectionKind, Connector } from "../connectors/kit.ts";
import { findConnector } from "../connectors/registry.ts";
import { createRedact } from "../engine/redact.ts";
import { createWorld } from "../engine/world.ts";
import type { Caller } from "./caller.ts";
import type { RouteDeps } from "./deps.ts";
import type { Handlers } from "./handler.ts";
import { notFound, ProblemAnswer } from "./problem.ts";
import { shownFields } from "./shown-fields.ts";

type Names = "connections" | "createConnection" | "updateConnection" | "testConnection" | "deleteConnection";

const TEST_MS = 20_000;

export const connectionHandlers: Handlers<Names> = {
  async connections(deps, { caller }) {
    const [all, uses] = await Promise.all([
      deps.store.connections.list(caller.workspaceId),
      usesIn(deps, caller.workspaceId),
    ]);
    return { items: all.map((connection) => view(connection, uses)) };
  },

  async createConnection(deps, { caller, body }) {
    const kind = kindOf(body.connectorId);
    const fields = checkFields(kind, body.fields);
    const now = deps.clock.now();
    const whose = { id: newId("con", now), workspaceId: caller.workspaceId, connectorId: body.connectorId };
    const connection: Connection = {
      ...whose,
      name: body.name,
      sealed: sealFields(deps.vault, whose, fields),
      shown: shownFields(kind.specs, fields),
      createdAt: now,
      updatedAt: now,
    };
    await deps.store.connections.insert(connection);
    deps.log.info({ connectionId: connection.id, connectorId: body.connectorId }, "a connection was made");
    return view(connection, []);
  },

  async updateConnection(deps, { caller, params, body }) {
    const before = await findConnection(deps, caller, params.id);
    const kind = kindOf(before.connectorId);
    const connection: Connection = {
      ...before,
      name: body.name ?? before.name,
      updatedAt: deps.clock.now(),
    };
    if (body.fields !== undefined) {
      const fields = checkFields(kind, replaced(kind, openFields(deps.vault, before), body.fields));
      connection.sealed = sealFields(deps.vault, before, fields);
      connection.shown = shownFields(kind.specs, fields);
    }
    if (!(await deps.store.connections.save(connection))) throw notFound("connection", params.id);
    deps.log.info({ connectionId: connection.id }, "a connection was changed");
    return view(connection, await usesIn(deps, caller.workspaceId));
  },

  async testConnection(deps, { caller, params }) {
    const connection = await findConnection(deps, caller, params.id);
    const kind = kindOf(connection.connectorId);
    const fields = openFields(deps.vault, connection);
    const redact = createRedact(secretsOf(kind, fields));
    const signal = AbortSignal.any([AbortSignal.timeout(TEST_MS), deps.stopping]);
    try {
      const message = await kind.check({ ...createWorld(deps, () => signal), auth: fields });
      return { ok: true, message: hide(redact, message), problem: null };
    } catch (error) {
      const problem = problemOf(error, signal);
      const hidden: Problem = { ...problem, sentence: hide(redact, problem.sentence) };
      if (problem.hint !== undefined) hidden.hint = hide(redact, problem.hint);
      return { ok: false, message: hidden.sentence, problem: hidden };
    }
  },

  async deleteConnection(deps, { caller, params }) {
    const connection = await findConnection(deps, caller, params.id);
    const busy = (await usesIn(deps, caller.workspaceId)).filter(
      (use) => use.live && use.connectionIds.has(connection.id),
    );
    if (busy.length > 0) {
      throw new ProblemAnswer(409, {
        code: "connection-in-use",
        sentence: `“${connection.name}” is used by ${busy.map((use) => `“${use.name}”`).join(", ")}.`,
        hint: "Pause these flows, or publish them with another connection.",
      });
    }
    if (!(await deps.store.connections.remove(connection.id))) throw notFound("connection", params.id);
    deps.log.info({ connectionId: connection.id }, "a connection was deleted");
  },
};

async function findConnection(deps: RouteDeps, caller: Caller, id: string): Promise<Connection> {
  const connection = await deps.store.connections.get(id);
  if (connection?.workspaceId !== caller.workspaceId) throw notFound("connection", id);
  return connection;
}

function kindOf(connectorId: string): ConnectionKind {
  const connector: Connector | undefined = findConnector(connectorId);
  if (connector?.connection) return connector.connection;
  throw new ProblemAnswer(422, {
    code: "connector-unknown",
    sentence: connector
      ? `“${connector.name}” needs no connection.`
      : `There is no connector “${connectorId}”.`,
    field: "connectorId",
  });
}

/** The fields as the connector takes them; a 422 with every one that is wrong. */
function checkFields(kind: ConnectionKind, fields: Record<string, unknown>): Record<string, unknown> {
  const parsed = kind.fields.safeParse(fields, { reportInput: true });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => fieldProblem(kind, issue));
  const [first] = problems;
  throw new ProblemAnswer(
    422,
    { code: "fields-invalid", sentence: first?.sentence ?? "The fields are not right.", field: first?.field },
    { problems },
  );
}

/** Names the field by its label, and never its value. */
function fieldProblem(kind: ConnectionKind, issue: z.core.$ZodIssue): Problem {
  const [key = ""] = issue.path.map(String);
  const label = kind.specs.find((spec) => spec.key === key)?.label ?? key;
  const missing = issue.code === "invalid_type" && (issue.input === undefined || issue.input === null);
  const wording = missing ? "is missing" : issue.message;
  const sentence = /^(is|must|needs|has) /.test(wording)
    ? `“${label}” ${wording}.`
    : `“${label}” is not right: ${wording}.`;
  return { code: "fields-invalid", sentence, field: issue.path.map(String).join(".") };
}

/** What is left out stays; so does a secret that is left empty, because a form cannot show it. Null takes a field away. */
function replaced(
  kind: ConnectionKind,
  before: Record<string, unknown>,
  change: Record<string, unknown>,
): Record<string, unknown> {
  const after = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(change)) {
    const secret = kind.specs.some((spec) => spec.key === key && spec.secret);
    if (value === null) after.delete(key);
    else if (value !== undefined && !(secret && value === "")) after.set(key, value);
  }
  return Object.fromEntries(after);
}

function secretsOf(kind: ConnectionKind, fields: Record<string, unknown>): string[] {
  return kind.specs
    .filter((spec) => spec.secret)
    .map((spec) => fields[spec.key])
    .filter((value) => typeof value === "string");
}

function hide(redact: (value: unknown) => unknown, text: string): string {
  return String(redact(text));
}

function problemOf(error: unknown, signal: AbortSignal): Problem {
  if (error instanceof Refused || error instanceof TryLater) return error.problem;
  if (!signal.aborted) throw error;
  return {
    code: "check-timeout",
    sentence: `There was no answer within ${TEST_MS / 1_000} s.`,
    hint: "Check the address, and whether the service is up.",
  };
}

interface Use {
  flowId: string;
  name: string;
  live: boolean;
  /** Of the draft and of the live version; with `live`, those of the live version. */
  connectionIds: Set<string>;
}

/** Who uses which connections: a flow's draft and its live version are two uses. */
async function usesIn({ store }: RouteDeps, workspaceId: string): Promise<Use[]> {
  const flows = await store.flows.list(workspaceId);
  const uses = await Promise.all(
    flows.map(async ({ id: flowId, name, draft, status, liveVersionId }): Promise<Use[]> => {
      const version = liveVersionId === null ? null : await store.versions.get(liveVersionId);
      const idsOf = (graph: typeof draft) =>
        new Set(stepsOf(graph).flatMap((step) => step.connectionId ?? []));
      return [
        { flowId, name, live: false, connectionIds: idsOf(draft) },
        ...(version ? [{ flowId, name, live: status === "live", connectionIds: idsOf(version.graph) }] : []),
      ];
    }),
  );
  return uses.flat();
}

function view(connection: Connection, uses: Use[]): ConnectionView {
  const { id, connectorId, name, shown, createdAt, updatedAt } = connection;
  const usedBy = new Map(
    uses
      .filter((use) => use.connectionIds.has(id))
      .map((use) => [use.flowId, { flowId: use.flowId, name: use.name }]),
  );
  return { id, connectorId, name, shown, createdAt, updatedAt, usedBy: [...usedBy.values()] };
}
