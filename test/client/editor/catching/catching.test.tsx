// @vitest-environment happy-dom
// The catch settings in the trigger's panel: what a person reads and does, and what the server is told of it.

import { ModalsProvider } from "@mantine/modals";
import { QueryClientProvider } from "@tanstack/react-query";
import { screen, waitFor, within } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { queryClient } from "../../../../client/api/query-client.ts";
import { Catching } from "../../../../client/editor/catching/Catching.tsx";
import { EditorContext } from "../../../../client/editor/editor-context.ts";
import { createEditorStore } from "../../../../client/editor/editor-store.ts";
import { CatchAddress } from "../../../../client/editor/panel/CatchAddress.tsx";
import { SendSample } from "../../../../client/editor/panel/SendSample.tsx";
import type { BodyOf } from "../../../../shared/api.ts";
import type { CatchingView } from "../../../../shared/api-views.ts";
import type { WireProblem } from "../../../../shared/problem.ts";
import { choose, description, find, held, press, show, type } from "../../../kit/dom.tsx";
import { manifests } from "../fixtures.ts";
import { senders, viewOf } from "./fixtures.ts";

const stripe = { kind: "preset", preset: "stripe", toleranceSeconds: null, settings: {} } as const;

/** What the server has, and was told, oldest first. */
let server: {
  view: CatchingView;
  told: BodyOf<"setCatching">[];
  refuse: WireProblem | null;
  sent: unknown[];
};
let answerToSample: unknown;
/** What the catch URL itself answers. */
let answerFromCatch: unknown;

beforeEach(() => {
  server = { view: viewOf(), told: [], refuse: null, sent: [] };
  answerToSample = { status: 202, verdict: "accepted", runId: "run_1", problem: null };
  vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    return answerTo(address, init.method ?? "GET", body);
  });
});

afterEach(() => {
  queryClient.clear();
  vi.unstubAllGlobals();
});

/** The server as far as these screens know it. */
function answerTo(address: string, method: string, body: unknown): Response {
  if (address === "/api/verifications") return Response.json({ items: senders });
  if (address === "/api/flows/flow/samples") return Response.json({ items: [] });
  if (address === "/api/flows/flow/send-sample") {
    server.sent.push(body);
    return Response.json(answerToSample);
  }
  if (address === "/catch/key") return Response.json(answerFromCatch);
  if (method === "GET") return Response.json(server.view);
  if (server.refuse) return Response.json(server.refuse, { status: server.refuse.status });
  const told = body as BodyOf<"setCatching">;
  server.told.push(told);
  const kept = told.secrets?.length ?? server.view.secrets;
  server.view = viewOf(told.settings as CatchingView["settings"], {
    secrets: kept + (told.addSecrets?.length ?? 0),
  });
  return Response.json(server.view);
}

const flow = {
  id: "flow",
  name: "Orders",
  draft: { steps: {}, edges: {} },
  revision: 1,
  status: "live" as const,
  liveVersionId: null,
  createdAt: 0,
  updatedAt: 0,
  catchUrl: "http://localhost/catch/key",
  liveNumber: null,
  changed: false,
  problems: [],
};

async function open(view: CatchingView = viewOf()): Promise<void> {
  server.view = view;
  const store = createEditorStore({ graph: flow.draft, revision: 1 });
  show(
    <QueryClientProvider client={queryClient}>
      <MemoryRouter>
        <ModalsProvider>
          <EditorContext value={{ flow, store, manifests }}>
            <CatchAddress flow={flow} />
            <Catching flowId={flow.id} />
            <SendSample />
          </EditorContext>
        </ModalsProvider>
      </MemoryRouter>
    </QueryClientProvider>,
  );
  await screen.findByRole("button", { name: /^Who may call it/ });
}

const onlyIf = {
  match: "all" as const,
  rules: [{ left: "body.status", op: "equals" as const, right: "paid" }],
};

/** The status that begins so. */
const said = (start: string) =>
  screen.findByText(
    (_, element) =>
      element?.getAttribute("role") === "status" && (element.textContent ?? "").startsWith(start),
  );

const row = (title: string) => find("button", new RegExp(`^${title}`));
const unfold = (title: string) => row(title).click();
const secretBox = (label: string) => screen.getByLabelText(new RegExp(`^${label}`), { selector: "input" });
const saved = () => screen.findByText("Saved. It counts from now on, also for the published version.");

async function openRow(title: string): Promise<HTMLElement> {
  unfold(title);
  return screen.findByRole("form", { name: title });
}

describe("at first", () => {
  test("a line says what holds for each part, and all of them are closed", async () => {
    await open();
    const lines = screen
      .getAllByRole("heading", { level: 4 })
      .map((line) => [line.textContent, within(line).getByRole("button").getAttribute("aria-expanded")]);
    expect(lines[0]).toEqual(["Who may call it Anybody who knows the address may call it.", "false"]);
    expect(lines.map(([, expanded]) => expanded)).toEqual(Array(6).fill("false"));
    expect(screen.queryAllByRole("form")).toEqual([]);
  });

  test("it says that the settings do not belong to the draft", async () => {
    await open();
    expect(screen.getByText("counts at once, also for the published version")).toBeTruthy();
  });

  test("the address is to be kept secret only while nobody checks", async () => {
    await open();
    expect(screen.getByText(/share it like a password/)).toBeTruthy();
  });

  test("where somebody checks, the address alone starts nothing", async () => {
    await open(viewOf({ verification: stripe }, { secrets: 1 }));
    expect(screen.queryByText(/share it like a password/)).toBeNull();
    expect(screen.getByText(/still has to show who they are/)).toBeTruthy();
  });
});

describe("choosing a sender", () => {
  test("asks for its secret by the name that it has there, and sends it once", async () => {
    await open();
    await openRow("Who may call it");
    choose("Sender", "Stripe");
    const known = senders.find(({ id }) => id === "stripe");
    const box = secretBox(known?.secretLabel ?? "?");
    expect(description(box)).toContain(known?.secretHelp);
    expect(find("link", "What Stripe says about it").getAttribute("href")).toBe(known?.source);
    type(box, "whsec_1");
    press("Save");
    await saved();
    expect(server.told).toEqual([
      { settings: { ...viewOf().settings, verification: stripe }, secrets: ["whsec_1"] },
    ]);
    expect(row("Who may call it").textContent).toContain("Only Stripe, signed.");
  });

  test("without its secret is not saved", async () => {
    await open();
    await openRow("Who may call it");
    choose("Sender", "GitHub");
    press("Save");
    expect(await screen.findByText("Enter it: without it nobody can be told apart.")).toBeTruthy();
    expect(server.told).toEqual([]);
  });

  test("the list is searched by name", async () => {
    await open();
    await openRow("Who may call it");
    type(find("combobox", "Sender"), "shopi");
    const names = screen.getAllByRole("option").map((option) => option.textContent);
    expect(names).toEqual(["Shopify"]);
  });

  test("Cancel changes nothing and closes it", async () => {
    await open();
    await openRow("Who may call it");
    choose("Sender", "Stripe");
    press("Cancel");
    expect(screen.queryByRole("form")).toBeNull();
    await openRow("Who may call it");
    expect(held(find("combobox", "Sender"))).toBe("Anybody who knows the address");
    expect(server.told).toEqual([]);
  });

  test("more that has to be known of it is asked for, each with its help", async () => {
    await open();
    await openRow("Who may call it");
    choose("Sender", "PayPal");
    type(find("textbox", /^Webhook ID/), "WH-1");
    press("Save");
    await saved();
    expect(server.told[0]?.settings.verification).toEqual({
      kind: "preset",
      preset: "paypal",
      toleranceSeconds: null,
      settings: { webhookId: "WH-1" },
    });
  });
});

describe("secrets that are kept", () => {
  const two = () => viewOf({ verification: stripe }, { secrets: 2 });

  test("are counted and never shown", async () => {
    await open(two());
    const form = await openRow("Who may call it");
    expect(within(form).getByText(/^2 secrets are kept\./)).toBeTruthy();
    expect(form.querySelectorAll("input[type=password]")).toHaveLength(0);
  });

  test("another one is added beside them", async () => {
    await open(two());
    await openRow("Who may call it");
    press("Add another");
    type(secretBox("Another"), "whsec_3");
    press("Save");
    await saved();
    expect(server.told).toMatchObject([{ addSecrets: ["whsec_3"] }]);
    expect(server.told[0]).not.toHaveProperty("secrets");
    await openRow("Who may call it");
    expect(screen.getByText(/^3 secrets are kept\./)).toBeTruthy();
  });

  test("five are the most", async () => {
    await open(viewOf({ verification: stripe }, { secrets: 5 }));
    await openRow("Who may call it");
    expect(find("button", "Add another").hasAttribute("disabled")).toBe(true);
  });

  test("they are left as they are when another setting is saved", async () => {
    await open(two());
    await openRow("Who may call it");
    press("Replace");
    press("Leave the secrets as they are");
    press("Save");
    await saved();
    expect(Object.keys(server.told[0] ?? {})).toEqual(["settings"]);
  });

  test("all are removed only when that was meant, and then nobody checks any more", async () => {
    await open(two());
    await openRow("Who may call it");
    press("Remove all");
    expect(server.told).toEqual([]);
    (await screen.findByRole("button", { name: "Remove all and let anybody call it" })).click();
    await waitFor(() => expect(server.told).toMatchObject([{ secrets: [] }]));
    expect(server.told[0]?.settings.verification).toEqual({ kind: "none" });
    await waitFor(() => expect(held(find("combobox", "Sender"))).toBe("Anybody who knows the address"));
  });
});

describe("when the newest requests look like a sender", () => {
  const looksLike = { preset: "shopify", name: "Shopify", because: "They carry its headers.", deliveries: 3 };

  test("one click chooses it, and the cursor is in the field of its secret", async () => {
    await open(viewOf({}, { looksLike }));
    expect(screen.getByText("3 of the newest requests look like Shopify. Verify them?")).toBeTruthy();
    press("Verify Shopify");
    expect(held(find("combobox", "Sender"))).toBe("Shopify");
    expect(document.activeElement?.getAttribute("name")).toBe("secret");
    type(secretBox(senders.find(({ id }) => id === "shopify")?.secretLabel ?? "?"), "shpss_1");
    press("Save");
    await saved();
    expect(server.told).toMatchObject([
      { settings: { verification: { preset: "shopify" } }, secrets: ["shpss_1"] },
    ]);
    expect(screen.queryByText(/look like Shopify/)).toBeNull();
  });
});

describe("saving", () => {
  test("changes only the part that was open, also when another one was changed meanwhile", async () => {
    await open();
    await openRow("Lists");
    choose("When a list comes", "One run for each item");
    server.view = viewOf({ atOnce: 7 });
    press("Save");
    await saved();
    expect(server.told[0]?.settings).toMatchObject({ atOnce: 7, splitList: { path: "" } });
  });

  test("the conditions are ways into the request, in words", async () => {
    await open();
    await openRow("Only run if");
    choose("What runs", "Only what fits these conditions");
    type(find("textbox", "Conditions: value 1"), "body.status");
    type(find("textbox", "Conditions: compared with 1"), "paid");
    press("Save");
    await saved();
    expect(server.told[0]?.settings.onlyIf).toEqual({
      match: "all",
      rules: [{ left: "body.status", op: "equals", right: "paid" }],
    });
    expect(row("Only run if").textContent).toContain("Only if “body.status” is “paid”.");
  });

  test("methods are ticked", async () => {
    await open();
    await openRow("How much");
    for (const method of ["GET", "PUT", "PATCH", "DELETE"]) find("checkbox", method).click();
    press("Save");
    await saved();
    expect(server.told[0]?.settings.methods).toEqual(["POST"]);
  });

  test("what the server refuses is said at its field, and nothing is lost", async () => {
    await open();
    await openRow("Who may call it");
    choose("Sender", "A signed pass (JWT)");
    type(find("textbox", /^Address of the keys/), "http://example.com");
    server.refuse = wire({ field: "settings.verification.jwksUrl", sentence: "It is an https address." });
    press("Save");
    await waitFor(() => {
      expect(description(find("textbox", /^Address of the keys/))).toContain("It is an https address.");
    });
    expect(held(find("textbox", /^Address of the keys/))).toBe("http://example.com");
    server.refuse = null;
    type(find("textbox", /^Address of the keys/), "https://example.com");
    expect(screen.queryByText("It is an https address.")).toBeNull();
  });

  test("what it refuses for another reason is said on top", async () => {
    await open();
    await openRow("Lists");
    server.refuse = wire({ sentence: "The disk is full." });
    press("Save");
    expect((await screen.findByRole("alert")).textContent).toContain("The disk is full.");
  });
});

describe("a sample", () => {
  test("of the chosen sender is signed by the server, and leads to its run", async () => {
    await open(viewOf({ verification: stripe }, { secrets: 1 }));
    press("Send");
    const link = await screen.findByRole("link", { name: "See the run" });
    expect(link.getAttribute("href")).toBe("/runs/run_1");
    expect(server.sent).toEqual([{ preset: "stripe", event: "first" }]);
  });

  test("that was refused says why", async () => {
    answerToSample = {
      status: 401,
      verdict: "refused",
      runId: null,
      problem: { code: "signature-wrong", sentence: "The signature does not fit." },
    };
    await open(viewOf({ verification: stripe }, { secrets: 1 }));
    press("Send");
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("The catch URL answered 401: The signature does not fit.");
  });

  test("cannot be sent before the secret is there", async () => {
    await open(viewOf({ verification: stripe }));
    expect(find("button", "Send").hasAttribute("disabled")).toBe(true);
  });

  test("of a sender whose key nobody else has is left to it", async () => {
    await open(viewOf({ verification: { ...stripe, preset: "discord" } }, { secrets: 1 }));
    expect(screen.getByText(/^Only Discord itself can sign/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Send" })).toBeNull();
  });

  test("that the condition left out says that nothing was started", async () => {
    answerToSample = { status: 200, verdict: "filtered", runId: null, problem: null };
    await open(viewOf({ verification: stripe, onlyIf }, { secrets: 1 }));
    press("Send");
    expect((await said("The catch URL answered 200.")).textContent).toMatch(
      /“only if” does not hold for it, so nothing was started/,
    );
    expect(screen.queryByRole("link", { name: "See the run" })).toBeNull();
  });

  test("that asks whether somebody is there was not left out, and without a condition nothing is", async () => {
    answerToSample = { status: 200, verdict: "handshake", runId: null, problem: null };
    await open(viewOf({ verification: stripe }, { secrets: 1 }));
    press("Send");
    const words = (await said("The catch URL answered 200.")).textContent;
    expect(words).toMatch(/asked whether somebody is there/);
    expect(words).not.toMatch(/only if/);
  });

  test("is sent as it is while nobody checks, and says what became of it", async () => {
    answerFromCatch = { runId: "run_1", statusUrl: "http://localhost/catch/key/runs/run_1" };
    await open();
    expect(find("combobox", "Sample to send")).toBeTruthy();
    press("Send");
    expect(await said("It arrived and started a run.")).toBeTruthy();
  });

  test("that was sent as it is and left out says so, too", async () => {
    answerFromCatch = {
      filtered: true,
      message: "This is not what the flow is for, so nothing was started.",
    };
    await open(viewOf({ onlyIf }));
    press("Send");
    expect((await said("It was left out.")).textContent).toMatch(/so nothing was started/);
  });
});

function wire({ field, sentence }: { field?: string; sentence: string }): WireProblem {
  const code = "catching-invalid";
  const problems = field === undefined ? [] : [{ code, sentence, field }];
  return { type: "", title: sentence, status: 422, code, problems, ...(field ? { field } : {}) };
}
