// What was chosen and tried while building a flow.

import { expect, test } from "vitest";
import { stepSamples } from "../../../client/editor/data/step-samples.ts";

test("each flow has its own, and it stays the same one", () => {
  const flow = stepSamples("flow_1");
  expect(stepSamples("flow_1")).toBe(flow);
  flow.getState().choose("smp_1");
  flow.getState().keepTest({ id: "http", uses: "http.request" }, { status: 200 }, 5);
  expect(stepSamples("flow_1").getState()).toMatchObject({
    sampleId: "smp_1",
    tests: { http: { uses: "http.request", at: 5, output: { status: 200 } } },
  });
  expect(stepSamples("flow_2").getState()).toMatchObject({ sampleId: null, tests: {} });
});
