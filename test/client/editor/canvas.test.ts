// From a graph to what the canvas draws.

import { expect, test } from "vitest";
import {
  type CanvasNode,
  portShare,
  type StepCanvasNode,
  type StepMark,
  toCanvas as toWholeCanvas,
} from "../../../client/editor/canvas.ts";
import { placesOf, STEP_HEIGHT } from "../../../client/editor/places.ts";
import type { Graph, Step } from "../../../shared/graph.ts";
import { type ActionManifest, indexManifests } from "../../../shared/manifest.ts";

const action = (uses: string, ports: ActionManifest["ports"]): ActionManifest => ({
  uses,
  name: `Does ${uses}`,
  description: "",
  fields: [],
  ports,
  repeat: "safe",
  connection: "none",
  sample: null,
  sampleInput: {},
});
const main: ActionManifest["ports"] = { kind: "fixed", ports: [{ id: "main", label: "" }] };
const manifests = indexManifests([
  {
    id: "t",
    name: "T",
    description: "",
    color: "#112233",
    icon: "webhook",
    triggers: [
      { uses: "t.catch", name: "Catch", description: "", fields: [], starts: "catch", sample: null },
    ],
    actions: [
      action("t.do", main),
      action("t.branch", { kind: "cases", field: "cases", else: { id: "no", label: "no" } }),
    ],
  },
]);

/** The canvas of a graph without notes. */
function toCanvas(...given: Parameters<typeof toWholeCanvas>) {
  const { nodes, edges } = toWholeCanvas(...given);
  return { nodes: nodes.filter(isStep), edges };
}

function isStep(node: CanvasNode): node is StepCanvasNode {
  return node.type === "step";
}

const at = { x: 0, y: 0 };
const step = (id: string, uses = "t.do", more: Partial<Step> = {}): Step => ({
  id,
  uses,
  name: id.toUpperCase(),
  input: {},
  at,
  ...more,
});

/** "trigger-main-a a-error-b" */
function graphOf(steps: Step[], edges: string): Graph {
  return {
    steps: Object.fromEntries(steps.map((one) => [one.id, one])),
    edges: Object.fromEntries(
      edges
        .split(" ")
        .filter(Boolean)
        .map((text, index) => {
          const [from = "", port = "", to = ""] = text.split("-");
          return [`e${index}`, { id: `e${index}`, from, port, to }];
        }),
    ),
  };
}

const trigger = step("trigger", "t.catch");
const branch = step("b", "t.branch", { input: { cases: [{ id: "yes", name: "Large" }] } });

test("every step becomes a node with what it does, every edge keeps its port", () => {
  const { nodes, edges } = toCanvas(graphOf([trigger, step("a")], "trigger-main-a"), manifests);
  expect(nodes.map((node) => [node.id, node.data.does, node.data.isTrigger])).toEqual([
    ["trigger", "Catch", true],
    ["a", "Does t.do", false],
  ]);
  expect(edges).toMatchObject([
    { source: "trigger", sourceHandle: "main", target: "a", data: { state: "plain" } },
  ]);
});

test("a branch shows its cases and its else, in order", () => {
  const { nodes } = toCanvas(graphOf([trigger, branch], "trigger-main-b"), manifests);
  expect(nodes[1]?.data.ports).toEqual([
    { id: "yes", label: "Large" },
    { id: "no", label: "no" },
  ]);
});

test("the error port is drawn only where somebody connected it", () => {
  const plain = toCanvas(graphOf([trigger, step("a")], "trigger-main-a"), manifests);
  expect(plain.nodes[1]?.data.ports.map((port) => port.id)).toEqual(["main"]);
  const caught = toCanvas(graphOf([trigger, step("a"), step("c")], "trigger-main-a a-error-c"), manifests);
  expect(caught.nodes[1]?.data.ports.map((port) => port.id)).toEqual(["main", "error"]);
  expect(caught.edges.find((edge) => edge.sourceHandle === "error")?.data?.error).toBe(true);
});

test("an edge by a port that the step no longer has is drawn all the same", () => {
  const { nodes } = toCanvas(graphOf([trigger, branch, step("c")], "trigger-main-b b-old-c"), manifests);
  expect(nodes[1]?.data.ports.map((port) => port.id)).toEqual(["yes", "no", "old"]);
});

test("a step of an unknown connector is drawn with the name of what it uses", () => {
  const { nodes } = toCanvas(graphOf([trigger, step("x", "gone.away")], ""), manifests);
  expect(nodes[1]?.data.does).toBe("gone.away");
});

test("ports are spread over the lower side, and every edge has a place to begin and to end", () => {
  expect([0, 1].map((index) => portShare(index, 2))).toEqual([1 / 3, 2 / 3]);
  const { nodes, edges } = toCanvas(
    graphOf([trigger, branch, step("c")], "trigger-main-b b-yes-c"),
    manifests,
  );
  const handles = new Map(nodes.map((node) => [node.id, node.handles ?? []]));
  for (const edge of edges) {
    expect(handles.get(edge.source)?.some((handle) => handle.id === edge.sourceHandle)).toBe(true);
    expect(handles.get(edge.target)?.some((handle) => handle.type === "target")).toBe(true);
  }
  expect(handles.get("trigger")?.some((handle) => handle.type === "target")).toBe(false);
});

test("steps that were placed stay where they are", () => {
  const graph = graphOf([trigger, step("a", "t.do", { at: { x: 40, y: 90 } })], "trigger-main-a");
  expect(placesOf(graph).get("a")).toEqual({ x: 40, y: 90 });
});

test("steps that nobody placed stand in rows below the trigger, and none on another", () => {
  const graph = graphOf(
    [trigger, branch, step("c"), step("d"), step("e")],
    "trigger-main-b b-yes-c b-no-d c-main-e d-main-e",
  );
  const places = placesOf(graph);
  const y = (id: string) => places.get(id)?.y ?? Number.NaN;
  expect(y("trigger")).toBeLessThan(y("b"));
  expect(y("c")).toBe(y("d"));
  expect(y("e")).toBeGreaterThan(y("d") + STEP_HEIGHT);
  expect(places.get("c")?.x).toBeLessThan(places.get("d")?.x ?? 0);
  expect(places.get("e")?.x).toBe(places.get("trigger")?.x);
  expect(new Set([...places.values()].map((place) => `${place.x},${place.y}`)).size).toBe(5);
});

test("a circle, which a draft may hold for a moment, does not hang the layout", () => {
  const places = placesOf(graphOf([trigger, step("a"), step("c")], "trigger-main-a a-main-c c-main-a"));
  expect(places.size).toBe(3);
});

test("in a run the way taken is told from the one not taken, and drawn last", () => {
  const marks = new Map<string, StepMark>([
    ["trigger", { status: "done", note: "Event", ports: ["main"] }],
    ["b", { status: "done", note: "2 ms", ports: ["no"] }],
    ["c", { status: "skipped", note: "Skipped", ports: [] }],
  ]);
  const graph = graphOf([trigger, branch, step("c"), step("d")], "trigger-main-b b-no-d b-yes-c");
  const { nodes, edges } = toCanvas(graph, manifests, marks);
  expect(edges.map((edge) => [edge.target, edge.data?.state])).toEqual([
    ["c", "idle"],
    ["b", "taken"],
    ["d", "taken"],
  ]);
  expect(nodes.map((node) => [node.id, node.data.untouched])).toEqual([
    ["trigger", false],
    ["b", false],
    ["c", false],
    ["d", true],
  ]);
});

test("500 steps that nobody placed are laid out in well under a second", () => {
  const steps = [trigger, ...Array.from({ length: 499 }, (_, index) => step(`s${index}`))];
  const edges = steps.slice(1).map((one, index) => `${steps[Math.floor(index / 3)]?.id}-main-${one.id}`);
  const began = performance.now();
  expect(toCanvas(graphOf(steps, edges.join(" ")), manifests).nodes).toHaveLength(500);
  expect(performance.now() - began).toBeLessThan(800);
});
