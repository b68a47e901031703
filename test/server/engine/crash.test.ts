// Crash anywhere, go on: whatever call the process dies at, before it or after it, the run comes to the same end.

import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { TryLater } from "../../../shared/problem.ts";
import type { StepRun } from "../../../shared/run.ts";
import { type Answer, createTestEngine, type TestEngine, untilEnded } from "../../kit/engine.ts";
import { graph, type StepChange } from "../../kit/graph.ts";

let engine: TestEngine;
afterEach(() => engine.stop());

const call = (path: string): StepChange => ({
  uses: "http.request",
  input: { method: "POST", url: `https://api.example.com/${path}` },
});
const set = (value: unknown): StepChange => ({
  uses: "logic.setFields",
  input: { fields: [{ name: "value", value }] },
});

/** Six steps of every kind: values, a branch, calls side by side, a loop with calls, a retry, a wait, an error path. */
const SIX = graph(
  `trigger -> pick; pick:yes -> first -> each; pick:no -> other; first -> side
   each:each -> item; each:done -> pause -> flaky -> last; flaky:error -> sorry`,
  {
    pick: {
      uses: "logic.branch",
      input: {
        cases: [
          {
            id: "yes",
            name: "large",
            when: { match: "all", rules: [{ left: "{{trigger.body.total}}", op: "greater", right: 100 }] },
          },
        ],
      },
    },
    other: call("other"),
    first: call("first/{{trigger.body.total}}"),
    side: call("side"),
    each: { uses: "logic.each", input: { items: "{{trigger.body.lines}}", concurrency: 2 } },
    item: call("item/{{each.item}}"),
    pause: { uses: "logic.wait", input: { mode: "duration", duration: { amount: 30, unit: "seconds" } } },
    flaky: call("flaky"),
    last: set("{{each.results[1].status}} of {{each.count}}, {{flaky.status}}"),
    sorry: call("sorry"),
  },
);

/** The first call of a kind to /flaky fails; a repeated key gets the same answer, as from a service that keeps keys. */
function world(): Answer {
  const flaky = new Set<string>();
  return ({ url, headers }) => {
    const key = headers?.["idempotency-key"] ?? "";
    if (url.endsWith("/flaky") && !flaky.has(key)) {
      flaky.add(key);
      throw new TryLater({ code: "http-status", sentence: "Not now." });
    }
    return {};
  };
}

/** What a run came to, without the times (the wait's own output is one) and the attempts. */
const essence = (steps: Record<string, StepRun>) =>
  Object.fromEntries(
    Object.values(steps)
      .map(
        ({ path, status, port, output }) =>
          [path, { status, port, output: path === "pause" ? null : output }] as const,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

async function toTheEnd(queued: boolean, crash?: { k: number; when: "before" | "after" }) {
  engine = await createTestEngine(world());
  engine.queued = queued;
  const flow = await engine.live(SIX);
  const id = await engine.start(flow, { total: 250, lines: ["a", "b", "c"] });
  const life = engine.dieAt(crash?.k ?? Number.POSITIVE_INFINITY, crash?.when ?? "before");
  for (let i = 0; i < 200 && !life.died(); i++) {
    await engine.rest();
    const { status } = await engine.run(id);
    if (status === "succeeded" || status === "failed") break;
    await engine.clock.advance(5_000);
  }
  if (life.died()) await engine.crash();
  const run = await untilEnded(engine, id);
  return { run, steps: essence(await engine.steps(id)), sent: [...engine.sent], calls: life.calls() };
}

describe.each([
  ["that it took in hand as it came", false],
  ["from the queue", true],
])("a process that dies at its k-th call to store or world, with a run %s,", (_, queued) => {
  test("leaves it coming to the same end, for every k, before and after", async () => {
    const whole = await toTheEnd(queued);
    expect(whole.run.status).toBe("succeeded");
    expect(whole.steps.last?.output).toEqual({ value: "200 of 3, 200" });
    await engine.stop();
    expect(whole.calls).toBeGreaterThan(15);
    for (let k = 1; k <= whole.calls; k++) {
      for (const when of ["before", "after"] as const) {
        const cut = await toTheEnd(queued, { k, when });
        expect([k, when, cut.run.status, cut.steps]).toEqual([k, when, "succeeded", whole.steps]);
        // What was sent more than once carried the same key.
        const keys = new Map<string, Set<string>>();
        for (const { url, headers } of cut.sent)
          keys.set(url, (keys.get(url) ?? new Set()).add(headers?.["idempotency-key"] ?? ""));
        for (const [url, used] of keys) expect([url, used.size]).toEqual([url, 1]);
        // At most what was under way at that moment (never more than three here) was sent again.
        expect(cut.sent.length - whole.sent.length).toBeLessThanOrEqual(3);
        await engine.stop();
      }
    }
    engine = await createTestEngine();
  }, 120_000);

  test("a recorded step is never executed again, however often the process dies", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 }),
        async (deaths) => {
          engine = await createTestEngine(world());
          engine.queued = queued;
          const id = await engine.start(await engine.live(SIX), { total: 250, lines: ["a", "b"] });
          for (const k of deaths) {
            const life = engine.dieAt(k, k % 2 ? "before" : "after");
            for (let i = 0; i < 30 && !life.died(); i++) await engine.clock.advance(2_000);
            const recorded = Object.values(await engine.steps(id)).filter(
              (s) => s.status === "done" || s.status === "failed",
            );
            await engine.crash();
            const sentSoFar = engine.sent.length;
            await engine.rest();
            const again = engine.sent.slice(sentSoFar).map((r) => r.headers?.["idempotency-key"]);
            for (const { path } of recorded) expect(again).not.toContain(`${id}:${path}`);
          }
          expect((await untilEnded(engine, id)).status).toBe("succeeded");
          await engine.stop();
        },
      ),
      { numRuns: 25, interruptAfterTimeLimit: 60_000 },
    );
    engine = await createTestEngine();
  }, 120_000);
});
