// What is said of a delivery: the verdict in short, what happened and why, and what speaks against running it.

import { describe, expect, test } from "vitest";
import { rowDetail, toldOf, warningOf, whyNotRunnable } from "../../../client/deliveries/delivery-words.ts";
import { hexDump } from "../../../client/deliveries/hex-dump.ts";
import { verdictLabel } from "../../../client/deliveries/verdict-look.ts";
import { Verdict } from "../../../shared/delivery.ts";
import { aDelivery, NOON } from "./fixtures.ts";

const problem = {
  code: "bad-signature",
  sentence: "The signature does not fit.",
  hint: "Compare the secret.",
};
const refused = aDelivery({ verdict: "refused", status: 401, problem });

describe("the badge", () => {
  test("says in words what became of it, and of one that was refused why", () => {
    expect(Verdict.options.map((verdict) => verdictLabel(aDelivery({ verdict, status: 405 })))).toEqual([
      "Became a run",
      "Duplicate",
      "Handshake answered",
      "Refused: wrong method",
      "Flow was asleep",
      "Filtered out",
    ]);
    expect(verdictLabel(refused)).toBe("Refused: bad signature");
  });

  test("tells what was answered where the reason is not known here", () => {
    const code = "a-code-of-a-newer-server";
    expect(verdictLabel({ ...refused, status: 418, problem: { ...problem, code } })).toBe(
      "Refused: answered 418",
    );
  });
});

describe("the first thing on its page", () => {
  test("is the reason, with the next move, where there is one", () => {
    expect(toldOf(refused)).toEqual({ sentence: problem.sentence, hint: problem.hint });
    expect(rowDetail(refused)).toBe(problem.sentence);
  });

  test("is for a duplicate how much later it came", () => {
    const late = aDelivery({ verdict: "duplicate", runId: "run_1", duplicateOfAt: NOON - 12_000 });
    expect(toldOf(late).sentence).toBe("It is a duplicate: the same thing came again, 12 s later.");
    expect(toldOf({ ...late, duplicateOfAt: null }).sentence).toMatch(/came before/);
  });

  test("is for a flow that slept what wakes it", () => {
    const asleep = (code: string) =>
      toldOf(aDelivery({ verdict: "asleep", problem: { code, sentence: "It slept." } })).hint;
    expect(asleep("flow-paused")).toMatch(/^Resume/);
    expect(asleep("flow-not-published")).toMatch(/^Publish/);
    expect(asleep("flow-starts-otherwise")).toMatch(/started by a webhook/);
  });

  test("is there for every verdict, with and without a run", () => {
    for (const verdict of Verdict.options) {
      const { sentence, hint } = toldOf(aDelivery({ verdict }));
      expect(
        [sentence, hint].every((text) => text !== undefined && text.length > 5),
        verdict,
      ).toBe(true);
    }
    expect(toldOf(aDelivery({ runStatus: "failed" })).hint).toBe("The run failed.");
  });
});

describe("before it is run", () => {
  test("a warning says why it was not taken; what was taken, or only slept, needs none", () => {
    expect(warningOf(refused)).toMatch(/The signature does not fit\. .*only if you know/);
    expect(warningOf(aDelivery({ verdict: "duplicate" }))).toMatch(/a second time/);
    expect(warningOf(aDelivery({ verdict: "filtered" }))).toMatch(/“only if”/);
    expect(warningOf(aDelivery({ verdict: "handshake" }))).toMatch(/no event/);
    expect(warningOf(aDelivery({ verdict: "asleep" }))).toBeUndefined();
    expect(warningOf(aDelivery())).toBeUndefined();
  });

  test("what is not all there, or cannot be read, cannot be run, and it says why", () => {
    expect(whyNotRunnable(refused)).toBeUndefined();
    expect(whyNotRunnable({ ...refused, bytes: 3_000_000, kept: 65_536 })).toMatch(/3\.0 MB .* 65\.5 kB/);
    expect(whyNotRunnable({ ...refused, unreadable: "The body is not valid JSON." })).toMatch(
      /cannot be read/,
    );
  });
});

test("bytes that are no text are shown as numbers, eight in a line, up to 3 kB", () => {
  expect(hexDump(Buffer.from([0x89, ...Buffer.from("PNG\r\n z!")]).toString("base64"))).toBe(
    "000 89 50 4e 47 0d 0a 20 7a .PNG.. z\n008 21                      !",
  );
  const long = hexDump(Buffer.alloc(5_000, 0x41).toString("base64")).split("\n");
  expect([long.length, long.at(-1), long.at(-2)?.slice(0, 3)]).toEqual([385, "…", "bf8"]);
});
