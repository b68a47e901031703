// What the benchmark sends, and how it is known again.

import { expect, test } from "vitest";
import { markIn, orderText } from "./order.ts";

test("an order has the size of a real one, and the same whatever its mark", () => {
  const small = orderText({ round: 1, number: 0, dueAt: 0.001 });
  const large = orderText({ round: 9_999, number: 9_999_999_999, dueAt: 9_999_999_999.999 });
  expect(large).toHaveLength(small.length);
  expect(Buffer.byteLength(small)).toBeGreaterThanOrEqual(957);
  expect(Buffer.byteLength(small)).toBeLessThanOrEqual(1024);
  expect(JSON.parse(small)).toMatchObject({ name: "#10000000000", current_total_price: "59.80" });
});

test("the mark is found again wherever a product has put it", () => {
  const mark = { round: 12, number: 345, dueAt: 67_890.123 };
  const { cart_token } = JSON.parse(orderText(mark));
  expect(markIn(JSON.stringify({ deep: [{ in: `x${cart_token}y` }] }))).toEqual(mark);
  expect(markIn("bench-1-2")).toBeNull();
  expect(markIn("")).toBeNull();
});
