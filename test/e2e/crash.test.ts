// The process is killed while it works: no accepted event is lost, no recorded step happens twice, and what was cut
// off in mid-flight follows its action's mark.

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isFinal } from "../../shared/run.ts";
import { type Client, signIn } from "../kit/api.ts";
import { graph, type StepChange } from "../kit/graph.ts";
import { OWNER, type Program, startProgram } from "../kit/process.ts";
import { type HttpTarget, startHttpTarget, startSlackTarget } from "../kit/targets.ts";

let program: Program;
let target: HttpTarget;

beforeEach(async () => {
  target = await startHttpTarget();
  program = await startProgram();
});
afterEach(async () => {
  await program.close();
  await target.close();
});

const call = (path: string): StepChange => ({
  uses: "http.request",
  input: {
    method: "POST",
    url: `${target.url}/${path}`,
    bodyType: "json",
    json: { n: "{{trigger.body.n}}" },
  },
});

async function publish(client: Client, made: ReturnType<typeof graph>) {
  const { id } = await client("createFlow", { body: { name: "Killed", graph: made } });
  return client("publishFlow", { params: { id }, body: {} });
}

async function allRuns(client: Client, flowId: string) {
  const items = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: { items: { id: string; status: string }[]; next: string | null } = await client("runs", {
      query: { flowId, limit: 200, ...(cursor ? { cursor } : {}) },
    });
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}

/** How many runs the process that was killed had in hand. */
function countRunning(): number {
  const database = new DatabaseSync(join(program.folder, "flowcatch.db"), { readOnly: true });
  try {
    const sql = "SELECT count(*) AS runs FROM runs WHERE status = 'running'";
    return Number(database.prepare(sql).get()?.runs);
  } finally {
    database.close();
  }
}

test("kill -9 at random moments under load", async () => {
  let client = await signIn(program.url, OWNER.email, OWNER.password);
  const flow = await publish(
    client,
    graph("trigger -> one -> two -> three", { one: call("one"), two: call("two"), three: call("three") }),
  );
  const acked: { n: number; runId: string }[] = [];
  let n = 0;
  let stop = false;
  const load = async () => {
    while (!stop) {
      const mine = n++;
      try {
        const answer = await fetch(flow.catchUrl, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ n: mine }),
        });
        if (answer.status === 202) acked.push({ n: mine, ...((await answer.json()) as { runId: string }) });
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };
  const loads = Array.from({ length: 8 }, load);
  const kills = 6;
  let cutOff = 0;
  for (let i = 0; i < kills; i++) {
    await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 500));
    await program.kill();
    cutOff += countRunning();
    await program.restart();
  }
  stop = true;
  await Promise.all(loads);
  expect(acked.length).toBeGreaterThan(100);

  client = await signIn(program.url, OWNER.email, OWNER.password);
  const deadline = Date.now() + 30_000;
  let runs = await allRuns(client, flow.id);
  while (runs.some((run) => !isFinal(run.status as never)) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    runs = await allRuns(client, flow.id);
  }
  const byId = new Map(runs.map((run) => [run.id, run]));
  expect(acked.filter(({ runId }) => byId.get(runId)?.status !== "succeeded")).toEqual([]);
  expect(runs.every((run) => run.status === "succeeded")).toBe(true);

  // Each event reached each target; more than once only when it was cut off, and then with the same key.
  const keys = new Map<string, number>();
  for (const { headers } of target.requests) {
    const key = String(headers["idempotency-key"]);
    keys.set(key, (keys.get(key) ?? 0) + 1);
  }
  for (const { runId } of acked)
    for (const path of ["one", "two", "three"]) expect(keys.has(`${runId}:${path}`)).toBe(true);
  // Of each run that was in hand it can be one step.
  const repeated = keys.values().reduce((sum, times) => sum + times - 1, 0);
  expect(repeated).toBeLessThanOrEqual(cutOff);
  expect(Math.max(...keys.values())).toBeLessThanOrEqual(kills);

  await program.terminate();
  const file = new DatabaseSync(join(program.folder, "flowcatch.db"), { readOnly: true });
  expect(file.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
  file.close();
}, 120_000);

test("a message that may have been posted is asked about, and then posted again only when somebody says so", async () => {
  const slack = await startSlackTarget();
  const answer = slack.answer;
  slack.answer = () => new Promise(() => {});
  let client = await signIn(program.url, OWNER.email, OWNER.password);
  const connection = await client("createConnection", {
    body: {
      connectorId: "slack",
      name: "team",
      fields: { kind: "webhook", webhookUrl: `${slack.url}/services/T/B/x` },
    },
  });
  const flow = await publish(
    client,
    graph("trigger -> say -> after", {
      say: { uses: "slack.sendMessage", connectionId: connection.id, input: { text: "hello" } },
      after: call("after"),
    }),
  );
  const caught = await fetch(flow.catchUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"n":1}',
  });
  const { runId } = (await caught.json()) as { runId: string };
  while (slack.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await program.kill();
  slack.answer = answer;
  await program.restart();
  client = await signIn(program.url, OWNER.email, OWNER.password);
  const until = async (statuses: string[]) => {
    for (let i = 0; i < 400; i++) {
      const run = await client("run", { params: { id: runId } });
      if (statuses.includes(run.status)) return run;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error("it never came to that");
  };
  const asking = await until(["asking"]);
  expect(asking.problem).toMatchObject({ code: "outcome-unknown" });
  expect(slack.requests).toHaveLength(1);
  await client("answerRun", { params: { id: runId }, body: { path: "say", choice: "repeat" } });
  await until(["succeeded"]);
  expect(slack.requests).toHaveLength(2);
  expect(target.requests).toHaveLength(1);
  await slack.close();
});

test("SIGTERM lets what is under way end, and the rest goes on after the next start", async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  target.answer = async () => {
    await released;
    return { body: "{}" };
  };
  let client = await signIn(program.url, OWNER.email, OWNER.password);
  const flow = await publish(client, graph("trigger -> one -> two", { one: call("one"), two: call("two") }));
  const caught = await fetch(flow.catchUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"n":1}',
  });
  const { runId } = (await caught.json()) as { runId: string };
  while (target.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const exit = program.terminate();
  await new Promise((resolve) => setTimeout(resolve, 300));
  release();
  expect(await exit).toBe(0);
  expect(target.requests.map((r) => r.path)).toEqual(["/one"]);
  await program.restart();
  client = await signIn(program.url, OWNER.email, OWNER.password);
  for (let i = 0; i < 200; i++) {
    if ((await client("run", { params: { id: runId } })).status === "succeeded") break;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  expect(target.requests.map((r) => r.path)).toEqual(["/one", "/two"]);
  const run = await client("run", { params: { id: runId } });
  expect(run.steps.map((s) => [s.path, s.attempt])).toEqual([
    ["one", 1],
    ["two", 1],
  ]);
});

test("a second process on the same folder refuses to start, and says why", async () => {
  await expect(startProgram({ DATA_DIR: program.folder })).rejects.toThrow(new RegExp(`${program.pid()}`));
});
