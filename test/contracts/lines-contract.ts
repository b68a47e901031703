// What every store must do with lines: one order for everybody, nobody in it twice, and nothing left of who has gone.

import { expect, it } from "vitest";
import type { Store } from "../../server/ports/store.ts";
import { aRun, HOSTILE_TEXTS, T0 } from "./builders.ts";

export function describeLines(store: () => Store): void {
  const lines = () => store().lines;

  it("puts who comes at the end, and says how many stand before", async () => {
    expect(await lines().join("a", "run_2")).toBe(0);
    expect(await lines().join("a", "run_1")).toBe(1);
    expect(await lines().join("b", "run_1")).toBe(0);
    expect(await lines().join("a", "run_3")).toBe(2);
    expect(await lines().first("a", 2)).toEqual(["run_2", "run_1"]);
    expect(await lines().first("a", 10)).toEqual(["run_2", "run_1", "run_3"]);
    expect(await lines().first("b", 10)).toEqual(["run_1"]);
  });

  it("lets nobody stand in a line twice, and says again where it stands", async () => {
    for (const run of ["run_1", "run_2", "run_3"]) await lines().join("a", run);
    expect(await lines().join("a", "run_2")).toBe(1);
    expect(await lines().join("a", "run_1")).toBe(0);
    await lines().leave("a", "run_1", 1);
    expect(await lines().join("a", "run_3")).toBe(1);
    expect(await lines().first("a", 10)).toEqual(["run_2", "run_3"]);
    expect(await lines().join("a", "run_1")).toBe(2);
    expect(await lines().length("a", 10)).toBe(3);
  });

  it("says who moves up when one of the first leaves, and nobody otherwise", async () => {
    for (let i = 1; i <= 6; i++) await lines().join("a", `run_${i}`);
    expect(await lines().leave("a", "run_1", 1)).toBe("run_2");
    expect(await lines().leave("a", "run_5", 2)).toBeNull();
    expect(await lines().leave("a", "run_nobody", 2)).toBeNull();
    expect(await lines().leave("nobody", "run_2", 2)).toBeNull();
    expect(await lines().leave("a", "run_4", 2)).toBeNull();
    expect(await lines().leave("a", "run_3", 2)).toBe("run_6");
    expect(await lines().leave("a", "run_2", 2)).toBeNull();
    expect(await lines().leave("a", "run_6", 2)).toBeNull();
    expect(await lines().list("", 10)).toEqual([]);
  });

  it("calls each of thirty once when those before them leave at the same moment", async () => {
    const runs = Array.from({ length: 30 }, (_, i) => `run_${i}`);
    for (const run of runs) await lines().join("a", run);
    const called = await Promise.all(runs.slice(0, 10).map((run) => lines().leave("a", run, 10)));
    expect(called.toSorted()).toEqual(runs.slice(10, 20).toSorted());
    expect(await lines().first("a", 10)).toEqual(runs.slice(10, 20));
  });

  it("counts no further than it is asked to", async () => {
    for (let i = 0; i < 5; i++) await lines().join("a", `run_${i}`);
    expect(await lines().length("a", 3)).toBe(3);
    expect(await lines().length("a", 5)).toBe(5);
    expect(await lines().length("a", 100)).toBe(5);
    expect(await lines().length("nobody", 100)).toBe(0);
  });

  it("forgets a line when the last one leaves, and takes a leaving for done that was done before", async () => {
    for (const run of ["run_1", "run_2"]) await lines().join("a", run);
    await lines().leave("a", "run_1", 1);
    await lines().leave("a", "run_1", 1);
    await lines().leave("a", "run_nobody", 1);
    await lines().leave("nobody", "run_2", 1);
    expect(await lines().list("", 10)).toEqual(["a"]);
    expect(await lines().length("a", 10)).toBe(1);
    await lines().leave("a", "run_2", 1);
    expect(await lines().list("", 10)).toEqual([]);
    expect(await lines().first("a", 10)).toEqual([]);
    expect(await lines().join("a", "run_3")).toBe(0);
  });

  it("lists the lines by name, page by page", async () => {
    for (const line of ["c", "a", "b b", "d", "b"]) await lines().join(line, "run_1");
    expect(await lines().list("", 2)).toEqual(["a", "b"]);
    expect(await lines().list("b", 2)).toEqual(["b b", "c"]);
    expect(await lines().list("c", 2)).toEqual(["d"]);
    expect(await lines().list("d", 2)).toEqual([]);
  });

  it("tells apart every two lines, whatever they are called, and lists each of them once", async () => {
    const names = HOSTILE_TEXTS.filter((text) => text !== "");
    for (const [i, name] of names.entries()) expect(await lines().join(name, `run_${i}`)).toBe(0);
    for (const [i, name] of names.entries()) expect(await lines().first(name, 5)).toEqual([`run_${i}`]);
    const listed: string[] = [];
    for (let after = "", page = 4; page === 4; ) {
      const some = await lines().list(after, 4);
      listed.push(...some);
      after = some.at(-1) ?? after;
      page = some.length;
    }
    expect(listed.toSorted()).toEqual(names.toSorted());
  });

  it("gives everybody a place of their own when forty come at once, and some of them twice", async () => {
    const runs = Array.from({ length: 40 }, (_, i) => `run_${i}`);
    const places = await Promise.all(
      [...runs, ...runs.slice(0, 10)].map((run) => store().lines.join("a", run)),
    );
    const order = await lines().first("a", 100);
    expect(order.toSorted()).toEqual(runs.toSorted());
    expect(runs.map((run) => order.indexOf(run))).toEqual(places.slice(0, 40));
    expect(await lines().length("a", 100)).toBe(40);
  });

  it("loses nobody who comes while the last one leaves", async () => {
    for (let round = 0; round < 15; round++) {
      const [last, next] = [`run_${round}`, `run_${round + 1}`];
      await lines().join("a", last);
      await Promise.all([lines().leave("a", last, 1), lines().join("a", next)]);
      expect(await lines().first("a", 10)).toEqual([next]);
      expect(await lines().length("a", 10)).toBe(1);
    }
  });

  it("leaves no place behind of a run that was pruned", async () => {
    const old = aRun({ status: "succeeded", lines: ["a", "b"] });
    const open = aRun({ lines: ["a"] });
    for (const run of [old, open]) {
      await store().runs.accept(run);
      for (const line of run.lines ?? []) await lines().join(line, run.id);
    }
    expect(await store().runs.prune(T0 + 1, 10)).toBe(1);
    expect(await lines().first("a", 10)).toEqual([open.id]);
    expect(await lines().length("a", 10)).toBe(1);
    expect(await lines().list("", 10)).toEqual(["a"]);
  });
}
