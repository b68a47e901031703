// The line of time of a run: bars, attempts, pauses, loops, and the moments on its axis.

import { expect, test } from "vitest";
import { segmentsOf, ticksOf, timelineOf, visibleRows } from "../../../client/runs/timeline.ts";
import type { StepRun } from "../../../shared/run.ts";
import { graph } from "../../kit/graph.ts";

const run = (path: string, from: number, to: number | null, more: Partial<StepRun> = {}): StepRun => ({
  path,
  status: to === null ? "running" : "done",
  attempt: 1,
  input: null,
  output: null,
  port: "main",
  problem: null,
  startedAt: from,
  finishedAt: to,
  until: null,
  attempts: [],
  ...more,
});
const problem = { code: "x", sentence: "No." };
const attempt = (n: number, startedAt: number, finishedAt: number | null) => ({
  attempt: n,
  startedAt,
  finishedAt,
  problem,
});

test("steps of branches that run at the same time lie above each other", () => {
  const rows = timelineOf(
    graph("trigger -> a; trigger -> b; trigger -> c"),
    [run("a", 0, 50), run("b", 0, 80), run("c", 0, 0, { status: "skipped", startedAt: null })],
    100,
  );
  expect(rows.map((row) => [row.label, row.from, row.to])).toEqual([
    ["a", 0, 50],
    ["b", 0, 80],
  ]);
});

test("attempts are segments, and the pauses between them too", () => {
  const retried = run("a", 300, 340, { attempt: 3, attempts: [attempt(1, 0, 40), attempt(2, 100, 140)] });
  expect(segmentsOf(retried, "http.request", 900).map(({ kind, from, to }) => [kind, from, to])).toEqual([
    ["failed", 0, 40],
    ["wait", 40, 100],
    ["failed", 100, 140],
    ["wait", 140, 300],
    ["work", 300, 340],
  ]);
});

test("a step that waits for its next attempt, or on purpose, is drawn as waiting up to now", () => {
  const again = run("a", 0, null, { status: "waiting", problem, attempts: [attempt(1, 0, 40)] });
  expect(segmentsOf(again, "http.request", 100)).toEqual([
    { kind: "failed", from: 0, to: 40 },
    { kind: "wait", from: 40, to: 100 },
  ]);
  expect(segmentsOf(run("w", 10, null, { status: "waiting" }), "logic.wait", 70)).toEqual([
    { kind: "wait", from: 10, to: 70 },
  ]);
  expect(segmentsOf(run("w", 10, 60), "logic.wait", 70)[0]?.kind).toBe("wait");
});

test("an attempt that was cut off lasts until somebody decided", () => {
  const asking = run("a", 0, null, { status: "asking", problem, attempts: [attempt(1, 0, null)] });
  expect(segmentsOf(asking, "slack.sendMessage", 500)).toEqual([{ kind: "cut", from: 0, to: 500 }]);
  const repeated = run("a", 200, 230, { attempt: 2, attempts: [attempt(1, 0, null)] });
  expect(segmentsOf(repeated, "slack.sendMessage", 500)).toEqual([
    { kind: "cut", from: 0, to: 200 },
    { kind: "work", from: 200, to: 230 },
  ]);
});

test("a loop holds its items, an item with one step is that step, and a closed loop hides them", () => {
  const rows = timelineOf(
    graph("trigger -> l; l:each -> a -> b"),
    [
      run("l", 0, 90, { output: { count: 2, results: [] } }),
      run("l[0]/a", 0, 20),
      run("l[0]/b", 20, 40),
      run("l[1]/a", 40, 60, { status: "failed" }),
    ],
    90,
  );
  expect(rows[0]).toMatchObject({ label: "l", count: 2 });
  expect(rows[0]?.children.map((row) => [row.label, row.status, row.from, row.to])).toEqual([
    ["Item 1", "done", 0, 40],
    ["Item 2 · a", "failed", 40, 60],
  ]);
  expect(visibleRows(rows, () => false).map(({ row }) => row.id)).toEqual(["l"]);
  expect(visibleRows(rows, () => true).map(({ row, level }) => `${level} ${row.id}`)).toEqual([
    "1 l",
    "2 l[0]",
    "3 l[0]/a",
    "3 l[0]/b",
    "2 l[1]/a",
  ]);
});

test.each([
  [340, ["0", "100 ms", "200 ms", "300 ms"]],
  [4_200, ["0", "1 s", "2 s", "3 s"]],
  [95_000, ["0", "30 s", "1 min"]],
  [3 * 86_400_000, ["0", "1 d", "2 d"]],
  [0, []],
])("%i ms has round moments", (length, texts) => {
  expect(ticksOf(length).map(({ text }) => text)).toEqual(texts);
});
