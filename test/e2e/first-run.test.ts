// The first visit in a real browser: make the owner, see a flow, publish it, post a real order, watch its run turn green.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Graph } from "../../shared/graph.ts";
import { type Client, signIn } from "../kit/api.ts";
import { type Screen, startBrowser, type TestBrowser } from "../kit/browser.ts";
import { payloads } from "../kit/payloads.ts";
import { type Program, startProgram } from "../kit/process.ts";
import { type HttpTarget, startHttpTarget } from "../kit/targets.ts";

const OWNER = { email: "mira@example.com", password: "correct horse battery" };
const FLOW_NAME = "Order → warehouse <img src=x onerror=window.__xss=1>";
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
  // Nobody has an account: the settings that would make one are empty.
  program = await startProgram({ OWNER_EMAIL: "", OWNER_PASSWORD: "", ALLOW_NETWORKS: "127.0.0.0/8" });
  screen = await browser.open();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await program?.close();
  await target?.close();
});

beforeEach(() => {
  target.requests.length = 0;
  target.answer = () => ({ status: 201, body: '{"parcel":"PX-1"}' });
});

test("the first visitor makes the owner, and is told what a password needs", async () => {
  const { page } = screen;
  await page.goto(program.url);
  await page.getByRole("heading", { name: "Create the owner" }).waitFor();
  await page.getByLabel("E-mail address").fill(OWNER.email);
  await page.getByLabel("Password", { exact: true }).fill("too short");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByText("It has 9 of at least 12 characters.").waitFor();
  await screen.shot("setup");

  await page.getByLabel("Password", { exact: true }).fill(OWNER.password);
  await page.getByLabel("Password once more").fill(OWNER.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: "Catch your first event" }).waitFor();
  await screen.shot("flows-empty");
  api = await signIn(program.url, OWNER.email, OWNER.password);
});

test("a new flow waits for its first event, and shows it when it comes", async () => {
  const { page } = screen;
  await page.getByRole("button", { name: "Create your first flow" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Just listening");
  await page.getByRole("button", { name: "Create flow" }).click();
  await page.getByRole("link", { name: "Back to the flow" }).click();
  await page.getByText("Waiting for an event…").waitFor();
  await screen.shot("flow-waiting");

  await post(await shownCatchUrl(), '{"hello":"from a draft"}', { "content-type": "application/json" });
  await page.getByText("Kept as a sample", { exact: true }).waitFor();
  await page.getByText('"from a draft"').waitFor();
});

test("a published flow turns a real order into a run that is seen from beginning to end", async () => {
  const { page } = screen;
  ({ id: flowId } = await api("createFlow", { body: { name: FLOW_NAME, graph: orderGraph() } }));
  await page.goto(program.url);
  await page.getByRole("link", { name: FLOW_NAME }).click();
  await page.getByRole("group", { name: "Step “Tell the warehouse”" }).waitFor();
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByLabel("Note").fill("The first version");
  await page.getByRole("button", { name: "Publish now" }).click();
  await page.getByText("Version 1 is live.").waitFor();

  // The target holds its answer back, so that the run can be watched while it is under way.
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  target.answer = async () => {
    await held;
    return { status: 201, body: '{"parcel":"PX-1","note":"<b>packed</b>"}' };
  };
  const { headers, body } = payloads.shopifyOrder;
  await post(await shownCatchUrl(), body, headers);

  await page.getByRole("link", { name: "See its run" }).click();
  const status = page.getByRole("status", { name: "Status of the run" });
  await status.getByText("Running").waitFor();
  await screen.shot("run-running");
  release();
  await status.getByText("Succeeded").waitFor();
  await screen.shot("run-succeeded");

  const order = JSON.parse(Buffer.from(body).toString());
  expect(target.requests).toHaveLength(1);
  expect(target.requests[0]).toMatchObject({ method: "POST", path: "/orders", json: { order: order.name } });

  await page.getByRole("button", { name: /^Tell the warehouse/ }).click();
  const input = page.getByRole("region", { name: "Input" }).first();
  const output = page.getByRole("region", { name: "Output" }).first();
  await input.getByText(`"${order.name}"`).waitFor();
  await output.getByText('"<b>packed</b>"').waitFor();
  await page.getByRole("button", { name: /^New order/ }).click();
  await page.getByRole("region", { name: "Body" }).getByText(`"${order.name}"`).first().waitFor();
  await screen.shot("run-opened", { whole: true });
});

test("choosing a step on the canvas opens it in the list", async () => {
  const { page } = screen;
  await page.reload();
  await page.getByRole("group", { name: /^Step “Tell the warehouse”/ }).click();
  await page.getByRole("button", { name: /^Tell the warehouse/, expanded: true }).waitFor();
  expect(new URL(page.url()).searchParams.get("step")).toBe("warehouse");
});

test("what strangers send is shown as text and never runs", async () => {
  const { page } = screen;
  const evil = "<img src=x onerror='window.__xss=1'><script>window.__xss=1</script>";
  const flow = await api("flow", { params: { id: flowId } });
  const data = { name: evil, [evil]: [evil, { link: "javascript:window.__xss=1" }], __proto__: evil };
  await post(`${flow.catchUrl}?q=${encodeURIComponent(evil)}`, JSON.stringify(data), {
    "content-type": "application/json",
    "x-evil": evil,
  });
  await page.goto(`${program.url}/flows/${flowId}`);
  await page.getByText(evil).first().waitFor();
  await page.goto(`${program.url}/runs?text=onerror`);
  await page.getByRole("list", { name: "Runs" }).getByRole("link").first().click();
  await page.getByRole("button", { name: /^New order/ }).click();
  await page.getByRole("region", { name: "Body" }).getByText(evil).first().waitFor();
  await page.getByRole("tab", { name: "Headers" }).click();
  await page.getByText("x-evil").waitFor();
  await page.getByRole("button", { name: /^Tell the warehouse/ }).click();
  await page.getByRole("region", { name: "Input" }).first().getByText(evil).first().waitFor();
  expect(await page.evaluate(() => Reflect.get(window, "__xss"))).toBeUndefined();
  expect(await page.locator("img").count()).toBe(0);
});

test("a failed step says what happened and what to do, and the run can be run again", async () => {
  const { page } = screen;
  target.answer = () => ({ status: 422, body: '{"error":"no such product"}' });
  const flow = await api("flow", { params: { id: flowId } });
  await post(flow.catchUrl, '{"name":"#1"}', { "content-type": "application/json" });
  await page.goto(`${program.url}/flows/${flowId}/runs`);
  await page.getByRole("list", { name: "Runs" }).getByText("Failed").first().waitFor();
  await page.getByRole("list", { name: "Runs" }).getByRole("link").first().click();
  await page
    .getByText(/answered 422/)
    .first()
    .waitFor();
  await screen.shot("run-failed");

  target.answer = () => ({ status: 201, body: '{"parcel":"PX-2"}' });
  await page.getByRole("button", { name: "Run again" }).click();
  await page.getByRole("link", { name: "Runs an earlier event again" }).waitFor();
  await page.getByRole("status", { name: "Status of the run" }).getByText("Succeeded").waitFor();
});

test("a connection is made, tested, used by nobody, and deleted; a token is shown once", async () => {
  const { page } = screen;
  await page.getByRole("link", { name: "Connections" }).click();
  await page.getByRole("button", { name: "New connection" }).click();
  await page.getByRole("menuitem", { name: "Discord" }).click();
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByText("Webhook URL must not be empty.").waitFor();
  await page.getByLabel("Webhook URL").fill("https://discord.com/api/webhooks/1/not-a-real-secret");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByText("Not used by any flow").waitFor();
  expect(await page.content()).not.toContain("not-a-real-secret");
  await page.getByRole("button", { name: "Actions for Discord" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete the connection" }).click();
  await page.getByText("No connections yet").waitFor();

  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("deploy");
  await page.getByRole("button", { name: "Make token" }).click();
  const token = (await page.getByRole("region", { name: "token" }).textContent()) ?? "";
  const answer = await fetch(`${program.url}/api/flows`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  await page.getByRole("button", { name: "I have copied it" }).click();
  await page.getByRole("button", { name: "Revoke deploy" }).waitFor();
});

test("signing out shows the sign-in screen, and signing in leads back to where one was", async () => {
  const { page } = screen;
  await page.goto(`${program.url}/flows/${flowId}/versions`);
  await page.getByText("The first version").waitFor();
  await page.getByRole("button", { name: `Account: ${OWNER.email}` }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.getByLabel("E-mail address").fill(OWNER.email);
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
  await screen.shot("sign-in");
  await page.getByLabel("Password", { exact: true }).fill(OWNER.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("The first version").waitFor();
});

test("a stream that breaks off is said so, and comes back by itself", async () => {
  const { page } = screen;
  await program.kill();
  await page.getByText("Reconnecting…").locator("visible=true").first().waitFor();
  await program.restart();
  await page.getByText("Reconnecting…").first().waitFor({ state: "detached", timeout: 30_000 });
});

test.each([
  { name: "dark", view: { dark: true } },
  { name: "phone", view: { width: 390, height: 844 } },
  { name: "phone-dark", view: { width: 390, height: 844, dark: true } },
])("every page fits and looks right: $name", async ({ name, view }) => {
  const other = await browser.open({ ...view, like: screen });
  const { items } = await api("runs", { query: { limit: 1 } });
  const pages = {
    flows: "/",
    flow: `/flows/${flowId}`,
    versions: `/flows/${flowId}/versions`,
    runs: "/runs",
    run: `/runs/${items[0]?.id}`,
    connections: "/connections",
    settings: "/settings",
    nowhere: "/no/such/page",
  };
  for (const [key, path] of Object.entries(pages)) {
    await other.page.goto(`${program.url}${path}`);
    await other.page.getByRole("main").locator("h1, h2").first().waitFor();
    await other.page.getByRole("status", { name: "Loading" }).first().waitFor({ state: "detached" });
    const sideways = await other.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(sideways, `${key} is wider than the screen`).toBeLessThanOrEqual(0);
    await other.shot(`${key}-${name}`, { whole: true });
  }
});

test("no page complained: no error on the console, nothing that the Content-Security-Policy forbids", () => {
  // While the server was down, the browser said so.
  const complaints = browser
    .complaints()
    .filter((text) => !/net::ERR_(CONNECTION_\w+|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE)/.test(text));
  expect(complaints).toEqual([]);
});

/** The address that a person would copy from the screen. */
async function shownCatchUrl(): Promise<string> {
  return (await screen.page.getByRole("region", { name: "Catch URL" }).textContent()) ?? "";
}

async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string>,
): Promise<void> {
  const answer = await fetch(url, { method: "POST", headers, body });
  expect(answer.ok, await answer.text()).toBe(true);
}

function orderGraph(): Graph {
  return {
    steps: {
      trigger: { id: "trigger", uses: "webhook.catch", name: "New order", input: {}, at: { x: 0, y: 0 } },
      warehouse: {
        id: "warehouse",
        uses: "http.request",
        name: "Tell the warehouse",
        input: {
          method: "POST",
          url: `${target.url}/orders`,
          bodyType: "json",
          json: { order: "{{trigger.body.name}}" },
        },
        at: { x: 0, y: 150 },
      },
    },
    edges: { e1: { id: "e1", from: "trigger", port: "main", to: "warehouse" } },
  };
}
