// Any graph, carried through by the real engine: the same as a small reference interpreter says, also when it dies.

import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { publish } from "../../../server/engine/publish.ts";
import { connect, type Edge, edgesOf, Graph, stepsOf, upstreamOf } from "../../../shared/graph.ts";
import { Refused } from "../../../shared/problem.ts";
import { createTestEngine, type TestEngine, untilEnded } from "../../kit/engine.ts";
import { graph, type StepChange } from "../../kit/graph.ts";

const RUNS = Math.ceil(Number(process.env.MODEL_RUNS ?? 60) / 2);

let engine: TestEngine | undefined;
afterEach(() => engine?.stop());

const KINDS = ["set", "yes", "no", "pass", "stop", "call", "gone", "wait", "each"] as const;
type Kind = (typeof KINDS)[number];

interface Plan {
  kind: Kind;
  /** Which of the earlier steps of its scope it comes after, and by which of their ports. */
  after: [number, number][];
  /** What a loop does with each of its items. */
  body: Plan[];
}

/** By which ports a step of a kind can be left; the last one is never taken. */
const PORTS: Record<Kind, string[]> = {
  set: ["main"],
  yes: ["yes", "no"],
  no: ["no", "yes"],
  pass: ["main"],
  stop: ["main"],
  call: ["main", "error"],
  gone: ["error", "main"],
  wait: ["main"],
  each: ["done"],
};

const places = fc.array(fc.tuple(fc.nat(40), fc.nat(3)), { minLength: 1, maxLength: 3 });
const simple = fc.record({
  kind: fc.constantFrom(...KINDS.filter((kind) => kind !== "each")),
  after: places,
  body: fc.constant<Plan[]>([]),
});
const loop = fc.record({
  kind: fc.constant<Kind>("each"),
  after: places,
  body: fc.array(simple, { minLength: 1, maxLength: 4 }),
});
const plans = fc.array(fc.oneof({ weight: 6, arbitrary: simple }, { weight: 1, arbitrary: loop }), {
  minLength: 1,
  maxLength: 20,
  size: "max",
});

/** Names that an object answers to though nobody gave it them, or that look like parts of a path. */
const ODD = [
  "constructor",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "length",
  "then",
  "toJSON",
  "_",
  "prototype",
];
const plainName = (n: number) => `s${n}`;
const oddName = (n: number) => ODD[n] ?? `s${n}`;

/** Draws the plans as a graph. */
function draw(all: Plan[], name: (n: number) => string): Graph {
  const arrows: string[] = ["trigger"];
  const steps: Record<string, StepChange> = {};
  let count = 0;
  function scope(some: Plan[], entry: string): void {
    const made: { id: string; kind: Kind }[] = [];
    for (const { kind, after, body } of some) {
      const id = name(count++);
      for (const [place, port] of after) {
        const from = made[place % (made.length + 1)];
        const ports = from ? PORTS[from.kind] : [];
        arrows.push(from ? `${from.id}:${ports[port % ports.length]} -> ${id}` : `${entry} -> ${id}`);
      }
      Object.defineProperty(steps, id, { value: stepOf(kind, id), enumerable: true });
      made.push({ id, kind });
      if (kind === "each") scope(body, `${id}:each`);
    }
  }
  scope(all, "trigger:main");
  return graph([...new Set(arrows)].join(";"), steps);
}

const rules = (right: number) => ({
  match: "all",
  rules: [{ left: "{{trigger.body.n}}", op: "equals", right }],
});

function stepOf(kind: Kind, id: string): StepChange {
  const call = {
    uses: "http.request",
    input: { method: "POST", url: `https://api.example.com/${kind}/${id}` },
  };
  switch (kind) {
    case "set":
      return {
        uses: "logic.setFields",
        input: { fields: [{ name: "value", value: `${id} of {{trigger.body.n}}` }] },
      };
    case "yes":
    case "no": {
      const when = rules(kind === "yes" ? 7 : 8);
      return { uses: "logic.branch", input: { cases: [{ id: "yes", name: "yes", when }] } };
    }
    case "pass":
    case "stop":
      return { uses: "logic.filter", input: { conditions: rules(kind === "pass" ? 7 : 8) } };
    case "call":
    case "gone":
      return call;
    case "wait":
      return { uses: "logic.wait", input: { mode: "duration", duration: { amount: 20, unit: "seconds" } } };
    case "each":
      return { uses: "logic.each", input: { items: "{{trigger.body.items}}", concurrency: 2 } };
  }
}

const ITEMS = ["x", "y"];

/** The port that a step whose turn it is leaves by; null when it fails and nobody drew its error edge. */
function leaves(kind: Kind, caught: boolean): string | null {
  if (kind === "stop") return "stopped";
  if (kind === "gone") return caught ? "error" : null;
  return PORTS[kind][0] ?? null;
}

interface Expected {
  /** What each path came to. Of a scope in which something failed, what could have begun. */
  steps: Map<string, string>;
  fails: boolean;
}

/** The rule on whole scopes, in the order in which the steps stand. */
function interpret(g: Graph, kinds: Map<string, Kind>): Expected {
  const steps = new Map<string, string>();
  const inLoop = (id: string) =>
    edgesOf(g).find((e) => e.port === "each" && (e.to === id || upstreamOf(g, id).has(e.to)))?.from;

  function scope(prefix: string, loopId: string | undefined): boolean {
    const ports = new Map<string, string | null>();
    let fails = false;
    for (const { id } of stepsOf(g)) {
      const kind = kinds.get(id);
      if (kind === undefined || inLoop(id) !== loopId) continue;
      const live = edgesOf(g).some(
        (e) =>
          e.to === id &&
          (e.from === "trigger" || (e.from === loopId && e.port === "each") || ports.get(e.from) === e.port),
      );
      const path = `${prefix}${id}`;
      let port = live
        ? leaves(
            kind,
            edgesOf(g).some((e) => e.from === id && e.port === "error"),
          )
        : null;
      let status = live ? (kind === "gone" ? "failed" : "done") : "skipped";
      if (live && kind === "each") {
        const items = ITEMS.map((_, i) => scope(`${path}[${i}]/`, id));
        if (items.includes(true)) [status, port] = ["failed", null];
      }
      ports.set(id, port);
      steps.set(path, status);
      fails ||= status === "failed" && port === null;
    }
    return fails;
  }
  const fails = scope("", undefined);
  return { steps, fails };
}

async function carry(g: Graph, death?: { k: number; when: "before" | "after" }) {
  engine = await createTestEngine(({ url }) => {
    if (url.includes("/gone/"))
      throw new Refused({ code: "http-status", sentence: "There is no such thing." });
    return {};
  });
  const id = await engine.start(await engine.live(g), { n: 7, items: ITEMS });
  const life = engine.dieAt(death?.k ?? Number.POSITIVE_INFINITY, death?.when ?? "before");
  for (let i = 0; i < 40 && !life.died() && !(await ended(id)); i++) {
    await engine.rest();
    await engine.clock.advance(5_000);
  }
  if (life.died()) await engine.crash();
  const run = await untilEnded(engine, id);
  const steps = await engine.steps(id);
  const sent = engine.sent.map(({ url }) => url);
  await engine.stop();
  engine = undefined;
  return { run, steps, sent };
}

async function ended(id: string): Promise<boolean> {
  return (await engine?.run(id))?.finishedAt !== null;
}

function kindsOf(g: Graph): Map<string, Kind> {
  const byUses = (uses: string, input: string): Kind => {
    if (uses === "logic.branch") return input.includes('"right":7') ? "yes" : "no";
    if (uses === "logic.filter") return input.includes('"right":7') ? "pass" : "stop";
    if (uses === "http.request") return input.includes("/gone/") ? "gone" : "call";
    return uses === "logic.setFields" ? "set" : uses === "logic.wait" ? "wait" : "each";
  };
  const steps = stepsOf(g).filter(({ id }) => id !== "trigger");
  return new Map(steps.map(({ id, uses, input }) => [id, byUses(uses, JSON.stringify(input))]));
}

/** What a run came to: statuses, ports and outputs by path, without times. */
function essence(
  steps: Awaited<ReturnType<typeof carry>>["steps"],
  rename: (id: string) => string = (id) => id,
) {
  const said = Object.values(steps).map(
    ({ path, status, port, output, input }) =>
      [rename(path), rename(JSON.stringify({ status, port, output, input }))] as const,
  );
  return Object.fromEntries(
    said.map(([path, what]) => [path, what.replaceAll(/"until":"[^"]*"/g, "")]).sort(),
  );
}

describe("any graph", () => {
  test("comes to what the rule says, wherever the process dies, and the same when it was stored as text", async () => {
    const deaths = fc.option(
      fc.record({
        k: fc.integer({ min: 1, max: 60 }),
        when: fc.constantFrom("before" as const, "after" as const),
      }),
      { nil: undefined, freq: 4 },
    );
    const property = fc.asyncProperty(plans, deaths, async (all, death) => {
      const g = draw(all, plainName);
      const expected = interpret(g, kindsOf(g));
      const whole = await carry(g);
      expect(whole.run.status).toBe(expected.fails ? "failed" : "succeeded");
      for (const [path, { status }] of Object.entries(whole.steps)) {
        // Where something failed, what had not begun is left out.
        const may = expected.fails ? [expected.steps.get(path), "skipped"] : [expected.steps.get(path)];
        expect([path, may]).toEqual([path, expect.arrayContaining([status])]);
      }
      if (expected.fails) return;
      expect(new Set(Object.keys(whole.steps))).toEqual(new Set(expected.steps.keys()));
      const text = JSON.stringify(g);
      const stored = Graph.parse(JSON.parse(text));
      expect(JSON.stringify(stored)).toBe(text);
      const again = await carry(stored, death);
      expect(again.run.status).toBe("succeeded");
      expect(essence(again.steps)).toEqual(essence(whole.steps));
      expect(new Set(again.sent)).toEqual(new Set(whole.sent));
    });
    await fc.assert(property, { numRuns: RUNS, interruptAfterTimeLimit: 3_600_000 });
  }, 3_600_000);

  test("is the same run when its steps bear names that objects have of their own", async () => {
    const property = fc.asyncProperty(plans, async (all) => {
      const plain = draw(all, plainName);
      const whole = await carry(plain);
      const odd = await carry(draw(all, oddName));
      expect(odd.run.status).toBe(whole.run.status);
      if (whole.run.status === "failed") return;
      const back = (text: string) =>
        ODD.reduce((t, name, n) => t.replace(new RegExp(`(?<![\\w])${name}(?![\\w])`, "g"), `s${n}`), text);
      expect(Object.keys(essence(odd.steps, back))).toEqual(Object.keys(essence(whole.steps)));
    });
    await fc.assert(property, { numRuns: Math.ceil(RUNS / 2), interruptAfterTimeLimit: 3_600_000 });
  }, 3_600_000);

  test("is not published with a circle in it, wherever it is, and cannot get one by drawing an edge", async () => {
    engine = await createTestEngine();
    const { deps, draft } = engine;
    const property = fc.asyncProperty(plans, fc.nat(), fc.nat(), async (all, one, other) => {
      const g = draw(all, plainName);
      const ids = stepsOf(g)
        .map(({ id }) => id)
        .filter((id) => id !== "trigger");
      const to = ids[one % ids.length] ?? "";
      const after = ids.filter((id) => id === to || upstreamOf(g, id).has(to));
      const from = after[other % after.length] ?? "";
      const edge: Edge = { id: "back", from, port: "main", to };
      const circle = { ...g, edges: { ...g.edges, back: edge } };
      expect(connect(g, edge)).toBe(g);
      const published = await publish(deps, await draft(circle), { note: "" });
      expect(published).toMatchObject({ kind: "refused" });
      expect(published.kind === "refused" && published.problems.map(({ code }) => code)).toContain("cycle");
    });
    await fc.assert(property, { numRuns: RUNS * 2 });
  }, 600_000);

  test("is refused with a step that is called __proto__", () => {
    const text = JSON.stringify(graph("trigger -> a")).replaceAll('"a"', '"__proto__"');
    expect(Graph.safeParse(JSON.parse(text)).success).toBe(false);
  });
});
