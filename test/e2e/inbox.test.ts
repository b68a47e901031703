// The inbox in the browser: what reaches a catch URL appears by itself with what became of it, and can be run all the same.

import { execFile, execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CatchSettings } from "../../shared/catching.ts";
import { type Client, signIn } from "../kit/api.ts";
import { lookWithAxe } from "../kit/axe.ts";
import { type Screen, startBrowser, type TestBrowser } from "../kit/browser.ts";
import { graph } from "../kit/graph.ts";
import { OWNER, type Program, startProgram } from "../kit/process.ts";
import { signInOn } from "../kit/sign-in.ts";
import { type HttpTarget, startHttpTarget } from "../kit/targets.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SECRET = "it is a secret to everybody";

let program: Program;
let browser: TestBrowser;
let target: HttpTarget;
let screen: Screen;
let api: Client;

beforeAll(async () => {
  execFileSync(process.execPath, ["client/build.ts", "--if-needed"], { cwd: ROOT });
  [target, browser, program] = await Promise.all([startHttpTarget(), startBrowser(), startProgram()]);
  target.answer = () => ({ body: "{}" });
  api = await signIn(program.url, OWNER.email, OWNER.password);
  screen = await browser.open();
  await screen.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await screen.page.emulateMedia({ reducedMotion: "reduce" });
  await signInOn(screen, program.url);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await program?.close();
  await target?.close();
});

/** A live flow that hands the body on to the target. */
async function publish(name: string) {
  const made = graph("trigger -> tell", {
    tell: {
      uses: "http.request",
      name: "Hand it on",
      input: { method: "POST", url: `${target.url}/orders`, bodyType: "json", json: "{{trigger.body}}" },
    },
  });
  const { id } = await api("createFlow", { body: { name, graph: made } });
  return api("publishFlow", { params: { id }, body: {} });
}

async function send(catchUrl: string, body: string, headers: Record<string, string> = {}): Promise<number> {
  const answer = await fetch(catchUrl, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  await answer.arrayBuffer();
  return answer.status;
}

const signed = (body: string, id: string) => ({
  "x-github-event": "push",
  "x-github-delivery": id,
  "x-hub-signature-256": `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`,
});

const rows = () => screen.page.getByRole("list", { name: "Deliveries" }).getByRole("listitem");
const rowWith = (text: string | RegExp) => rows().filter({ hasText: text });

/** In both colours and on a phone: nothing serious, and nothing scrolls sideways. */
async function inspect(name: string): Promise<void> {
  const { page } = screen;
  const wrong: unknown[] = [];
  for (const [colorScheme, width] of [
    ["light", 1440],
    ["dark", 1440],
    ["light", 390],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 900 });
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: "attached" });
    await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => setTimeout(painted))));
    const findings = await lookWithAxe(page);
    wrong.push(...findings.filter(({ impact }) => impact === "serious" || impact === "critical"));
    const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
    if (scrollWidth > clientWidth) wrong.push(`at ${width} it is ${scrollWidth} wide`);
    await screen.shot(`inbox-${name}-${colorScheme}-${width}`, { whole: true });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(wrong, name).toEqual([]);
}

test("an empty inbox says where to send the first delivery, and one sent from there appears by itself", async () => {
  const { page } = screen;
  const { id, catchUrl } = await publish("First");
  await page.goto(`${program.url}/flows/${id}`);
  await page.getByRole("tab", { name: "Inbox" }).click();
  await page.getByRole("heading", { name: "Nothing has come yet" }).waitFor();
  expect(await page.getByRole("region", { name: "Catch URL" }).textContent()).toBe(catchUrl);
  await expect.poll(() => page.getByRole("combobox", { name: "Sample to send" }).inputValue()).not.toBe("");
  await inspect("empty");
  await page.getByRole("button", { name: "Send" }).click();
  await rowWith("Became a run").waitFor();
  await rowWith("The run succeeded").waitFor();
});

test("each delivery appears with its verdict while somebody looks", async () => {
  const { page } = screen;
  const { id, catchUrl } = await publish("Orders");
  const asleep = await api("createFlow", { body: { name: "Not published" } });
  await page.goto(`${program.url}/deliveries`);
  await rows().first().waitFor();

  await send(catchUrl, '{"order":1}');
  await rowWith('{"order":1}').filter({ hasText: "Became a run" }).waitFor();

  await api("setCatching", {
    params: { id },
    body: {
      settings: CatchSettings.parse({
        verification: { kind: "preset", preset: "github" },
        onlyIf: { match: "all", rules: [{ left: "body.order", op: "greater", right: 0 }] },
      }),
      secrets: [SECRET],
    },
  });
  expect(await send(catchUrl, '{"order":2}')).toBe(401);
  await rowWith('{"order":2}').filter({ hasText: "Refused: not signed" }).waitFor();
  expect(await send(catchUrl, '{"order":3}', { ...signed("other", "a") })).toBe(401);
  await rowWith('{"order":3}').filter({ hasText: "Refused: bad signature" }).waitFor();

  const body = '{"order":4}';
  expect(await send(catchUrl, body, signed(body, "b"))).toBe(202);
  await rowWith(body).filter({ hasText: "The run succeeded" }).waitFor();
  await send(catchUrl, body, signed(body, "b"));
  await rowWith(body).filter({ hasText: "Duplicate" }).waitFor();

  const none = '{"order":0}';
  await send(catchUrl, none, signed(none, "c"));
  await rowWith(none).filter({ hasText: "Filtered out" }).waitFor();
  await send(asleep.catchUrl, '{"hello":true}');
  await rowWith('{"hello":true}').filter({ hasText: "Flow was asleep" }).waitFor();
  await inspect("list");
});

test("filters narrow the list, and stay in the address", async () => {
  const { page } = screen;
  await page.getByRole("combobox", { name: "What became of it" }).click();
  await page.getByRole("option", { name: "Refused" }).click();
  await expect.poll(() => rows().count()).toBe(2);
  await page.keyboard.press("Escape");
  await page.getByLabel("Search in deliveries").fill('order":3');
  await expect.poll(() => rows().count()).toBe(1);
  await page.reload();
  await expect.poll(() => rows().count()).toBe(1);
  expect(new URL(page.url()).searchParams.get("verdict")).toBe("refused");
  await page.getByRole("button", { name: "Clear" }).click();
  await expect.poll(() => rows().count()).toBeGreaterThan(5);
});

test("a refused one says why, and runs after a warning, with its body", async () => {
  const { page } = screen;
  await rowWith("Refused: bad signature").getByRole("link").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Delivery to Orders" }).waitFor();
  await inspect("refused");
  target.requests.length = 0;
  await page.getByRole("button", { name: "Run now" }).click();
  const dialog = page.getByRole("dialog", { name: "Run it all the same?" });
  await dialog.getByText(/^It was refused:/).waitFor();
  await screen.shot("inbox-warning");
  expect(target.requests).toEqual([]);
  await dialog.getByRole("button", { name: "Run now" }).click();
  await page.getByRole("status", { name: "Status of the run" }).getByText("Succeeded").waitFor();
  expect(target.requests.map(({ json }) => json)).toEqual([{ order: 3 }]);
});

test("a duplicate leads to the run of the first one, and that run back to its request", async () => {
  const { page } = screen;
  await page.goto(`${program.url}/deliveries?verdict=duplicate`);
  await rows().first().getByRole("link").click();
  await page.getByText(/the same thing came again, .* later/).waitFor();
  await page.getByRole("link", { name: "See the run of the first one" }).click();
  await page.getByRole("link", { name: "The request as it came" }).click();
  await page.getByText("It became a run.").waitFor();
  expect(await page.getByRole("region", { name: "Raw body" }).textContent()).toBe('{"order":4}');
  await page.getByText("x-hub-signature-256").waitFor();
});

test("what is copied as curl sends the same again, and what is kept is a pinned sample", async () => {
  const { page } = screen;
  const { id, catchUrl } = await publish("Again");
  const body = `{"name":"O'Neil",\n "note":"$HOME \`date\`"}`;
  await send(catchUrl, body, { "x-shop": "it's us" });
  await page.goto(`${program.url}/flows/${id}/inbox`);
  await rows().first().getByRole("link").click();
  await page.getByRole("button", { name: "Copy as curl" }).click();
  await page.getByText("The curl command is copied.").waitFor();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  await promisify(execFile)("sh", ["-c", command]);
  const { items } = await api("deliveries", { query: { flowId: id } });
  expect(items).toHaveLength(2);
  const [again] = await Promise.all(items.map((item) => api("delivery", { params: { id: item.id } })));
  expect(again?.text).toBe(body);
  expect(again?.headers["x-shop"]).toBe("it's us");
  expect(again?.data).toMatchObject({ body: JSON.parse(body) });

  await page.getByRole("button", { name: "Keep as a sample" }).click();
  await page.getByText("It is kept as a sample.").waitFor();
  const samples = await api("samples", { params: { id } });
  expect(samples.items.filter(({ pinned }) => pinned)).toHaveLength(1);
});

test("no page complained", () => {
  expect(browser.complaints()).toEqual([]);
});
