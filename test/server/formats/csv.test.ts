// CSV as a list of objects.

import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readCsv } from "../../../server/formats/csv.ts";

test.each([
  ["commas", "a,b\r\n1,2\r\n", [{ a: "1", b: "2" }]],
  ["semicolons", "a;b,c;d\n1,5;2;3", [{ a: "1,5", "b,c": "2", d: "3" }]],
  ["tabs", "a\tb\n1\t2", [{ a: "1", b: "2" }]],
  [
    "old line ends",
    "a,b\r1,2\r3,4",
    [
      { a: "1", b: "2" },
      { a: "3", b: "4" },
    ],
  ],
  ["one column", "a\n1\n2", [{ a: "1" }, { a: "2" }]],
  ["quoted cells", '"a, b","c"\n"1\n2","3 ""4"" 5"', [{ "a, b": "1\n2", c: '3 "4" 5' }]],
  ["a quote inside a cell", 'a,b\n5" pipe,x"y"', [{ a: '5" pipe', b: 'x"y"' }]],
  [
    "a formula, which is just text",
    'a\n=HYPERLINK("http://x")\n+1',
    [{ a: '=HYPERLINK("http://x")' }, { a: "+1" }],
  ],
  ["blanks, which stay", "a , b\n 1 , 2 ", [{ a: " 1 ", b: " 2 " }]],
  [
    "short and long lines",
    "a,b\n1\n1,2,3",
    [
      { a: "1", b: "" },
      { a: "1", b: "2", "column 3": "3" },
    ],
  ],
  ["empty lines", "\na,b\n\n1,2\n\n", [{ a: "1", b: "2" }]],
  ["an empty cell alone in its quotes", 'a\n""\n1', [{ a: "" }, { a: "1" }]],
  [
    "names that are missing or come again",
    "a,,a,a 2,a\n1,2,3,4,5",
    [{ a: "1", "column 2": "2", "a 3": "3", "a 2": "4", "a 4": "5" }],
  ],
  ["names only", "a,b", []],
  ["a name that is taken by no name", "column 2\n1,2", [{ "column 2": "1", "column 2 (2)": "2" }]],
])("%s", (_, text, rows) => {
  expect(readCsv(text)).toEqual({ ok: true, body: rows });
});

test("a quoted cell that does not end is named by its row", () => {
  expect(readCsv('a,b\n1,"2')).toMatchObject({
    code: "malformed-csv",
    sentence: expect.stringContaining("row 2"),
  });
});

test("a name for many short rows counts with all of them", () => {
  expect(readCsv(`${"a,".repeat(500)}\n${"1\n".repeat(500)}`)).toMatchObject({ code: "too-many-parts" });
});

test("cells come back as they were, and another reader finds the same", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", ";", "\n", "\r\n", " ", "=", "é", "\t") });
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell, cell), { maxLength: 8 }), (rows) => {
      const text = [["a", "b", "c"], ...rows].map((row) => row.map(quoted).join(",")).join("\r\n");
      const read = readCsv(text);
      expect(read).toEqual({ ok: true, body: rows.map(([a, b, c]) => ({ a, b, c })) });
      expect(read).toMatchObject({ body: parse(text, { columns: true }) });
    }),
  );
});
