// Headers that people write: no value may start another header.

import { expect, test } from "vitest";
import { readHeaderLines } from "../../shared/header-lines.ts";

const read = (name: string, value: unknown) => readHeaderLines([{ name, value }], ["host"]);

test("names become lower case, numbers and nothing become text, empty rows fall away", () => {
  const rows = [
    { name: " X-Count ", value: 3 },
    { name: "X-Empty", value: null },
    { name: "", value: "" },
    { name: "x-count", value: 4 },
    { name: "X-List", value: [1, 2] },
  ];
  expect(readHeaderLines(rows, [])).toEqual({ "x-count": "4", "x-empty": "", "x-list": "[1,2]" });
});

test.each(["a\r\nSet-Cookie: x=1", "a\nb", "a\rb", "a\0b", "a\u2028b", "10 €", "a\x7f"])(
  "the value %j is refused",
  (value) => {
    expect(() => read("x-a", value)).toThrow("x-a");
  },
);

test.each(["x a", "x:", "x\r\ny", "", "ä", "__proto__", "x\0"])("the name %j is refused", (name) => {
  expect(() => read(name, "a")).toThrow("name of a header");
});

test("a header that is made elsewhere is refused, however it is written", () => {
  expect(() => read("HOST", "evil.example")).toThrow("can't be set");
});
