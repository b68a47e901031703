// A run in the browser: its line of time, its steps by mouse and keyboard, and the answers to a step that was cut off.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isFinal } from "../../shared/run.ts";
import { type Client, signIn } from "../kit/api.ts";
import { type Screen, startBrowser, type TestBrowser } from "../kit/browser.ts";
import { graph, type StepChange } from "../kit/graph.ts";
import { OWNER, type Program, startProgram } from "../kit/process.ts";
import { signInOn } from "../kit/sign-in.ts";
import { type HttpTarget, startHttpTarget, startSlackTarget } from "../kit/targets.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

let program: Program;
let browser: TestBrowser;
let target: HttpTarget;
let slack: HttpTarget;
let screen: Screen;
let api: Client;

beforeAll(async () => {
  execFileSync(process.execPath, ["client/build.ts", "--if-needed"], { cwd: ROOT });
  [target, slack, browser, program] = await Promise.all([
    startHttpTarget(),
    startSlackTarget(),
    startBrowser(),
    startProgram(),
  ]);
  api = await signIn(program.url, OWNER.email, OWNER.password);
  screen = await browser.open();
  await signInOn(screen, program.url);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await program?.close();
  await Promise.all([target?.close(), slack?.close()]);
});

const call = (path: string, name: string): StepChange => ({
  uses: "http.request",
  name,
  input: { method: "POST", url: `${target.url}/${path}`, bodyType: "json", json: "{{trigger.body}}" },
});

async function publish(name: string, made: ReturnType<typeof graph>): Promise<string> {
  const { id } = await api("createFlow", { body: { name, graph: made } });
  return (await api("publishFlow", { params: { id }, body: {} })).catchUrl;
}

async function send(catchUrl: string, body: unknown): Promise<string> {
  const caught = await fetch(catchUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const { runId }: { runId?: string } = JSON.parse(await caught.text());
  return runId ?? "";
}

/** The run, once it came to one of these. */
async function until(runId: string, fits: (status: string) => boolean) {
  for (let look = 0; look < 800; look++) {
    const run = await api("run", { params: { id: runId } });
    if (fits(run.status)) return run;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${runId} never came to that`);
}

test("the line of time shows branches, attempts, waits and the items of a loop, by mouse and keyboard", async () => {
  const { page } = screen;
  let refused = 0;
  target.answer = async ({ path }) => {
    await new Promise((resolve) => setTimeout(resolve, path === "/pack" ? 120 : 60));
    return path === "/label" && refused++ < 2 ? { status: 503, body: "{}" } : { body: '{"ok":true}' };
  };
  const catchUrl = await publish(
    "Parcels",
    graph("trigger -> rest -> label; trigger -> each; each:each -> pack -> weigh; each:done -> report", {
      rest: {
        uses: "logic.wait",
        name: "Let it rest",
        input: { mode: "duration", duration: { amount: 0.4, unit: "seconds" } },
      },
      label: {
        ...call("label", "Print the label"),
        retry: { attempts: 5, baseMs: 400, capMs: 400 },
      },
      each: {
        uses: "logic.each",
        name: "Each line",
        input: { items: "{{trigger.body.lines}}", concurrency: 2 },
      },
      pack: call("pack", "Pack it"),
      weigh: call("weigh", "Weigh it"),
      report: call("report", "Report"),
    }),
  );
  const runId = await send(catchUrl, { lines: [1, 2, 3, 4, 5, 6] });
  await page.goto(`${program.url}/runs/${runId}`);
  const loop = page.getByRole("group", { name: /^Step “Each line”/ });
  await expect.poll(() => loop.textContent()).toMatch(/[1-5] of 6/);
  await until(runId, isFinalText);
  await page.getByRole("status", { name: "Status of the run" }).getByText("Succeeded").waitFor();
  await expect.poll(() => loop.textContent()).toContain("6 items");

  const tree = page.getByRole("tree", { name: "Timeline of the run" });
  const rows = tree.getByRole("treeitem");
  expect(await rows.count()).toBe(4);
  const label = tree.getByRole("treeitem", { name: /^Print the label .*Done, .* 3 attempts/ });
  expect(await label.locator('[data-kind="failed"]').count()).toBe(2);
  expect(await label.locator('[data-kind="wait"]').count()).toBeGreaterThan(0);
  const rest = tree.getByRole("treeitem", { name: /^Let it rest/ });
  expect(await rest.locator('[data-kind="wait"]').count()).toBe(1);
  await screen.shot("timeline-closed");

  // Down to the loop, into it, and onto the second step of its second item.
  await rows.first().focus();
  while (!(await focused())?.startsWith("Each line")) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  expect(await rows.count()).toBe(4 + 6 * 3);
  for (let n = 0; n < 6; n++) await page.keyboard.press("ArrowDown");
  expect(await focused()).toMatch(/^Weigh it/);
  await page.keyboard.press("Enter");
  expect(new URL(page.url()).searchParams.get("step")).toBe("each[1]/weigh");
  expect(await focused()).toMatch(/^Weigh it/);
  const steps = page.getByRole("list", { name: "Steps of the run" });
  await steps.getByRole("button", { name: /^Weigh it/, expanded: true }).waitFor();
  await page.getByRole("group", { name: /^Step “Weigh it”.*6 items/ }).waitFor();
  await screen.shot("timeline-open", { whole: true });
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  expect(await rows.count()).toBe(4);

  const dark = await browser.open({ dark: true, like: screen });
  await dark.page.goto(page.url());
  await dark.page.getByRole("tree").waitFor();
  await dark.shot("timeline-dark");
  await dark.context.close();
});

test("steps that were cut off by a crash are answered in the browser: repeat, skip with a value, stop", async () => {
  const { page } = screen;
  target.answer = () => ({ body: "{}" });
  target.requests.length = 0;
  const answer = slack.answer;
  slack.answer = () => new Promise(() => {});
  const { id: connectionId } = await api("createConnection", {
    body: {
      connectorId: "slack",
      name: "team",
      fields: { kind: "webhook", webhookUrl: `${slack.url}/services/T/B/x` },
    },
  });
  const catchUrl = await publish(
    "Killed",
    graph("trigger -> say -> after", {
      say: {
        uses: "slack.sendMessage",
        name: "Tell the team",
        connectionId,
        input: { text: "{{trigger.body.n}}" },
      },
      after: {
        ...call("after", "Afterwards"),
        input: {
          method: "POST",
          url: `${target.url}/after`,
          bodyType: "json",
          json: { n: "{{trigger.body.n}}", said: "{{say.note | default: 'nothing'}}" },
        },
      },
    }),
  );
  const runIds = await Promise.all([1, 2, 3].map((n) => send(catchUrl, { n })));
  await expect.poll(() => slack.requests.length).toBe(3);
  await program.kill();
  slack.answer = answer;
  await program.restart();
  api = await signIn(program.url, OWNER.email, OWNER.password);
  for (const id of runIds) await until(id, (status) => status === "asking");
  expect(slack.requests).toHaveLength(3);
  const [repeated = "", skipped = "", stopped = ""] = runIds;
  const status = page.getByRole("status", { name: "Status of the run" });

  await page.goto(`${program.url}/runs/${repeated}`);
  await page
    .getByText(/may have happened: the server stopped in the middle of it/)
    .first()
    .waitFor();
  await page.getByRole("button", { name: "Decide" }).click();
  await screen.shot("run-asking");
  await page.getByRole("button", { name: "Repeat" }).click();
  await status.getByText("Succeeded").waitFor();
  expect(slack.requests).toHaveLength(4);
  expect(target.requests.map(({ json }) => json)).toEqual([{ n: 1, said: "nothing" }]);
  // The step is open, as it was when it asked, and its history tells of the attempt that nobody saw the end of.
  await page.getByRole("heading", { name: "Earlier attempts" }).waitFor();
  await page
    .getByText(/may have happened/)
    .first()
    .waitFor();

  await page.goto(`${program.url}/runs/${skipped}`);
  await page.getByRole("button", { name: "Skip with a value" }).click();
  const value = page.getByLabel("Output that later steps see");
  await value.fill("{ not json");
  await page.getByText("This is not valid JSON.").waitFor();
  expect(await page.getByRole("button", { name: "Skip the step" }).isDisabled()).toBe(true);
  await value.fill('{"note":"seen by Ann"}');
  await page.getByRole("button", { name: "Skip the step" }).click();
  await status.getByText("Succeeded").waitFor();
  expect(slack.requests).toHaveLength(4);
  expect(target.requests.at(-1)?.json).toEqual({ n: 2, said: "seen by Ann" });
  expect(await focused()).toMatch(/^Tell the team/);

  await page.goto(`${program.url}/runs/${stopped}`);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await status.getByText("Failed").waitFor();
  expect(await focused()).toMatch(/^Tell the team/);
  expect(slack.requests).toHaveLength(4);
  expect(target.requests).toHaveLength(2);
});

test("no page complained", () => {
  const complaints = browser
    .complaints()
    .filter((text) => !/net::ERR_(CONNECTION_\w+|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE)/.test(text));
  expect(complaints).toEqual([]);
});

function isFinalText(status: string): boolean {
  return isFinal(status as Parameters<typeof isFinal>[0]);
}

/** What has the keyboard, by its name. */
function focused(): Promise<string | null> {
  return screen.page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute("aria-label") ?? element?.textContent ?? null;
  });
}
