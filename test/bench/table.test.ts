// Figures as text.

import { expect, test } from "vitest";
import { figure, table } from "./table.ts";

test("the first column stands to the left, figures to the right", () => {
  expect(
    table([
      ["what", "a", "b"],
      ["longer name", "1,000", ""],
      ["x", "5", "12"],
    ]),
  ).toBe(["what             a   b", "longer name  1,000", "x                5  12"].join("\n"));
});

test("figures have as many digits as mean something", () => {
  expect([1234.6, 12.34, 0.1234, 0, null, undefined].map((value) => figure(value))).toEqual([
    "1,235",
    "12.3",
    "0.12",
    "0",
    "–",
    "–",
  ]);
  expect(figure(3.25, "ms")).toBe("3.3 ms");
});
