// One attempt of a step: what is kept of its input, and what running out of time means.

import { afterEach, beforeEach, expect, test } from "vitest";
import { doStep } from "../../../server/engine/step.ts";
import { createStop } from "../../../server/engine/stop.ts";
import type { Step } from "../../../shared/graph.ts";
import { createTestEngine, type TestEngine } from "../../kit/engine.ts";

const WORKSPACE = "ws_default";
const SECRET = "CANARY-0123456789";
let engine: TestEngine;

beforeEach(async () => {
  engine = await createTestEngine(({ url }) => (url.endsWith("/slow") ? new Promise(() => {}) : {}));
});
afterEach(() => engine.stop());

const request = (input: object = {}, more: Partial<Step> = {}): Step => ({
  id: "call",
  uses: "http.request",
  name: "Call",
  input: { method: "POST", url: "https://api.example.com/x", ...input },
  at: { x: 0, y: 0 },
  ...more,
});
const go = (step: Step) =>
  doStep(engine.deps, {
    workspaceId: WORKSPACE,
    step,
    key: "run_1:call",
    scope: {},
    stop: createStop(),
  });

test("a credential typed into a step's headers is sent, and not stored", async () => {
  const headers = [
    { name: "Authorization", value: `Bearer ${SECRET}` },
    { name: "X-Api-Key", value: SECRET },
    { name: "X-Plain", value: "plain" },
  ];
  const { input } = await go(request({ headers }));
  expect(JSON.stringify(engine.sent)).toContain(SECRET);
  expect(JSON.stringify(input)).not.toContain(SECRET);
  expect(JSON.stringify(input)).toContain("plain");
});

test("a step that runs out of time may have happened all the same", async () => {
  const step = request({ url: "https://api.example.com/slow" }, { timeoutMs: 2_000 });
  const done = go(step);
  await engine.clock.advance(2_000);
  expect((await done).outcome).toMatchObject({
    kind: "failed",
    retryable: true,
    maybeDone: true,
    problem: { code: "step-timeout" },
  });
});
