// The settings of a catch URL in a real browser: set by a person, and seen in what the catch URL answers from then on.

import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CatchSettings } from "../../shared/catching.ts";
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
  screen = await browser.open({ height: 1_000 });
  await signInOn(screen, program.url);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await program?.close();
});

interface Caught {
  id: string;
  url: string;
  /** How many runs it has. */
  runs(): Promise<number>;
}

/** A live flow of its own, its trigger's panel open. */
async function flow(name: string): Promise<Caught> {
  const { id } = await api("createFlow", { body: { name, graph: graph("trigger -> note") } });
  const { catchUrl } = await api("publishFlow", { params: { id }, body: {} });
  await open(id);
  return {
    id,
    url: catchUrl,
    runs: async () => (await api("runs", { query: { flowId: id } })).items.length,
  };
}

async function open(id: string): Promise<void> {
  await screen.page.goto(`${program.url}/flows/${id}/edit?step=trigger`);
  await row("Who may call it").waitFor();
}

const row = (title: string) => screen.page.getByRole("button", { name: new RegExp(`^${title}`) });
const form = (title: string) => screen.page.getByRole("form", { name: title });

async function save(title: string): Promise<void> {
  await form(title).getByRole("button", { name: "Save" }).click();
  await screen.page.getByText("Saved. It counts from now on, also for the published version.").waitFor();
}

async function choose(title: string, label: string, option: string): Promise<void> {
  await form(title).getByRole("combobox", { name: label }).click();
  await screen.page.getByRole("option", { name: option, exact: true }).click();
}

async function send(url: string, body: unknown, headers: Record<string, string> = {}) {
  const text = JSON.stringify(body);
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: text,
  });
  return { status: answer.status, text: await answer.text() };
}

const settings = async (id: string): Promise<CatchSettings> =>
  (await api("catching", { params: { id } })).settings;

test("requests that look like GitHub's are verified after one click and its secret", async () => {
  const { page } = screen;
  const { id, url, runs } = await flow("Pushes");
  const github = {
    "x-github-event": "push",
    "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    "x-hub-signature-256": `sha256=${"0".repeat(64)}`,
    "user-agent": "GitHub-Hookshot/044aadd",
  };
  for (const [index, ref] of ["a", "b", "c"].entries()) {
    const headers = { ...github, "x-github-delivery": `72d3162e-cc78-11e3-81ab-4c9367dc095${index}` };
    expect((await send(url, { ref }, headers)).status).toBe(202);
  }
  await page.getByText("3 of the newest requests look like GitHub. Verify them?").waitFor();
  await screen.shot("catching-detective");
  await page.getByRole("button", { name: "Verify GitHub" }).click();
  // The cursor is where the secret belongs.
  await page.keyboard.type("it is a secret");
  await screen.shot("catching-secret");
  await save("Who may call it");
  await row("Who may call it").getByText("Only GitHub, signed.").waitFor();
  expect(await page.getByText("look like GitHub").count()).toBe(0);

  expect((await send(url, { ref: "d" }, { ...github, "x-github-delivery": "d" })).status).toBe(401);
  expect(await runs()).toBe(3);
  const signature = createHmac("sha256", "it is a secret").update('{"ref":"e"}').digest("hex");
  const signed = { ...github, "x-github-delivery": "e", "x-hub-signature-256": `sha256=${signature}` };
  expect((await send(url, { ref: "e" }, signed)).status).toBe(202);
  expect(await runs()).toBe(4);

  await page
    .getByRole("region", { name: "Send a signed sample" })
    .getByRole("button", { name: "Send" })
    .click();
  await page.getByRole("link", { name: "See the run" }).click();
  await page.waitForURL(/\/runs\/run_/);
  expect(await runs()).toBe(5);
  expect((await settings(id)).verification).toMatchObject({ kind: "preset", preset: "github" });
});

test("while a secret is being changed the old one and the new one count; they are never shown", async () => {
  const { page } = screen;
  const { id, url, runs } = await flow("Rotation");
  await row("Who may call it").click();
  await choose("Who may call it", "Sender", "A token in a header");
  await form("Who may call it")
    .getByLabel(/^Token/)
    .fill("first-token");
  await save("Who may call it");
  await open(id);
  await row("Who may call it").click();
  await page.getByText("1 secret is kept. It is never shown again.").waitFor();
  expect(await page.content()).not.toContain("first-token");
  await page.getByRole("button", { name: "Add another" }).click();
  await form("Who may call it")
    .getByLabel(/^Another/)
    .fill("second-token");
  await save("Who may call it");
  for (const [token, status] of [
    ["first-token", 202],
    ["second-token", 202],
    ["third-token", 401],
  ] as const) {
    expect((await send(url, { token }, { authorization: `Bearer ${token}` })).status).toBe(status);
  }
  expect(await runs()).toBe(2);

  await row("Who may call it").click();
  await page.getByText("2 secrets are kept.").waitFor();
  await page.getByRole("button", { name: "Replace" }).click();
  await form("Who may call it")
    .getByLabel(/^Another/)
    .fill("third-token");
  await save("Who may call it");
  expect((await send(url, { n: 3 }, { authorization: "Bearer third-token" })).status).toBe(202);
  expect((await send(url, { n: 4 }, { authorization: "Bearer first-token" })).status).toBe(401);

  await row("Who may call it").click();
  await page.getByRole("button", { name: "Remove all" }).click();
  await page.getByRole("button", { name: "Remove all and let anybody call it" }).click();
  await row("Who may call it").getByText("Anybody who knows the address may call it.").waitFor();
  expect((await send(url, { n: 5 })).status).toBe(202);
});

test("what comes twice runs once, lists run item by item, and what does not fit the conditions does not run", async () => {
  const { page } = screen;
  const { url, runs } = await flow("Orders");
  await row("The same thing twice").click();
  await choose("The same thing twice", "How to tell that it came before", "By a field of what was sent");
  await form("The same thing twice").getByRole("textbox", { name: "Field with the id" }).fill("order.id");
  await save("The same thing twice");
  await row("The same thing twice").getByText("told by the field “order.id”, for 7 days").waitFor();
  await send(url, { order: { id: 1 }, try: 1 });
  const again = await send(url, { order: { id: 1 }, try: 2 });
  expect(again.text).toContain("duplicate");
  expect(await runs()).toBe(1);

  await row("Only run if").click();
  await choose("Only run if", "What runs", "Only what fits these conditions");
  await form("Only run if").getByRole("textbox", { name: "Conditions: value 1" }).fill("body.status");
  await form("Only run if").getByRole("textbox", { name: "Conditions: compared with 1" }).fill("paid");
  await save("Only run if");
  expect((await send(url, { order: { id: 2 }, status: "open" })).status).toBeLessThan(300);
  expect(await runs()).toBe(1);
  await send(url, { order: { id: 3 }, status: "paid" });
  expect(await runs()).toBe(2);
  await row("Only run if").click();
  await choose("Only run if", "What runs", "Everything that comes");
  await save("Only run if");

  await row("Lists").click();
  await choose("Lists", "When a list comes", "One run for each item");
  await form("Lists").getByRole("textbox", { name: "Where the list is" }).fill("orders");
  await save("Lists");
  await send(url, { orders: [{ order: { id: 4 } }, { order: { id: 5 } }, { order: { id: 6 } }] });
  expect(await runs()).toBe(5);
  await page.getByText("One run for each item of the list at “orders”.").waitFor();
});

test("the sender hears what was written, with data of its request", async () => {
  const { url } = await flow("Answers");
  await row("What the sender hears").click();
  await choose("What the sender hears", "The answer", "At once: what I write here");
  const answer = form("What the sender hears");
  await answer.getByRole("textbox", { name: "Status" }).fill("201");
  await answer.getByRole("button", { name: "Add a row" }).click();
  await answer.getByRole("textbox", { name: "Headers: name 1" }).fill("x-shop");
  await answer.getByRole("textbox", { name: "Headers: value 1" }).fill("open");
  await answer.getByRole("textbox", { name: "Text of the answer" }).fill("hello {{trigger.body.name}}");
  await save("What the sender hears");
  expect(await send(url, { name: "Ada" })).toEqual({ status: 201, text: "hello Ada" });
});

test("what the server does not take is said at its field, and what was typed stays", async () => {
  const { page } = screen;
  const { id } = await flow("Wrong");
  await row("Who may call it").click();
  const addresses = form("Who may call it").getByLabel("IP addresses that may call it");
  await addresses.fill("10.0.0.999");
  await page.keyboard.press("Enter");
  await form("Who may call it").getByRole("button", { name: "Save" }).click();
  await form("Who may call it")
    .getByText(/10\.0\.0\.999.* (is|not)/)
    .waitFor();
  expect(await addresses.getAttribute("aria-invalid")).toBe("true");
  await screen.shot("catching-refused");
  expect((await settings(id)).allowedAddresses).toEqual([]);
});

test("a sample that the condition leaves out says that nothing was started, and one that fits is a run", async () => {
  const { page } = screen;
  const { runs } = await flow("Samples");
  const sample = page.getByRole("region", { name: "Send a sample" });
  await row("Only run if").click();
  await choose("Only run if", "What runs", "Only what fits these conditions");
  const rule = form("Only run if").getByRole("textbox", { name: "Conditions: value 1" });
  await rule.fill("method");
  const right = form("Only run if").getByRole("textbox", { name: "Conditions: compared with 1" });
  await right.fill("PUT");
  await save("Only run if");
  await sample.getByRole("button", { name: "Send" }).click();
  await sample.getByText(/^It was left out\. .*“only if” does not hold.* nothing was started/).waitFor();
  await screen.shot("catching-sample-left-out");
  expect(await runs()).toBe(0);
  await row("Only run if").click();
  await right.fill("POST");
  await save("Only run if");
  await sample.getByRole("button", { name: "Send" }).click();
  await sample.getByText("It arrived and started a run.").waitFor();
  expect(await runs()).toBe(1);
});

test("on a phone the settings open from the trigger, and what is changed there counts", async () => {
  const { id, url, runs } = await flow("Phone");
  const phone = await browser.open({ width: 390, height: 844, like: screen });
  const { page } = phone;
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto(`${program.url}/flows/${id}/edit`);
  await page.getByText("Drawing needs a larger screen").waitFor();
  await page.getByRole("button", { name: /^How it catches Anybody who knows the address/ }).waitFor();
  await phone.shot("catching-phone");

  // The box on the canvas opens it as well as the line above; the way back is the phone's own.
  await page.locator(".react-flow__node").getByText("trigger").click();
  const sheet = page.getByRole("dialog", { name: "trigger" });
  await sheet.getByText("Who may call it").waitFor();
  await page.goBack();
  await sheet.waitFor({ state: "detached" });
  await page.getByRole("button", { name: /^How it catches/ }).click();
  await sheet.getByRole("button", { name: /^Only run if/ }).click();
  const only = sheet.getByRole("form", { name: "Only run if" });
  await only.getByRole("combobox", { name: "What runs" }).click();
  await page.getByRole("option", { name: "Only what fits these conditions" }).click();
  await only.getByRole("textbox", { name: "Conditions: value 1" }).fill("body.status");
  await only.getByRole("textbox", { name: "Conditions: compared with 1" }).fill("paid");
  await only.getByRole("button", { name: "Save" }).click();
  await sheet.getByText("Saved. It counts from now on, also for the published version.").waitFor();
  expect((await settings(id)).onlyIf).toEqual({
    match: "all",
    rules: [{ left: "body.status", op: "equals", right: "paid" }],
  });
  await send(url, { status: "open" });
  expect(await runs()).toBe(0);
  await send(url, { status: "paid" });
  expect(await runs()).toBe(1);
  // The draft is as it was.
  expect((await api("flow", { params: { id } })).revision).toBe(1);

  const wrong: unknown[] = [];
  for (const title of ["Who may call it", "What the sender hears", "Only run if", "How much"])
    await sheet.getByRole("button", { name: new RegExp(`^${title}`) }).click();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: "attached" });
    const findings = await lookWithAxe(page);
    wrong.push(...findings.filter(({ impact }) => impact === "serious" || impact === "critical"));
    await phone.shot(`catching-phone-sheet-${colorScheme}`);
  }
  const sideways = await sheet.evaluate(
    (element) =>
      [element, ...element.querySelectorAll("form")].filter((one) => one.scrollWidth > one.clientWidth + 1)
        .length,
  );
  if (sideways > 0) wrong.push(`${sideways} are too wide at 390`);
  expect(wrong).toEqual([]);

  await sheet.getByRole("button", { name: "Close" }).click();
  await sheet.waitFor({ state: "detached" });
  expect(page.url()).not.toContain("step=");
  // Where the inbox leads to, when a delivery was refused.
  await page.goto(`${program.url}/flows/${id}/edit?step=trigger`);
  await sheet.getByText("Only if “body.status” is “paid”.").waitFor();
  await phone.context.close();
});

test("all of it is done with the keyboard alone", async () => {
  const { page } = screen;
  const { id } = await flow("Keys");
  await row("Who may call it").focus();
  for (const _ of Array(4)) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await form("Lists").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type("data.items");
  await page.keyboard.press("Enter");
  await page.getByText("Saved. It counts from now on, also for the published version.").waitFor();
  expect((await settings(id)).splitList).toEqual({ path: "data.items" });
  const focused = await page.evaluate(() => document.activeElement?.textContent);
  expect(focused).toMatch(/^Lists/);
});

test("every form is free of serious findings in light and dark, and nothing in it is cut off", async () => {
  const { page } = screen;
  await flow("Looks");
  const wrong: unknown[] = [];
  const titles = [
    "Who may call it",
    "The same thing twice",
    "What the sender hears",
    "Only run if",
    "Lists",
    "How much",
  ];
  for (const title of titles) await row(title).click();
  await choose("The same thing twice", "How to tell that it came before", "By a field of what was sent");
  await choose("What the sender hears", "The answer", "At once: what I write here");
  await choose("What the sender hears", "Pages in browsers", "May call it from these sites only");
  await choose("Only run if", "What runs", "Only what fits these conditions");
  await choose("Lists", "When a list comes", "One run for each item");
  for (const sender of ["Stripe", "A signed pass (JWT)", "A signature of my own kind"]) {
    await choose("Who may call it", "Sender", sender);
    // Without anything filled in, so that every field says what is wrong.
    await form("Who may call it").getByRole("button", { name: "Save" }).click();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: "attached" });
      const findings = await lookWithAxe(page);
      wrong.push(...findings.filter(({ impact }) => impact === "serious" || impact === "critical"));
      await screen.shot(`catching-${sender.toLowerCase().replaceAll(/[^a-z]+/g, "-")}-${colorScheme}`);
    }
    // The narrowest that the editor draws on; what a phone shows has a test of its own.
    for (const width of [1440, 780]) {
      await page.setViewportSize({ width, height: 1_000 });
      const wide = await page.evaluate(
        () =>
          [...document.querySelectorAll("form")].filter((one) => one.scrollWidth > one.clientWidth + 1)
            .length,
      );
      if (wide > 0) wrong.push(`${sender}: ${wide} forms are too wide at ${width}`);
    }
    await page.setViewportSize({ width: 1440, height: 1_000 });
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  }
  expect(wrong).toEqual([]);
  expect(browser.complaints()).toEqual([]);
});
