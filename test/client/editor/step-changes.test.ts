// What the step panel does to the graph, and how it says what will happen.

import { expect, test } from "vitest";
import { lengthWords, retryWords, USUAL_RETRY } from "../../../client/editor/panel/retry-words.ts";
import { sampleWords, summaryOf } from "../../../client/editor/panel/sample-words.ts";
import { sendable } from "../../../client/editor/panel/send-sample.ts";
import {
  changedKey,
  changeInput,
  drawError,
  dropSetting,
  eraseError,
  errorChoices,
  errorEdges,
} from "../../../client/editor/panel/step-changes.ts";
import { manifests as connectorManifests } from "../../../server/connectors/registry.ts";
import { USUAL_RETRY as SERVER_RETRY } from "../../../server/engine/retry.ts";
import type { Graph } from "../../../shared/graph.ts";
import { indexManifests } from "../../../shared/manifest.ts";

const manifests = indexManifests(connectorManifests);
const at = { x: 0, y: 0 };
const when = { match: "all", rules: [{ left: "1", op: "equals", right: "1" }] };
const graph: Graph = {
  steps: {
    trigger: { id: "trigger", uses: "webhook.catch", name: "Start", input: {}, at },
    branch: {
      id: "branch",
      uses: "logic.branch",
      name: "Branch",
      input: {
        cases: [
          { id: "big", name: "big", when },
          { id: "small", name: "small", when },
        ],
      },
      at,
      timeoutMs: 500,
    },
    a: { id: "a", uses: "http.request", name: "A", input: {}, at },
    b: { id: "b", uses: "http.request", name: "B", input: {}, at },
  },
  edges: {
    e1: { id: "e1", from: "trigger", port: "main", to: "branch" },
    e2: { id: "e2", from: "branch", port: "big", to: "a" },
    e3: { id: "e3", from: "branch", port: "small", to: "b" },
    e4: { id: "e4", from: "branch", port: "no", to: "b" },
  },
};

test("a case that is removed takes its edges along; the others stay", () => {
  const changed = changeInput(graph, "branch", { cases: [{ id: "big", name: "large", when }] }, manifests);
  expect(Object.keys(changed.edges)).toEqual(["e1", "e2", "e4"]);
});

test("a case that is renamed or moved keeps its edges", () => {
  const cases = [
    { id: "small", name: "tiny", when },
    { id: "big", name: "huge", when },
  ];
  expect(changeInput(graph, "branch", { cases }, manifests).edges).toBe(graph.edges);
});

test("the edit is called after the field that differs", () => {
  expect(changedKey({ a: 1, b: 2 }, { a: 1, b: 3 })).toBe("b");
  expect(changedKey({ a: 1 }, { a: 1, c: 1 })).toBe("c");
  expect(changedKey({ a: 1 }, { a: 1 })).toBeUndefined();
});

test("the error port leads to a step that may follow, and can be taken back", () => {
  expect(errorChoices(graph, "a").map(({ id }) => id)).toEqual(["b"]);
  const drawn = drawError(graph, "a", "b");
  expect(errorEdges(drawn, "a")).toMatchObject([{ from: "a", port: "error", to: "b" }]);
  expect(errorEdges(eraseError(drawn, "a"), "a")).toEqual([]);
  expect(drawError(graph, "a", "trigger")).toBe(graph);
});

test("a setting that is dropped is gone, and one that is not there changes nothing", () => {
  expect(dropSetting(graph, "branch", "timeoutMs").steps.branch).not.toHaveProperty("timeoutMs");
  expect(dropSetting(graph, "a", "note")).toBe(graph);
});

test("retries are told in words, and the usual ones are those of the engine", () => {
  expect(USUAL_RETRY).toEqual(SERVER_RETRY);
  expect(retryWords(USUAL_RETRY)).toBe(
    "It is tried up to 5 times. In between it waits, at random, up to 1 s, 2 s, 4 s, 8 s: 15 s in all at most.",
  );
  expect(retryWords({ attempts: 1, baseMs: 100, capMs: 100 })).toMatch(/tried once/);
  expect(retryWords({ attempts: 20, baseMs: 60_000, capMs: 3_600_000 })).toContain("…, 60 min");
  expect([800, 4_500, 300_000, 9_000_000].map(lengthWords)).toEqual(["800 ms", "4.5 s", "5 min", "2.5 h"]);
});

test("a sample is told from the others by what is in it", () => {
  expect(summaryOf({ body: { id: 5, name: "#1001", lines: [] } })).toBe("name #1001, id 5");
  expect(summaryOf({ body: "hello" })).toBe("hello");
  expect(summaryOf({ body: [1, 2] })).toBe("a list with 2 items");
  expect(summaryOf({ body: {} })).toBeUndefined();
  const event = { kind: "manual" as const, id: "e", at: 0, bytes: null, data: { body: { a: 1 } } };
  expect(sampleWords({ name: "Mine", from: "made", event })).toBe("Mine");
  expect(sampleWords({ name: "Event of run", from: "run", event })).toBe("a 1");
});

test("a sample goes to this server's own catch URL, as it is", () => {
  const { path, init } = sendable("https://flows.example.com/catch/abc?x=1", {
    contentType: "application/json",
    headers: { "x-topic": "orders" },
    body: "{}",
  });
  expect(path).toBe("/catch/abc?x=1");
  expect(init).toMatchObject({ method: "POST", body: "{}", credentials: "omit" });
  expect(Object.fromEntries(new Headers(init.headers))).toEqual({
    "content-type": "application/json",
    "x-topic": "orders",
  });
});
