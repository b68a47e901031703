// One step tried with sample data: what goes out is shown, secrets are not, and a dry run sends nothing.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sealFields } from "../../../server/connection-seal.ts";
import { testStep } from "../../../server/engine/test-step.ts";
import type { Step } from "../../../shared/graph.ts";
import { createTestEngine, type TestEngine } from "../../kit/engine.ts";

const WORKSPACE = "ws_default";
const SECRET = "CANARY-0123456789";
let engine: TestEngine;

beforeEach(async () => {
  engine = await createTestEngine(({ headers }) => ({
    // A service that says back what it was sent.
    body: new TextEncoder().encode(JSON.stringify({ you: headers })),
  }));
});
afterEach(() => engine.stop());

async function connect(
  connectorId: string,
  fields: Record<string, unknown>,
  workspaceId = WORKSPACE,
): Promise<string> {
  const owner = { id: `con_${connectorId}_${workspaceId}`, workspaceId, connectorId };
  const sealed = sealFields(engine.deps.vault, owner, fields);
  await engine.deps.store.connections.insert({
    ...owner,
    name: "c",
    sealed,
    shown: {},
    createdAt: 0,
    updatedAt: 0,
  });
  return owner.id;
}

const request = (more: Partial<Step> = {}): Step => ({
  id: "http",
  uses: "http.request",
  name: "Call",
  input: {
    method: "POST",
    url: "https://api.example.com/{{trigger.body.id}}",
    bodyType: "json",
    json: { all: "{{trigger.body}}" },
  },
  at: { x: 0, y: 0 },
  ...more,
});
const scope = { trigger: { body: { id: 7 } } };
const go = (step: Step, dryRun = false) =>
  testStep(engine.deps, { workspaceId: WORKSPACE, step, scope, dryRun });

describe("a step that is tried", () => {
  test("shows its input as rendered, the request as sent, and the answer", async () => {
    const result = await go(request());
    expect(result).toMatchObject({
      port: "main",
      problem: null,
      input: { url: "https://api.example.com/7", json: { all: { id: 7 } } },
    });
    expect(result.requests).toMatchObject([
      { method: "POST", url: "https://api.example.com/7", body: '{"all":{"id":7}}' },
    ]);
    expect(engine.sent).toHaveLength(1);
  });

  test("sends nothing in a dry run, and shows the request all the same", async () => {
    const result = await go(request(), true);
    expect(result).toMatchObject({ problem: null, output: null });
    expect(result.requests).toMatchObject([{ url: "https://api.example.com/7" }]);
    expect(engine.sent).toEqual([]);
    expect(engine.complaints).toEqual([]);
  });

  test("uses its connection, and shows nothing of its secret, not even what a service says back", async () => {
    const connectionId = await connect("http", { kind: "bearer", token: SECRET });
    const result = await go(request({ connectionId }));
    expect(JSON.stringify(engine.sent)).toContain(SECRET);
    expect(JSON.stringify(result)).not.toContain(SECRET);
    expect(JSON.stringify(result)).toContain("••••");
  });

  test.each([
    ["another connector's", () => connect("slack", { kind: "bot", token: SECRET })],
    ["another workspace's", () => connect("http", { kind: "bearer", token: SECRET }, "ws_other")],
    ["no", async () => "con_nobody"],
  ])("gets %s connection never to see", async (_, connection) => {
    const result = await go(request({ connectionId: await connection() }));
    expect(result.problem).toMatchObject({ code: "connection-missing" });
    expect(engine.sent).toEqual([]);
  });

  test("says what is wrong with its data", async () => {
    const result = await go(request({ input: { method: "GET", url: "{{trigger.body.nope}}" } }));
    expect(result.problem?.code).toBe("template-missing");
    expect(result.requests).toEqual([]);
  });
});
