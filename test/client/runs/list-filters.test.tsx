// @vitest-environment happy-dom
// The controls above a list of runs and above the inbox: what each choice asks for, and what clearing leaves.

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DeliveryFilters } from "../../../client/deliveries/DeliveryFilters.tsx";
import { RunFilters } from "../../../client/runs/RunFilters.tsx";
import { NOT_PLACED } from "../../../client/runs/run-filters.ts";
import { choose, find, press, show } from "../../kit/dom.tsx";

/** What was asked for, oldest first. */
let asked: unknown[] = [];
const onChange = (change: unknown) => asked.push(change);

beforeEach(() => {
  asked = [];
  vi.stubGlobal("fetch", async () => Response.json({ items: [] }));
});
afterEach(() => vi.unstubAllGlobals());

const framed = (children: ReactNode) =>
  show(<QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>);

const clear = () => screen.queryByRole("button", { name: "Clear" });

test("runs are chosen by status", () => {
  framed(<RunFilters chosen={{ ...NOT_PLACED, statuses: ["failed"] }} onChange={onChange} withFlow />);
  choose("Status", "Needs you");
  expect(asked).toEqual([{ statuses: ["failed", "asking"] }]);
});

test("deliveries are chosen by what became of them", () => {
  framed(<DeliveryFilters chosen={{ ...NOT_PLACED, verdicts: [] }} onChange={onChange} withFlow />);
  expect(find("combobox", "What became of it").getAttribute("placeholder")).toBe("Any outcome");
  choose("What became of it", "Filtered out");
  expect(asked).toEqual([{ verdicts: ["filtered"] }]);
});

test("clearing takes away everything, and nothing can be cleared where nothing is set", () => {
  const chosen = { ...NOT_PLACED, flowId: "flow_1", text: "shoe", verdicts: ["refused" as const] };
  const { unmount } = framed(<DeliveryFilters chosen={chosen} onChange={onChange} withFlow />);
  press("Clear");
  expect(asked).toEqual([{ ...NOT_PLACED, verdicts: [] }]);
  unmount();
  framed(<RunFilters chosen={{ ...NOT_PLACED, statuses: [] }} onChange={onChange} withFlow />);
  expect(clear()).toBeNull();
});

test("on a flow's own page the flow is no filter: it does not count as one, and clearing leaves it", () => {
  const chosen = { ...NOT_PLACED, flowId: "flow_1", statuses: [] };
  const { unmount } = framed(<RunFilters chosen={chosen} onChange={onChange} withFlow={false} />);
  expect(clear()).toBeNull();
  expect(screen.queryByRole("combobox", { name: "Flow" })).toBeNull();
  unmount();
  framed(<RunFilters chosen={{ ...chosen, statuses: ["failed"] }} onChange={onChange} withFlow={false} />);
  press("Clear");
  expect(asked).toEqual([{ ...NOT_PLACED, flowId: "flow_1", statuses: [] }]);
});
