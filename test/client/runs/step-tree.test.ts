// The steps of a run as a tree, and as marks on the canvas.

import { expect, test } from "vitest";
import { marksOf, spanOf, statusOfItem, tookOf, treeOf, worstOf } from "../../../client/runs/step-tree.ts";
import type { Graph } from "../../../shared/graph.ts";
import type { StepRun } from "../../../shared/run.ts";

const run = (path: string, more: Partial<StepRun> = {}): StepRun => ({
  path,
  status: "done",
  attempt: 1,
  input: null,
  output: null,
  port: "main",
  problem: null,
  startedAt: 1_000,
  finishedAt: 1_040,
  until: null,
  attempts: [],
  ...more,
});
const graph: Graph = {
  steps: { trigger: { id: "trigger", uses: "t.catch", name: "T", input: {}, at: { x: 0, y: 0 } } },
  edges: {},
};

test("the steps of an item stand under their loop, by index, also in loops within loops", () => {
  const tree = treeOf([
    run("outer"),
    run("outer[10]/mail"),
    run("outer[2]/mail"),
    run("outer[2]/inner"),
    run("outer[2]/inner[0]/ship"),
    run("end"),
  ]);
  expect(tree.map((entry) => entry.stepId)).toEqual(["outer", "end"]);
  expect(tree[0]?.items.map((item) => item.index)).toEqual([2, 10]);
  const second = tree[0]?.items[0];
  expect(second?.entries.map((entry) => entry.stepId)).toEqual(["mail", "inner"]);
  expect(second?.entries[1]?.items[0]?.entries[0]?.stepId).toBe("ship");
});

test("what needs a person stands for several, then what is going on, then what failed", () => {
  expect(worstOf(["done", "asking", "failed"])).toBe("asking");
  expect(worstOf(["done", "failed", "running"])).toBe("running");
  expect(worstOf(["done", "failed", "skipped"])).toBe("failed");
  expect(worstOf([])).toBe("skipped");
  const [loop] = treeOf([run("l"), run("l[0]/a"), run("l[0]/b", { status: "failed" })]);
  expect(loop?.items.map(statusOfItem)).toEqual(["failed"]);
});

test("on the canvas the items of a loop are counted on one step", () => {
  const marks = marksOf(graph, [
    run("l", { port: "done" }),
    run("l[0]/a"),
    run("l[1]/a"),
    run("l[2]/a", { status: "failed", port: null }),
    run("z", { status: "skipped", port: null }),
  ]);
  expect(marks.get("trigger")).toEqual({ status: "done", note: "Event", ports: ["main"] });
  expect(marks.get("l")).toEqual({ status: "done", note: "40 ms", ports: ["done", "each"] });
  expect(marks.get("a")).toEqual({ status: "failed", note: "1 of 3 failed", ports: ["main"] });
  expect(marks.get("z")).toEqual({ status: "skipped", note: "Skipped", ports: [] });
});

test("a step has taken time only when it ended", () => {
  expect(tookOf(run("a"))).toBe("40 ms");
  expect(tookOf(run("a", { status: "running", finishedAt: null }))).toBeUndefined();
  expect(tookOf(run("a", { status: "skipped" }))).toBeUndefined();
});

test("a step lies on the run's line of time, and never beside it", () => {
  expect(spanOf(run("a"), 1_000, 1_080)).toEqual({ start: 0, length: 0.5 });
  expect(spanOf(run("a", { finishedAt: null }), 960, 1_160)).toEqual({ start: 0.2, length: 0.8 });
  expect(spanOf(run("a", { startedAt: 10 }), 1_000, 1_080)?.start).toBe(0);
  expect(spanOf(run("a", { startedAt: null }), 0, 10)).toBeUndefined();
  expect(spanOf(run("a"), 5, 5)).toBeUndefined();
});
