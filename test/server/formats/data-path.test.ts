// Paths into data, as the settings of a catch URL write them.

import fc from "fast-check";
import { expect, test } from "vitest";
import { valueAt } from "../../../server/formats/data-path.ts";

const data = {
  body: {
    order: { id: 7, none: null },
    items: [{ sku: "a" }, { sku: "b" }],
    "a.b": { 'q"': 1 },
    "soap:Body": { "@id": "x" },
    0: "zero",
  },
  headers: { "x-id": "h" },
};

test.each([
  ["", data],
  ["body.order.id", 7],
  [" body.order.id ", 7],
  ["body.order.none", null],
  ["body.items.1.sku", "b"],
  ["body.items[1].sku", "b"],
  ["headers.x-id", "h"],
  ["body.soap:Body.@id", "x"],
  ['body["a.b"]["q\\""]', 1],
  ["body.0", "zero"],
])("“%s” leads to its value", (path, value) => {
  expect(valueAt(data, path)).toEqual(value);
});

test.each([
  ["body.order.missing"],
  ["body.order.id.more"],
  ["body.order.none.more"],
  ["body.items.2"],
  ["body.items.-1"],
  ["body.items.01"],
  ["body.items.length"],
  ["body.items.1e0"],
  ["body.constructor"],
  ["body.__proto__"],
  ["body.items.constructor.name"],
  ["body.order.toString"],
  ["body..order"],
  ["body."],
  [".body"],
  ["body[order"],
  ['body["a.b'],
])("“%s” leads nowhere", (path) => {
  expect(valueAt(data, path)).toBeUndefined();
});

test("whatever the path and the data, it gives an own value or nothing", () => {
  const path = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom("a", ".", "[", "]", '"', "\\", "0", "b") }),
  );
  fc.assert(
    fc.property(fc.jsonValue(), path, (value, text) => {
      expect(typeof valueAt(value, text)).not.toBe("function");
    }),
  );
});

test("the names that lead to a value are its path", () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 5 }), (names) => {
      const nested = names.reduceRight<unknown>(
        (inside, name) => Object.fromEntries([[name, inside]]),
        "here",
      );
      const path = names.map((name) => `["${name.replaceAll(/["\\]/g, "\\$&")}"]`).join("");
      expect(valueAt(nested, path)).toBe("here");
    }),
  );
});
