// The reader of YAML reads what the files of deployment use, and refuses what readers disagree about.

import { expect, test } from "vitest";
import { readYaml } from "./plain-yaml.ts";

test("maps, lists, scalars and comments", () => {
  const text = [
    "# at the top",
    "name: flow # behind",
    'quoted: "a # b: c"',
    "number: 2",
    "yes: true",
    "nothing:",
    "list:",
    "  - one",
    "  - two: 2",
    "    three: url://x:1/?a=b",
    '  - ["a", 1]',
    "empty: {}",
  ];
  expect(readYaml(text.join("\n"))).toEqual([
    {
      name: "flow",
      quoted: "a # b: c",
      number: 2,
      yes: true,
      nothing: null,
      list: ["one", { two: 2, three: "url://x:1/?a=b" }, ["a", 1]],
      empty: {},
    },
  ]);
});

test("what is merged into a map yields to the map's own", () => {
  const text = "base: &base\n  a: 1\n  b: 2\nmade:\n  b: 3\n  <<: *base\n";
  expect(readYaml(text)).toEqual([{ base: { a: 1, b: 2 }, made: { a: 1, b: 3 } }]);
});

test("an anchor does not reach into the next document", () => {
  expect(readYaml("a: 1\n---\nb: 2\n")).toEqual([{ a: 1 }, { b: 2 }]);
  expect(() => readYaml("a: &x\n  b: 1\n---\nc: *x\n")).toThrow("Line 4 names an anchor that is not there");
});

test.each([
  ["a: 1\na: 2", "Line 2 has a key for the second time"],
  ["a: yes", "Line 1 needs quotes"],
  ["a: 22:22", "Line 1 needs quotes"],
  ["a:\n\tb: 1", "Line 2 has a tab"],
  ["a: |\n  text", "Line 1 uses YAML that is not read here"],
  ["a: [b, c]", "Line 1 has quotes or brackets that are no JSON"],
  ["a: 1\n  b: 2", "Line 2 is indented as nothing before it"],
  ["a:\n  b: 1\n c: 2", "Line 3 is indented as nothing before it"],
])("%j is refused with its line", (text, why) => {
  expect(() => readYaml(text)).toThrow(why);
});
