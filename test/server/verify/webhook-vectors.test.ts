// The providers' published examples, and each of them spoiled in ten ways.

import { describe, expect, test } from "vitest";
import { createVerifier } from "../../../server/verify/verify.ts";
import { spoil } from "./mutations.ts";
import { CASES, inAWord, preset } from "./requests.ts";
import { nobody } from "./world.ts";

const verifier = createVerifier({ http: nobody });

describe.each(CASES)("the example $name", (one) => {
  const { verification, secrets, request } = one;

  test("is accepted, at once", () => {
    const verified = verifier.verify(verification, secrets, request);
    expect(verified).toEqual({ kind: "ok" });
  });

  test("is accepted while the secret is being changed, by the new one and the old one", async () => {
    expect(await verifier.verify(verification, ["bm90IHRoaXMgb25l", ...secrets], request)).toEqual({
      kind: "ok",
    });
    expect(await verifier.verify(verification, [...secrets, "00"], request)).toEqual({ kind: "ok" });
  });

  test.each(spoil(one))("is refused with $how", async ({ secrets: others, request: spoiled, answer }) => {
    const verified = await verifier.verify(verification, others, spoiled);
    expect(inAWord(verified)).toBe(answer);
  });

  test("is refused for every other provider", async () => {
    for (const other of CASES) {
      if (samePlace(other.id) === samePlace(one.id)) continue;
      const verified = await verifier.verify(preset(other.id), other.secrets, request);
      expect(verified.kind, other.id).toBe("refused");
    }
  });
});

test("ten are made of each", () => {
  expect(new Set(CASES.map((one) => spoil(one).length))).toEqual(new Set([10]));
});

/** GitHub and Meta sign alike, so do the first two versions of HubSpot's; only their secrets differ. */
function samePlace(id: string): string {
  return id === "meta" ? "github" : id;
}
