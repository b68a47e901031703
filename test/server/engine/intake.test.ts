// A store that takes too long: the sender hears in time, and what it was told is kept to.

import { afterEach, beforeEach, expect, test } from "vitest";
import type { CatchRequest } from "../../../server/engine/catch-request.ts";
import { type IntakeDeps, receive } from "../../../server/engine/intake.ts";
import { aCatchRequest, createTestEngine, type TestEngine } from "../../kit/engine.ts";
import { graph } from "../../kit/graph.ts";

let engine: TestEngine;
let request: CatchRequest;
beforeEach(async () => {
  engine = await createTestEngine(undefined, 0);
  engine.queued = true;
  const { catchKey } = await engine.live(graph("trigger -> set"));
  request = aCatchRequest({ key: catchKey });
});
afterEach(() => engine.stop());

const TOO_SLOW = { kind: "busy", problem: { code: "store-unavailable" }, retryAfterSeconds: 5 };

test("an event whose flow is found too late is answered busy in time, and not stored afterwards", async () => {
  const found = Promise.withResolvers<void>();
  const { flows } = engine.store;
  const byCatchKey: typeof flows.byCatchKey = async (key) => {
    await found.promise;
    return flows.byCatchKey(key);
  };
  const deps: IntakeDeps = {
    ...engine.deps,
    store: { ...engine.deps.store, flows: { ...flows, byCatchKey } },
  };
  const answer = receive(deps, request);
  await engine.clock.advance(4_500);
  expect(await answer).toMatchObject(TOO_SLOW);
  found.resolve();
  await engine.rest();
  expect((await engine.store.runs.count()).queued).toBe(0);
});

test("an event whose insert takes too long is answered busy in time", async () => {
  const { runs } = engine.deps.store;
  const accept: typeof runs.accept = () => new Promise(() => {});
  const deps: IntakeDeps = { ...engine.deps, store: { ...engine.deps.store, runs: { ...runs, accept } } };
  const answer = receive(deps, request);
  await engine.clock.advance(4_500);
  expect(await answer).toMatchObject(TOO_SLOW);
});

test("an event that is stored in time is accepted", async () => {
  expect((await receive(engine.deps, request)).kind).toBe("accepted");
  await engine.clock.advance(4_500);
  expect((await engine.store.runs.count()).queued).toBe(1);
});
