// Which run the editor's canvas shows, and what comes before and after it.

import { expect, test } from "vitest";
import { createKeeper, neighbours, shownRun } from "../../../client/editor/live-marks.ts";
import type { RunStatus } from "../../../shared/run.ts";

const row = (id: string, status: RunStatus = "succeeded") => ({ id, status });
const rows = [row("c"), row("b"), row("a")];

test("what happened before the editor was opened is not shown unasked", () => {
  expect(shownRun(null, rows, "c")).toBeUndefined();
  expect(shownRun(null, [], undefined)).toBeUndefined();
});

test("a run that begins is shown, and stays when it ended", () => {
  expect(shownRun(null, [row("d", "queued"), ...rows], "c")).toBe("d");
  expect(shownRun(null, [row("d", "failed"), ...rows], "c")).toBe("d");
});

test("a run under way when the editor opens is shown; one that waits for days is not", () => {
  expect(shownRun(null, [row("d", "running")], "d")).toBe("d");
  expect(shownRun(null, [row("d", "waiting")], "d")).toBeUndefined();
  expect(shownRun(null, [row("d", "asking")], "d")).toBeUndefined();
});

test("the address decides: a run, always the newest, or the drawing alone", () => {
  expect(shownRun("a", rows, "c")).toBe("a");
  expect(shownRun("of-long-ago", rows, "c")).toBe("of-long-ago");
  expect(shownRun("latest", [row("d"), ...rows], "c")).toBe("d");
  expect(shownRun("off", [row("d", "running")], "c")).toBeUndefined();
});

test("the later run of the second is the latest, which goes along with what comes", () => {
  expect(neighbours(rows, "b")).toEqual({ older: "a", newer: "latest" });
  expect(neighbours(rows, "c")).toEqual({ older: "b", newer: undefined });
  expect(neighbours(rows, "a")).toEqual({ older: undefined, newer: "b" });
  expect(neighbours(rows, "of-long-ago")).toEqual({ older: undefined, newer: "latest" });
  expect(neighbours(rows, undefined)).toEqual({ older: undefined, newer: undefined });
});

test("a mark that did not change is the same object again", () => {
  const keep = createKeeper();
  const mark = (note: string) => ({ status: "done" as const, note, ports: ["main"] });
  const first = keep(
    new Map([
      ["a", mark("1 s")],
      ["b", mark("2 s")],
    ]),
  );
  const second = keep(
    new Map([
      ["a", mark("1 s")],
      ["b", mark("3 s")],
    ]),
  );
  expect(second.get("a")).toBe(first.get("a"));
  expect(second.get("b")).toEqual(mark("3 s"));
});
