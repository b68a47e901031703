// Logic where examples are not enough: ports, limits, dates, and names that must not reach what all objects share.

import { describe, expect, test } from "vitest";
import { Refused } from "../../../shared/problem.ts";
import { actionOf, EXAMPLE_NOW, playAction } from "../../kit/playback.ts";

const run = (uses: string, input: Record<string, unknown>) => playAction(actionOf(uses), { input });
const DAY = 86_400_000;

describe("filter", () => {
  const rule = (left: unknown, op: string, right?: unknown) => ({
    conditions: { rules: [{ left, op, right }] },
  });

  test("leaves by a port that nothing can be drawn from when it does not hold", async () => {
    expect(await run("logic.filter", rule(1, "equals", 1))).toMatchObject({ port: "main" });
    expect(await run("logic.filter", rule(1, "equals", 2))).toMatchObject({ port: "stopped" });
    const { ports } = actionOf("logic.filter");
    expect(ports).toEqual({ kind: "fixed", ports: [{ id: "main", label: "passes" }] });
  });

  test("a new one, with nothing picked yet, stops", async () => {
    const start = actionOf("logic.filter").fields[0]?.default;
    expect(await run("logic.filter", { conditions: start })).toMatchObject({ port: "stopped" });
  });

  test.each([[{}], [{ conditions: { rules: [] } }], [rule(1, "resembles", 2)], [{ conditions: "a == b" }]])(
    "%j is refused",
    async (input) => {
      await expect(run("logic.filter", input)).rejects.toBeInstanceOf(Refused);
    },
  );
});

describe("branch", () => {
  const when = (holds: boolean) => ({ rules: [{ left: holds, op: "isTrue" }] });
  const named = (id: string, holds = true) => ({ id, name: id.toUpperCase(), when: when(holds) });

  test("several cases hold: the first one is taken", async () => {
    const cases = [named("a", false), named("b"), named("c")];
    expect(await run("logic.branch", { cases })).toEqual({
      kind: "done",
      port: "b",
      output: { case: "b", name: "B" },
    });
  });

  test.each([
    [[], "at least one case"],
    [[named("a"), named("a")], "same id twice"],
    [[named("no")], "must not use no or error"],
    [[named("error")], "must not use no or error"],
    [[named("A b")], "port name"],
    [[named("__proto__")], "port name"],
  ])("the cases %j are refused", async (cases, why) => {
    await expect(run("logic.branch", { cases })).rejects.toThrow(why);
  });

  test("a new one has one case, which goes to “no” until something is picked", async () => {
    const start = actionOf("logic.branch").fields[0]?.default;
    expect(await run("logic.branch", { cases: start })).toMatchObject({ port: "no" });
  });
});

describe("wait", () => {
  test.each([
    ["2026-01-15T12:00:01Z", 1_000],
    ["2026-01-15T14:00:00+01:00", 3_600_000],
    ["2026-01-16", DAY / 2],
    [1_768_478_460, 60_000],
    ["1768478460", 60_000],
    [1_768_478_460_000, 60_000],
    ["Thu, 15 Jan 2026 12:01:00 GMT", 60_000],
  ])("until %s is in %i ms", async (until, ms) => {
    expect(await run("logic.wait", { mode: "until", until })).toMatchObject({
      kind: "wait",
      until: EXAMPLE_NOW + ms,
    });
  });

  test("what is over does not wait, and neither does no time at all", async () => {
    for (const input of [
      { mode: "until", until: "2026-01-15T12:00:00Z" },
      { mode: "until", until: "2020-01-01" },
      { duration: { amount: 0, unit: "days" } },
    ]) {
      expect(await run("logic.wait", input)).toMatchObject({
        kind: "done",
        port: "main",
        output: { waited: false },
      });
    }
  });

  test("a year is the most", async () => {
    expect(await run("logic.wait", { duration: { amount: 366, unit: "days" } })).toMatchObject({
      kind: "wait",
    });
    await expect(run("logic.wait", { duration: { amount: 367, unit: "days" } })).rejects.toThrow(
      "a year at most",
    );
    await expect(run("logic.wait", { mode: "until", until: "2027-06-01" })).rejects.toThrow("a year at most");
    await expect(run("logic.wait", { duration: { amount: 1_000_000, unit: "days" } })).rejects.toThrow(
      "a year at most",
    );
  });

  test("without anything filled in it is five minutes", async () => {
    expect(await run("logic.wait", {})).toMatchObject({ kind: "wait", until: EXAMPLE_NOW + 300_000 });
  });

  test.each([
    [{ mode: "until" }, "no date"],
    [{ mode: "until", until: "tomorrow" }, "“tomorrow” is not a date"],
    [{ mode: "until", until: "2026-02-30" }, "is not a date"],
    [{ mode: "until", until: "2026-01-16", timeZone: "Mars/Olympus" }, "Time zone"],
    [{ duration: { amount: -1, unit: "days" } }, "How long"],
    [{ duration: { amount: 1, unit: "months" } }, "How long"],
  ])("%j is refused", async (input, why) => {
    await expect(run("logic.wait", input)).rejects.toThrow(why);
  });
});

describe("each", () => {
  test.each([
    [[], []],
    [
      [1, null, "a"],
      [1, null, "a"],
    ],
    ["[1,2]", [1, 2]],
    ['{"a":1}', [{ key: "a", value: 1 }]],
    [{}, []],
    [JSON.parse('{"__proto__":1}'), [{ key: "__proto__", value: 1 }]],
  ])("%j", async (items, expected) => {
    expect(await run("logic.each", { items })).toMatchObject({ kind: "each", items: expected });
  });

  test.each([[5], ["a, b"], [null], [""], [true], [undefined]])("%j is not a list", async (items) => {
    await expect(run("logic.each", { items })).rejects.toThrow("not a list");
  });

  test("10,000 items are the most", async () => {
    const items = Array(10_000).fill(0);
    expect(await run("logic.each", { items })).toMatchObject({ kind: "each" });
    await expect(run("logic.each", { items: [...items, 0] })).rejects.toThrow("10001 items");
  });

  test.each([0, 51, 1.5, "many"])("%j at the same time is refused", async (concurrency) => {
    await expect(run("logic.each", { items: [], concurrency })).rejects.toThrow("At the same time");
  });
});

describe("stop", () => {
  test("without a message it still says why the run failed", async () => {
    expect(await run("logic.stop", {})).toMatchObject({
      kind: "end",
      status: "failed",
      problem: { code: "stopped", sentence: "The flow was stopped by one of its steps." },
    });
  });
});

describe("respond", () => {
  test.each([
    [{ headers: [{ name: "Set-Cookie", value: "sid=1" }] }, "can't be set"],
    [{ headers: [{ name: "content-length", value: 5 }] }, "can't be set"],
    [{ headers: [{ name: "x-a", value: "1\r\nset-cookie: sid=1" }] }, "line break"],
    [{ headers: [{ name: "x a", value: "1" }] }, "name of a header"],
    [{ status: 199 }, "at least 200"],
    [{ status: 600 }, "at most 599"],
    [{ status: 200.5 }, "whole number"],
    [{ status: "fine" }, "must be a number"],
  ])("%j is refused", async (input, why) => {
    await expect(run("logic.respond", input)).rejects.toThrow(why);
  });

  test("the bodies of the other kinds stay out", async () => {
    expect(await run("logic.respond", { bodyType: "text", text: "a", json: { b: 1 } })).toMatchObject({
      response: { headers: { "content-type": "text/plain; charset=utf-8" }, body: "a" },
    });
    expect(await run("logic.respond", {})).toMatchObject({ response: { status: 200, body: null } });
  });
});

describe("setFields", () => {
  const set = (...fields: [string, unknown][]) =>
    run("logic.setFields", { fields: fields.map(([name, value]) => ({ name, value })) });

  test("of two with the same name the later one counts; nothing is null", async () => {
    expect(await set(["a", 1], ["a", 2], ["b", undefined])).toMatchObject({ output: { a: 2, b: null } });
  });

  test("a value that is added to stays as it was where it came from", async () => {
    const customer = { name: "Ada" };
    expect(await set(["customer", customer], ["customer.email", "a@b.c"])).toMatchObject({
      output: { customer: { name: "Ada", email: "a@b.c" } },
    });
    expect(customer).toEqual({ name: "Ada" });
  });

  test("names that every object has are ordinary names", async () => {
    const outcome = await set(
      ["constructor.prototype.polluted", 1],
      ["toString", "x"],
      ["hasOwnProperty.a", 2],
    );
    expect(outcome).toMatchObject({
      output: { constructor: { prototype: { polluted: 1 } }, toString: "x", hasOwnProperty: { a: 2 } },
    });
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect({}).not.toHaveProperty("polluted");
  });

  test.each([
    "__proto__",
    "a.__proto__.b",
    "__proto__.polluted",
    "",
    "a..b",
    ".a",
    "a.",
    Array(22).fill("a").join("."),
  ])("the name “%s” is refused", async (name) => {
    await expect(set([name, 1])).rejects.toBeInstanceOf(Refused);
    expect({}).not.toHaveProperty("polluted");
  });

  test.each([
    [
      ["a", 1],
      ["a.b", 2],
    ],
    [
      ["a", [1]],
      ["a.0", 2],
    ],
    [
      ["a", null],
      ["a.b", 2],
    ],
  ] as [string, unknown][][])("%j and %j do not go together", async (...fields) => {
    await expect(set(...fields)).rejects.toThrow("needs an object in “a”");
  });
});
