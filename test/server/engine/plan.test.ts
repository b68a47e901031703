// The one rule of planning, told as stories, and checked against a second, slower interpreter.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { begin, load, plan, type RunState, scopeFor, settle, skipped } from "../../../server/engine/plan.ts";
import { shapeOf } from "../../../server/engine/shape.ts";
import { edgesOf, type Graph, stepsOf, topologicalOrder } from "../../../shared/graph.ts";
import type { StepRun } from "../../../shared/run.ts";
import { graph } from "../../kit/graph.ts";

/** What a step does when its turn comes: the port it leaves by; `!` fails; a number of items to loop over. */
type Script = Record<string, string | number>;

function ended(path: string, what: string | number | undefined, hasErrorEdge: boolean): StepRun {
  const base: StepRun = {
    ...skipped(path, null, 5),
    status: "done",
    attempt: 1,
    startedAt: 1,
    output: `out of ${path}`,
  };
  if (typeof what === "number") {
    const items = Array.from({ length: what }, (_, i) => `item ${i}`);
    return { ...base, status: "looping", output: { items, concurrency: 2, onItemError: "stop" } };
  }
  if (what === "!") {
    const problem = { code: "broken", sentence: `${path} broke.` };
    return { ...base, status: "failed", output: null, problem, port: hasErrorEdge ? "error" : null };
  }
  return { ...base, port: what ?? "main" };
}

/** Plays a graph to its end; `pick` chooses which of the running steps ends next. */
function play(
  g: Graph,
  script: Script,
  pick: (n: number) => number = () => 0,
  crashAfter = Number.POSITIVE_INFINITY,
) {
  const shape = shapeOf(g);
  const scriptOf = (path: string) => script[path] ?? script[path.slice(path.lastIndexOf("/") + 1)];
  let state: RunState = load(shape, []);
  const order: string[] = [];
  for (let turns = 0; turns < 10_000; turns++) {
    const next = plan(state, 0);
    if (next.verdict) return { verdict: next.verdict.status, state, order };
    for (const { path } of next.ready) begin(state, path);
    const running = [...state.running];
    const path = running[pick(running.length)];
    if (path === undefined) throw new Error("stuck");
    const stepId = path.slice(path.lastIndexOf("/") + 1);
    order.push(path);
    const hasErrorEdge = edgesOf(g).some((e) => e.from === stepId && e.port === "error");
    settle(state, [ended(path, scriptOf(path), hasErrorEdge)]);
    if (turns === crashAfter) state = load(shape, [...state.steps.values()]);
  }
  throw new Error("never ends");
}

const statuses = (state: RunState) =>
  Object.fromEntries([...state.steps].map(([path, step]) => [path, step.status]));

describe("a run goes on by one rule", () => {
  test("steps follow each other", () => {
    const { verdict, order } = play(graph("trigger -> a -> b -> c"), {});
    expect(verdict).toBe("succeeded");
    expect(order).toEqual(["a", "b", "c"]);
  });

  test("a flow of nothing but a trigger succeeds at once", () => {
    expect(play(graph("trigger"), {}).verdict).toBe("succeeded");
  });

  test("the branch not taken is skipped, and so is what hangs on it alone", () => {
    const { state } = play(graph("trigger -> if; if:yes -> a -> a2; if:no -> b -> b2"), { if: "yes" });
    expect(statuses(state)).toEqual({ if: "done", a: "done", a2: "done", b: "skipped", b2: "skipped" });
  });

  test("a join waits for both ways and runs once", () => {
    const { order, state } = play(graph("trigger -> a -> join; trigger -> b -> join; join -> end"), {});
    expect(order.indexOf("join")).toBeGreaterThan(Math.max(order.indexOf("a"), order.indexOf("b")));
    expect(order.filter((p) => p === "join")).toHaveLength(1);
    expect(statuses(state)).toMatchObject({ join: "done", end: "done" });
  });

  test("a join runs when only one of its ways was taken", () => {
    const { state } = play(graph("trigger -> if; if:yes -> a -> join; if:no -> b -> join"), { if: "no" });
    expect(statuses(state)).toEqual({ if: "done", a: "skipped", b: "done", join: "done" });
  });

  test("a filter that lets nothing through ends the run well, with the rest skipped", () => {
    const { verdict, state } = play(graph("trigger -> filter -> a -> b"), { filter: "stopped" });
    expect(verdict).toBe("succeeded");
    expect(statuses(state)).toEqual({ filter: "done", a: "skipped", b: "skipped" });
  });

  test("a failed step fails the run, and nothing after it is begun", () => {
    const { verdict, order } = play(graph("trigger -> a -> b"), { a: "!" });
    expect(verdict).toBe("failed");
    expect(order).toEqual(["a"]);
  });

  test("a failed step with an error edge leaves by it, and the run goes on", () => {
    const { verdict, state } = play(graph("trigger -> a -> b; a:error -> rescue"), { a: "!" });
    expect(verdict).toBe("succeeded");
    expect(statuses(state)).toEqual({ a: "failed", b: "skipped", rescue: "done" });
  });

  test("steps that do not depend on each other are ready together", () => {
    const state = load(shapeOf(graph("trigger -> a; trigger -> b; trigger -> c -> d")), []);
    expect(plan(state, 0).ready.map((r) => r.path)).toEqual(["a", "b", "c"]);
  });

  test("when one way fails, the others may end what they began and nothing new begins", () => {
    const shape = shapeOf(graph("trigger -> a -> a2; trigger -> b -> b2"));
    const state = load(shape, []);
    for (const { path } of plan(state, 0).ready) begin(state, path);
    settle(state, [ended("a", "!", false)]);
    const between = plan(state, 0);
    expect(between).toMatchObject({ ready: [], verdict: null });
    settle(state, [ended("b", "main", false)]);
    expect(plan(state, 0)).toMatchObject({ ready: [], verdict: { status: "failed" } });
  });

  test("a switched-off step is passed straight through", () => {
    const { state, order } = play(graph("trigger -> a -> b", { a: { disabled: true } }), {});
    expect(order).toEqual(["b"]);
    expect(statuses(state)).toEqual({ a: "skipped", b: "done" });
  });

  test("a wait goes on when it is due, and says until when before", () => {
    const state = load(shapeOf(graph("trigger -> wait -> b")), []);
    begin(state, "wait");
    settle(state, [
      { ...skipped("wait", null, 0), status: "waiting", until: 100, output: "waited", finishedAt: null },
    ]);
    expect(plan(state, 99)).toMatchObject({ ready: [], wakeAt: 100, verdict: null });
    const due = plan(state, 100);
    expect(due.settled).toMatchObject([{ path: "wait", status: "done", output: "waited" }]);
    expect(due.ready.map((r) => r.path)).toEqual(["b"]);
  });

  test("a failed attempt is ready again when its wait is over", () => {
    const state = load(shapeOf(graph("trigger -> a")), []);
    const problem = { code: "x", sentence: "X." };
    settle(state, [{ ...skipped("a", null, 0), status: "waiting", until: 100, problem }]);
    expect(plan(state, 99).ready).toEqual([]);
    expect(plan(state, 100).ready.map((r) => r.path)).toEqual(["a"]);
  });
});

describe("a loop carries every item through its body", () => {
  const body = "trigger -> loop; loop:each -> a -> b; loop:done -> after";

  test("in order, with the results of the last step of each", () => {
    const { state, order, verdict } = play(graph(body), { loop: 3 });
    expect(verdict).toBe("succeeded");
    expect(order).toHaveLength(1 + 6 + 1);
    expect(order.at(-1)).toBe("after");
    expect(state.steps.get("loop")).toMatchObject({
      status: "done",
      port: "done",
      output: { count: 3, failed: [], results: ["out of loop[0]/b", "out of loop[1]/b", "out of loop[2]/b"] },
    });
  });

  test("no more of them at a time than its limit", () => {
    const state = load(shapeOf(graph(body)), [ended("loop", 5, false)]);
    expect(plan(state, 0).ready.map((r) => r.path)).toEqual(["loop[0]/a", "loop[1]/a"]);
  });

  test("an empty list is through at once", () => {
    const { order, state } = play(graph(body), { loop: 0 });
    expect(order).toEqual(["loop", "after"]);
    expect(state.steps.get("loop")?.output).toEqual({ results: [], count: 0, failed: [] });
  });

  test("loops stand in loops", () => {
    const { order, verdict } = play(
      graph("trigger -> out; out:each -> in; in:each -> a; in:done -> b; out:done -> end"),
      {
        out: 2,
        in: 2,
      },
    );
    expect(verdict).toBe("succeeded");
    expect(order.filter((p) => p.endsWith("/a")).sort()).toEqual([
      "out[0]/in[0]/a",
      "out[0]/in[1]/a",
      "out[1]/in[0]/a",
      "out[1]/in[1]/a",
    ]);
    expect(order.filter((p) => p.endsWith("/b"))).toHaveLength(2);
    expect(order.at(-1)).toBe("end");
  });

  test("an item that fails stops the loop, which names the item", () => {
    const { verdict, state } = play(graph(body), { loop: 5, "loop[1]/a": "!" });
    expect(verdict).toBe("failed");
    expect(state.steps.get("loop")).toMatchObject({
      status: "failed",
      problem: { sentence: "Item 2 of 5 failed: loop[1]/a broke." },
    });
    expect([...state.steps.keys()].some((p) => p.startsWith("loop[4]"))).toBe(false);
  });

  test("an error edge of the loop catches it", () => {
    const { verdict, state } = play(graph(`${body}; loop:error -> rescue`), { loop: 3, "loop[0]/a": "!" });
    expect(verdict).toBe("succeeded");
    expect(statuses(state)).toMatchObject({ loop: "failed", rescue: "done", after: "skipped" });
  });

  test("with “go on” the others are carried through and the failed ones are listed", () => {
    const g = graph(body);
    const state = load(shapeOf(g), []);
    settle(state, [
      { ...ended("loop", 3, false), output: { items: [1, 2, 3], concurrency: 1, onItemError: "continue" } },
    ]);
    for (let i = 0; i < 20; i++) {
      const next = plan(state, 0);
      for (const { path } of next.ready)
        settle(state, [ended(path, path === "loop[1]/a" ? "!" : "main", false)]);
    }
    expect(state.steps.get("loop")?.output).toEqual({
      results: ["out of loop[0]/b", null, "out of loop[2]/b"],
      count: 3,
      failed: [{ index: 1, problem: { code: "broken", sentence: "loop[1]/a broke." } }],
    });
    expect(state.steps.get("after")?.status).toBe("done");
  });

  test("a step inside sees its own item, the step outside the results", () => {
    const state = load(shapeOf(graph(body)), [ended("loop", 3, false), ended("loop[2]/a", "main", false)]);
    expect(scopeFor(state, "loop[2]", ["loop", "a", "after", "trigger"], "T")).toEqual({
      loop: { item: "item 2", index: 2, number: 3, count: 3, first: false, last: true },
      a: "out of loop[2]/a",
      trigger: "T",
    });
    expect(scopeFor(state, "loop[1]", ["a"], "T")).toEqual({});
  });

  test("10,000 items do not take forever", () => {
    const { verdict } = play(graph("trigger -> loop; loop:each -> a"), { loop: 9_000 });
    expect(verdict).toBe("succeeded");
  });
});

/** A random acyclic graph: each step hangs on one to three earlier ones, by ports that its script may or may not take. */
const randomGraph = fc
  .array(
    fc.record({
      parents: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
      ports: fc.array(fc.nat(3), { minLength: 3, maxLength: 3 }),
      does: fc.nat(5),
    }),
    {
      minLength: 1,
      maxLength: 25,
    },
  )
  .map((steps) => {
    const ports = ["main", "yes", "no", "error"];
    const ids = [
      "trigger",
      ...steps.map((_, i) => (i === 1 ? "constructor" : i === 2 ? "toString" : `s${i}`)),
    ];
    const edges = steps.flatMap(({ parents, ports: by }, i) =>
      [...new Set(parents.map((p) => p % (i + 1)))].map((p, k) => {
        const port = p === 0 ? "main" : ports[by[k] ?? 0];
        return `${ids[p]}:${port} -> ${ids[i + 1]}`;
      }),
    );
    const script = Object.fromEntries(
      steps.map(({ does }, i) => [
        ids[i + 1] ?? "",
        ["main", "yes", "no", "main", "yes", "!"][does] ?? "main",
      ]),
    );
    return { g: graph(["trigger", ...edges].join(";")), script };
  });

/** The rule once more, on whole sets of steps instead of turns: what each step comes to. */
function interpret(g: Graph, script: Script): { steps: Map<string, string>; fails: boolean } {
  const result = new Map<string, string>();
  const port = new Map<string, string | null>([["trigger", "main"]]);
  let fails = false;
  for (const id of topologicalOrder(g).order.filter((id) => id !== "trigger")) {
    const live = edgesOf(g).some((e) => e.to === id && port.get(e.from) === e.port);
    const does = script[id];
    const caught = edgesOf(g).some((e) => e.from === id && e.port === "error");
    if (!live) {
      result.set(id, "skipped");
      port.set(id, null);
    } else if (does === "!") {
      result.set(id, "failed");
      port.set(id, caught ? "error" : null);
      fails ||= !caught;
    } else {
      result.set(id, "done");
      port.set(id, String(does));
    }
  }
  return { steps: result, fails };
}

describe("for any graph", () => {
  test("the plan comes to what the rule says, whatever ends first and wherever it is cut off", () => {
    fc.assert(
      fc.property(
        randomGraph,
        fc.infiniteStream(fc.nat()),
        fc.nat(30),
        ({ g, script }, picks, crashAfter) => {
          const choices = picks[Symbol.iterator]();
          const played = play(g, script, (n) => (n === 0 ? 0 : (choices.next().value ?? 0) % n), crashAfter);
          const expected = interpret(g, script);
          expect(played.verdict).toBe(expected.fails ? "failed" : "succeeded");
          for (const [path, step] of played.state.steps)
            expect([path, step.status]).toEqual([path, expected.steps.get(path)]);
          if (!expected.fails) expect(played.state.steps.size).toBe(stepsOf(g).length - 1);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("no step is begun before all that lead to it have ended", () => {
    fc.assert(
      fc.property(randomGraph, ({ g, script }) => {
        const { order, state } = play(g, script);
        for (const [i, id] of order.entries()) {
          for (const e of edgesOf(g).filter((edge) => edge.to === id && edge.from !== "trigger")) {
            const status = state.steps.get(e.from)?.status;
            expect(status === "skipped" || order.indexOf(e.from) < i).toBe(true);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
