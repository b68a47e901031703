// Bodies as data: what large and broken ones come to.

import { expect, test } from "vitest";
import { parseBody } from "../../shared/event.ts";

const FORM = "application/x-www-form-urlencoded";

test("a name that comes 100,000 times in a form becomes one list, in its order", () => {
  const count = 100_000;
  const form = Array.from({ length: count }, (_, i) => `a=${i}`).join("&");
  const parsed = parseBody(Buffer.from(form), FORM);
  expect(parsed).toEqual({ ok: true, body: { a: Array.from({ length: count }, (_, i) => String(i)) } });
});

test.each([0, 1, 65_533, 65_534, 65_535, 65_536, 65_537, 131_072, 199_999])(
  "a bad byte is named by its place: %i",
  (place) => {
    // "é" lies across the borders of pieces of any even length, as it begins at an odd place
    const body = Buffer.from(`x${"é".repeat(100_000)}`).subarray(0, place);
    const whole = place % 2 === 0 && place > 0 ? body.subarray(0, -1) : body;
    const parsed = parseBody(
      Buffer.concat([whole, Buffer.from([0xff]), Buffer.alloc(1_000, "x")]),
      "text/plain",
    );
    expect(parsed).toMatchObject({
      code: "malformed-text",
      sentence: `The body is not valid UTF-8 (at byte ${whole.length}).`,
    });
  },
);
