// The filters of the inbox, in the address and as the API takes them.

import { expect, test } from "vitest";
import {
  isDeliveriesFiltered,
  readDeliveryFilters,
  toDeliveryFilter,
  writeDeliveryFilters,
} from "../../../client/deliveries/delivery-filters.ts";

const read = (search: string) => readDeliveryFilters(new URLSearchParams(search));

test("what is in the address is read, what is nonsense is ignored", () => {
  expect(read("flow=flow_1&verdict=refused,nonsense,asleep&when=24h&text=a%20b&status=failed")).toEqual({
    flowId: "flow_1",
    verdicts: ["refused", "asleep"],
    text: "a b",
    period: "24h",
    from: "",
    to: "",
  });
});

test("each filter counts as one, and none as none", () => {
  expect(isDeliveriesFiltered(read(""))).toBe(false);
  for (const search of ["verdict=filtered", "text=x", "when=1h", "flow=flow_1"])
    expect(isDeliveriesFiltered(read(search)), search).toBe(true);
});

test("a change is written over the rest, and nothing empty stays in the address", () => {
  const search = new URLSearchParams("verdict=refused&text=shoe&when=1h");
  expect(writeDeliveryFilters(search, { verdicts: ["accepted", "duplicate"] }).toString()).toBe(
    "text=shoe&when=1h&verdict=accepted%2Cduplicate",
  );
  expect(writeDeliveryFilters(search, { verdicts: [], text: "", period: "any" }).toString()).toBe("");
});

test("the API is asked for verdicts, and never for the status of a run", () => {
  expect(toDeliveryFilter(read("verdict=refused,filtered&when=1h"), Date.UTC(2026, 0, 1, 12, 0, 30))).toEqual(
    {
      verdict: "refused,filtered",
      from: Date.UTC(2026, 0, 1, 11),
    },
  );
  expect(toDeliveryFilter(read(""), 0).verdict).toBeUndefined();
});
