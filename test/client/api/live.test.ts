// The live stream: what is fetched again, and how long a lost stream waits.

import { expect, test } from "vitest";
import { backOff, touchedBy } from "../../../client/api/live.ts";

test("a run that moved touches itself, the lists with the inbox, and the samples of its flow", () => {
  expect(touchedBy({ kind: "run", flowId: "f", runId: "r" })).toEqual([
    ["run", "r"],
    ["runs"],
    ["flows", "list"],
    ["samples", "f"],
    ["delivery", "r"],
    ["deliveries"],
    ["catching", "f"],
  ]);
});

test("a request that became no run touches the inbox, and whom its flow's requests look like", () => {
  expect(touchedBy({ kind: "delivery", flowId: "f", deliveryId: "d" })).toEqual([
    ["deliveries"],
    ["catching", "f"],
  ]);
});

test("a flow that moved touches its page with its versions, the list, and how it catches; a sample only the samples", () => {
  expect(touchedBy({ kind: "flow", flowId: "f" })).toEqual([
    ["flow", "f"],
    ["flows", "list"],
    ["catching", "f"],
  ]);
  expect(touchedBy({ kind: "sample", flowId: "f", sampleId: "s" })).toEqual([["samples", "f"]]);
});

test("new attempts come ever later, up to half a minute, and not all at the same moment", () => {
  expect([1, 2, 3, 4].map((attempt) => backOff(attempt, 1))).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(backOff(1, 0)).toBe(500);
  expect(backOff(50, 1)).toBe(30_000);
});
