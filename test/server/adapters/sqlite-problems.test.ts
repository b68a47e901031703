// Which errors of SQLite mean that the place is not well, and the caller may come again.

import { expect, test } from "vitest";
import { unavailable } from "../../../server/adapters/sqlite-problems.ts";
import { StoreUnavailable } from "../../../server/ports/store.ts";

const sqlite = (errcode: number) => Object.assign(new Error("said by SQLite"), { errcode });

test.each([5, 6, 7, 8, 10, 10 | (3 << 8), 11, 13, 14])(
  "%i is unavailable, with a sentence without a path",
  (code) => {
    const error = unavailable(sqlite(code), "/var/lib/flowcatch");
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error?.problem.sentence).toMatch(/^The database cannot be used now: .+\.$/);
    expect(error?.problem.sentence).not.toContain("/var");
    expect(error?.cause).toMatchObject({ message: expect.stringContaining("/var/lib/flowcatch") });
  },
);

test.each([1, 19, 20, 25])("%i is a defect of ours", (code) => {
  expect(unavailable(sqlite(code), "here")).toBeUndefined();
});

test("what is unavailable already stays as it is", () => {
  const error = new StoreUnavailable("The disk is full.");
  expect(unavailable(error, "here")).toBe(error);
});
