// Forms: flat names as they are, names in brackets as data.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nestPairs, readForm } from "../../../server/formats/form.ts";

function form(text: string): unknown {
  const read = readForm(text);
  if (!read.ok) throw new Error(read.sentence);
  return read.body;
}

describe("a name in brackets", () => {
  test.each([
    ["an object", "a[b]=1&a[c][d]=2", { a: { b: "1", c: { d: "2" } } }],
    ["a list", "a[]=1&a[]=2", { a: ["1", "2"] }],
    ["a list of one", "a[]=1", { a: ["1"] }],
    ["a list by numbers", "a[1]=y&a[0]=x", { a: ["x", "y"] }],
    ["an object when a number is left out", "a[0]=x&a[2]=z", { a: { 0: "x", 2: "z" } }],
    [
      "objects in a list, as Rails writes them",
      "a[][b]=1&a[][c]=2&a[][b]=3",
      { a: [{ b: "1", c: "2" }, { b: "3" }] },
    ],
    ["objects in a list by numbers", "a[0][b]=1&a[1][b]=2", { a: [{ b: "1" }, { b: "2" }] }],
    ["lists in a list", "a[][]=1&a[][]=2", { a: [["1"], ["2"]] }],
    ["written with percents", "a%5Bb%5D=1", { a: { b: "1" } }],
    ["a list when it comes twice", "a[b]=1&a[b]=2", { a: { b: ["1", "2"] } }],
    ["beside a value of the same name", "a=1&a[b]=2", { a: ["1", { b: "2" }] }],
    ["items beside names", "a[x]=1&a[]=2&a[0]=3", { a: { x: "1", 0: "3", 1: "2" } }],
    [
      "as it is when nothing closes",
      "a[b=1&[c]=2&d]=3&e[f]g=4&h[i[j]]=5",
      { "a[b": "1", "[c]": "2", "d]": "3", "e[f]g": "4", "h[i[j]]": "5" },
    ],
    ["beside flat names", "a=1&a=2&b[c]=3&d=", { a: ["1", "2"], b: { c: "3" }, d: "" }],
  ])("is %s", (_, text, data) => {
    expect(form(text)).toEqual(data);
  });

  test("of JavaScript is a name like any other", () => {
    const body = form(
      "__proto__[polluted]=1&constructor[prototype][polluted]=2&a[__proto__][x]=3&a[hasOwnProperty]=4",
    );
    expect(JSON.stringify(body)).toBe(
      '{"__proto__":{"polluted":"1"},"constructor":{"prototype":{"polluted":"2"}},"a":{"__proto__":{"x":"3"},"hasOwnProperty":"4"}}',
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  test("may be nested 62 times, and not more", () => {
    expect(JSON.stringify(form(`a${"[b]".repeat(62)}=1`)).split("{").length).toBe(64);
    expect(readForm(`a${"[b]".repeat(63)}=1`)).toMatchObject({ code: "too-deep" });
    expect(readForm(`a${"[]".repeat(500_000)}=1`)).toMatchObject({ code: "too-deep" });
  });
});

describe("a flat name", () => {
  test("that comes 40,000 times becomes one list, in its order, also beside brackets", () => {
    const count = 40_000;
    const list = Array.from({ length: count }, (_, i) => String(i));
    const text = list.map((value) => `a=${value}`).join("&");
    expect(form(text)).toEqual({ a: list });
    expect(form(`${text}&b[]=1`)).toEqual({ a: list, b: ["1"] });
  });

  test("comes back as it was", () => {
    const name = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("["));
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, fc.string({ unit: "grapheme" })), { selector: ([n]) => n }),
        (pairs) => {
          expect(form(new URLSearchParams(pairs).toString())).toEqual(Object.fromEntries(pairs));
        },
      ),
    );
  });
});

test("more than 50,000 values are refused", () => {
  expect(readForm("a&".repeat(50_002))).toMatchObject({ code: "too-many-parts", sentence: /50,000/ });
});

test("data written with brackets comes back as it was", () => {
  const key = fc.stringMatching(/^[a-z_]{1,6}$/);
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.dictionary(key, tie("tree"), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
      fc.array(tie("tree"), { minLength: 1, maxLength: 4 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(key, tree, { noNullPrototype: true }), (data) => {
      expect(nestPairs(pairsOf(data))).toEqual({ ok: true, body: data });
    }),
  );
});

function pairsOf(data: object, prefix = ""): [string, unknown][] {
  return Object.entries(data).flatMap(([key, value]): [string, unknown][] => {
    const name = prefix === "" ? key : `${prefix}[${key}]`;
    return typeof value === "object" && value !== null ? pairsOf(value, name) : [[name, value]];
  });
}
