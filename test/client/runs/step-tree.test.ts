// The steps of a run as a tree, and as marks on the canvas.

import { expect, test } from "vitest";
import {
  isInside,
  marksOf,
  pathFor,
  statusOfItem,
  tookOf,
  treeOf,
  worstOf,
} from "../../../client/runs/step-tree.ts";
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
  expect(marks.get("l")).toEqual({ status: "done", note: "3 items · 40 ms", ports: ["done", "each"] });
  expect(marks.get("a")).toEqual({ status: "failed", note: "1 of 3 failed", ports: ["main"] });
  expect(marks.get("z")).toEqual({ status: "skipped", note: "Skipped", ports: [] });
});

test("a loop that is under way says how far it is, and so do the steps in it", () => {
  const marks = marksOf(graph, [
    run("l", {
      status: "looping",
      port: null,
      finishedAt: null,
      output: { items: ["a", "b", "c", "d", "e"] },
    }),
    run("l[0]/a"),
    run("l[0]/b"),
    run("l[1]/a"),
    run("l[1]/b", { status: "skipped", port: null }),
    run("l[2]/a", { status: "running", port: null, finishedAt: null }),
  ]);
  expect(marks.get("l")).toEqual({ status: "looping", note: "2 of 5", ports: ["each"] });
  expect(marks.get("a")).toEqual({ status: "running", note: "2 of 5", ports: ["main"] });
  expect(marks.get("b")?.note).toBe("1 of 5");
});

test("loops within loops are counted over all of them", () => {
  const inner = (n: number) => run(`o[${n}]/i`, { port: "done", output: { count: 2, results: [] } });
  const marks = marksOf(graph, [
    run("o", { port: "done", output: { count: 2, results: [] } }),
    ...[0, 1].flatMap((n) => [inner(n), run(`o[${n}]/i[0]/x`), run(`o[${n}]/i[1]/x`)]),
  ]);
  expect(marks.get("i")?.note).toBe("4 items");
  expect(marks.get("x")?.note).toBe("4 items");
});

test("a step has taken time only when it ended", () => {
  expect(tookOf(run("a"))).toBe("40 ms");
  expect(tookOf(run("a", { status: "running", finishedAt: null }))).toBeUndefined();
  expect(tookOf(run("a", { status: "skipped" }))).toBeUndefined();
});

test("an address names a step by its path, or by its id, which means the first of its items", () => {
  const steps = [run("l"), run("l[0]/a"), run("l[1]/a")];
  expect(pathFor("l[1]/a", steps)).toBe("l[1]/a");
  expect(pathFor("a", steps)).toBe("l[0]/a");
  expect(pathFor("trigger", steps)).toBe("trigger");
  expect(isInside("l[10]/a", "l")).toBe(true);
  expect(isInside("l[10]/a", "l[1]")).toBe(false);
  expect(isInside("l", "l")).toBe(false);
  expect(isInside(undefined, "l")).toBe(false);
});
