// Filters for lists.

import {
  example,
  type Filter,
  type FilterContext,
  joinTexts,
  keyArg,
  listOf,
  numberArg,
  textArg,
  textOf,
  toNumber,
} from "./filters-kit.ts";
import { tidy } from "./filters-number.ts";
import { countChars } from "./filters-text-scan.ts";
import { isRecord, isSame, type PathPart, plural, resolvePath, toJson, toText } from "./template-data.ts";

const PEOPLE = [
  { name: "Ada", city: "London", age: 36 },
  { name: "Bo", city: "Oslo", age: 28 },
  { name: "Cy", city: "London", age: 51 },
];

export const listFilters: readonly Filter[] = [
  {
    name: "first",
    group: "list",
    takes: [],
    summary: "The first item of a list.",
    examples: [
      example("{{trigger.tags | first}}", { tags: ["new", "vip"] }, "new"),
      example('{{trigger.tags | first | default: "none"}}', { tags: [] }, "none"),
    ],
    run: (input, _args, ctx) => itemOf(input, 0, ctx),
  },
  {
    name: "last",
    group: "list",
    takes: [],
    summary: "The last item of a list.",
    examples: [example("{{trigger.tags | last}}", { tags: ["new", "vip"] }, "vip")],
    run: (input, _args, ctx) => itemOf(input, -1, ctx),
  },
  {
    name: "nth",
    group: "list",
    takes: [{ name: "index", kind: "integer" }],
    summary: "The item at an index: 0 is the first, -1 the last.",
    examples: [example("{{trigger.tags | nth: 1}}", { tags: ["new", "vip", "eu"] }, "vip")],
    run: (input, args, ctx) => itemOf(input, numberArg(args, 0), ctx),
  },
  {
    name: "slice",
    group: "list",
    takes: [
      { name: "from", kind: "integer" },
      { name: "count", kind: "integer", optional: true },
    ],
    summary:
      "So many items of a list, or characters of a text, from an index on; a negative index counts from the end.",
    examples: [
      example("{{trigger.tags | slice: 1}}", { tags: ["new", "vip", "eu"] }, ["vip", "eu"]),
      example("{{trigger.code | slice: 0, 2}}", { code: "DE-1042" }, "DE"),
      example("{{trigger.code | slice: -4}}", { code: "DE-1042" }, "1042"),
    ],
    run(input, args, ctx) {
      const items = Array.isArray(input) ? listOf(input, ctx) : charsOf(textOf(input, ctx), ctx);
      const from =
        numberArg(args, 0) < 0 ? Math.max(0, items.length + numberArg(args, 0)) : numberArg(args, 0);
      const count = args[1] === undefined ? items.length : Math.max(0, numberArg(args, 1));
      const taken = items.slice(from, from + count);
      return Array.isArray(input) ? taken : taken.join("");
    },
  },
  {
    name: "size",
    group: "list",
    takes: [],
    summary: "The number of items of a list, characters of a text or keys of an object.",
    examples: [
      example("{{trigger.tags | size}}", { tags: ["new", "vip"] }, 2),
      example("{{trigger.name | size}}", { name: "Zoë 👋" }, 5),
    ],
    run(input, _args, ctx) {
      if (Array.isArray(input)) return input.length;
      return isRecord(input) ? Object.keys(input).length : countChars(textOf(input, ctx));
    },
  },
  {
    name: "reverse",
    group: "list",
    takes: [],
    summary: "The items of a list, or the characters of a text, from the last to the first.",
    examples: [example("{{trigger.tags | reverse}}", { tags: [1, 2, 3] }, [3, 2, 1])],
    run: (input, _args, ctx) =>
      Array.isArray(input) ? input.toReversed() : charsOf(textOf(input, ctx), ctx).reverse().join(""),
  },
  {
    name: "sort",
    group: "list",
    takes: [
      { name: "key", kind: "text", optional: true },
      { name: "order", kind: "text", optional: true, choices: ["up", "down"] },
    ],
    summary:
      "A list in order, by a key of its items if you name one: numbers first, then texts, at the end what is neither.",
    examples: [
      example("{{trigger.tags | sort}}", { tags: ["vip", "New", 10, 9] }, [9, 10, "New", "vip"]),
      example('{{trigger.people | sort: "age", "down" | map: "name"}}', { people: PEOPLE }, [
        "Cy",
        "Ada",
        "Bo",
      ]),
    ],
    run(input, args, ctx) {
      const key = args[0] === undefined || args[0] === "" ? undefined : keyArg(args, 0);
      const direction = args[1] === "down" ? -1 : 1;
      const items = listOf(input, ctx).map((item) => ({ item, by: key ? pick(item, key, ctx) : item }));
      for (const { by } of items) if (typeof by === "string") ctx.meter.read(by);
      return items.sort((a, b) => compareForSort(a.by, b.by, direction)).map(({ item }) => item);
    },
  },
  {
    name: "unique",
    group: "list",
    takes: [{ name: "key", kind: "text", optional: true }],
    summary: "A list without repeated items, or with only the first item for each value of a key.",
    examples: [
      example("{{trigger.tags | unique}}", { tags: ["a", "b", "a"] }, ["a", "b"]),
      example('{{trigger.people | unique: "city" | map: "name"}}', { people: PEOPLE }, ["Ada", "Bo"]),
    ],
    run(input, args, ctx) {
      const key = args[0] === undefined ? undefined : keyArg(args, 0);
      const seen = new Set<string>();
      return listOf(input, ctx).filter((item) => {
        const value = toJson(key ? pick(item, key, ctx) : item, ctx.meter, { sorted: true });
        return !seen.has(value) && seen.add(value);
      });
    },
  },
  {
    name: "map",
    group: "list",
    takes: [{ name: "key", kind: "text" }],
    summary: "A list of one value of each item; null for an item that lacks it.",
    examples: [
      example('{{trigger.people | map: "name" | join}}', { people: PEOPLE }, "Ada, Bo, Cy"),
      example('{{trigger.rows | map: "cells[0]"}}', { rows: [{ cells: [1, 2] }, {}] }, [1, null]),
    ],
    run(input, args, ctx) {
      const key = keyArg(args, 0);
      return listOf(input, ctx).map((item) => pick(item, key, ctx) ?? null);
    },
  },
  {
    name: "where",
    group: "list",
    takes: [
      { name: "key", kind: "text" },
      { name: "value", kind: "any", optional: true },
    ],
    summary:
      "The items whose key has a value; without a value, those whose key is there and not null, false, 0 or empty.",
    examples: [
      example('{{trigger.people | where: "city", "London" | map: "name"}}', { people: PEOPLE }, [
        "Ada",
        "Cy",
      ]),
      example(
        '{{trigger.todos | where: "done" | size}}',
        { todos: [{ done: true }, { done: false }, {}] },
        1,
      ),
    ],
    run(input, args, ctx) {
      const key = keyArg(args, 0);
      return listOf(input, ctx).filter((item) => {
        const value = pick(item, key, ctx);
        return args[1] === undefined ? Boolean(value) : isSame(value, args[1], ctx.meter);
      });
    },
  },
  {
    name: "sum",
    group: "list",
    takes: [{ name: "key", kind: "text", optional: true }],
    summary: "The sum of a list of numbers, or of a key of its items; what is null or missing counts as 0.",
    examples: [
      example("{{trigger.amounts | sum}}", { amounts: [1.1, 2.2, "3"] }, 6.3),
      example('{{trigger.people | sum: "age"}}', { people: PEOPLE }, 115),
    ],
    run(input, args, ctx) {
      const key = args[0] === undefined ? undefined : keyArg(args, 0);
      const sum = listOf(input, ctx).reduce<number>((total, item) => {
        const value = key ? pick(item, key, ctx) : item;
        const number = value === null || value === undefined ? 0 : toNumber(value);
        if (number === undefined) throw ctx.needs("a list of numbers", value);
        return total + number;
      }, 0);
      return tidy(sum, ctx);
    },
  },
  {
    name: "flatten",
    group: "list",
    takes: [],
    summary: "One list of the items of all lists in a list, one level deep.",
    examples: [example("{{trigger.pages | flatten}}", { pages: [[1, 2], [3], 4] }, [1, 2, 3, 4])],
    run(input, _args, ctx) {
      const lists = listOf(input, ctx);
      for (const list of lists) if (Array.isArray(list)) ctx.meter.read(list);
      return lists.flat();
    },
  },
  {
    name: "concat",
    group: "list",
    takes: [{ name: "list", kind: "list" }],
    summary: "A list with the items of another behind its own.",
    examples: [
      example("{{trigger.to | concat: trigger.cc}}", { to: ["a"], cc: ["b", "c"] }, ["a", "b", "c"]),
    ],
    run: (input, args, ctx) => [...listOf(input, ctx), ...listOf(args[0], ctx)],
  },
  {
    name: "compact",
    group: "list",
    takes: [],
    summary: "A list without null and empty texts.",
    examples: [
      example('{{trigger.parts | compact | join: " "}}', { parts: ["Ada", null, "", "Noel"] }, "Ada Noel"),
    ],
    run: (input, _args, ctx) =>
      listOf(input, ctx).filter((item) => item !== null && item !== undefined && item !== ""),
  },
  {
    name: "join",
    group: "list",
    takes: [{ name: "between", kind: "text", optional: true }],
    summary: "One text of all items of a list, with a text (“, ” unless you say) between them.",
    examples: [
      example("{{trigger.tags | join}}", { tags: ["new", "vip"] }, "new, vip"),
      example('{{trigger.parts | join: "-"}}', { parts: [2026, 3, 1] }, "2026-3-1"),
    ],
    run(input, args, ctx) {
      const texts = listOf(input, ctx).map((item) => toText(item, ctx.meter));
      return joinTexts(texts, textArg(args, 0, ", "), ctx);
    },
  },
];

function itemOf(input: unknown, index: number, ctx: FilterContext): unknown {
  const list = listOf(input, ctx);
  const item = list.at(index);
  if (item !== undefined) return item;
  throw ctx.missing(() => `finds no item: the list has ${plural(list.length, "item")}.`);
}

/** The value of an item's key, through own properties only; undefined when it has none. */
function pick(item: unknown, key: readonly PathPart[], ctx: FilterContext): unknown {
  ctx.meter.step(key.length / 100);
  const resolved = resolvePath(item, key);
  return resolved.found ? resolved.value : undefined;
}

function charsOf(text: string, ctx: FilterContext): string[] {
  ctx.meter.step(text.length / 100);
  return Array.from(text);
}

/** Numbers before texts before everything else, which keeps its order and its place at the end. */
function compareForSort(a: unknown, b: unknown, direction: number): number {
  if (typeof a === "number" && typeof b === "number") return (a - b) * direction;
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b) * direction;
  const order = rank(a) - rank(b);
  return rank(a) === 2 || rank(b) === 2 ? order : order * direction;
}

function rank(value: unknown): number {
  return typeof value === "number" ? 0 : typeof value === "string" ? 1 : 2;
}

const collator = new Intl.Collator("en");

/** As a dictionary does; beyond 200 characters by their codes, as accents could make that slow. */
function compareTexts(a: string, b: string): number {
  return collator.compare(a.slice(0, 200), b.slice(0, 200)) || (a < b ? -1 : a > b ? 1 : 0);
}
