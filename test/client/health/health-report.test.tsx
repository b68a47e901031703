// @vitest-environment happy-dom
// The health report: what stands where, what leads where, and what is said to who cannot see the bars.

import { screen, within } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { describe, expect, test } from "vitest";
import type { HealthView } from "../../../client/api/health.ts";
import { HealthReport } from "../../../client/health/HealthReport.tsx";
import { ceiling } from "../../../client/health/Throughput.tsx";
import { find, show } from "../../kit/dom.tsx";
import { aReport, NOW, quietHour } from "./fixtures.ts";

function open(change: Partial<HealthView> = {}): void {
  show(
    <MemoryRouter>
      <HealthReport health={aReport(change)} />
    </MemoryRouter>,
  );
}

const target = (name: string | RegExp) => find("link", name).getAttribute("href");

test("an installation at rest says so, everywhere", () => {
  open();
  for (const text of [
    "Everything is running. No event in the last hour.",
    "No run has failed",
    "No warnings: since it was started",
    "No run waits to be begun.",
    "No runs are kept yet, so no flow takes any room.",
  ])
    expect(screen.getByText(new RegExp(text.replace(".", "\\.")))).toBeTruthy();
  expect(find("img", "Nothing happened in the last 60 minutes.")).toBeTruthy();
  expect(screen.queryByText("Show as a table")).toBeNull();
});

test("what is wrong takes the place of what is well, and leads on", () => {
  open({
    backlog: { queued: 312, running: 20, waiting: 3, asking: 0 },
    oldestQueued: { runId: "run_1", flowId: "flow_1", flowName: "Orders", createdAt: NOW - 250_000 },
  });
  expect(screen.queryByText(/Everything is running/)).toBeNull();
  const list = within(find("list", "What needs attention"));
  expect(list.getByText("312 runs are waiting to begin; the oldest for 4 minutes.")).toBeTruthy();
  expect(list.getByRole("link", { name: "Open the oldest" }).getAttribute("href")).toBe("/runs/run_1");
  expect(target("312 runs queued: show")).toBe("/runs?status=queued");
  expect(target("3 runs waiting: show")).toBe("/runs?status=waiting");
  expect(target("Orders")).toBe("/runs/run_1");
  // nothing to show where there is nothing
  expect(screen.queryByRole("link", { name: /asking: show/ })).toBeNull();
});

describe("the last hour", () => {
  const minutes = quietHour({ accepted: 120, failed: 3, refused: 2 });

  test("is summed up in words for who cannot see the bars", () => {
    open({ minutes });
    const name = find("img", /^Bars, one for each/).getAttribute("aria-label");
    expect(name).toMatch(/The most events in one minute were 120, at \d\d:\d\d\. 3 runs failed\.$/);
    expect(screen.getByText("120 events taken")).toBeTruthy();
    expect(screen.getByText("2 requests refused")).toBeTruthy();
  });

  test("is a table too, with the minutes in which something happened", () => {
    open({ minutes });
    const rows = within(screen.getByText("Show as a table").closest("details") ?? document.body).getAllByRole(
      "row",
      { hidden: true },
    );
    expect(rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent))).toEqual([
      [],
      ["120", "3", "2"],
    ]);
  });

  test("has a bar for each figure, as high as its share of a round number", () => {
    open({ minutes });
    const bars = [...find("img", /^Bars/).querySelectorAll("rect[data-of]")];
    expect(bars.map((bar) => [bar.getAttribute("data-of"), Number(bar.getAttribute("height"))])).toEqual([
      ["accepted", 60],
      ["failed", 3],
    ]);
    expect([1, 2, 3, 6, 10, 11, 120, 4_321].map(ceiling)).toEqual([1, 2, 5, 10, 10, 20, 200, 5_000]);
  });
});

test("flows are listed with their share of the disk, and lead to the flow", () => {
  open({
    disk: {
      databaseBytes: 3_400_000_000,
      freeBytes: 20_000_000_000,
      flows: [
        { flowId: "flow_1", flowName: "Orders", runs: 12_000, bytes: 2_000_000_000 },
        { flowId: "flow_2", flowName: "Refunds", runs: 3, bytes: 1_000_000 },
      ],
    },
  });
  expect(screen.getByText("The database takes 3.4 GB, 20.0 GB are free")).toBeTruthy();
  const rows = within(screen.getByRole("table")).getAllByRole("row").slice(1);
  expect(rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent))).toEqual([
    ["12.0k", "2.0 GB"],
    ["3", "1.0 MB"],
  ]);
  expect(target("Refunds")).toBe("/flows/flow_2");
});

test("failed runs and lines of the log lead to their runs", () => {
  open({
    failedRuns: [
      {
        runId: "run_7",
        flowId: "flow_1",
        flowName: "Orders",
        createdAt: NOW - 9_000,
        finishedAt: NOW - 8_000,
        problem: { code: "stopped", sentence: "Order #1001 has no address." },
      },
    ],
    lines: [
      { at: NOW - 3_600_000, level: "error", sentence: "a job failed; it is tried again", runId: "run_8" },
      { at: NOW - 7_200_000, level: "warn", sentence: "not ready", runId: null },
    ],
  });
  expect(target("Orders")).toBe("/runs/run_7");
  expect(screen.getByText("Order #1001 has no address.")).toBeTruthy();
  const lines = within(find("list", "The last warnings and errors of the log"));
  expect(lines.getByText("A job failed; it is tried again.")).toBeTruthy();
  expect(lines.getByRole("link").getAttribute("href")).toBe("/runs/run_8");
  expect(lines.getByText("Not ready.")).toBeTruthy();
});
