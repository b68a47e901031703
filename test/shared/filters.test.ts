// Every filter, played from its own examples; what each refuses and costs; and that the docs page is up to date.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FILTERS, filterSignature, findFilter } from "../../shared/filters.ts";
import { EXAMPLE_NOW, FILTER_GROUPS, type Filter } from "../../shared/filters-kit.ts";
import { filtersMarkdown } from "../../shared/filters-markdown.ts";
import { findAll, splitText } from "../../shared/filters-text-scan.ts";
import { problemsInTemplate, referenceText, render, TemplateError } from "../../shared/template.ts";
import { fromWallTime, toWallTime } from "../../shared/template-time.ts";

const NBSP = "\u00a0";

function run(template: string, data: unknown = {}, timeZone = "UTC"): unknown {
  return render(template, { trigger: data }, { now: EXAMPLE_NOW, timeZone });
}

/** The input through a filter written as `name: arguments`. */
function through(input: unknown, filter: string, timeZone?: string): unknown {
  return run(`{{trigger.x | ${filter}}}`, { x: input }, timeZone);
}

function errorOf(act: () => unknown): TemplateError {
  try {
    act();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("the table of filters", () => {
  it("has each name once, in lower case", () => {
    const names = FILTERS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
  });

  it("fills every group", () => {
    for (const group of FILTER_GROUPS) expect(FILTERS.some((filter) => filter.group === group)).toBe(true);
  });

  it("puts optional parameters last, so that arguments can be counted", () => {
    for (const { takes } of FILTERS)
      expect(takes.map(({ optional }) => optional === true)).toEqual(
        takes.map(({ optional }) => optional === true).toSorted(),
      );
  });

  it("finds filters by their own names only", () => {
    expect(findFilter("upper")?.name).toBe("upper");
    for (const name of ["constructor", "__proto__", "toString", "UPPER", ""])
      expect(findFilter(name)).toBeUndefined();
  });

  it("writes what a filter takes", () => {
    expect(filterSignature(filterNamed("truncate"))).toBe("truncate: characters, ending?");
    expect(filterSignature(filterNamed("upper"))).toBe("upper");
  });

  describe.each(FILTERS.map((filter) => [filter.name, filter] as const))("%s", (name, filter) => {
    it("has examples that use it and a summary that is a sentence", () => {
      expect(filter.examples.length).toBeGreaterThan(0);
      for (const { template } of filter.examples) expect(template).toContain(`| ${name}`);
      expect(filter.summary).toMatch(/^[A-Z].*\.$/);
    });

    it.each(filter.examples)("$template", ({ template, scope = {}, gives }) => {
      expect(problemsInTemplate(template)).toEqual([]);
      const before = structuredClone(scope);
      expect(render(template, deepFreeze(scope), { now: EXAMPLE_NOW })).toStrictEqual(gives);
      expect(scope).toEqual(before);
    });

    it("refuses one argument too many", () => {
      const args = [...filter.takes, 0].map(() => "1").join(", ");
      expect(errorOf(() => through("x", `${name}: ${args}`)).problem.code).toBe("template-filter-argument");
    });
  });
});

describe("any filter with any data", () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  const likely = fc.oneof(
    json,
    fc.constantFrom<unknown>(
      "",
      "a",
      "a.b",
      "[0]",
      "2026-03-01",
      "1 day",
      "days",
      "UTC",
      "Mars/Olympus",
      "EUR",
      "de",
    ),
    fc.constantFrom<unknown>("yyyy", "'", "QQQ", "up", "down", "hex", "\ud800", -1, 0, 1.5, 1e308, 1e21, 20),
    fc.array(fc.oneof(json, fc.record({ a: json }))),
  );

  it.each(FILTERS.map((filter) => [filter.name, filter] as const))(
    "%s gives plain data or a TemplateError, and leaves its input as it was",
    (name, filter) => {
      fc.assert(
        fc.property(likely, fc.array(likely, { maxLength: 3 }), (input, given) => {
          const least = filter.takes.filter(({ optional }) => !optional).length;
          const args = given.slice(0, filter.takes.length);
          while (args.length < least) args.push("1");
          const data = deepFreeze({ x: input, args });
          const paths = args.map((_, index) => ({ stepId: "trigger", path: ["args", index] }));
          const template = referenceText("trigger", ["x"], [{ name, args: paths }]);
          const before = JSON.stringify(data);
          let result: unknown;
          try {
            result = run(template, data);
          } catch (error) {
            expect(error).toBeInstanceOf(TemplateError);
            expect((error as TemplateError).problem.sentence).toMatch(/\S[.?”]$/);
            return;
          }
          expect(JSON.stringify(data)).toBe(before);
          expectPlain(result);
        }),
        { numRuns: 300 },
      );
    },
  );
});

describe("text filters", () => {
  it.each([
    ["ß", "upper", "SS"],
    ["élan vital", "capitalize", "Élan vital"],
    ["", "capitalize", ""],
    ["😀😀😀", "truncate: 2", "😀…"],
    ["😀😀😀", "truncate: 3", "😀😀😀"],
    ["abc", "truncate: 0", ""],
    ["abc", "truncate: -5", ""],
    ["abcdef", 'truncate: 2, "....."', ".."],
    ["a.b.c", 'replace: ".", "$1"', "a$1b$1c"],
    ["aaa", 'replace: "aa", "b"', "ba"],
    ["", 'split: ","', []],
    ["a,,b", 'split: ","', ["a", "", "b"]],
    ["😀x", 'split: ""', ["😀", "x"]],
    ["abc", 'contains: ""', true],
    [["1"], "contains: 1", false],
    [12, 'append: "%"', "12%"],
    [null, "upper", ""],
    [true, "upper", "TRUE"],
    ["  ", "slug", ""],
    ["Ünïcode — Straße 9", "slug", "unicode-strasse-9"],
    ["東京 2026", "slug", "東京-2026"],
    ["a < b and c > d", "strip_html", "a < b and c > d"],
    ["<script>alert('<b>')</script>ok<style>p{}</style>", "strip_html", "ok"],
    ["<!-- <b>no</b> -->yes", "strip_html", "yes"],
    ["<ul><li>a</li><li>b</li></ul>", "strip_html", "a\nb"],
    ["x<br>y<br/>z", "strip_html", "x\ny\nz"],
    ["&#128512;&#x41;&unknown;&#0;&amp;lt;", "strip_html", "😀A&unknown;&#0;&lt;"],
    ['<img src=x onerror="alert(1)"', "strip_html", ""],
  ])("%j | %s → %j", (input, filter, gives) => {
    expect(through(input, filter)).toStrictEqual(gives);
  });

  it("says what it needs when it gets something else", () => {
    expect(errorOf(() => through([1, 2], "upper")).problem).toEqual({
      code: "template-filter-argument",
      sentence: "{{trigger.x | upper}}: “upper” needs a text, and got a list with 2 items.",
      hint: "Pick one value inside it, or use “join” for a list and “json” for an object.",
    });
  });

  it("finds long needles where the built-in search does", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 400 }),
        fc.nat(300),
        fc.nat(300),
        (text, from, size) => {
          const needle = text.slice(from, from + size) || "ab";
          expect(splitText(text, needle)).toEqual(text.split(needle));
        },
      ),
    );
  });

  it("does not count places that overlap", () => {
    for (const size of [2, 120])
      expect(splitText("a".repeat(350), "a".repeat(size))).toEqual("a".repeat(350).split("a".repeat(size)));
  });

  it("searches texts made to be slow", () => {
    const half = "a".repeat(200_000);
    expect(findAll(`${half}${half}${half}`, `${half}b${half}`)).toEqual([]);
  });
});

describe("number filters", () => {
  it.each([
    ["3", "plus: 1", 4],
    [" 3.50 ", 'plus: "1"', 4.5],
    [9007199254740991, "minus: 1", 9007199254740990],
    [0.1, "times: 3", 0.3],
    [1, "divided_by: 3", 0.333333333333333],
    [-7, "modulo: 3", -1],
    [2.675, "round: 2", 2.68],
    [1e-7, "round: 2", 0],
    [-0.4, "round", 0],
    [1e21, "round: 2", 1e21],
    [1.7e308, "round: 15", 1.7e308],
    ["1'234.5", "number", 1234.5],
    ["€ 12", "number", 12],
    ["12.50 EUR", "number", 12.5],
    ["USD 12.50", "number", 12.5],
    ["-1.234.567,8", 'number: ","', -1234567.8],
    [1234.5, 'format_number: 1, "fr"', "1\u202f234,5"],
    [0.5, 'money: "eur"', "€0.50"],
    [-3, 'money: "USD"', "-$3.00"],
    [1234.5, 'money: "EUR", "de"', `1.234,50${NBSP}€`],
  ])("%j | %s → %j", (input, filter, gives) => {
    expect(through(input, filter)).toStrictEqual(gives);
  });

  it.each([
    ["abc", "plus: 1", "“plus” needs a number, and got the text “abc”."],
    ["", "plus: 1", "“plus” needs a number, and got an empty text."],
    [null, "plus: 1", "“plus” needs a number, and got empty (null)."],
    [1, 'plus: "x"', "“plus” needs a number as its “number”, and got the text “x”."],
    [1, "divided_by: 0", "“divided_by” cannot divide by the number 0."],
    [1, "modulo: 0", "“modulo” cannot divide by the number 0."],
    [1e308, "times: 10", "“times” gives a number that is too big."],
    ["1,5", "number", "“number” needs a text that holds one number, and got the text “1,5”."],
    ["1.5", 'number: ","', "“number” needs a text that holds one number, and got the text “1.5”."],
    ["1 or 2", "number", "“number” needs a text that holds one number, and got the text “1 or 2”."],
    ["1", 'number: ";"', "“number” needs “.” or “,” as its “decimal mark”, and got the text “;”."],
    [1, "round: 1.5", "“round” needs a whole number as its “decimals”, and got the number 1.5."],
    [1, "round: 99", "“round” takes from -15 to 15 decimals."],
    [
      1,
      'money: "euro"',
      "“money” needs a currency of three letters, such as “EUR” or “USD”, and got the text “euro”.",
    ],
    [
      1,
      'format_number: 2, "!"',
      "“format_number” needs a language such as “en”, “de” or “pt-BR”, and got the text “!”.",
    ],
  ])("%j | %s is refused", (input, filter, sentence) => {
    expect(errorOf(() => through(input, filter)).problem.sentence).toBe(
      `{{trigger.x | ${filter}}}: ${sentence}`,
    );
  });
});

describe("date filters", () => {
  const at = "2026-03-09T07:05:03.042Z";

  it.each([
    ["yyyy yy", "2026 26"],
    ["MMMM MMM MM M", "March Mar 03 3"],
    ["dd d EEEE EEE", "09 9 Monday Mon"],
    ["HH H hh h mm m ss s SSS a", "07 7 07 7 05 5 03 3 042 AM"],
    ["ww xxx VV", "11 +00:00 UTC"],
    ["d MMMM 'at' HH:mm", "9 March at 07:05"],
    ["h 'o''clock'", "7 o'clock"],
    ["''yy''", "'26'"],
    ["(yyyy/MM) – ✓", "(2026/03) – ✓"],
  ])("date writes %s", (format, gives) => {
    expect(run("{{trigger.at | date: trigger.format}}", { at, format })).toBe(gives);
  });

  it.each([
    ["2026-03-01T10:00:00+02:00", "2026-03-01T08:00:00.000Z"],
    ["2026-03-01T10:00:00.123456Z", "2026-03-01T10:00:00.123Z"],
    ["2026-03-01T10:00-0530", "2026-03-01T15:30:00.000Z"],
    ["2026-03-01 10:00", "2026-03-01T10:00:00.000Z"],
    [" 2026-03-01 ", "2026-03-01T00:00:00.000Z"],
    ["Sun, 1 Mar 2026 10:05:00 GMT", "2026-03-01T10:05:00.000Z"],
    ["1 Mar 2026 10:05 -0800 (PST)", "2026-03-01T18:05:00.000Z"],
    ["1772355900", "2026-03-01T09:05:00.000Z"],
    [1772355900.5, "2026-03-01T09:05:00.500Z"],
    [1772355900123, "2026-03-01T09:05:00.123Z"],
    [0, "1970-01-01T00:00:00.000Z"],
    ["2024-02-29", "2024-02-29T00:00:00.000Z"],
  ])("reads %j", (input, gives) => {
    expect(through(input, "parse_date")).toBe(gives);
  });

  it.each([
    "2026-02-29",
    "2026-13-01",
    "2026-03-01T24:00:00Z",
    "0000-01-01",
    "03/01/2026",
    "tomorrow",
    "20260301",
    "",
    1e20,
    true,
    null,
    {},
  ])("does not take %j for a date", (input) => {
    expect(errorOf(() => through(input, "parse_date")).problem.sentence).toContain(
      "“parse_date” needs a date and time",
    );
  });

  it("reads a date without a time zone in the zone that is asked for, so that the day stays the day", () => {
    for (const zone of ["America/New_York", "Pacific/Auckland", "Asia/Kolkata", "UTC"])
      expect(through("2026-03-01", `date: "yyyy-MM-dd HH:mm", "${zone}"`)).toBe("2026-03-01 00:00");
    expect(through("2026-03-01", "date", "Asia/Tokyo")).toBe("2026-03-01 00:00");
  });

  it.each([
    ["2026-01-15T12:00:00Z", "Europe/Berlin", "13:00 +01:00"],
    ["2026-07-15T12:00:00Z", "Europe/Berlin", "14:00 +02:00"],
    ["2026-07-15T12:00:00Z", "Asia/Kolkata", "17:30 +05:30"],
    ["2026-07-15T12:00:00Z", "America/St_Johns", "09:30 -02:30"],
    ["2026-03-29T00:59:59Z", "Europe/Berlin", "01:59 +01:00"],
    ["2026-03-29T01:00:00Z", "Europe/Berlin", "03:00 +02:00"],
    ["2026-04-04T14:59:00Z", "Australia/Lord_Howe", "01:59 +11:00"],
    ["2026-04-04T15:00:00Z", "Australia/Lord_Howe", "01:30 +10:30"],
  ])("%s in %s is %s", (input, zone, gives) => {
    expect(through(input, `date: "HH:mm xxx", "${zone}"`)).toBe(gives);
  });

  it.each([
    [
      "an hour skipped in spring is read as if clocks had not changed",
      "2026-03-29 02:30",
      "2026-03-29T01:30:00.000Z",
    ],
    ["an hour that comes twice in autumn is the first", "2026-10-25 02:30", "2026-10-25T00:30:00.000Z"],
    ["the hour before is as always", "2026-10-25 01:59", "2026-10-24T23:59:00.000Z"],
    ["the hour behind is as always", "2026-10-25 03:00", "2026-10-25T02:00:00.000Z"],
  ])("%s", (_, local, gives) => {
    expect(through(local, 'parse_date: "yyyy-MM-dd HH:mm", "Europe/Berlin"')).toBe(gives);
    expect(through(local, "parse_date", "Europe/Berlin")).toBe(gives);
  });

  it.each([
    ["1 day", "2026-03-29T10:00:00.000Z"], // 12:00 local again, an hour less of real time
    ["24 hours", "2026-03-29T11:00:00.000Z"],
    ["1 week", "2026-04-04T10:00:00.000Z"],
    ["-1 month", "2026-02-28T11:00:00.000Z"],
    ["1 year", "2027-03-28T10:00:00.000Z"],
    ["1.5 hours", "2026-03-28T12:30:00.000Z"],
    ["1 day -2 hours", "2026-03-29T08:00:00.000Z"],
    [" 2 Days ", "2026-03-30T10:00:00.000Z"],
  ])("add_time goes by the calendar of the zone: %s", (amount, gives) => {
    expect(through("2026-03-28T11:00:00Z", `add_time: "${amount}", "Europe/Berlin"`)).toBe(gives);
  });

  it.each([
    ["2024-01-31T00:00:00Z", "1 month", "2024-02-29T00:00:00.000Z"],
    ["2024-02-29T00:00:00Z", "1 year", "2025-02-28T00:00:00.000Z"],
    ["2026-01-31T00:00:00Z", "-11 months", "2025-02-28T00:00:00.000Z"],
    ["2026-12-31T00:00:00Z", "1 day", "2027-01-01T00:00:00.000Z"],
  ])("%s plus %s is %s", (input, amount, gives) => {
    expect(through(input, `add_time: "${amount}"`)).toBe(gives);
  });

  it.each(["", "soon", "2", "days", "1 fortnight", "1.5 days", "1 day,", "9999999999 days"])(
    "add_time does not take %j for an amount",
    (amount) => {
      expect(problemsInTemplate(`{{now | add_time: "${amount}"}}`)[0]?.code).toBe("template-filter-argument");
    },
  );

  it.each(["999999999 years", "999999999 days", "-999999999 hours", "8000 years"])(
    "add_time stays in the years 1 to 9999: %s",
    (amount) => {
      expect(errorOf(() => run(`{{now | add_time: "${amount}"}}`)).problem.sentence).toContain(
        "outside the years 1 to 9999",
      );
    },
  );

  it.each([
    ["hour", "2026-03-18T08:30:00.000Z"],
    ["day", "2026-03-17T18:30:00.000Z"],
    ["week", "2026-03-15T18:30:00.000Z"],
    ["month", "2026-02-28T18:30:00.000Z"],
    ["year", "2025-12-31T18:30:00.000Z"],
  ])("start_of %s in India", (unit, gives) => {
    expect(through("2026-03-18T09:05:00Z", `start_of: "${unit}", "Asia/Kolkata"`)).toBe(gives);
  });

  it.each([
    ["2021-01-03", "53"],
    ["2021-01-04", "01"],
    ["2024-12-30", "01"],
    ["2026-12-31", "53"],
  ])("the week of %s is %s", (input, week) => {
    expect(through(input, 'date: "ww"')).toBe(week);
  });

  it("explains an unknown token and an unknown zone before anything runs", () => {
    expect(
      problemsInTemplate({ a: '{{now | date: "YYYY-MM-DD"}}', b: '{{now | date: "HH", "Mars/Base"}}' }),
    ).toEqual([
      {
        code: "template-filter-argument",
        sentence:
          "{{now | date: \"YYYY-MM-DD\"}}: “date” knows no “YYYY” in a format; write dates as in yyyy-MM-dd HH:mm, and words in 'single quotes', and got the text “YYYY-MM-DD”.",
        field: "a",
      },
      {
        code: "template-filter-argument",
        sentence:
          '{{now | date: "HH", "Mars/Base"}}: “date” needs a time zone such as “Europe/Berlin” or “UTC”, and got the text “Mars/Base”.',
        field: "b",
      },
    ]);
  });

  it("refuses a default zone that does not exist, as a TemplateError", () => {
    expect(errorOf(() => through("2026-03-01", "date", "Nowhere")).problem.code).toBe(
      "template-filter-argument",
    );
  });

  it("what date writes, parse_date reads back", () => {
    const zones = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia");
    const times = fc.integer({ min: Date.UTC(1950, 0, 1), max: Date.UTC(2100, 0, 1) });
    const formats = fc.constantFrom("yyyy-MM-dd'T'HH:mm:ss.SSSxxx", "d MMM yyyy, h:mm:ss a SSS xxx");
    fc.assert(
      fc.property(times, zones, formats, (ms, zone, format) => {
        const data = { ms: new Date(ms).toISOString(), zone, format };
        const template =
          "{{trigger.ms | date: trigger.format, trigger.zone | parse_date: trigger.format | timestamp: 'milliseconds'}}";
        expect(run(template, data)).toBe(ms);
        const wall = toWallTime(ms, zone);
        expect(toWallTime(fromWallTime(wall, zone), zone)).toEqual(wall);
      }),
    );
  });
});

describe("list filters", () => {
  it.each([
    [[3, 1, 2], "sort", [1, 2, 3]],
    [[10, 9, "10", "9"], "sort", [9, 10, "10", "9"]],
    [["b", "B", "a", "É", "e", "f"], "sort", ["a", "b", "B", "e", "É", "f"]],
    [[null, 2, { a: 1 }, 1], "sort", [1, 2, null, { a: 1 }]],
    [[2, null, 1], 'sort: "", "down"', [2, 1, null]],
    [[{ a: 2 }, {}, { a: 1 }], 'sort: "a"', [{ a: 1 }, { a: 2 }, {}]],
    [[{ a: 1, b: 2 }, { b: 2, a: 1 }, "1", 1, 1], "unique", [{ a: 1, b: 2 }, "1", 1]],
    [[{ a: { b: 1 } }, { a: {} }, 5], 'map: "a.b"', [1, null, null]],
    [[{ "first name": "Ada" }], 'map: "first name"', ["Ada"]],
    [[{ a: [1] }, { a: [2] }], 'where: "a", trigger.x[1].a', [{ a: [2] }]],
    [[{ a: null }, { a: 0 }], 'where: "a", null', [{ a: null }]],
    [[], "sum", 0],
    [[{ n: "2" }, { n: null }, {}], 'sum: "n"', 2],
    [[0.1, 0.2], "sum", 0.3],
    [[1, [2, [3]]], "flatten", [1, 2, [3]]],
    [[1, 2, 3], "slice: -2, 1", [2]],
    [[1, 2, 3], "slice: -9", [1, 2, 3]],
    [[1, 2, 3], "slice: 9", []],
    ["😀bc", "slice: 0, 2", "😀b"],
    ["😀b", "reverse", "b😀"],
    [{ a: 1, b: 2 }, "size", 2],
    [null, "size", 0],
    [[1, null, { a: 1 }, "x"], 'join: "|"', '1||{"a":1}|x'],
  ])("%j | %s → %j", (input, filter, gives) => {
    expect(through(input, filter)).toStrictEqual(gives);
  });

  it("sees own properties only", () => {
    const rows = [{}, JSON.parse('{"__proto__": 1, "constructor": 2}')];
    expect(through(rows, 'map: "constructor"')).toEqual([null, 2]);
    expect(through(rows, 'map: "__proto__"')).toEqual([null, 1]);
    expect(through(rows, 'where: "constructor" | size')).toBe(1);
    expect(through(rows, 'where: "toString" | size')).toBe(0);
    expect(through(rows, 'sum: "__proto__"')).toBe(1);
    expect(through(rows[1], "keys")).toEqual(["__proto__", "constructor"]);
    expect(through(rows[1], "values")).toEqual([1, 2]);
    expect(errorOf(() => through({}, 'get: "constructor"')).problem.code).toBe("template-missing");
    expect(errorOf(() => through([1], 'get: "length"')).problem.code).toBe("template-missing");
  });

  it("says where a path from a text stops, unless there is a default", () => {
    expect(errorOf(() => through({ body: { customer: 1 } }, 'get: "body.custmer"')).problem.sentence).toBe(
      '{{trigger.x | get: "body.custmer"}}: “get” finds nothing: “body” has no “custmer”. Did you mean “customer”?',
    );
    expect(through({}, 'get: "a.b" | upper | default: "none"')).toBe("none");
    expect(errorOf(() => through([], "last")).problem.code).toBe("template-missing");
    expect(through([1], "nth: 4 | plus: 1 | default: 0")).toBe(0);
  });
});

describe("JSON, encoding and hashes", () => {
  it.each([
    [
      '{"a":[1,{"b":null}]}',
      "parse_json | pretty",
      '{\n  "a": [\n    1,\n    {\n      "b": null\n    }\n  ]\n}',
    ],
    ["[]", "parse_json | pretty", "[]"],
    ['{"__proto__":{"x":1}}', "parse_json | json", '{"__proto__":{"x":1}}'],
    ["a/b?ü'(*)", "url_encode", "a%2Fb%3F%C3%BC%27%28%2A%29"],
    ["\ud800", "url_encode", "%EF%BF%BD"],
    ["Zoë", "base64", "Wm/Dqw=="],
    ["Wm_Dqw", "base64_decode", "Zoë"],
    ["\ufeffx", "base64 | base64_decode", "\ufeffx"],
    [`"'<>&`, "html_escape", "&quot;&#39;&lt;&gt;&amp;"],
    ["", "sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["", 'hmac_sha256: "", "base64"', "thNnmggU2ex3L5XXeMNfxf8Wl8STcVZTxscSFEKSxa0="],
  ])("%j | %s → %j", (input, filter, gives) => {
    expect(through(input, filter)).toBe(gives);
  });

  it.each([
    ["{a:1}", "parse_json", "needs a text that is JSON"],
    ["%zz", "url_decode", "needs a text in URL form"],
    ["***", "base64_decode", "needs the base64 of a text"],
    ["/w==", "base64_decode", "needs the base64 of a text"],
    ["x", 'sha256: "base32"', "needs “hex”, “base64” or “base64url” as its “encoding”"],
    [{}, "sha256", "needs a text"],
  ])("%j | %s %s", (input, filter, what) => {
    expect(errorOf(() => through(input, filter)).problem.sentence).toContain(what);
  });

  it("json writes what JSON.stringify writes, and parse_json reads it back", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(through(value, "json")).toBe(JSON.stringify(value));
        expect(through(value, "pretty")).toBe(JSON.stringify(value, null, 2));
        expect(through(value, "json | parse_json")).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("base64 and url forms come back as they were", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(through(text, "base64 | base64_decode")).toBe(text);
        expect(through(text, 'base64: "url" | base64_decode')).toBe(text);
        expect(through(text, "url_encode | url_decode")).toBe(text);
      }),
    );
  });
});

describe("what a filter may cost", () => {
  const long = "a".repeat(900_000);

  it.each([
    ["a text that multiplies", { x: long, y: "b".repeat(1_000) }, 'replace: "a", trigger.y'],
    ["a join that multiplies", { x: Array(5_000).fill(1), y: long }, "join: trigger.y"],
    ["texts that add up", { x: long, y: long }, "append: trigger.y"],
    ["escapes that multiply", { x: "&".repeat(300_000) }, "html_escape"],
    ["escapes of escapes", { x: '"'.repeat(200_000) }, "json | json | json"],
    ["a list of every character", { x: long }, 'split: "" | size'],
    ["a list sorted again and again", { x: Array(9_000).fill("x") }, Array(200).fill("sort").join(" | ")],
    ["a long text searched again and again", { x: long, y: "b" }, Array(20).fill("trim").join(" | ")],
    [
      "large values compared again and again",
      { x: [{ k: long }], y: `${long.slice(1)}a` },
      Array(20).fill('where: "k", trigger.y').join(" | "),
    ],
    [
      "large values compared inside others",
      { x: [{ k: { v: long } }], y: { v: `${long.slice(1)}a` } },
      Array(20).fill('where: "k", trigger.y').join(" | "),
    ],
    [
      "paths followed for every item",
      { x: Array(9_000).fill({}), y: "a.".repeat(2_000).concat("a") },
      "map: trigger.y",
    ],
  ])("%s stops at the budget", (_, data, filter) => {
    expect(errorOf(() => run(`{{trigger.x | ${filter}}}`, data)).problem.code).toBe("template-budget");
  });

  it.each([
    ["<".repeat(500_000), "strip_html"],
    ["<a".repeat(300_000), "strip_html"],
    ["<!--".repeat(200_000), "strip_html"],
    ["<script>".repeat(100_000), "strip_html"],
    ["</script ".repeat(100_000), "strip_html"],
    ["&".repeat(500_000), "strip_html"],
    [" ".repeat(900_000), "trim"],
    [`${" ".repeat(400_000)}x${" ".repeat(400_000)}`, "trim"],
    ["\r".repeat(400_000), "lines | size"],
    [`${"\u0301\u0323".repeat(100)}`, "slug"],
  ])("a text made to be slow is read in one pass: %#", (text, filter) => {
    expect(() => through(text, filter)).not.toThrow();
  });

  it.each([
    ["1".repeat(900_000), "plus: 1"],
    ["1".repeat(900_000), "number"],
    ["2026-".repeat(100_000), "parse_date"],
    ["\u0301\u0323".repeat(100_000), "slug"],
  ])("a text that is much too long for its filter is refused unread: %#", (text, filter) => {
    expect(errorOf(() => through(text, filter)).problem.code).toBe("template-filter-argument");
  });
});

describe("docs/templates.md", () => {
  it("is up to date", () => {
    const page = readFileSync(new URL("../../docs/templates.md", import.meta.url), "utf8");
    expect(
      page === filtersMarkdown(),
      "docs/templates.md is old: node test/docs/write-templates-doc.ts",
    ).toBe(true);
  });

  it("explains every filter", () => {
    for (const filter of FILTERS) expect(filtersMarkdown()).toContain(`\n| \`${filterSignature(filter)}\` |`);
  });
});

function filterNamed(name: string): Filter {
  const filter = findFilter(name);
  if (filter === undefined) throw new Error(`no filter ${name}`);
  return filter;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}

function expectPlain(value: unknown): void {
  if (typeof value === "number") expect(Number.isFinite(value)).toBe(true);
  else if (typeof value === "object" && value !== null) {
    expect(Object.getPrototypeOf(value)).toBe(Array.isArray(value) ? Array.prototype : Object.prototype);
    for (const inner of Object.values(value)) expectPlain(inner);
  } else expect(["string", "boolean", "object"]).toContain(typeof value);
}
