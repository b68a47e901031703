// The filters of a list of runs, in the address and as the API takes them.

import { expect, test } from "vitest";
import { isFiltered, readFilters, toRunFilter, writeFilters } from "../../../client/runs/run-filters.ts";

const read = (search: string) => readFilters(new URLSearchParams(search));

test("what is in the address is read, what is nonsense is ignored", () => {
  expect(read("flow=flow_1&status=failed,nonsense,waiting&when=24h&text=a%20b")).toEqual({
    flowId: "flow_1",
    statuses: ["failed", "waiting"],
    text: "a b",
    period: "24h",
    from: "",
    to: "",
  });
  expect(read("when=ever").period).toBe("any");
  expect(isFiltered(read(""))).toBe(false);
  expect(isFiltered(read("status=failed"))).toBe(true);
});

test("a change is written over the rest, and nothing empty stays in the address", () => {
  const search = writeFilters(new URLSearchParams("status=failed&when=days&from=2026-11-01"), {
    statuses: [],
    text: " shoe ",
  });
  expect(search.toString()).toBe("text=shoe&when=days&from=2026-11-01");
  expect(writeFilters(search, { period: "any" }).toString()).toBe("text=shoe");
});

test("a period begins at a full minute, so that the same question stays the same", () => {
  const now = Date.UTC(2026, 10, 22, 12, 0, 42);
  expect(toRunFilter(read("when=1h"), now).from).toBe(Date.UTC(2026, 10, 22, 11, 0));
  expect(toRunFilter(read("when=1h"), now + 10_000)).toEqual(toRunFilter(read("when=1h"), now));
});

test("chosen days count from their start to the end of the last one, where the person is", () => {
  const filter = toRunFilter(read("when=days&from=2026-11-20&to=2026-11-21"), 0);
  expect(filter.from).toBe(new Date(2026, 10, 20).getTime());
  expect(filter.to).toBe(new Date(2026, 10, 22).getTime() - 1);
  expect(toRunFilter(read("when=days&from=&to=2026-99"), 0)).toMatchObject({
    from: undefined,
    to: undefined,
  });
});

test("nothing chosen asks for everything", () => {
  expect(Object.values(toRunFilter(read(""), 0)).every((value) => value === undefined)).toBe(true);
});
