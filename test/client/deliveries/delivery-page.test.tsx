// @vitest-environment happy-dom
// A delivery on the screen: its row, its page, and what is sent to the server when somebody runs or keeps it.

import { ModalsProvider } from "@mantine/modals";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { screen, waitFor, within } from "@testing-library/react";
import type { ReactNode } from "react";
import { MemoryRouter, Route, Routes, useLocation } from "react-router";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { DeliveryView } from "../../../client/api/deliveries.ts";
import { DeliveryItem } from "../../../client/deliveries/DeliveryItem.tsx";
import { DeliveryPage } from "../../../client/deliveries/DeliveryPage.tsx";
import { find, press, show } from "../../kit/dom.tsx";
import { aDelivery, NOON } from "./fixtures.ts";

/** What the server was asked, as “POST /api/… {body}”; reading is left out. */
let asked: string[] = [];
let delivery: DeliveryView;

beforeEach(() => {
  asked = [];
  vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
    if (init.method === "GET") return Response.json(delivery);
    asked.push(`${init.method} ${address} ${init.body ?? ""}`.trim());
    return Response.json({ runId: "run_9" }, { status: 201 });
  });
});
afterEach(() => vi.unstubAllGlobals());

function Where() {
  return <p>at {useLocation().pathname}</p>;
}

function framed(path: string, children: ReactNode): void {
  show(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <MemoryRouter initialEntries={[path]}>
        <ModalsProvider>
          <Routes>
            <Route path="/deliveries/:deliveryId" element={children} />
            <Route path="*" element={<Where />} />
          </Routes>
        </ModalsProvider>
      </MemoryRouter>
    </QueryClientProvider>,
  );
}

async function open(change: Partial<DeliveryView>, search = ""): Promise<void> {
  delivery = aDelivery(change);
  framed(`/deliveries/${delivery.id}${search}`, <DeliveryPage />);
  await screen.findByRole("heading", { level: 1, name: `Delivery to ${delivery.flowName}` });
}

const problem = {
  code: "bad-signature",
  sentence: "The signature does not fit.",
  hint: "Compare the secret.",
};
const refused: Partial<DeliveryView> = { verdict: "refused", status: 401, problem };
const target = (name: string) => find("link", name).getAttribute("href");

describe("a row", () => {
  test("says what became of it, what came and what was answered, and leads to its page", () => {
    const row = aDelivery({ ...refused, summary: '{"order":1001}' });
    framed(
      "/deliveries/x",
      <ul>
        <DeliveryItem row={row} withFlow={false} />
      </ul>,
    );
    const item = within(find("listitem", ""));
    for (const text of ["Refused: bad signature", problem.sentence, "14 B", "401"])
      expect(item.getAllByText(new RegExp(text)).length, text).toBeGreaterThan(0);
    expect(item.getByRole("link", { name: 'POST {"order":1001}' }).getAttribute("href")).toBe(
      "/deliveries/dlv_1",
    );
  });

  test("of a request without a body shows what it asked for", () => {
    const row = aDelivery({ method: "GET", bytes: 0, summary: 'GET {"page":"2"}' });
    framed(
      "/deliveries/x",
      <ul>
        <DeliveryItem row={row} withFlow={false} />
      </ul>,
    );
    expect(find("link", 'GET {"page":"2"}')).toBeTruthy();
  });
});

describe("its page", () => {
  test("begins with the reason and the next move, and leads to where it is mended", async () => {
    await open(refused);
    expect(screen.getByText(problem.sentence)).toBeTruthy();
    expect(screen.getByText(problem.hint)).toBeTruthy();
    expect(target("Settings of the catch URL")).toBe("/flows/flow_1/edit?step=trigger");
  });

  test("leads to the run that it became, or to that of the first one", async () => {
    await open({ runId: "dlv_1", runStatus: "succeeded" });
    expect(target("See the run")).toBe("/runs/dlv_1");
  });

  test("of a duplicate leads to the run of the first one", async () => {
    await open({ verdict: "duplicate", runId: "run_1", duplicateOfAt: NOON - 12_000 });
    expect(screen.getByText(/came again, 12 s later/)).toBeTruthy();
    expect(target("See the run of the first one")).toBe("/runs/run_1");
  });

  test("shows the body raw and parsed, what was understood otherwise, and the headers", async () => {
    await open({ notes: ["It said to be text, and was read as JSON."], headers: { "x-shop": "shoes" } });
    expect(find("region", "Raw body").textContent).toBe('{"order":1001}');
    await waitFor(() => expect(find("region", "Parsed body").textContent).toMatch(/order.*1001/));
    expect(within(find("list", "How it was read")).getByText(/was read as JSON/)).toBeTruthy();
    expect(screen.getByText("x-shop").nextElementSibling?.textContent).toBe("shoes");
  });

  test("shows only one of the two when the address says so", async () => {
    await open({}, "?body=raw");
    expect(screen.queryByRole("region", { name: "Parsed body" })).toBeNull();
    expect(find("region", "Raw body")).toBeTruthy();
  });

  test("says why there is nothing to parse", async () => {
    await open({ ...refused, text: null, base64: "/w==", data: null, unreadable: "It is no UTF-8." });
    expect(screen.getByText("It is no UTF-8.")).toBeTruthy();
    expect(find("region", "Raw body").textContent).toMatch(/^000 ff/);
  });
});

describe("running it", () => {
  test("asks first, with the reason, when it was not taken; and sends nothing until it is told to", async () => {
    await open(refused);
    press("Run now");
    const dialog = within(await screen.findByRole("dialog", { name: "Run it all the same?" }));
    expect(dialog.getByText(/It was refused: The signature does not fit\./)).toBeTruthy();
    expect(asked).toEqual([]);
    dialog.getByRole("button", { name: "Run now" }).click();
    await screen.findByText("at /runs/run_9");
    expect(asked).toEqual(['POST /api/deliveries/dlv_1/run {"draft":false}']);
  });

  test("through the draft asks, too, and says so to the server", async () => {
    await open({ verdict: "filtered" });
    press("Run through the draft");
    const dialog = within(await screen.findByRole("dialog"));
    dialog.getByRole("button", { name: "Run through the draft" }).click();
    await screen.findByText("at /runs/run_9");
    expect(asked).toEqual(['POST /api/deliveries/dlv_1/run {"draft":true}']);
  });

  test("is done at once when only the flow slept", async () => {
    await open({ verdict: "asleep" });
    press("Run now");
    await screen.findByText("at /runs/run_9");
    expect(asked).toEqual(['POST /api/deliveries/dlv_1/run {"draft":false}']);
  });

  test("is not offered for a body of which only the start was kept, and it says so", async () => {
    await open({ ...refused, bytes: 3_000_000, kept: 65_536 });
    for (const name of ["Run now", "Run through the draft", "Keep as a sample"])
      expect(find("button", name).hasAttribute("disabled"), name).toBe(true);
    expect(
      screen.getByText(/It cannot be run from here\. Of its 3\.0 MB only the first 65\.5 kB/),
    ).toBeTruthy();
  });
});
