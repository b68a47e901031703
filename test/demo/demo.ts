// `npm run demo`: the whole story in one command. An order reaches a catch URL, and goes to a warehouse API, an SMTP
// server and Slack, all of them here, on loopback, in a temporary folder that is gone afterwards.
// With `--once` it ends by itself: 0 when everything arrived, 1 when not.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "../../server/start.ts";
import type { RunView } from "../../shared/api-views.ts";
import { isFinal } from "../../shared/run.ts";
import { type Client, signIn } from "../kit/api.ts";
import { payloads } from "../kit/payloads.ts";
import { startHttpTarget, startSlackTarget, startSmtpTarget } from "../kit/targets.ts";
import { orderFlow } from "./order-flow.ts";

const EMAIL = "demo@example.com";
const PASSWORD = "flowcatch-demo-password";

const say = (text = "") => console.log(text);
const ONCE = process.argv.includes("--once");

const folder = mkdtempSync(join(tmpdir(), "flowcatch-demo-"));
const warehouse = await startHttpTarget(() => ({
  status: 201,
  body: '{"parcel":"PX-2026-0001","carrier":"DHL"}',
}));
const slack = await startSlackTarget();
const smtp = await startSmtpTarget();
const server = await startServer({
  ...process.env,
  PORT: process.env.PORT ?? "0",
  DATA_DIR: folder,
  OWNER_EMAIL: EMAIL,
  OWNER_PASSWORD: PASSWORD,
  ALLOW_NETWORKS: [warehouse.port, slack.port, smtp.port].map((port) => `127.0.0.1/32:${port}`).join(","),
  LOG_LEVEL: process.env.LOG_LEVEL ?? "warn",
});
let ending: Promise<void> | undefined;
const end = () => {
  ending ??= (async () => {
    await server.stop();
    await Promise.all([warehouse.close(), slack.close(), smtp.close()]);
    rmSync(folder, { recursive: true, force: true });
  })();
  return ending;
};
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => void end().then(() => process.exit(0)));

try {
  const arrived = await tell();
  if (ONCE) {
    await end();
    process.exit(arrived ? 0 : 1);
  }
  say(`  Look at it:  ${server.url}`);
  say(`  Sign in:     ${EMAIL}   ${PASSWORD}`);
  say("  Ctrl-C ends it and removes everything.");
  say();
} catch (error) {
  console.error(error);
  await end();
  process.exit(1);
}

/** Makes the flow, posts the order, and shows what happens; true when everything arrived where it should. */
async function tell(): Promise<boolean> {
  const client = await signIn(server.url, EMAIL, PASSWORD);
  const flow = await makeFlow(client);
  const order = payloads.shopifyOrder;
  say();
  say(`  A flow is live: ${flow.name}`);
  say(`  Its catch URL:  ${flow.catchUrl}`);
  say();
  say(`→ POST ${order.name}, ${order.body.byteLength} bytes`);
  const from = performance.now();
  const answer = await fetch(flow.catchUrl, {
    method: order.method,
    headers: order.headers,
    body: Uint8Array.from(order.body),
  });
  const { runId } = (await answer.json()) as { runId: string };
  say(
    `← ${answer.status} after ${(performance.now() - from).toFixed(1)} ms: on disk, and will run as ${runId}`,
  );
  say();
  const run = await follow(client, runId);
  say();
  say(`  The run ${run.status}${run.problem ? `: ${run.problem.sentence}` : ""}.`);
  say();
  return showArrivals(run);
}

async function makeFlow(client: Client) {
  const email = await client("createConnection", {
    body: {
      connectorId: "email",
      name: "The shop's mailbox",
      fields: {
        host: smtp.host,
        port: smtp.port,
        security: "none",
        user: smtp.user,
        password: smtp.password,
        from: "The Shop <shop@example.com>",
      },
    },
  });
  const team = await client("createConnection", {
    body: {
      connectorId: "slack",
      name: "#orders",
      fields: { kind: "webhook", webhookUrl: `${slack.url}/services/T0EXAMPLE/B0EXAMPLE/demo` },
    },
  });
  const graph = orderFlow(warehouse.url, { email: email.id, slack: team.id });
  const { id } = await client("createFlow", { body: { name: "Order paid", graph } });
  return client("publishFlow", { params: { id }, body: { note: "The demonstration" } });
}

/** Prints each step as it ends. */
async function follow(client: Client, runId: string): Promise<RunView> {
  const shown = new Set<string>();
  for (;;) {
    const run = await client("run", { params: { id: runId } });
    for (const step of run.steps) {
      if (shown.has(step.path) || !["done", "failed", "skipped"].includes(step.status)) continue;
      shown.add(step.path);
      const name = run.graph.steps[step.path]?.name ?? step.path;
      const took =
        step.startedAt === null || step.finishedAt === null ? "" : `${step.finishedAt - step.startedAt} ms`;
      say(
        `  ${step.status === "done" ? "✓" : step.status === "failed" ? "✗" : "–"} ${name.padEnd(22)} ${took.padStart(6)}  ${shortly(step.problem?.sentence ?? step.output)}`,
      );
    }
    if (isFinal(run.status) || run.status === "asking") return run;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function showArrivals(run: RunView): boolean {
  const mail = smtp.mails[0]?.mail;
  const [order] = warehouse.requests;
  const [message] = slack.requests;
  say("  What arrived:");
  say(`    warehouse  ${order ? `${order.method} ${order.path}  ${shortly(order.json)}` : "nothing"}`);
  say(`    mailbox    ${mail ? `${smtp.mails[0]?.to.join(", ")}: ${mail.subject}` : "nothing"}`);
  say(`    Slack      ${message ? shortly(message.json) : "nothing"}`);
  say();
  const once = warehouse.requests.length === 1 && smtp.mails.length === 1 && slack.requests.length === 1;
  return run.status === "succeeded" && once && mail?.text?.includes("PX-2026-0001") === true;
}

function shortly(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
