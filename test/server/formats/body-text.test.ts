// A body as text to show, or nothing when it is none.

import { expect, test } from "vitest";
import { bodyText } from "../../../server/formats/body-text.ts";

test.each([
  ["JSON", Buffer.from('{"a":"ü"}'), "application/json", '{"a":"ü"}'],
  ["JSON that is none", Buffer.from('{"a":'), "application/json", '{"a":'],
  ["nothing", Buffer.alloc(0), "", ""],
  ["an old character set", Buffer.from("ü", "latin1"), "text/plain; charset=latin1", "ü"],
  ["UTF-16 by its mark", Buffer.from("\ufeffü", "utf16le"), "text/plain", "ü"],
  ["text whose last character was cut", Buffer.from("aü").subarray(0, 2), "text/plain", "a"],
  ["text of an unknown character set that is UTF-8", Buffer.from("ü"), "text/plain; charset=klingon", "ü"],
  ["a picture", Buffer.of(0x89, 0x50, 0x4e, 0x47, 0, 1), "image/png", null],
  ["bytes below the blank", Buffer.from("a\u0000b"), "text/plain", null],
  ["broken UTF-8", Buffer.of(0x61, 0xff, 0x61), "text/plain", null],
])("%s", (_, raw, type, text) => {
  expect(bodyText(raw, type)).toBe(text);
});
