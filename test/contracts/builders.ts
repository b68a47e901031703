// Makes whole things for the contract suites, each with an id of its own; say only what matters.

import type { StoredCatching } from "../../server/ports/store.ts";
import type { Session, Token, User } from "../../shared/account.ts";
import { CatchSettings } from "../../shared/catching.ts";
import type { Connection } from "../../shared/connection.ts";
import type { Delivery, Sample } from "../../shared/delivery.ts";
import type { Event } from "../../shared/event.ts";
import type { Flow, Version } from "../../shared/flow.ts";
import type { Graph } from "../../shared/graph.ts";
import { newId } from "../../shared/id.ts";
import type { Run, StepRun } from "../../shared/run.ts";

/** Noon, 1 January 2026, UTC. */
export const T0 = Date.UTC(2026, 0, 1, 12);

/** Text that has broken stores before. */
export const HOSTILE_TEXTS = [
  "__proto__",
  "constructor",
  "' OR '1'='1",
  'say "hi"; DROP TABLE runs; --',
  "a\u0000b",
  "🦊 fox",
  "half \ud83e of a fox",
  "half \udd8a of a fox",
  "%_\\*?[x]",
  "$where",
  "a.b.$c",
  "e\u0301 and \u00e9",
  " spaces ",
  "line\nline\r\n\ttab\u2028",
  "",
];

/** Data as JSON.parse gives it. */
export const HOSTILE_DATA: unknown = JSON.parse(
  String.raw`{"__proto__":{"admin":true},"constructor":{"prototype":1},"$set":{"a.b":1},"":"empty","a\u0000b":"nul",
  "big":12345678901234567890,"small":5e-324,"max":1.7976931348623157e308,"safe":9007199254740993,"neg":-0.1,
  "lone":"\ud83e","fox":"🦊","deep":[[[[[[[[{"x":[null,true,false,[],{}]}]]]]]]]],"2":"two","1":"one","toJSON":"x"}`,
);

export function aWebhook(raw: Uint8Array | string, at = T0): Event & { kind: "webhook" } {
  return {
    kind: "webhook",
    id: newId("evt", at),
    at,
    request: {
      method: "POST",
      query: {},
      headers: { "content-type": "application/json" },
      contentType: "application/json",
    },
    raw: typeof raw === "string" ? new TextEncoder().encode(raw) : raw,
  };
}

export function aRun(change: Partial<Run> = {}): Run {
  const at = change.createdAt ?? T0;
  const id = change.id ?? newId("run", at);
  return {
    id,
    workspaceId: "ws_1",
    flowId: "flow_1",
    versionId: "ver_1",
    status: "queued",
    fence: 0,
    leaseUntil: null,
    dedupeKey: id,
    event: aWebhook('{"order":1001}', at),
    createdAt: at,
    startedAt: null,
    finishedAt: null,
    wakeAt: null,
    problem: null,
    response: null,
    replayOf: null,
    ...change,
  };
}

export function aStep(path: string, change: Partial<StepRun> = {}): StepRun {
  return {
    path,
    status: "done",
    attempt: 1,
    input: {},
    output: {},
    port: "main",
    problem: null,
    startedAt: T0,
    finishedAt: T0 + 5,
    until: null,
    attempts: [],
    ...change,
  };
}

export function aGraph(): Graph {
  return {
    steps: {
      trigger: { id: "trigger", uses: "webhook.caught", name: "Order", input: {}, at: { x: 0, y: 0 } },
      notify: {
        id: "notify",
        uses: "http.request",
        name: "Tell “sales” 🦊",
        input: { url: "https://example.com/{{trigger.body.id}}", headers: { "X-A": ["1", null] } },
        at: { x: 12.5, y: -80 },
      },
    },
    edges: { e1: { id: "e1", from: "trigger", port: "main", to: "notify" } },
  };
}

export function aFlow(change: Partial<Flow> = {}): Flow {
  const id = newId("flow", T0);
  return {
    id,
    workspaceId: "ws_1",
    name: "New orders",
    draft: aGraph(),
    revision: 1,
    status: "draft",
    liveVersionId: null,
    catchKey: `key-of-${id}`,
    createdAt: T0,
    updatedAt: T0,
    ...change,
  };
}

export function aVersion(change: Partial<Version> = {}): Version {
  return {
    id: newId("ver", T0),
    workspaceId: "ws_1",
    flowId: "flow_1",
    number: 1,
    graph: aGraph(),
    note: "",
    createdAt: T0,
    ...change,
  };
}

export function aSample(change: Partial<Sample> = {}): Sample {
  return {
    id: newId("smp", T0),
    workspaceId: "ws_1",
    flowId: "flow_1",
    name: "An order",
    event: aWebhook('{"order":1001}'),
    createdAt: T0,
    pinned: false,
    ...change,
  };
}

/** A request that became no run. */
export function aDelivery(change: Partial<Delivery> = {}): Delivery {
  const at = change.at ?? T0;
  const { request, raw } = aWebhook('{"order":1001}', at);
  return {
    id: newId("dlv", at),
    workspaceId: "ws_1",
    flowId: "flow_1",
    at,
    verdict: "refused",
    problem: {
      code: "signature-wrong",
      sentence: "It is signed with another key.",
      hint: "Compare the two.",
    },
    runId: null,
    request,
    raw,
    bytes: (change.raw ?? raw).byteLength,
    status: 401,
    from: "203.0.113.7",
    ...change,
  };
}

export function aCatching(change: Partial<StoredCatching> = {}): StoredCatching {
  return {
    settings: CatchSettings.parse({
      verification: { kind: "preset", preset: "stripe", settings: { "a.b": "$c", "half \ud83e": "🦊" } },
      onlyIf: { rules: [{ left: "body.a", op: "equals", right: HOSTILE_DATA }] },
    }),
    sealed: "v1.abc.def",
    ...change,
  };
}

export function aConnection(change: Partial<Connection> = {}): Connection {
  return {
    id: newId("con", T0),
    workspaceId: "ws_1",
    connectorId: "slack",
    name: "Team chat",
    sealed: "v1.abc.def",
    shown: { token: "••••1234" },
    createdAt: T0,
    updatedAt: T0,
    ...change,
  };
}

export function aUser(change: Partial<User> = {}): User {
  return {
    id: newId("usr", T0),
    workspaceId: "ws_1",
    email: "ada@example.com",
    passwordHash: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA",
    role: "owner",
    createdAt: T0,
    ...change,
  };
}

export function aSession(change: Partial<Session> = {}): Session {
  return {
    hash: newId("ses", T0),
    userId: "usr_1",
    createdAt: T0,
    lastSeenAt: T0,
    expiresAt: T0 + 86_400_000,
    ...change,
  };
}

export function aToken(change: Partial<Token> = {}): Token {
  const id = newId("tok", T0);
  return {
    id,
    workspaceId: "ws_1",
    name: "CI",
    hash: `hash-of-${id}`,
    tail: "wxyz",
    createdAt: T0,
    lastUsedAt: null,
    ...change,
  };
}
