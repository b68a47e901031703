// MessagePack as data that JSON can hold.

import { ExtData, encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readMessagePack } from "../../../server/formats/messagepack.ts";

function unpacked(bytes: Uint8Array): unknown {
  const read = readMessagePack(bytes);
  if (!read.ok) throw new Error(read.sentence);
  return read.body;
}

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

test.each([
  ["a number larger than can be held exactly", hex("cf ffffffffffffffff"), "18446744073709551615"],
  ["a number less than can be held exactly", hex("d3 8000000000000000"), "-9223372036854775808"],
  ["a long number that can be held", hex("cf 000000000000002a"), 42],
  ["the small ones below zero", hex("94 ff e0 d0 80 d1 8000"), [-1, -32, -128, -32_768]],
  ["no number", hex("92 ca 7fc00000 cb 7ff0000000000000"), [null, null]],
  ["bytes", hex("c4 02 ff00"), { bytes: 2, base64: "/wA=" }],
  ["an extension", hex("d4 05 ff"), { extension: 5, bytes: 1, base64: "/w==" }],
  ["a time", hex("d6 ff 00000001"), "1970-01-01T00:00:01.000Z"],
  ["a time with parts of a second", hex("d7 ff 7735940000000001"), "1970-01-01T00:00:01.500Z"],
  ["a time long ago", hex("c7 0c ff 00000000 ffffffffffffffff"), "1969-12-31T23:59:59.000Z"],
  [
    "a time that no calendar has",
    hex("c7 0c ff 00000000 7fffffffffffffff"),
    { extension: -1, bytes: 12, base64: "AAAAAH//////////" },
  ],
  [
    "names that are no text",
    hex("84 01 a161 c3 a162 c0 a163 c401ff a164"),
    { 1: "a", true: "b", null: "c", "/w==": "d" },
  ],
])("%s", (_, bytes, data) => {
  expect(unpacked(bytes)).toEqual(data);
});

test.each([
  ["it stops in the middle", hex("92 01"), "malformed-messagepack", /stops in the middle \(at byte 2\)/],
  ["there is more after it", hex("01 02"), "malformed-messagepack", /more after its value/],
  ["a byte begins nothing", hex("c1"), "malformed-messagepack", /0xc1/],
  ["a text is broken", hex("a2 c328"), "malformed-messagepack", /UTF-8/],
  ["a map is a name", hex("81 80 01"), "malformed-messagepack", /for a name/],
  ["it is 65 deep", Buffer.concat([Buffer.alloc(65, 0x91), hex("c0")]), "too-deep", /64/],
])("is refused when %s", (_, bytes, code, sentence) => {
  expect(readMessagePack(bytes)).toMatchObject({ code, sentence: expect.stringMatching(sentence) });
});

test("64 levels are read", () => {
  expect(readMessagePack(Buffer.concat([Buffer.alloc(64, 0x91), hex("c0")]))).toMatchObject({ ok: true });
});

test("data that another writer packed comes back as it was", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      // its writer has no minus zero
      expect(unpacked(encode(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("extensions and bytes of every length come back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.integer({ min: 0, max: 127 }), (bytes, extension) => {
      const held = { bytes: bytes.length, base64: Buffer.from(bytes).toString("base64") };
      expect(unpacked(encode([bytes, new ExtData(extension, bytes)]))).toEqual([
        held,
        { extension, ...held },
      ]);
    }),
  );
});
