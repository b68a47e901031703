// In a real browser: a flow from a template, out as a file and in again, and what changed between its versions.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toFlowFile } from "../../shared/flow-file.ts";
import { FLOW_TEMPLATES } from "../../shared/flow-templates/gallery.ts";
import { type Client, signIn } from "../kit/api.ts";
import { lookWithAxe } from "../kit/axe.ts";
import { type Screen, startBrowser, type TestBrowser } from "../kit/browser.ts";
import { graph } from "../kit/graph.ts";
import { OWNER, type Program, startProgram } from "../kit/process.ts";
import { signInOn } from "../kit/sign-in.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

let program: Program;
let browser: TestBrowser;
let screen: Screen;
let api: Client;

beforeAll(async () => {
  execFileSync(process.execPath, ["client/build.ts", "--if-needed"], { cwd: ROOT });
  [program, browser] = await Promise.all([startProgram(), startBrowser()]);
  api = await signIn(program.url, OWNER.email, OWNER.password);
  screen = await browser.open();
  await signInOn(screen, program.url);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await program?.close();
});

test("the empty list leads to the templates; one is found, looked at, and becomes a flow with a sample", async () => {
  const { page } = screen;
  await page.getByRole("link", { name: "Start from a template" }).click();
  const list = page.getByRole("list", { name: "Templates" });
  await list.getByRole("listitem").first().waitFor();
  expect(await list.getByRole("listitem").count()).toBe(FLOW_TEMPLATES.length);
  await screen.shot("templates", { whole: true });
  await page.getByRole("searchbox", { name: "Filter templates" }).fill("refund shop");
  await page.getByRole("status").getByText("1 template", { exact: true }).waitFor();
  await page.getByRole("button", { name: /^Look at: Return/ }).click();
  await page.getByRole("group", { name: "Step “For each item”" }).waitFor();
  await page.getByText("A connection for E-mail").waitFor();
  await screen.shot("template-looked-at");
  await page.getByRole("button", { name: "Use this template" }).click();
  await page.waitForURL(/\/flows\/flow_/);
  await page.getByRole("group", { name: "Step “For each item”" }).waitFor();

  const { items } = await api("flows");
  expect(items).toMatchObject([{ name: "Return → stock and refund", steps: 6, status: "draft" }]);
  const samples = await api("samples", { params: { id: items[0]?.id ?? "" } });
  expect(samples.items).toMatchObject([
    { from: "made", event: { data: { body: { return_id: "RET-318" } } } },
  ]);
});

test("the only connection of a connector is chosen for a flow from a template", async () => {
  const fields = { host: "127.0.0.1", port: 25, security: "none", from: "shop@example.com" };
  const mailbox = await api("createConnection", {
    body: { connectorId: "email", name: "Shop mailbox", fields },
  });
  const { page } = screen;
  await page.goto(`${program.url}/templates`);
  await page.getByRole("button", { name: /^Use this: Stock below/ }).click();
  await page.getByRole("group", { name: "Step “Order from the supplier”" }).waitFor();
  const { items } = await api("flows");
  const made = await api("flow", { params: { id: items.find(({ name }) => /^Stock/.test(name))?.id ?? "" } });
  expect(made.draft.steps.supplier?.connectionId).toBe(mailbox.id);
  expect(made.problems).toEqual([]);
});

test("a flow goes out as a file without its connection, and comes in again with one that is chosen", async () => {
  const { page } = screen;
  await page.goto(program.url);
  await page
    .getByRole("button", { name: "Actions for Stock below a level → order from the supplier" })
    .click();
  const downloading = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Export as a file" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("stock-below-a-level-order-from-the-supplier.flowcatch.json");
  const path = await download.path();
  const text = readFileSync(path, "utf8");
  expect(text).not.toContain("con_");
  expect(JSON.parse(text)).toMatchObject({
    flowcatch: 1,
    connections: { "email-1": { connector: "email" } },
  });

  await api("createConnection", {
    body: {
      connectorId: "email",
      name: "Second mailbox",
      fields: { host: "127.0.0.1", port: 25, security: "none", from: "two@example.com" },
    },
  });
  await page.reload();
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Import" }).click();
  await (await choosing).setFiles(path);
  const dialog = page.getByRole("dialog", { name: "Import a flow" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("From a file");
  await dialog.getByRole("combobox", { name: "Connection for E-mail" }).click();
  await screen.shot("import");
  await page.getByRole("option", { name: "Second mailbox" }).click();
  await dialog.getByRole("button", { name: "Import" }).click();
  await page.getByRole("group", { name: "Step “Order from the supplier”" }).waitFor();
  const { items } = await api("flows");
  const made = await api("flow", {
    params: { id: items.find(({ name }) => name === "From a file")?.id ?? "" },
  });
  const connections = await api("connections");
  expect(made.draft.steps.supplier?.connectionId).toBe(
    connections.items.find(({ name }) => name === "Second mailbox")?.id,
  );
});

test("a file dropped on the list is imported, and one that is no flow is told so", async () => {
  const { page } = screen;
  await page.goto(program.url);
  await page.getByRole("list", { name: "Flows" }).waitFor();
  const made = graph("trigger -> a", { a: { uses: "logic.setFields", name: "Dropped step" } });
  await drop(JSON.stringify(toFlowFile({ name: "Dropped in", graph: made }).file), "flow.json");
  await page.getByRole("dialog", { name: "Import a flow" }).getByRole("button", { name: "Import" }).click();
  await page.getByRole("group", { name: "Step “Dropped step”" }).waitFor();

  await page.goto(program.url);
  await page.getByRole("list", { name: "Flows" }).waitFor();
  await drop('{"nodes":[{"id":1}]}', "other.json");
  await page.getByText("This file is not a flow.").waitFor();
  await screen.shot("import-refused");
  await page.getByRole("button", { name: "Close" }).last().click();
});

async function drop(text: string, name: string): Promise<void> {
  const { page } = screen;
  const data = await page.evaluateHandle(
    ([content, fileName]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content ?? ""], fileName ?? "", { type: "application/json" }));
      return transfer;
    },
    [text, name],
  );
  const list = page.getByRole("list", { name: "Flows" });
  await list.dispatchEvent("dragenter", { dataTransfer: data });
  await page.getByText("Drop the file to import its flow").waitFor();
  await list.dispatchEvent("dragover", { dataTransfer: data });
  await list.dispatchEvent("drop", { dataTransfer: data });
  await page.getByText("Drop the file to import its flow").waitFor({ state: "detached" });
}

test("two versions are compared on the canvas and field by field, and the older one is restored", async () => {
  const { page } = screen;
  const call = (url: string) => ({ uses: "http.request", name: "Call the warehouse", input: { url } });
  const set = { uses: "logic.setFields", input: { fields: [{ name: "a", value: "1" }] } };
  const first = graph("trigger -> call -> old", {
    call: { ...call("https://one.example.com/orders"), at: { x: 0, y: 160 } },
    old: { ...set, name: "Goes away", at: { x: 0, y: 320 } },
  });
  const second = graph("trigger -> call; call:error -> alert", {
    call: { ...call("https://two.example.com/orders"), at: { x: 0, y: 160 } },
    alert: { ...set, name: "Comes in", at: { x: 320, y: 320 } },
  });
  const { id } = await api("createFlow", { body: { name: "Versions", graph: first } });
  const one = await api("publishFlow", { params: { id }, body: { note: "As it began" } });
  await api("saveDraft", { params: { id }, body: { revision: one.revision, graph: second } });
  await api("publishFlow", { params: { id }, body: { note: "With an alert" } });

  await page.goto(`${program.url}/flows/${id}/versions`);
  await page.getByRole("button", { name: "Compare version 2" }).click();
  const dialog = page.getByRole("dialog", { name: "What changed" });
  await dialog.getByRole("group", { name: "Step “Comes in”: added" }).waitFor();
  await dialog.getByRole("group", { name: "Step “Goes away”: removed" }).waitFor();
  await dialog.getByRole("group", { name: "Step “Call the warehouse”: changed" }).waitFor();
  await dialog.getByText("As it began").waitFor();
  const changes = dialog.getByRole("list", { name: "Changes" });
  await changes.getByText("https://one.example.com/orders").waitFor();
  await changes.getByText("https://two.example.com/orders").waitFor();
  await changes.getByText("Edge from “Call the warehouse”, by “error”, to “Comes in”").waitFor();
  await screen.shot("version-difference");

  await dialog.getByRole("button", { name: "Restore version 1" }).click();
  await page.getByRole("button", { name: "Take back version 1" }).click();
  await page.getByText("Version 1 is the draft now.").waitFor();
  expect((await api("flow", { params: { id } })).draft).toEqual(first);
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Draft and version 2: what changed" }).click();
  await dialog.getByRole("group", { name: "Step “Goes away”: added" }).waitFor();
  await dialog.getByRole("combobox", { name: "From" }).click();
  await page.getByRole("option", { name: "Version 1" }).click();
  await dialog.getByText("No difference").waitFor();
});

test.each([
  { name: "light", view: {} },
  { name: "dark", view: { dark: true } },
  { name: "phone", view: { width: 390, height: 844 } },
  { name: "phone-dark", view: { width: 390, height: 844, dark: true } },
])("the gallery and the difference fit, read well and look right: $name", async ({ name, view }) => {
  const other = await browser.open({ ...view, like: screen });
  const { page } = other;
  await page.goto(`${program.url}/templates`);
  await page.getByRole("list", { name: "Templates" }).waitFor();
  await fits("templates");
  await page.getByRole("button", { name: /^Look at: Incoming/ }).click();
  await page.getByRole("group", { name: "Step “Look the number up”" }).waitFor();
  await fits("template-looked-at");
  await page.goto(program.url);
  await page.getByRole("list", { name: "Flows" }).waitFor();
  await fits("flows-with-import");
  const { items } = await api("flows");
  await page.goto(`${program.url}/flows/${items.find((flow) => flow.name === "Versions")?.id}/versions`);
  await page.getByRole("button", { name: "Compare version 2" }).click();
  await page.getByRole("list", { name: "Changes" }).waitFor();
  await fits("version-difference");

  async function fits(what: string): Promise<void> {
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(sideways, `${what} is wider than the screen`).toBeLessThanOrEqual(0);
    await page.waitForTimeout(350);
    const findings = await lookWithAxe(page);
    expect(findings.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
    await other.shot(`${what}-${name}`);
  }
});

test("no page complained", () => {
  expect(browser.complaints()).toEqual([]);
});
