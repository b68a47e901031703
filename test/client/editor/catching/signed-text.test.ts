// What is signed, as one line of text and back.

import { describe, expect, test } from "vitest";
import { readSigned, signedText } from "../../../../client/editor/catching/signed-text.ts";
import { VERIFICATION_PRESETS } from "../../../../shared/verification-presets.ts";

describe("what is signed", () => {
  test("is a line with names in braces", () => {
    expect(signedText([{ text: "v0:" }, "timestamp", { text: ":" }, "body"])).toBe("v0:{timestamp}:{body}");
  });

  test("braces around another word, and words without braces, stand for themselves", () => {
    expect(readSigned("{total}.body")).toEqual([{ text: "{total}" }, { text: ".body" }]);
  });

  test.each(VERIFICATION_PRESETS.flatMap(({ id, scheme }) => (scheme ? [[id, scheme] as const] : [])))(
    "by %s is read back as it was",
    (_, { signed }) => {
      expect(readSigned(signedText(signed))).toEqual(signed);
    },
  );
});
