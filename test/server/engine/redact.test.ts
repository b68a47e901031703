// A secret is found in every spelling it can take, and nothing else is touched.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedact } from "../../../server/engine/redact.ts";

const SECRET = 'CANARY+s3cr3t/"käse"&more';
const redact = createRedact([SECRET]);
const b64 = (text: string) => Buffer.from(text).toString("base64");

describe("a secret", () => {
  test.each([
    ["as it is", SECRET],
    ["inside a sentence", `the token ${SECRET} was refused`],
    ["as base64", b64(SECRET)],
    ["as base64url", Buffer.from(SECRET).toString("base64url")],
    ["as the password of a Basic sign-in", `Basic ${b64(`user:${SECRET}`)}`],
    ["as the user of a Basic sign-in", `Basic ${b64(`${SECRET}:x`)}`],
    ["as hex", Buffer.from(SECRET).toString("hex")],
    ["URL-encoded", `https://x.example/?token=${encodeURIComponent(SECRET)}`],
    ["in a form", new URLSearchParams({ token: SECRET }).toString()],
    ["inside JSON text", JSON.stringify({ token: SECRET })],
  ])("is masked %s", (_, text) => {
    const result = String(redact(text));
    expect(result).toContain("••••");
    for (const piece of ["s3cr3t", b64(SECRET).slice(4, 24), Buffer.from("s3cr3t").toString("hex")])
      expect(result).not.toContain(piece);
  });

  test("is masked in nested values and in keys", () => {
    expect(redact({ a: [{ [SECRET]: [SECRET] }] })).toEqual({ a: [{ "••••": ["••••"] }] });
  });

  test("behind any other bytes of a base64 text, no half of it is left", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme-ascii", maxLength: 12 }),
        fc.string({ unit: "grapheme-ascii", maxLength: 12 }),
        (before, after) => {
          expect(String(redact(b64(before + SECRET + after)))).toContain("••••");
        },
      ),
    );
  });
});

describe("everything else", () => {
  test("stays as it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(createRedact(["a secret that is nowhere"])(value)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("keeps keys that objects inherit a meaning for", () => {
    const value = JSON.parse('{"__proto__":{"x":1},"constructor":2}');
    expect(Object.keys(redact(value) as object)).toEqual(["__proto__", "constructor"]);
  });

  test("becomes plain JSON: what is in hand is what a restart would read", () => {
    expect(createRedact([])({ a: undefined, b: new Date(0), c: 10n, d: Number.NaN })).toEqual({
      b: "1970-01-01T00:00:00.000Z",
      c: "10",
      d: null,
    });
    expect(createRedact([])(undefined)).toBeNull();
    expect(createRedact([])([-0, Number.POSITIVE_INFINITY])).toEqual([0, null]);
    expect(createRedact([])({ a: { toJSON: () => "b" } })).toEqual({ a: "b" });
    expect(createRedact([])(() => {})).toBeNull();
  });

  test("is never anything else than its JSON read again, copied or not", () => {
    const odd = fc.constantFrom(
      undefined,
      Number.NaN,
      -0,
      new Date(0),
      5n,
      new Map([["a", 1]]),
      /x/,
      () => 1,
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue(),
        odd,
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }),
        fc.sparseArray(fc.integer(), { maxLength: 4 }),
      ),
    }));
    const asText = (_: string, item: unknown) => (typeof item === "bigint" ? String(item) : item);
    fc.assert(
      fc.property(value, (one) => {
        const json = JSON.stringify(one, asText);
        expect(createRedact([])(one)).toEqual(json === undefined ? null : JSON.parse(json));
      }),
      { numRuns: 500 },
    );
  });

  test("is told how long it is when it is long, in width or in depth", () => {
    const lengthOf = (value: unknown) => {
      let told: number | null = null;
      createRedact([])(value, (length) => {
        told = length;
      });
      return told;
    };
    const long = { text: "x".repeat(20_000) };
    expect(lengthOf(long)).toBe(JSON.stringify(long).length);
    const deep = JSON.parse(`${"[".repeat(100)}${"]".repeat(100)}`);
    expect(lengthOf(deep)).toBe(200);
    expect(lengthOf({ text: "short" })).toBeNull();
  });
});
