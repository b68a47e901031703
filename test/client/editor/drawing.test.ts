// What hands do to a graph: adding, splicing, deleting, lining up, arranging, and what is refused.

import { expect, test } from "vitest";
import { addAt, replaceTrigger } from "../../../client/editor/add-step.ts";
import { align, spread } from "../../../client/editor/align.ts";
import { arrange } from "../../../client/editor/arrange.ts";
import { toCanvas } from "../../../client/editor/canvas.ts";
import {
  freePlace,
  moveSteps,
  STEP_HEIGHT,
  STEP_WIDTH,
  settlePlaces,
} from "../../../client/editor/places.ts";
import { removeAll } from "../../../client/editor/remove.ts";
import { whyNotAdd, whyNotDraw } from "../../../client/editor/why-not.ts";
import { edgesOf, type Graph, stepsOf } from "../../../shared/graph.ts";
import { graph } from "../../kit/graph.ts";
import { manifests } from "./fixtures.ts";

const branch = { uses: "logic.branch", input: { cases: [{ id: "yes", name: "yes" }] } };
const each = { uses: "logic.each" };

function shape(of: Graph): string[] {
  return edgesOf(of)
    .map(({ from, port, to }) => `${from}:${port}->${to}`)
    .sort();
}

test("a step added at a port hangs on it, below, and on no other step", () => {
  const before = moveSteps(graph("trigger -> a"), new Map([["a", { x: 0, y: 160 }]]));
  const { graph: after, id } = addAt(before, manifests, "http.request", {
    from: { step: "trigger", port: "main" },
  });
  expect(id).toBe("http");
  expect(shape(after)).toEqual(["trigger:main->a", "trigger:main->http"]);
  const [a, http] = [after.steps.a?.at, after.steps.http?.at];
  expect(http?.y).toBe(a?.y);
  expect(Math.abs((http?.x ?? 0) - (a?.x ?? 0))).toBeGreaterThanOrEqual(STEP_WIDTH);
});

test("a new step starts with the defaults of its fields, under a name that is not taken", () => {
  const once = addAt(graph("trigger"), manifests, "logic.branch", {}).graph;
  const twice = addAt(once, manifests, "logic.branch", {}).graph;
  expect(stepsOf(twice).map(({ id, name }) => [id, name])).toEqual([
    ["trigger", "trigger"],
    ["branch", "Branch"],
    ["branch2", "Branch 2"],
  ]);
  expect(twice.steps.branch?.input).toEqual({ cases: [{ id: "yes", name: "yes" }] });
});

test("a step spliced into an edge keeps the port, and what comes after makes room", () => {
  const before = moveSteps(
    graph("trigger -> b; b:yes -> c -> d", { b: branch }),
    new Map([
      ["b", { x: 0, y: 160 }],
      ["c", { x: 0, y: 320 }],
      ["d", { x: 0, y: 480 }],
    ]),
  );
  const edge = edgesOf(before).find(({ to }) => to === "c")?.id;
  const { graph: after } = addAt(before, manifests, "http.request", { edge });
  expect(shape(after)).toEqual(["b:yes->http", "c:main->d", "http:main->c", "trigger:main->b"]);
  expect(["http", "c", "d"].map((id) => after.steps[id]?.at.y)).toEqual([320, 480, 640]);
});

test("a loop spliced in goes on by “done”; what cannot go on is not spliced in", () => {
  const before = graph("trigger -> a");
  const edge = edgesOf(before)[0]?.id;
  expect(shape(addAt(before, manifests, "logic.each", { edge }).graph)).toEqual([
    "each:done->a",
    "trigger:main->each",
  ]);
  expect(addAt(before, manifests, "logic.stop", { edge }).graph).toBe(before);
});

test("another trigger takes the place of the one that is there, and its edges stay", () => {
  const before = graph("trigger -> a", { trigger: { uses: "schedule.cron", name: "Daily" } });
  const after = replaceTrigger(before, manifests, "webhook.catch");
  expect(after.steps.trigger).toMatchObject({ uses: "webhook.catch", name: "Catch a webhook" });
  expect(after.edges).toBe(before.edges);
});

test("deleting out of a chain closes it; out of a fork or a join it does not", () => {
  expect(shape(removeAll(graph("trigger -> a -> b -> c"), ["a", "b"], []))).toEqual(["trigger:main->c"]);
  expect(shape(removeAll(graph("trigger -> a -> b; a -> c"), ["a"], []))).toEqual([]);
  expect(shape(removeAll(graph("trigger -> a -> c; trigger -> b -> c"), ["c"], []))).toEqual([
    "trigger:main->a",
    "trigger:main->b",
  ]);
  // A box around a step chooses its edges as well.
  const boxed = graph("trigger -> a -> b");
  expect(shape(removeAll(boxed, ["a"], Object.keys(boxed.edges)))).toEqual(["trigger:main->b"]);
  // An error's way is not the way on.
  expect(shape(removeAll(graph("trigger -> a -> b; a:error -> c"), ["a"], []))).toEqual(["trigger:main->b"]);
});

test("edges are refused into the trigger, in a circle, twice, and across the border of a loop", () => {
  const drawn = graph("trigger -> l; l:each -> a; l:done -> b", { l: each });
  const code = (from: string, port: string, to: string) =>
    whyNotDraw(drawn, { from, port, to })?.code ?? null;
  expect(code("b", "main", "trigger")).toBe("edge-into-trigger");
  expect(code("b", "main", "l")).toBe("cycle");
  expect(code("l", "each", "a")).toBe("edge-twice");
  expect(code("a", "main", "b")).toBe("loop-border");
  expect(code("trigger", "main", "a")).toBe("loop-border");
  expect(code("trigger", "main", "b")).toBeNull();
});

test("an edge may take the place of another that is in its way", () => {
  const drawn = graph("trigger -> a -> b");
  const [, old] = edgesOf(drawn);
  expect(whyNotDraw(drawn, { from: "a", port: "main", to: "b" }, old?.id)).toBeNull();
});

test("a second trigger is refused, the first is not", () => {
  expect(whyNotAdd(graph("trigger"), "webhook.catch", manifests)?.code).toBe("trigger-second");
  expect(whyNotAdd({ steps: {}, edges: {} }, "webhook.catch", manifests)).toBeNull();
  expect(whyNotAdd(graph("trigger"), "http.request", manifests)).toBeNull();
});

test("the layout keeps yes left of no, each left of done, and error last", () => {
  // Drawn the other way round, so that keeping the order is the layout's doing.
  const drawn = graph("trigger -> b; b:error -> x; b:no -> n; b:yes -> y; y -> l; l:done -> d; l:each -> e", {
    b: branch,
    l: each,
  });
  const { steps } = arrange(drawn, manifests);
  const x = (id: string) => steps[id]?.at.x ?? Number.NaN;
  const y = (id: string) => steps[id]?.at.y ?? Number.NaN;
  expect(x("y")).toBeLessThan(x("n"));
  expect(x("n")).toBeLessThan(x("x"));
  expect(x("e")).toBeLessThan(x("d"));
  expect(new Set([y("y"), y("n"), y("x")]).size).toBe(1);
  expect(y("l")).toBeGreaterThan(y("y"));
});

test("the layout leaves the trigger where it is, overlaps nothing, and is the same a second time", () => {
  const at = { x: 300, y: -40 };
  const text = Array.from({ length: 60 }, (_, i) => `${i < 3 ? "trigger" : `s${i - 3}`} -> s${i}`).join(";");
  const once = arrange(graph(text, { trigger: { at } }), manifests);
  expect(once.steps.trigger?.at).toEqual(at);
  const places = stepsOf(once).map((step) => step.at);
  for (const [i, a] of places.entries()) {
    for (const b of places.slice(i + 1)) {
      expect(Math.abs(a.x - b.x) >= STEP_WIDTH || Math.abs(a.y - b.y) >= STEP_HEIGHT).toBe(true);
    }
  }
  expect(arrange(once, manifests)).toBe(once);
});

test("the layout of a circle, and of wishes that contradict each other, ends", () => {
  arrange(graph("trigger -> a -> b -> c -> a"), manifests);
  const drawn = graph(
    "trigger -> p; trigger -> q; trigger -> r; p:yes -> x; p:no -> y; q:yes -> y; q:no -> z; r:yes -> z; r:no -> x",
    {
      p: branch,
      q: branch,
      r: branch,
    },
  );
  expect(stepsOf(arrange(drawn, manifests))).toHaveLength(7);
});

test("300 steps are laid out in well under two seconds", () => {
  const text = Array.from(
    { length: 299 },
    (_, i) => `${i < 3 ? "trigger" : `s${Math.floor(i / 2)}`} -> s${i + 400}`,
  )
    .join(";")
    .replaceAll(/s(\d+) ->/g, (_, n: string) => `s${Number(n) + 400} ->`);
  const began = performance.now();
  arrange(graph(text), manifests);
  expect(performance.now() - began).toBeLessThan(2_000);
});

test("things are lined up by a side, and spread out with equal gaps", () => {
  const drawn = moveSteps(
    graph("trigger -> a -> b"),
    new Map([
      ["trigger", { x: 0, y: 0 }],
      ["a", { x: 300, y: 40 }],
      ["b", { x: 1_000, y: 90 }],
    ]),
  );
  const ids = ["trigger", "a", "b"];
  const xs = (of: Graph) => ids.map((id) => of.steps[id]?.at.x);
  const ys = (of: Graph) => ids.map((id) => of.steps[id]?.at.y);
  expect(xs(align(drawn, ids, "left"))).toEqual([0, 0, 0]);
  expect(xs(align(drawn, ids, "right"))).toEqual([1_000, 1_000, 1_000]);
  expect(ys(align(drawn, ids, "middle"))).toEqual([45, 45, 45]);
  expect(xs(spread(drawn, ids, "across"))).toEqual([0, 500, 1_000]);
});

test("a step goes to the nearest free place", () => {
  const drawn = graph("trigger");
  expect(freePlace(drawn, { x: 0, y: 160 })).toEqual({ x: 0, y: 160 });
  expect(freePlace(drawn, { x: 3, y: 10 })).toEqual({ x: 320, y: 20 });
});

test("a draft that nobody placed is opened as it is shown, and a placed one stays the same graph", () => {
  const bare = settlePlaces(graph("trigger -> a"));
  expect(bare.steps.a?.at.y).toBeGreaterThan(0);
  expect(settlePlaces(bare)).toBe(bare);
});

test("what did not change is the same node again, so that moving one step draws one step", () => {
  const drawn = settlePlaces(graph("trigger -> a -> b"));
  const options = { editing: true };
  const first = toCanvas(drawn, manifests, undefined, options);
  const moved = moveSteps(drawn, new Map([["b", { x: 40, y: 400 }]]));
  const second = toCanvas(moved, manifests, undefined, { ...options, before: first });
  const same = second.nodes.filter((node) => first.nodes.includes(node)).map((node) => node.id);
  expect(same).toEqual(["trigger", "a"]);
  expect(second.edges.every((edge) => first.edges.includes(edge))).toBe(true);
  // A problem that comes up draws its step, and no other.
  const problems = new Map([["a", 1]]);
  const third = toCanvas(moved, manifests, undefined, { ...options, problems, before: second });
  expect(third.nodes.filter((node) => !second.nodes.includes(node)).map((node) => node.id)).toEqual(["a"]);
});
