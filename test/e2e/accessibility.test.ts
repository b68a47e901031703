// Every page, in light and dark, on a desk, a tablet and a phone: axe-core finds nothing serious, nothing scrolls
// sideways, the focus is never lost, what should not move does not, and no page breaks the Content-Security-Policy.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signIn } from "../kit/api.ts";
import { lookWithAxe } from "../kit/axe.ts";
import { type Screen, startBrowser, type TestBrowser } from "../kit/browser.ts";
import { OWNER, type Program, startProgram } from "../kit/process.ts";
import { furnish, type House } from "../kit/sample-house.ts";
import { signInOn } from "../kit/sign-in.ts";
import { type HttpTarget, startHttpTarget } from "../kit/targets.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

let program: Program;
let browser: TestBrowser;
let target: HttpTarget;
let screen: Screen;
let house: House;

beforeAll(async () => {
  execFileSync(process.execPath, ["client/build.ts", "--if-needed"], { cwd: ROOT });
  [target, browser, program] = await Promise.all([
    startHttpTarget(),
    startBrowser(),
    startProgram({ OWNER_EMAIL: "", OWNER_PASSWORD: "" }),
  ]);
  screen = await browser.open();
  await screen.page.emulateMedia({ reducedMotion: "reduce" });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await program?.close();
  await target?.close();
});

/** What is wrong with the page as it stands: in both colours, and in these widths besides. */
async function inspect(name: string, widths = [1024, 390]): Promise<void> {
  const { page } = screen;
  const wrong: unknown[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: "attached" });
    await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => setTimeout(painted))));
    const findings = await lookWithAxe(page);
    if (process.env.AXE_ALL && findings.length > 0) console.log(name, colorScheme, findings);
    wrong.push(...findings.filter(({ impact }) => impact === "serious" || impact === "critical"));
  }
  await screen.shot(`page-${name}-dark`);
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  for (const width of widths) {
    await page.setViewportSize({ width, height: 844 });
    const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
    if (scrollWidth > clientWidth) wrong.push(`at ${width} it is ${scrollWidth} wide`);
    if (width === 390) {
      const findings = await lookWithAxe(page);
      wrong.push(...findings.filter(({ impact }) => impact === "serious" || impact === "critical"));
    }
    await screen.shot(`page-${name}-${width}`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(wrong, name).toEqual([]);
}

async function open(path: string): Promise<void> {
  const { page } = screen;
  await page.goto(`${program.url}${path}`);
  await page.getByRole("main").locator("h1, h2").first().waitFor();
  await page
    .getByRole("status", { name: /^Loading/ })
    .first()
    .waitFor({ state: "detached" });
}

test("the first visit, and the pages of an empty installation", async () => {
  const { page } = screen;
  await page.goto(program.url);
  await page.getByRole("heading", { name: "Create the owner" }).waitFor();
  await inspect("setup");
  await page.getByRole("button", { name: "Create account" }).click();
  await inspect("setup-wrong");
  await signIn(program.url, OWNER.email, OWNER.password);
  await page.reload();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await inspect("sign-in");
  await signInOn(screen, program.url);
  for (const [name, path] of Object.entries({
    "flows-empty": "/",
    "runs-empty": "/runs",
    "connections-empty": "/connections",
    "health-empty": "/health",
  })) {
    await open(path);
    await inspect(name);
  }
});

test("every page with something on it", async () => {
  const api = await signIn(program.url, OWNER.email, OWNER.password);
  house = await furnish(api, target);
  const { flowId, runs } = house;
  const { items: flows } = await api("flows");
  const notReady = flows.find(({ name }) => name === "Not ready")?.id;
  for (const [name, path] of Object.entries({
    flows: "/",
    flow: `/flows/${flowId}`,
    "flow-not-ready": `/flows/${notReady}`,
    "flow-runs": `/flows/${flowId}/runs`,
    "flow-versions": `/flows/${flowId}/versions`,
    runs: "/runs",
    "runs-none-fit": "/runs?text=nothing-has-this",
    "run-succeeded": `/runs/${runs.succeeded}?step=tell`,
    "run-failed": `/runs/${runs.failed}?step=refuse`,
    "run-waiting": `/runs/${runs.waiting}`,
    "run-loop": `/runs/${runs.loop}?step=${encodeURIComponent("each[1]/weigh")}`,
    templates: "/templates",
    connections: "/connections",
    health: "/health",
    settings: "/settings",
    problems: "/docs/problems#outcome-unknown",
    nowhere: "/no/such/page",
  })) {
    await open(path);
    await inspect(name);
  }
}, 240_000);

test("the editor, with its panels and with a run on its canvas", async () => {
  const { page } = screen;
  for (const [name, search] of Object.entries({
    editor: "",
    "editor-step": "?step=tell",
    "editor-trigger": "?step=trigger",
    "editor-branch": "?step=check",
    "editor-run": "?run=latest",
  })) {
    await page.goto(`${program.url}/flows/${house.flowId}/edit${search}`);
    await page.getByRole("group", { name: /^Step “Tell the warehouse”/ }).waitFor();
    if (search.startsWith("?step"))
      await page.getByRole("complementary", { name: "Settings of the step" }).waitFor();
    if (search.startsWith("?run")) await page.getByRole("button", { name: "Back to drawing" }).waitFor();
    await inspect(name);
  }
}, 120_000);

test("the editor's dialogs give the focus back", async () => {
  const { page } = screen;
  await page.goto(`${program.url}/flows/${house.flowId}/edit`);
  await page.getByRole("group", { name: /^Step “Tell the warehouse”/ }).click();
  for (const [name, keys] of Object.entries({ "editor-shortcuts": "?", "editor-commands": "Control+k" })) {
    await page.getByRole("group", { name: /^Step “Tell the warehouse”/ }).focus();
    await page.keyboard.press(keys);
    await page.getByRole("dialog").waitFor();
    // On a phone there is no editor, and so no dialog of it.
    await inspect(name, [1024]);
    await page.keyboard.press("Escape");
    await focusIsOn(/Tell the warehouse/);
  }
}, 60_000);

test("a dialog is fine too, and gives the focus back to what opened it", async () => {
  const { page } = screen;
  await open("/");
  const create = page.getByRole("button", { name: "New flow" }).first();
  await create.click();
  await page.getByRole("dialog").waitFor();
  await inspect("dialog-new-flow");
  await page.keyboard.press("Escape");
  await focusIsOn(/New flow/);

  await page
    .getByRole("button", { name: /^Actions for/ })
    .first()
    .click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").waitFor();
  await inspect("dialog-delete");
  await page.getByRole("button", { name: "Cancel" }).click();
  await focusIsOn(/^Actions for/);

  await open("/connections");
  await page.getByRole("button", { name: "New connection" }).click();
  await page.getByRole("menuitem", { name: "Slack" }).click();
  await page.getByRole("dialog").waitFor();
  // What only this kind of connection needs is asked for before anything is sent.
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByText("Webhook URL must not be empty.").waitFor();
  await inspect("dialog-connection");
  await page.keyboard.press("Escape");
  await focusIsOn(/New connection/);

  await page.getByRole("button", { name: "Test", exact: true }).click();
  await page.getByText("Does not work").waitFor();
  await focusIsOn(/^Test$/);

  await open(`/flows/${house.flowId}`);
  await page.getByRole("button", { name: `Account: ${OWNER.email}` }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
  await inspect("menu-account");
  await page.keyboard.press("Escape");
  await focusIsOn(/Account/);

  await open("/settings");
  await page.getByRole("button", { name: "Revoke deploy" }).click();
  await page.getByRole("button", { name: "Revoke the token" }).click();
  await page.getByText("No tokens yet").waitFor();
  await expect.poll(focused).not.toBe("body");
}, 120_000);

test("going to another page, the keyboard goes on in its content", async () => {
  const { page } = screen;
  await open("/runs");
  await page.getByRole("list", { name: "Runs" }).getByRole("link").first().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("tree").or(page.getByText("No step was run")).first().waitFor();
  await expect.poll(focused).not.toBe("body");
});

test("what should not move stays still for whoever asked for that", async () => {
  const { page } = screen;
  await open(`/runs/${house.runs.waiting}`);
  const moving = await page.evaluate(() =>
    document
      .getAnimations()
      .map((animation) => Number(animation.effect?.getComputedTiming().endTime))
      .filter((ms) => ms > 20),
  );
  expect(moving).toEqual([]);
});

test("no page complained: no error on the console, nothing that the Content-Security-Policy forbids", () => {
  expect(browser.complaints()).toEqual([]);
});

/** The name of what has the focus; "body" when nothing has. */
function focused(): Promise<string> {
  return screen.page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return "body";
    return element.getAttribute("aria-label") ?? element.textContent ?? element.tagName;
  });
}

async function focusIsOn(name: RegExp): Promise<void> {
  await screen.page.getByRole("dialog").waitFor({ state: "detached" });
  await expect.poll(focused).toMatch(name);
}
