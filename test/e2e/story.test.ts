// The story of the first two minutes, from an empty installation, by hand: a shop's order, and if its total is above
// 100 a message on Slack, else an e-mail; drawn, mapped by clicking, published, and seen to run on the canvas.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Screen, startBrowser, type TestBrowser } from "../kit/browser.ts";
import { payloads } from "../kit/payloads.ts";
import { type Program, startProgram } from "../kit/process.ts";
import { type HttpTarget, type SmtpTarget, startSlackTarget, startSmtpTarget } from "../kit/targets.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const OWNER = { email: "ada@example.com", password: "correct horse battery" };

let program: Program;
let browser: TestBrowser;
let screen: Screen;
let page: Page;
let slack: HttpTarget;
let smtp: SmtpTarget;

beforeAll(async () => {
  execFileSync(process.execPath, ["client/build.ts", "--if-needed"], { cwd: ROOT });
  [slack, smtp, browser] = await Promise.all([startSlackTarget(), startSmtpTarget(), startBrowser()]);
  program = await startProgram({
    OWNER_EMAIL: "",
    OWNER_PASSWORD: "",
    ALLOW_NETWORKS: `127.0.0.0/8,127.0.0.1/32:${smtp.port}`,
  });
  screen = await browser.open({ height: 1_000 });
  page = screen.page;
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await program?.close();
  await Promise.all([slack?.close(), smtp?.close()]);
});

const panel = (): Locator => page.locator("[data-step-panel]");
const stepBox = (name: string): Locator =>
  page.locator(".react-flow__node").filter({ hasText: name }).first();
const port = (name: string, label?: string): Locator =>
  page.getByRole("button", {
    name: `Add a step after “${name}”${label ? ` by “${label}”` : ""}`,
    exact: true,
  });

async function addAfter(at: Locator, what: string, nth = 0): Promise<void> {
  await at.click();
  const picker = page.getByRole("dialog", { name: "Add a step" });
  await picker.getByRole("button", { name: what }).nth(nth).click();
  await picker.waitFor({ state: "detached" });
}

/** Puts a value of the event into a field by clicking it in the data. */
async function insert(field: string, search: string, value: RegExp): Promise<void> {
  await panel()
    .getByRole("button", { name: `${field}: insert data` })
    .click();
  const picker = page.getByRole("dialog", { name: "Insert data" });
  await picker.getByLabel("Search names and values").fill(search);
  await picker.getByRole("treeitem", { name: value }).first().click();
  await picker.getByRole("button", { name: "Close the data" }).click();
}

test("order, over 100 to Slack, else an e-mail: made by clicking, and seen to run", async () => {
  const from = performance.now();
  await page.goto(program.url);
  await page.getByLabel("E-mail address").fill(OWNER.email);
  await page.getByLabel("Password", { exact: true }).fill(OWNER.password);
  await page.getByLabel("Password once more").fill(OWNER.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("button", { name: "Create your first flow" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Orders of the shop");
  await page.getByRole("button", { name: "Create flow" }).click();
  await page.waitForURL(/\/flows\/[^/]+\/edit/);

  // A first event, with the address that the trigger shows.
  await stepBox("Catch a webhook").click();
  await panel().getByText("Waiting for an event…").waitFor();
  const url = (await panel().getByRole("region", { name: "Catch URL" }).textContent()) ?? "";
  const order = payloads.shopifyOrder;
  const send = (body = order.body) => fetch(url, { method: "POST", headers: order.headers, body });
  expect((await send()).status).toBe(202);
  await panel().getByRole("list", { name: "Samples" }).getByRole("listitem").first().waitFor();

  // Is the total over 100?
  await addAfter(port("Catch a webhook"), "Branch");
  const rule = panel().getByRole("region", { name: /^Case/ }).first();
  await rule.getByRole("button", { name: /value 1: insert data$/ }).click();
  const picker = page.getByRole("dialog", { name: "Insert data" });
  await picker.getByLabel("Search names and values").fill("149.80");
  await picker
    .getByRole("treeitem", { name: /^total_price\s?149/ })
    .first()
    .click();
  await picker.getByRole("button", { name: "Close the data" }).click();
  await rule.getByRole("combobox", { name: /comparison 1$/ }).click();
  await page.getByRole("option", { name: "is more than", exact: true }).click();
  await rule.getByRole("textbox", { name: /compared with 1$/ }).fill("100");
  await rule.getByText("Holds with the data at hand").waitFor();

  // Yes: Slack.
  await addAfter(port("Branch", "yes"), "Send a message");
  await panel().getByRole("button", { name: "New connection" }).click();
  const connectSlack = page.getByRole("dialog", { name: "Connect Slack" });
  await connectSlack.getByLabel("Webhook URL").fill(`${slack.url}/services/T0/B0/story`);
  await connectSlack.getByRole("button", { name: "Connect", exact: true }).click();
  await connectSlack.waitFor({ state: "detached" });
  await page.getByRole("textbox", { name: "Text", exact: true }).fill("A large order: ");
  await insert("Text", "149.80", /^total_price\s?149/);
  await panel().getByText("A large order: 149.80").waitFor();

  // No: an e-mail.
  await addAfter(port("Branch", "no"), "Send an e-mail");
  await panel().getByRole("button", { name: "New connection" }).click();
  const connectMail = page.getByRole("dialog", { name: "Connect E-mail" });
  await connectMail.getByLabel("Server", { exact: false }).first().fill(smtp.host);
  await connectMail.getByLabel("Port", { exact: false }).first().fill(String(smtp.port));
  await connectMail.getByRole("combobox", { name: "Security" }).click();
  await page.getByRole("option", { name: /none/i }).click();
  await connectMail.getByLabel("User", { exact: false }).first().fill(smtp.user);
  await connectMail.getByLabel("Password", { exact: false }).first().fill(smtp.password);
  await connectMail.getByLabel("From", { exact: false }).first().fill("The Shop <shop@example.com>");
  await connectMail.getByRole("button", { name: "Connect", exact: true }).click();
  await connectMail.waitFor({ state: "detached" });
  await page.getByRole("textbox", { name: "To", exact: true }).fill("{{trigger.body.email}}");
  await page.getByRole("textbox", { name: "Subject" }).fill("Thank you");
  await page.getByRole("textbox", { name: "Text", exact: true }).fill("Your order has arrived.");

  // Live.
  await page.getByText("Saved", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByRole("button", { name: "Publish now" }).click();
  await page.getByText("Live", { exact: true }).first().waitFor();

  // A real order runs, and the canvas shows it.
  expect((await send()).status).toBe(202);
  const onCanvas = (name: string, status: string) =>
    page.getByRole("group", { name: new RegExp(`“${name}”: ${status}`) }).waitFor();
  await onCanvas("Branch", "done");
  await onCanvas("Send a message", "done");
  await onCanvas("Send an e-mail", "skipped");
  await screen.shot("story-large-order");
  console.log(
    `from the first page to the first run on the canvas: ${((performance.now() - from) / 1_000).toFixed(1)} s`,
  );
  expect(slack.requests).toHaveLength(1);
  expect(slack.requests[0]?.json).toMatchObject({ text: "A large order: 149.80" });
  expect(smtp.mails).toEqual([]);

  // A small one takes the other way.
  const small = new TextDecoder()
    .decode(order.body)
    .replace('"total_price": "149.80"', '"total_price": "9.80"');
  expect((await send(new TextEncoder().encode(small))).status).toBe(202);
  await onCanvas("Send an e-mail", "done");
  await onCanvas("Send a message", "skipped");
  expect(smtp.mails).toMatchObject([{ to: [JSON.parse(small).email] }]);
  expect(slack.requests).toHaveLength(1);
  expect(browser.complaints()).toEqual([]);
}, 120_000);
