// The step panel and the trigger panel in a real browser: fields, data, pills, tests of a step, events, schedules.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Edge, Graph, Step } from "../../shared/graph.ts";
import { type Client, signIn } from "../kit/api.ts";
import { lookWithAxe } from "../kit/axe.ts";
import { type Screen, startBrowser, type TestBrowser } from "../kit/browser.ts";
import { OWNER, type Program, startProgram } from "../kit/process.ts";
import { type HttpTarget, startHttpTarget } from "../kit/targets.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

let program: Program;
let browser: TestBrowser;
let target: HttpTarget;
let screen: Screen;
let api: Client;
let flowId = "";

beforeAll(async () => {
  execFileSync(process.execPath, ["client/build.ts", "--if-needed"], { cwd: ROOT });
  [target, browser] = await Promise.all([startHttpTarget(), startBrowser()]);
  program = await startProgram();
  api = await signIn(program.url, OWNER.email, OWNER.password);
  ({ id: flowId } = await api("createFlow", { body: { name: "Orders", graph: orders() } }));
  screen = await browser.open({ height: 1_000 });
  const { page } = screen;
  await page.goto(program.url);
  await page.getByLabel("E-mail address").fill(OWNER.email);
  await page.getByLabel("Password", { exact: true }).fill(OWNER.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Flows" }).waitFor();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await program?.close();
  await target?.close();
});

beforeEach(() => {
  target.requests.length = 0;
});

test("typing {{ offers data, and what is chosen becomes a pill whose value shows below", async () => {
  const { page } = screen;
  await open("warehouse");
  const address = page.getByRole("textbox", { name: "Address" });
  await address.click();
  await page.keyboard.press("End");
  await page.keyboard.type("/{{customer em");
  await page.getByRole("option", { name: /New order › body › customer › email/ }).waitFor();
  expect(
    await panel()
      .getByText(/cannot be read/)
      .count(),
  ).toBe(0);
  await screen.shot("panel-completion");
  await page.keyboard.press("Enter");
  await address.getByText("body › customer › email").waitFor();
  await panel().getByText(`${target.url}/orders/ada@example.com`).waitFor();
  await saved("warehouse", (input) => input.url, `${target.url}/orders/{{trigger.body.customer.email}}`);
});

test("a pill takes filters, each shown with what it gives; hovering it shows the value", async () => {
  const { page } = screen;
  const pill = page.getByRole("textbox", { name: "Address" }).locator("[data-pill]");
  await pill.hover();
  await page.getByRole("tooltip").getByText("ada@example.com").waitFor();
  await pill.click();
  const dialog = page.getByRole("dialog", { name: "Inserted data" });
  await dialog.getByLabel("Add a filter").fill("upp");
  await dialog.getByRole("option", { name: /ADA@EXAMPLE\.COM/ }).waitFor();
  await page.keyboard.press("Enter");
  await dialog.getByLabel("Add a filter").fill("repl");
  await dialog.getByRole("option", { name: /^replace/ }).click();
  const replace = dialog.getByRole("region", { name: "Filter replace" });
  await replace.getByLabel("text", { exact: false }).first().fill("@");
  await replace.getByLabel("with").fill(" at ");
  await replace.getByText("= ADA at EXAMPLE.COM").waitFor();
  await screen.shot("panel-pill");
  await dialog.getByRole("button", { name: "Remove the filter replace" }).click();
  await dialog.getByRole("button", { name: "Done" }).click();
  await dialog.waitFor({ state: "detached" });
  await panel().getByText(`${target.url}/orders/ADA@EXAMPLE.COM`).waitFor();
  await saved(
    "warehouse",
    (input) => input.url,
    `${target.url}/orders/{{trigger.body.customer.email | upper}}`,
  );
});

test("the data button opens all data as a tree: searched, clicked, and dragged into a field", async () => {
  const { page } = screen;
  await panel().getByRole("button", { name: "JSON: insert data" }).click();
  const picker = page.getByRole("dialog", { name: "Insert data" });
  await picker.getByLabel("Search names and values").fill("59.80");
  await picker.getByRole("treeitem", { name: /^total_price/ }).waitFor();
  await screen.shot("panel-picker");
  await picker.getByRole("treeitem", { name: /^total_price/ }).click();
  await saved("warehouse", (input) => input.json, "{{trigger.body.total_price}}");

  // As JSON around it, the template stays a value.
  const json = page.getByRole("textbox", { name: "JSON", exact: true });
  await json.fill('{ "total": {{trigger.body.total_price | number}}, "for": "" }');
  await saved("warehouse", (input) => input.json, {
    total: "{{trigger.body.total_price | number}}",
    for: "",
  });
  await panel().getByText('{"total":59.8,"for":""}').waitFor();

  await panel().getByRole("button", { name: "Add a row" }).first().click();
  await picker.getByLabel("Search names and values").fill("first_name");
  const value = page.getByRole("textbox", { name: "Query: value 1" });
  await page.getByRole("textbox", { name: "Query: name 1" }).fill("who");
  await picker.getByRole("treeitem", { name: /^first_name/ }).dragTo(value);
  await saved("warehouse", (input) => input.query, [
    { name: "who", value: "{{trigger.body.customer.first_name}}" },
  ]);
  await page.keyboard.press("Escape");
});

test("the tree is gone through by keys, and Escape leads back into the field", async () => {
  const { page } = screen;
  await open("note");
  const text = page
    .getByRole("textbox", { name: "Fields: entry 1 name" })
    .or(page.getByRole("textbox", { name: "Name" }));
  await panel().getByRole("button", { name: "Value: insert data" }).click();
  const picker = page.getByRole("dialog", { name: "Insert data" });
  await picker.getByLabel("Search names and values").press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expectFocus("methodPOST");
  await page.keyboard.press("Enter");
  await saved("note", (input) => input.fields, [{ name: "how", value: "{{trigger.method}}" }]);
  await picker.getByLabel("Search names and values").focus();
  await page.keyboard.press("Escape");
  await picker.waitFor({ state: "detached" });
  const focused = await page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  expect(focused).toBe("Value");
  expect(await text.count()).toBeGreaterThan(0);
});

test("references that lead nowhere are marked at their field", async () => {
  const { page } = screen;
  await open("warehouse");
  const address = page.getByRole("textbox", { name: "Address" });
  await address.fill("https://example.com/{{gone.id}}");
  await panel().getByText("there is no step “gone”").waitFor();
  expect(await address.getAttribute("aria-invalid")).toBe("true");
  expect(await address.locator("[data-pill][data-fault]").count()).toBe(1);
  await address.fill("https://example.com/{{trigger.body.custmer}}");
  await panel()
    .getByText(/“body” has no “custmer”. Did you mean “customer”\?/)
    .waitFor();
  await address.fill("https://example.com/{{trigger.body");
  await page.getByRole("textbox", { name: "Name of the step" }).focus();
  await panel()
    .getByText(/cannot be read/)
    .waitFor();
  await screen.shot("panel-problem");
  await address.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(`${target.url}/orders`);
  await panel()
    .getByText(/cannot be read/)
    .waitFor({ state: "detached" });
});

test("a dry run shows the request and sends nothing; a test sends it, and its output is what later steps see", async () => {
  const { page } = screen;
  await panel().getByRole("tab", { name: "Test" }).click();
  await panel().getByRole("button", { name: "Dry run" }).click();
  await panel().getByText("Nothing was sent").waitFor();
  const request = panel().getByRole("region", { name: "Request 1" });
  await request.getByText(`${target.url}/orders?who=Ada`).waitFor();
  await request.getByText('"total": 59.8').waitFor();
  expect(target.requests).toHaveLength(0);
  await screen.shot("panel-dry-run");

  target.answer = () => ({ status: 201, body: '{"parcel":"PX-77"}' });
  await panel().getByRole("button", { name: "Test this step" }).click();
  await panel().getByText("What was sent").waitFor();
  await panel().getByRole("region", { name: "Output of the test" }).getByText('"PX-77"').waitFor();
  expect(target.requests).toMatchObject([
    { method: "POST", path: "/orders?who=Ada", json: { total: 59.8, for: "" } },
  ]);

  await open("note");
  const value = page.getByRole("textbox", { name: "Value" });
  await value.fill("{{warehouse.body.parcel}}");
  await panel().getByText("PX-77").waitFor();
  await saved("note", (input) => input.fields, [{ name: "how", value: "{{warehouse.body.parcel}}" }]);
});

test("a branch is set up with conditions in words; a removed case takes its edge along, a renamed one keeps it", async () => {
  const { page } = screen;
  await open("branch");
  const first = panel().getByRole("region", { name: "Case “large”" });
  await first.getByRole("textbox", { name: "large: value 1" }).fill("{{trigger.body.total_price}}");
  await first.getByRole("combobox", { name: "large: comparison 1" }).click();
  await page.getByRole("option", { name: "is more than" }).click();
  await first.getByRole("textbox", { name: "large: compared with 1" }).fill("50");
  await first.getByText("59.80").waitFor();
  await first.getByText("Holds with the data at hand").waitFor();
  await first.getByLabel("Case 1: name").fill("big");
  await screen.shot("panel-branch");
  await saved("branch", casesOf, [
    {
      id: "large",
      name: "big",
      when: { match: "all", rules: [{ left: "{{trigger.body.total_price}}", op: "greater", right: "50" }] },
    },
    { id: "small", name: "small", when: { match: "all", rules: [{ left: "1", op: "equals", right: "1" }] } },
  ]);
  expect(await edgePorts("branch")).toEqual(["large", "no", "small"]);

  await panel().getByRole("tab", { name: "Test" }).click();
  await panel().getByRole("button", { name: "Test this step" }).click();
  await panel().getByText("The flow would go on by “big”.").waitFor();
  await panel().getByRole("tab", { name: "Set up" }).click();
  await panel().getByRole("button", { name: "Remove the case “small” and its edges" }).click();
  await saved("branch", (input) => casesOf(input)?.length, 1);
  expect(await edgePorts("branch")).toEqual(["large", "no"]);
  await panel().getByRole("button", { name: "Add a case" }).click();
  await panel().getByRole("button", { name: "Add a condition" }).first().click();
  await panel().getByText("Any of these holds").click();
  await saved("branch", (input) => casesOf(input)?.map((one) => [one.id, one.when.match]), [
    ["large", "any"],
    ["case2", "all"],
  ]);
});

test("every kind of field can be filled in, by a fixed value and by data", async () => {
  const { page } = screen;
  await open("wait");
  await page.getByRole("textbox", { name: "How long: amount" }).fill("3");
  await page.getByRole("combobox", { name: "How long: unit" }).click();
  await page.getByRole("option", { name: "hours" }).click();
  await saved("wait", (input) => input.duration, { amount: 3, unit: "hours" });
  await page.getByRole("combobox", { name: "Wait", exact: true }).click();
  await page.getByRole("option", { name: "until a date" }).click();
  await panel().getByLabel("Until", { exact: false }).first().fill("2027-01-31T09:30");
  await saved("wait", (input) => input.until, "2027-01-31T09:30");
  await panel().getByRole("button", { name: "Until: take it from data" }).click();
  await page.getByRole("textbox", { name: "Until" }).fill("{{trigger.body.created_at}}");
  await panel().getByText("2026-01-15T12:59:57+01:00").waitFor();
  await page.getByRole("combobox", { name: "Time zone" }).fill("Berl");
  await page.getByRole("option", { name: "Europe/Berlin" }).click();
  await saved("wait", (input) => [input.until, input.timeZone], [
    "{{trigger.body.created_at}}",
    "Europe/Berlin",
  ]);

  await open("mail");
  await page.getByRole("textbox", { name: "To", exact: true }).fill("{{trigger.body.email}}");
  await panel().getByRole("button", { name: "Add another" }).click();
  await page.getByRole("textbox", { name: "To 2" }).fill("team@example.com");
  await page.getByRole("textbox", { name: "Subject" }).fill("Order {{trigger.body.name}}");
  await page.getByRole("textbox", { name: "Text", exact: true }).click();
  await page.keyboard.type("Hello,\nthank you.");
  await panel().getByText("Order #1001").waitFor();
  await saved("mail", (input) => [input.to, input.subject, input.text], [
    ["{{trigger.body.email}}", "team@example.com"],
    "Order {{trigger.body.name}}",
    "Hello,\nthank you.",
  ]);
  await screen.shot("panel-mail");

  await open("warehouse");
  await panel().getByRole("button", { name: "More options" }).click();
  await page.getByRole("textbox", { name: "Time limit (seconds)" }).fill("12");
  // the options slide open, and a forced click does not wait until they stand still
  await saved("warehouse", (input) => input.timeoutSeconds, 12);
  await panel().getByRole("switch", { name: "Follow redirects" }).click({ force: true });
  await saved("warehouse", (input) => [input.timeoutSeconds, input.followRedirects], [12, false]);
});

test("a connection is made, chosen and tested without leaving the step", async () => {
  const { page } = screen;
  await panel().getByRole("button", { name: "New connection" }).click();
  const dialog = page.getByRole("dialog", { name: "Connect HTTP" });
  await dialog.getByLabel("Token").fill("s3cret-of-the-warehouse");
  await dialog.getByRole("textbox", { name: "Test address" }).fill(`${target.url}/me`);
  await dialog.getByRole("button", { name: "Connect", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
  await panel().getByRole("button", { name: "Test connection" }).click();
  await panel().getByText("Works", { exact: true }).waitFor();
  expect(target.requests.at(-1)).toMatchObject({ path: "/me", headers: { authorization: /s3cret/ } });
  const draft = await draftWith((graph) => graph.steps.warehouse?.connectionId !== undefined);
  expect(draft.steps.warehouse?.connectionId).toMatch(/^con_/);
  expect(await page.content()).not.toContain("s3cret-of-the-warehouse");
});

test("retries, time limit, the error path, interruption and a note are settings of the step", async () => {
  const { page } = screen;
  await panel().getByRole("tab", { name: "Settings" }).click();
  await panel().getByText("My own way").click();
  await panel().getByLabel("Attempts in all").fill("2");
  await panel().getByText("It is tried up to 2 times.").waitFor();
  await panel().getByLabel("For one attempt").fill("5");
  await panel().getByText("The run stops").waitFor();
  await panel().getByRole("combobox", { name: "Go on by the error port with" }).click();
  await page.getByRole("option", { name: "Tell us" }).click();
  await panel().getByText("The run goes on by the error port, with “Tell us”.").waitFor();
  await panel().getByText("Ask me").click();
  await panel().getByLabel("Note").fill("The warehouse is slow on Mondays.");
  await screen.shot("panel-settings");
  const { steps, edges } = await draftWith(
    (graph) => graph.steps.warehouse?.note?.endsWith("Mondays.") === true,
  );
  expect(steps.warehouse).toMatchObject({
    retry: { attempts: 2 },
    timeoutMs: 5_000,
    ifInterrupted: "ask",
    note: "The warehouse is slow on Mondays.",
  });
  expect(Object.values(edges)).toContainEqual(
    expect.objectContaining({ from: "warehouse", port: "error", to: "alert" }),
  );
});

test("the trigger waits for an event and shows it when it comes; a sample can be sent, edited and pinned", async () => {
  const { page } = screen;
  await open("trigger");
  await panel().getByText("Waiting for an event…").waitFor();
  const url = (await panel().getByRole("region", { name: "Catch URL" }).textContent()) ?? "";
  await panel().getByRole("button", { name: "Try it with curl" }).click();
  await panel().getByRole("region", { name: "curl command" }).getByText(url).waitFor();
  await screen.shot("panel-trigger-waiting");
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"name":"#7","total_price":"7.50","customer":{"email":"bo@example.com"}}',
  });
  expect(answer.ok).toBe(true);
  const samples = panel().getByRole("list", { name: "Samples" });
  await samples.getByRole("button", { name: /^name #7/ }).waitFor();

  await panel().getByRole("combobox", { name: "Sample to send" }).click();
  await page
    .getByRole("option", { name: /GitHub/ })
    .first()
    .click();
  await panel().getByRole("button", { name: "Send", exact: true }).click();
  await panel().getByText("It arrived, and is kept as a sample.").waitFor();
  await expect.poll(() => samples.getByRole("listitem").count()).toBe(2);

  await samples.getByRole("button", { name: /^Actions for name #7/ }).click();
  await page.getByRole("menuitem", { name: "Edit a copy" }).click();
  const dialog = page.getByRole("dialog", { name: "An event of your own" });
  await dialog.getByLabel("Name").fill("A large order");
  const data = dialog.getByLabel("Data, as JSON");
  await data.fill((await data.inputValue()).replace("7.50", "900.00"));
  await dialog.getByRole("button", { name: "Keep and use it" }).click();
  const made = samples.getByRole("button", { name: /^A large order/ });
  await made.waitFor();
  await expect.poll(() => made.getAttribute("aria-pressed")).toBe("true");
  await samples.getByRole("button", { name: "Pin A large order" }).click();
  await samples.getByRole("button", { name: "Let go of A large order" }).waitFor();
  await screen.shot("panel-trigger");

  await open("branch");
  await panel().getByText("900.00").first().waitFor();
  await open("trigger");
  await samples.getByRole("button", { name: /^name #7/ }).click();
  await open("branch");
  await panel().getByText("7.50").first().waitFor();
});

test("a schedule says in words and by its next five times when it starts", async () => {
  const { page } = screen;
  await open("trigger");
  await panel().getByRole("combobox", { name: "What starts the flow" }).click();
  await page.getByRole("option", { name: "At certain times" }).click();
  await panel().getByRole("button", { name: "Weekdays at 9:00" }).click();
  await panel().getByText("Every weekday (Monday to Friday) at 9:00").waitFor();
  await page.getByRole("combobox", { name: "Time zone" }).fill("Berl");
  await page.getByRole("option", { name: "Europe/Berlin" }).click();
  const times = panel().getByRole("list", { name: "The next times" });
  await expect.poll(() => times.getByRole("listitem").count()).toBe(5);
  await panel().getByText("By the clock of Europe/Berlin.").waitFor();
  for (const text of await times.getByRole("listitem").allTextContents()) expect(text).toMatch(/at 09:00/);
  await screen.shot("panel-schedule");
  await panel().getByLabel("When").fill("61 9 * * *");
  await panel().getByText("“61 9 * * *” is not a schedule.").waitFor();
});

test("a field is left by Tab, and the pill at the cursor is opened by Alt and Enter", async () => {
  const { page } = screen;
  await open("mail");
  await page.getByRole("textbox", { name: "Subject" }).focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Alt+Enter");
  const pill = page.getByRole("dialog", { name: "Inserted data" });
  await pill.waitFor();
  await page.keyboard.press("Escape");
  await pill.waitFor({ state: "hidden" });
  await expectFocus("Subject");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.type(" no.", { delay: 30 });
  await saved("mail", (input) => input.subject, "Order no. {{trigger.body.name}}");
  await page.keyboard.press("Tab");
  await expectFocus("Text: insert data");

  // Undo of the whole editor reaches the text of the field.
  await page.getByRole("button", { name: /^Undo/ }).click();
  await saved("mail", (input) => input.subject, "Order {{trigger.body.name}}");
  await expect.poll(() => page.getByRole("textbox", { name: "Subject" }).textContent()).not.toContain("no.");
});

test("axe finds nothing serious in the panels, the data picker and a pill's window", async () => {
  const { page } = screen;
  for (const step of ["trigger", "branch", "warehouse"]) {
    await open(step);
    if (step !== "trigger") await page.locator(".cm-content").first().waitFor();
    expect(await seriousIn(page, "[data-step-panel]")).toEqual([]);
  }
  await panel().getByRole("tab", { name: "Settings" }).click();
  expect(await seriousIn(page, "[data-step-panel]")).toEqual([]);
  await panel().getByRole("tab", { name: "Set up" }).click();
  await panel().getByRole("button", { name: "Address: insert data" }).click();
  await page.getByRole("dialog", { name: "Insert data" }).waitFor();
  expect(await seriousIn(page, "[role=dialog]")).toEqual([]);
  await page.keyboard.press("Escape");
  await open("mail");
  await page.locator("[data-pill]").first().click();
  await page.getByRole("dialog", { name: "Inserted data" }).waitFor();
  expect(await seriousIn(page, "[role=dialog]")).toEqual([]);
});

test("both panels in the dark", async () => {
  const dark = await browser.open({ dark: true, height: 1_000, like: screen });
  for (const step of ["warehouse", "branch", "trigger"]) {
    await dark.page.goto(`${program.url}/flows/${flowId}/edit?step=${step}`);
    await dark.page.getByRole("textbox", { name: "Name of the step" }).waitFor();
    if (step !== "trigger") await dark.page.locator(".cm-content").first().waitFor();
    if (step === "warehouse") {
      await dark.page.getByRole("button", { name: "Address: insert data" }).click();
      await dark.page.getByRole("dialog", { name: "Insert data" }).waitFor();
    }
    await dark.shot(`panel-dark-${step}`);
  }
});

test("no page complained", () => {
  expect(browser.complaints()).toEqual([]);
});

/** What axe finds in that part of the page: rule and place. */
async function seriousIn(page: Page, selector: string): Promise<string[]> {
  const found = (await lookWithAxe(page)).filter(
    ({ impact }) => impact === "serious" || impact === "critical",
  );
  const marked: string[] = [];
  for (const { rule, where } of found) {
    for (const place of where) {
      const [target = ""] = place.split(": ");
      const isHere = await page
        .locator(target)
        .first()
        .evaluate((element, within) => element.closest(within) !== null, selector)
        .catch(() => false);
      if (isHere) marked.push(`${rule} at ${place}`);
    }
  }
  return marked;
}

function panel() {
  return screen.page.getByRole("complementary", { name: "Settings of the step" });
}

async function open(step: string): Promise<void> {
  await screen.page.goto(`${program.url}/flows/${flowId}/edit?step=${step}`);
  await screen.page.getByRole("textbox", { name: "Name of the step" }).waitFor();
}

async function expectFocus(label: string): Promise<void> {
  const focused = () =>
    screen.page.evaluate(
      () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent,
    );
  await expect.poll(focused).toBe(label);
}

/** Waits until the draft on the server holds this: the way through the editor's store and its autosave. */
async function saved(stepId: string, part: (input: Step["input"]) => unknown, value: unknown): Promise<void> {
  await expect
    .poll(
      async () => part((await api("flow", { params: { id: flowId } })).draft.steps[stepId]?.input ?? {}),
      {
        timeout: 8_000,
        interval: 100,
      },
    )
    .toEqual(value);
}

async function draftWith(holds: (graph: Graph) => boolean): Promise<Graph> {
  let graph: Graph = { steps: {}, edges: {} };
  await expect
    .poll(
      async () => {
        graph = (await api("flow", { params: { id: flowId } })).draft;
        return holds(graph);
      },
      { timeout: 8_000 },
    )
    .toBe(true);
  return graph;
}

async function edgePorts(from: string): Promise<string[]> {
  const { draft } = await api("flow", { params: { id: flowId } });
  return Object.values(draft.edges)
    .filter((edge) => edge.from === from)
    .map((edge) => edge.port)
    .sort();
}

function casesOf(input: Step["input"]) {
  return input.cases as { id: string; name: string; when: { match: string } }[] | undefined;
}

function orders(): Graph {
  const when = { match: "all", rules: [{ left: "1", op: "equals", right: "1" }] };
  const steps: Omit<Step, "at">[] = [
    { id: "trigger", uses: "webhook.catch", name: "New order", input: {} },
    {
      id: "warehouse",
      uses: "http.request",
      name: "Tell the warehouse",
      input: { method: "POST", url: `${target.url}/orders`, bodyType: "json" },
    },
    { id: "note", uses: "logic.setFields", name: "Note it", input: { fields: [{ name: "how", value: "" }] } },
    {
      id: "branch",
      uses: "logic.branch",
      name: "How large?",
      input: {
        cases: [
          { id: "large", name: "large", when },
          { id: "small", name: "small", when },
        ],
      },
    },
    { id: "mail", uses: "email.send", name: "Thank the customer", input: {} },
    { id: "wait", uses: "logic.wait", name: "Wait a little", input: {} },
    { id: "alert", uses: "logic.stop", name: "Tell us", input: {} },
  ];
  const edges = [
    ["trigger", "main", "warehouse"],
    ["warehouse", "main", "note"],
    ["note", "main", "branch"],
    ["branch", "large", "mail"],
    ["branch", "small", "wait"],
    ["branch", "no", "wait"],
  ].map(([from = "", port = "", to = ""], index): Edge => ({ id: `e${index + 1}`, from, port, to }));
  return {
    steps: Object.fromEntries(
      steps.map((step, index) => [step.id, { ...step, at: { x: (index % 2) * 280, y: index * 140 } }]),
    ),
    edges: Object.fromEntries(edges.map((edge) => [edge.id, edge])),
  };
}
