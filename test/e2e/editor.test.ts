// The editor in a real browser, against the real program: everything that a hand, a keyboard and two tabs do to a canvas.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { edgesOf, type Graph, type Step, stepsOf } from "../../shared/graph.ts";
import { type Client, signIn } from "../kit/api.ts";
import { type Screen, startBrowser, type TestBrowser } from "../kit/browser.ts";
import { OWNER, type Program, startProgram } from "../kit/process.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

let program: Program;
let browser: TestBrowser;
let screen: Screen;
let page: Page;
let api: Client;
let flowId = "";

beforeAll(async () => {
  execFileSync(process.execPath, ["client/build.ts", "--if-needed"], { cwd: ROOT });
  [program, browser] = await Promise.all([startProgram(), startBrowser()]);
  api = await signIn(program.url, OWNER.email, OWNER.password);
  screen = await browser.open();
  await screen.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  page = screen.page;
  await page.goto(program.url);
  await page.getByLabel("E-mail address").fill(OWNER.email);
  await page.getByLabel("Password", { exact: true }).fill(OWNER.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Catch your first event" }).waitFor();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await program?.close();
});

test("a new flow opens in the editor, with its trigger on the canvas", async () => {
  await page.getByRole("button", { name: "Create your first flow" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Orders");
  await page.getByRole("button", { name: "Create flow" }).click();
  await page.waitForURL(/\/flows\/[^/]+\/edit/);
  flowId = /flows\/([^/]+)\/edit/.exec(page.url())?.[1] ?? "";
  await stepBox("Catch a webhook").waitFor();
});

test("a step dragged out of the palette lands where it is dropped", async () => {
  await page.getByRole("textbox", { name: "Search steps" }).fill("request");
  const entry = palette().getByRole("button", { name: "Send a request" });
  await dropAt(entry, { x: 700, y: 620 });
  await stepBox("Send a request").waitFor();
  await page.getByRole("textbox", { name: "Search steps" }).fill("");
  await saved();
  const graph = await draft();
  expect(stepsOf(graph).map((step) => step.uses)).toEqual(["webhook.catch", "http.request"]);
  expect(edgesOf(graph)).toEqual([]);
});

test("an edge is drawn from port to step, and a circle is refused with its reason", async () => {
  await dragFrom(port("Catch a webhook"), await middleOf(stepBox("Send a request")));
  await saved();
  expect(shape(await draft())).toEqual(["trigger:main->http"]);

  // Hanging in the air, the edge says why not; let go, nothing is drawn.
  await hold(port("Send a request"), await middleOf(stepBox("Catch a webhook")));
  await page.getByText("Nothing can lead into the trigger").waitFor();
  await screen.shot("editor-refused");
  await page.mouse.up();
  expect(shape(await draft())).toEqual(["trigger:main->http"]);
});

test("+ on a port adds a step after it, and a drop on an edge is spliced in", async () => {
  await page.keyboard.press("Escape");
  await port("Send a request").click();
  const picker = page.getByRole("dialog", { name: "Add a step" });
  await picker.getByRole("textbox", { name: "Search steps" }).fill("wait");
  await page.keyboard.press("Enter");
  await stepBox("Wait").waitFor();

  const entry = palette().getByRole("button", { name: "Branch" });
  const [top, bottom] = await Promise.all([
    boxOf(stepBox("Catch a webhook")),
    boxOf(stepBox("Send a request")),
  ]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Shift+A");
  await page.waitForTimeout(500);
  const from = await boxOf(stepBox("Catch a webhook"));
  const to = await boxOf(stepBox("Send a request"));
  expect(top.y).toBeLessThan(bottom.y);
  await dropAt(entry, { x: from.x + from.width / 2, y: (from.y + from.height + to.y) / 2 });
  await stepBox("Branch").waitFor();
  await saved();
  expect(shape(await draft())).toEqual(["branch:yes->http", "http:main->wait", "trigger:main->branch"]);
});

test("the other way of a branch: its edge dropped on the ground opens the list of steps there", async () => {
  await page.keyboard.press("Escape");
  await page.keyboard.press("f");
  await page.waitForTimeout(400);
  const branch = await boxOf(stepBox("Branch"));
  await dragFrom(port("Branch", "no"), { x: branch.x + branch.width + 160, y: branch.y + 190 });
  const picker = page.getByRole("dialog", { name: "Add a step" });
  await picker.getByRole("button", { name: "Send an e-mail" }).click();
  await stepBox("Send an e-mail").waitFor();
  await saved();
  expect(shape(await draft())).toContain("branch:no->email");
});

test("a circle of steps is refused as well, and a second trigger", async () => {
  await page.keyboard.press("Escape");
  await page.keyboard.press("f");
  await page.waitForTimeout(400);
  await hold(port("Wait"), await middleOf(stepBox("Branch")));
  await page.getByText("This would make a circle: “Branch” comes before this step.").waitFor();
  await page.mouse.up();
  const entry = palette().getByRole("button", { name: "At certain times" });
  await entry.click();
  await page.getByText("a flow has exactly one trigger").first().waitFor();
  expect(stepsOf(await draft()).filter((step) => step.uses.startsWith("schedule."))).toEqual([]);
});

test("auto-layout keeps yes left of no", async () => {
  await page.keyboard.press("Escape");
  await focusCanvas();
  await page.keyboard.press("Shift+A");
  await saved();
  const { steps } = await draft();
  expect(steps.http?.at.x).toBeLessThan(steps.email?.at.x ?? 0);
  expect(steps.http?.at.y).toBe(steps.email?.at.y);
  expect(steps.branch?.at.y).toBeLessThan(steps.http?.at.y ?? 0);
  await page.waitForTimeout(400);
  await screen.shot("editor");
});

test("a step is renamed in its place, and switched off", async () => {
  await stepBox("Send an e-mail").dblclick();
  const field = page.getByRole("textbox", { name: "Name of the step" }).first();
  await field.fill("Thank the customer");
  await field.press("Enter");
  await stepBox("Thank the customer").waitFor();
  expect(await focusIsOn("email")).toBe(true);
  await page.keyboard.press("F2");
  await page.keyboard.press("Escape");
  expect(await focusIsOn("email")).toBe(true);
  await page.keyboard.press("d");
  await stepBox("Thank the customer").getByText("Switched off").waitFor();
  await page.keyboard.press("d");
  await saved();
  const { email } = (await draft()).steps;
  expect(email).toMatchObject({ name: "Thank the customer" });
  expect(email?.disabled).toBeUndefined();
});

test("a drag is one edit, whose name undo says", async () => {
  await page.keyboard.press("Escape");
  const before = (await draft()).steps.wait?.at;
  const box = await boxOf(stepBox("Wait"));
  await page.mouse.move(box.x + 30, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 90, box.y + 80, { steps: 8 });
  await page.mouse.up();
  await saved();
  expect((await draft()).steps.wait?.at).not.toEqual(before);
  await page.getByRole("button", { name: "Undo move “Wait”" }).click();
  await saved();
  expect((await draft()).steps.wait?.at).toEqual(before);
  await page.getByRole("button", { name: "Redo move “Wait”" }).waitFor();
  await page.keyboard.press("Control+Shift+z");
});

test("undo goes back to the start, and redo to the end: the graphs are equal", async () => {
  await saved();
  const end = await draft();
  await focusCanvas();
  for (let i = 0; i < 60 && (await canUndo()); i++) await page.keyboard.press("Control+z");
  await saved();
  const start = await draft();
  expect(stepsOf(start).map((step) => step.id)).toEqual(["trigger"]);
  expect(edgesOf(start)).toEqual([]);
  for (let i = 0; i < 60; i++) await page.keyboard.press("Control+y");
  await saved();
  expect(await draft()).toEqual(end);
});

test("a note is written, and survives", async () => {
  await focusCanvas();
  await page.keyboard.press("n");
  const field = page.getByRole("textbox", { name: "Text of the note" });
  await field.fill("Large orders first");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "blue" }).click();
  await saved();
  expect(Object.values((await draft()).notes ?? {})).toMatchObject([
    { text: "Large orders first", color: "blue" },
  ]);
});

test("what was drawn survives a reload at once, even unsaved", async () => {
  await focusCanvas();
  await page.keyboard.press("a");
  await page.getByRole("dialog", { name: "Add a step" }).getByRole("button", { name: "Set fields" }).click();
  await stepBox("Set fields").waitFor();
  await page.reload();
  await stepBox("Set fields").waitFor();
  expect(new URL(page.url()).searchParams.get("step") ?? "setFields").toBe("setFields");
  // Deleted with the key; the focus stays on the canvas.
  await stepBox("Set fields").click();
  await page.keyboard.press("Delete");
  await stepBox("Set fields").waitFor({ state: "detached" });
  await saved();
  expect(stepsOf(await draft()).map((step) => step.id)).not.toContain("setFields");
});

test("deleting a step in a chain closes the gap", async () => {
  await stepBox("Send a request").click();
  await page.keyboard.press("Delete");
  await saved();
  expect(shape(await draft())).toEqual(["branch:no->email", "branch:yes->wait", "trigger:main->branch"]);
  await page.keyboard.press("Control+z");
  await saved();
});

test("steps are copied into another flow, with references among them following", async () => {
  const input = { method: "POST", url: "https://example.com/{{http.body.id}}/{{trigger.body.id}}" };
  const { draft: graph, revision } = await api("flow", { params: { id: flowId } });
  const wait = { ...step("second", "http.request", "Second"), input, at: { x: 0, y: 700 } };
  const next = { ...graph, steps: { ...graph.steps, second: wait } };
  await api("saveDraft", { params: { id: flowId }, body: { revision, graph: next } });
  // Nothing was unsaved here: the other's change is taken over.
  await stepBox("Second").waitFor();

  await focusCanvas();
  await page.keyboard.press("Control+a");
  await page.getByRole("toolbar").getByText("selected").waitFor();
  await page.keyboard.press("Control+c");
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(JSON.parse(text)).toMatchObject({ flowcatch: "steps" });

  const other = await api("createFlow", {
    body: {
      name: "Another",
      graph: {
        steps: {
          trigger: step("trigger", "webhook.catch", "Start"),
          http: { ...step("http", "http.request", "Mine"), at: { x: 0, y: 160 } },
        },
        edges: {},
      },
    },
  });
  await page.goto(`${program.url}/flows/${other.id}/edit`);
  await stepBox("Mine").waitFor();
  await focusCanvas();
  await page.keyboard.press("Control+v");
  await stepBox("Second").waitFor();
  await saved();
  const pasted = (await api("flow", { params: { id: other.id } })).draft;
  expect(pasted.steps.second?.input.url).toBe("https://example.com/{{http2.body.id}}/{{trigger.body.id}}");
  expect(stepsOf(pasted).filter((one) => one.uses === "webhook.catch")).toHaveLength(1);
  expect(Object.values(pasted.notes ?? {})).toHaveLength(1);
  expect(shape(pasted)).toContain("branch:yes->http2");

  // Cut and pasted again: the ids are free once more, so references to them hold.
  await page.keyboard.press("Control+x");
  await stepBox("Second").waitFor({ state: "detached" });
  await page.keyboard.press("Control+v");
  await stepBox("Second").waitFor();
});

test("? shows every key, and Ctrl-K finds what to do", async () => {
  await focusCanvas();
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await sheet.getByText("Arrange all steps").waitFor();
  await screen.shot("editor-shortcuts");
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "detached" });
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder("Do something, or go to a step…").fill("go to mine");
  await screen.shot("editor-commands");
  await page.keyboard.press("Enter");
  await page.waitForURL(/step=http\b/);
});

test("two tabs: theirs is taken, or mine is kept, and nothing is lost", async () => {
  const second = await browser.open({ like: screen });
  // The stream does not reach the second tab, so it does not see the first one's change in time.
  await second.context.route("**/api/live", (route) => route.abort());
  const conflict = async (name: string) => {
    await second.page.goto(`${program.url}/flows/${flowId}/edit`);
    await box(second.page, "Branch").waitFor();
    const { draft: graph, revision } = await api("flow", { params: { id: flowId } });
    const steps = { ...graph.steps, [name]: { ...step(name, "logic.stop", name), at: { x: 600, y: 0 } } };
    await api("saveDraft", { params: { id: flowId }, body: { revision, graph: { ...graph, steps } } });
    await second.page.locator("[data-ground]").focus();
    await second.page.keyboard.press("n");
    await second.page.keyboard.type(`About ${name}`);
    await second.page.keyboard.press("Escape");
    return second.page.getByRole("dialog", { name: "“Orders” was changed elsewhere" });
  };

  const first = await conflict("Alpha");
  await first.getByRole("button", { name: "Keep mine" }).waitFor();
  await second.shot("editor-conflict");
  await first.getByRole("button", { name: "Take theirs" }).click();
  await box(second.page, "Alpha").waitFor();
  await second.page.getByText("Their draft is here now.").waitFor();
  // What was mine is one undo away.
  await second.page.getByRole("button", { name: /^Undo take over their draft/ }).click();
  await second.page.getByText("About Alpha").waitFor();
  await second.page.getByRole("status", { name: "Draft" }).getByText("Saved").waitFor();

  const again = await conflict("Beta");
  await again.getByRole("button", { name: "Keep mine" }).click();
  await second.page.getByRole("status", { name: "Draft" }).getByText("Saved").waitFor();
  const kept = await draft();
  expect(Object.values(kept.notes ?? {}).map((note) => note.text)).toContain("About Beta");
  expect(kept.steps.Beta).toBeUndefined();
  await second.page.getByText("Your draft is kept.").waitFor();
  await second.context.close();
});

test("publishing is refused with a list that leads to each step and field, then accepted", async () => {
  await page.goto(`${program.url}/flows/${flowId}/edit`);
  await stepBox("Branch").waitFor();
  await page.getByRole("button", { name: /problems$/ }).waitFor();
  await page.getByRole("button", { name: "Publish" }).click();
  const dialog = page.getByRole("dialog", { name: "Not ready to be published" });
  await dialog.getByRole("button", { name: /“Send a request” needs “Address”/ }).click();
  await page.waitForURL(/step=http\b/);
  await page.waitForFunction(() => document.activeElement?.closest('[data-field="url"]') !== null);
  await screen.shot("editor-jump");

  // Put right from outside; the editor follows.
  const { revision } = await api("flow", { params: { id: flowId } });
  const ready: Graph = {
    steps: {
      trigger: step("trigger", "webhook.catch", "Start"),
      http: {
        ...step("http", "http.request", "Tell"),
        at: { x: 0, y: 160 },
        input: { method: "GET", url: "https://example.com" },
      },
    },
    edges: { e1: { id: "e1", from: "trigger", port: "main", to: "http" } },
  };
  await api("saveDraft", { params: { id: flowId }, body: { revision, graph: ready } });
  await stepBox("Tell").waitFor();
  await page.getByRole("button", { name: "Ready" }).waitFor();
  await page.getByRole("button", { name: "Publish" }).click();
  const form = page.getByRole("dialog", { name: "Publish “Orders”" });
  await form.getByLabel("Note").fill("First");
  await form.getByRole("button", { name: "Publish now" }).click();
  await page.getByText("Version 1 is live.").waitFor();
  expect(await api("flow", { params: { id: flowId } })).toMatchObject({ status: "live", liveNumber: 1 });
});

test("with the server away the draft is kept, said to be unsaved, and saved when it is back", async () => {
  await screen.context.route("**/draft", (route) => route.abort());
  await focusCanvas();
  await page.keyboard.press("n");
  await page.keyboard.type("Offline");
  await page.keyboard.press("Escape");
  await page.getByText("Not saved:").waitFor();
  await page.getByRole("link", { name: "Back to the flow" }).click();
  const warning = page.getByRole("dialog", { name: "Leave without saving?" });
  await warning.getByRole("button", { name: "Cancel" }).click();
  await warning.waitFor({ state: "detached" });
  expect(page.url()).toContain("/edit");
  await screen.context.unroute("**/draft");
  await page.getByRole("button", { name: "Try again" }).click();
  await saved();
  expect(Object.values((await draft()).notes ?? {}).map((note) => note.text)).toContain("Offline");
});

test("the keyboard alone: choose, add, connect with its reason, move, and back", async () => {
  const flow = await api("createFlow", { body: { name: "By keyboard", graph: niceGraph() } });
  const stored = async () => (await api("flow", { params: { id: flow.id } })).draft;
  await page.goto(`${program.url}/flows/${flow.id}/edit`);
  await stepBox("Tell the team").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/step=slack/);
  await page.keyboard.press("a");
  await page.keyboard.type("wait");
  await page.keyboard.press("Enter");
  await stepBox("Wait").waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-id") === "wait");

  await page.keyboard.press("c");
  const dialog = page.getByRole("dialog", { name: "Connect “Wait”" });
  const choose = async (name: string) => {
    await dialog.getByRole("combobox", { name: "Leads to" }).fill(name);
    // while the list is still the longer one, the first of it is another
    await page.getByRole("option").nth(1).waitFor({ state: "detached" });
    await page.getByRole("option", { name }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
  };
  await choose("Over 100?");
  await dialog.getByText("This would make a circle").waitFor();
  await choose("Thank the customer");
  await dialog.getByRole("button", { name: "Connect" }).click();
  await dialog.waitFor({ state: "detached" });
  await saved();
  expect(shape(await stored())).toContain("wait:main->email");

  const before = (await stored()).steps.wait?.at ?? { x: 0, y: 0 };
  await stepBox("Wait").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await saved();
  expect((await stored()).steps.wait?.at).toEqual({ x: before.x + 40, y: before.y });
  // Two presses in a row are one move.
  await page.keyboard.press("Control+z");
  await saved();
  expect((await stored()).steps.wait?.at).toEqual(before);
});

test("a box chooses several, which are lined up and moved as one; the menu of the right button deletes them", async () => {
  const flow = await api("createFlow", { body: { name: "By box", graph: niceGraph() } });
  const stored = async () => (await api("flow", { params: { id: flow.id } })).draft;
  await page.goto(`${program.url}/flows/${flow.id}/edit`);
  const left = await boxOf(stepBox("Tell the team"));
  const right = await boxOf(stepBox("Thank the customer"));
  await page.mouse.move(left.x - 40, left.y - 20);
  await page.mouse.down();
  await page.mouse.move(right.x + 60, right.y + right.height + 60, { steps: 6 });
  await page.mouse.up();
  const bar = page.getByRole("toolbar", { name: "2 selected" });
  await bar.waitFor();
  await screen.shot("editor-several");
  await page.mouse.move(left.x + 80, left.y + 20);
  await page.mouse.down();
  await page.mouse.move(left.x + 120, left.y + 180, { steps: 6 });
  await page.mouse.up();
  await page.getByRole("button", { name: "Undo move 2 steps" }).waitFor();
  await bar.getByRole("button", { name: "Align left sides" }).click();
  await saved();
  const { slack, email } = (await stored()).steps;
  expect(slack?.at.x).toBe(email?.at.x);
  expect(slack?.at.y).toBeGreaterThan(320);
  await page.keyboard.press("Control+z");
  await stepBox("Tell the team").click({ button: "right" });
  await screen.shot("editor-menu");
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await saved();
  expect(stepsOf(await stored()).map((one) => one.id)).toEqual(["trigger", "branch"]);
});

test("a trigger dropped onto the trigger takes its place; elsewhere it is refused while it is dragged", async () => {
  const flow = await api("createFlow", { body: { name: "By drop", graph: niceGraph() } });
  await page.goto(`${program.url}/flows/${flow.id}/edit`);
  await stepBox("New order").waitFor();
  const entry = palette().getByRole("button", { name: "Every so often" });
  await entry.hover();
  await page.mouse.down();
  await page.mouse.move(600, 700, { steps: 4 });
  await page.mouse.move(604, 704, { steps: 2 });
  await page.getByText("Drop it onto the trigger to take its place.").waitFor();
  await page.mouse.up();
  await dropAt(entry, await middleOf(stepBox("New order")));
  await stepBox("Every so often").waitFor();
  await saved();
  const { draft: now } = await api("flow", { params: { id: flow.id } });
  expect(now.steps.trigger?.uses).toBe("schedule.interval");
  expect(shape(now)).toContain("trigger:main->branch");
});

test("300 steps: no more than the moved step is rendered while it is dragged", async () => {
  const big = await api("createFlow", { body: { name: "Three hundred", graph: largeGraph(300) } });
  const own = await browser.open({ like: screen });
  await own.context.addInitScript(countRenders);
  await own.page.goto(`${program.url}/flows/${big.id}/edit`);
  await box(own.page, "Step 1").waitFor();
  await own.page.keyboard.press("0");
  await own.page.waitForTimeout(800);
  const start = await middleOf(own.page.locator(".react-flow__node").filter({ visible: true }).nth(150));
  await own.page.mouse.move(start.x, start.y);
  await own.page.mouse.down();
  await own.page.mouse.move(start.x + 6, start.y + 6);
  await own.page.evaluate(() => Reflect.set(window, "__drawn", { steps: {}, frames: [] }));
  for (let i = 1; i <= 40; i++) await own.page.mouse.move(start.x + 6 + i * 3, start.y + 6 + i);
  const { steps, frames } = await own.page.evaluate(
    () => Reflect.get(window, "__drawn") as { steps: Record<string, number>; frames: number[] },
  );
  await own.page.mouse.up();
  const gaps = frames
    .slice(1)
    .map((at, i) => at - (frames[i] ?? at))
    .sort((a, b) => a - b);
  console.log(
    `300 steps: ${Object.keys(steps).length} step rendered, median frame ${gaps[gaps.length >> 1]?.toFixed(1)} ms`,
  );
  expect(Object.keys(steps)).toHaveLength(1);
  expect(Object.values(steps)[0]).toBeGreaterThan(5);
  await own.context.close();
}, 90_000);

test.each([
  { name: "dark", view: { dark: true } },
  { name: "1024", view: { width: 1024, height: 768 } },
  { name: "phone", view: { width: 390, height: 844 } },
])("it looks right: $name", async ({ name, view }) => {
  const shown = await api("createFlow", { body: { name: "Order → team or customer", graph: niceGraph() } });
  const other = await browser.open({ ...view, like: screen });
  await other.page.goto(`${program.url}/flows/${shown.id}/edit`);
  await other.page.getByRole("group", { name: /^Step “Tell the team”/ }).waitFor();
  await other.page.waitForTimeout(500);
  await other.shot(`editor-${name}`);
  const sideways = await other.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(sideways).toBeLessThanOrEqual(0);
  if (name === "phone") {
    await other.page.getByText("Drawing needs a larger screen").waitFor();
  } else {
    await other.page.getByRole("group", { name: /^Step “Tell the team”/ }).click();
    await other.page.waitForTimeout(700);
    await other.shot(`editor-step-${name}`);
  }
  await other.context.close();
});

test("no page complained: no error on the console, nothing that the Content-Security-Policy forbids", () => {
  const complaints = browser.complaints().filter((text) => !/net::ERR_FAILED|dialog: *$/.test(text));
  expect(complaints).toEqual([]);
});

function box(on: Page, name: string): Locator {
  return on
    .locator(".react-flow__node")
    .and(on.getByRole("group", { name: new RegExp(`^(Step|Trigger) “${name}”`) }));
}

function stepBox(name: string): Locator {
  return box(page, name);
}

function palette(): Locator {
  return page.getByRole("complementary", { name: "Steps", exact: true });
}

function port(name: string, label?: string): Locator {
  const by = label ? ` by “${label}”` : "";
  return page.getByRole("button", { name: `Add a step after “${name}”${by}`, exact: true });
}

async function boxOf(locator: Locator) {
  return (await locator.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
}

async function middleOf(locator: Locator) {
  const { x, y, width, height } = await boxOf(locator);
  return { x: x + width / 2, y: y + height / 2 };
}

/** The browser's own drag and drop, as the palette uses it. */
async function dropAt(from: Locator, to: { x: number; y: number }): Promise<void> {
  await from.hover();
  await page.mouse.down();
  await page.mouse.move(to.x - 5, to.y - 5, { steps: 4 });
  await page.mouse.move(to.x, to.y, { steps: 2 });
  await page.mouse.up();
}

async function hold(from: Locator, to: { x: number; y: number }): Promise<void> {
  const start = await middleOf(from);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move((start.x + to.x) / 2, (start.y + to.y) / 2, { steps: 5 });
  await page.mouse.move(to.x, to.y, { steps: 5 });
}

async function dragFrom(from: Locator, to: { x: number; y: number }): Promise<void> {
  await hold(from, to);
  await page.mouse.up();
}

async function focusCanvas(): Promise<void> {
  await page.locator("[data-ground]").focus();
}

function focusIsOn(id: string): Promise<boolean> {
  return page.evaluate((wanted) => document.activeElement?.getAttribute("data-id") === wanted, id);
}

async function canUndo(): Promise<boolean> {
  return (await page.getByRole("button", { name: /^Undo/ }).getAttribute("aria-disabled")) !== "true";
}

/** The last change has reached the server. */
async function saved(): Promise<void> {
  await page.getByRole("status", { name: "Draft" }).getByText("Saved", { exact: true }).waitFor();
}

async function draft(): Promise<Graph> {
  return (await api("flow", { params: { id: flowId } })).draft;
}

/** "branch:yes->http", sorted. */
function shape(graph: Graph): string[] {
  return edgesOf(graph)
    .map(({ from, port: by, to }) => `${from}:${by}->${to}`)
    .sort();
}

function step(id: string, uses: string, name: string): Step {
  return { id, uses, name, input: {}, at: { x: 0, y: 0 } };
}

function largeGraph(count: number): Graph {
  const graph: Graph = { steps: { trigger: step("trigger", "webhook.catch", "Start") }, edges: {} };
  for (let i = 1; i < count; i++) {
    const at = { x: (i % 12) * 320, y: (1 + Math.floor(i / 12)) * 160 };
    graph.steps[`s${i}`] = { ...step(`s${i}`, "logic.setFields", `Step ${i}`), at };
    const from = i <= 12 ? "trigger" : `s${i - 12}`;
    graph.edges[`e${i}`] = { id: `e${i}`, from, port: "main", to: `s${i}` };
  }
  return graph;
}

function niceGraph(): Graph {
  const rules = [{ left: "{{trigger.body.total_price}}", op: "greater", right: "100" }];
  const cases = [{ id: "yes", name: "yes", when: { match: "all", rules } }];
  return {
    steps: {
      trigger: step("trigger", "webhook.catch", "New order"),
      branch: { ...step("branch", "logic.branch", "Over 100?"), input: { cases }, at: { x: 0, y: 160 } },
      slack: { ...step("slack", "slack.sendMessage", "Tell the team"), at: { x: -160, y: 320 } },
      email: { ...step("email", "email.send", "Thank the customer"), at: { x: 160, y: 320 } },
    },
    edges: {
      e1: { id: "e1", from: "trigger", port: "main", to: "branch" },
      e2: { id: "e2", from: "branch", port: "yes", to: "slack" },
      e3: { id: "e3", from: "branch", port: "no", to: "email" },
    },
  };
}

/**
 * Listens to React as its developer tools do: after each commit, which components rendered. A step is told by its
 * props. The product itself counts nothing.
 */
function countRenders(): void {
  interface Fiber {
    flags: number;
    child: Fiber | null;
    sibling: Fiber | null;
    alternate: Fiber | null;
    tag: number;
    memoizedProps: { id?: string; data?: { step?: unknown } } | null;
  }
  const PERFORMED_WORK = 1;
  const drawn: { steps: Record<string, number>; frames: number[] } = { steps: {}, frames: [] };
  Reflect.set(window, "__drawn", drawn);
  const now = () => Reflect.get(window, "__drawn") as typeof drawn;
  const frame = (at: number) => {
    now().frames.push(at);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);

  function visit(next: Fiber, before: Fiber): void {
    const props = next.memoizedProps;
    // Tags 0, 14 and 15: a function, and the two kinds of memo.
    if (props?.data?.step && props.id && [0, 14, 15].includes(next.tag) && next.flags & PERFORMED_WORK) {
      now().steps[props.id] = (now().steps[props.id] ?? 0) + 1;
    }
    if (next.child === before.child) return;
    for (let child = next.child; child; child = child.sibling) {
      if (child.alternate && child !== child.alternate) visit(child, child.alternate);
    }
  }
  Reflect.set(window, "__REACT_DEVTOOLS_GLOBAL_HOOK__", {
    supportsFiber: true,
    inject: () => 1,
    onCommitFiberRoot(_: number, root: { current: Fiber }) {
      if (root.current.alternate) visit(root.current, root.current.alternate);
    },
    onCommitFiberUnmount() {},
    onPostCommitFiberRoot() {},
    checkDCE() {},
  });
}
