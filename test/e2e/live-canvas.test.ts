// The editor's canvas while runs happen: steps turn running, done and failed by themselves, earlier runs can be looked
// at, and the drawing alone comes back.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, signIn } from "../kit/api.ts";
import { type Screen, startBrowser, type TestBrowser } from "../kit/browser.ts";
import { graph, type StepChange } from "../kit/graph.ts";
import { OWNER, type Program, startProgram } from "../kit/process.ts";
import { signInOn } from "../kit/sign-in.ts";
import { type HttpTarget, startHttpTarget } from "../kit/targets.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

let program: Program;
let browser: TestBrowser;
let target: HttpTarget;
let screen: Screen;
let api: Client;
let flowId = "";
let catchUrl = "";

beforeAll(async () => {
  execFileSync(process.execPath, ["client/build.ts", "--if-needed"], { cwd: ROOT });
  [target, browser, program] = await Promise.all([startHttpTarget(), startBrowser(), startProgram()]);
  api = await signIn(program.url, OWNER.email, OWNER.password);
  const call = (path: string, name: string, x: number, y: number): StepChange => ({
    uses: "http.request",
    name,
    input: { method: "POST", url: `${target.url}/${path}`, bodyType: "json", json: "{{trigger.body}}" },
    retry: { attempts: 1, baseMs: 100, capMs: 100 },
    at: { x, y },
  });
  const made = graph("trigger -> each; each:each -> pack; each:done -> tell", {
    trigger: { uses: "webhook.catch", name: "New order", at: { x: 200, y: 0 } },
    each: {
      uses: "logic.each",
      name: "Each line",
      input: { items: "{{trigger.body.lines}}" },
      at: { x: 200, y: 160 },
    },
    pack: call("pack", "Pack it", 40, 320),
    tell: call("tell", "Tell the team", 360, 320),
  });
  ({ id: flowId } = await api("createFlow", { body: { name: "Lines", graph: made } }));
  ({ catchUrl } = await api("publishFlow", { params: { id: flowId }, body: {} }));
  screen = await browser.open();
  await signInOn(screen, program.url);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await program?.close();
  await target?.close();
});

async function send(lines: number[]): Promise<void> {
  await fetch(catchUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ lines }),
  });
}

const step = (words: RegExp) => screen.page.getByRole("group", { name: words });
const chip = () => screen.page.getByRole("region", { name: "Run on the canvas" });
const status = () => chip().getByRole("status");

test("a run that begins is shown as it goes, and stays on the canvas when it ended", async () => {
  const { page } = screen;
  let release = () => {};
  let waiting = 0;
  target.answer = async () => {
    if (++waiting === 3) {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    }
    return { body: "{}" };
  };
  await page.goto(`${program.url}/flows/${flowId}/edit`);
  await step(/^Step “Pack it”$/).waitFor();
  expect(await chip().count()).toBe(0);

  await send([1, 2, 3, 4, 5]);
  await status().getByText("Running").waitFor();
  await step(/^Step “Each line”: looping, 2 of 5/).waitFor();
  await step(/^Step “Pack it”: running, 2 of 5/).waitFor();
  await screen.shot("editor-live-running");
  release();
  await status().getByText("Succeeded").waitFor();
  await step(/^Step “Each line”: done, 5 items/).waitFor();
  await step(/^Step “Tell the team”: done/).waitFor();
  await screen.shot("editor-live-done");
});

test("the drawing alone comes back, and so does the last run; the button keeps the focus", async () => {
  const { page } = screen;
  await chip().getByRole("button", { name: "Back to drawing" }).click();
  await step(/^Step “Tell the team”$/).waitFor();
  await expect.poll(focused).toBe("Show last run");
  // While one draws, a run does not get in the way.
  target.answer = ({ path }) => (path === "/tell" ? { status: 422, body: "{}" } : { body: "{}" });
  await send([1]);
  await expect.poll(async () => (await api("runs", { query: { flowId } })).items[0]?.status).toBe("failed");
  expect(await step(/^Step “Tell the team”$/).count()).toBe(1);
  await page.keyboard.press("Enter");
  await status().getByText("Failed").waitFor();
  await step(/^Step “Tell the team”: failed/).waitFor();
  await expect.poll(focused).toBe("Back to drawing");
});

test("one goes to earlier runs and back, and from a run's page into the editor", async () => {
  const { page } = screen;
  await chip().getByRole("button", { name: "Earlier run" }).click();
  await status().getByText("Succeeded").waitFor();
  await step(/^Step “Each line”: done, 5 items/).waitFor();
  await chip().getByRole("button", { name: "Later run" }).click();
  await status().getByText("Failed").waitFor();

  const { items } = await api("runs", { query: { flowId } });
  const first = items.at(-1)?.id ?? "";
  await page.goto(`${program.url}/runs/${first}`);
  await page.getByRole("link", { name: "Open in editor" }).click();
  await step(/^Step “Each line”: done, 5 items/).waitFor();
  expect(new URL(page.url()).searchParams.get("run")).toBe(first);
  await chip().getByRole("link", { name: "Run" }).click();
  await page.getByRole("tree", { name: "Timeline of the run" }).waitFor();
});

test("no page complained", () => {
  expect(browser.complaints()).toEqual([]);
});

/** What has the keyboard, by its words. */
function focused(): Promise<string | null> {
  return screen.page.evaluate(() => document.activeElement?.textContent ?? null);
}
