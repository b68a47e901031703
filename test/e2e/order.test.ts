// Real webhooks, posted over HTTP to the real program, arrive at a real API, a real SMTP server and a Slack-shaped one.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RunView } from "../../shared/api-views.ts";
import { isFinal } from "../../shared/run.ts";
import { orderFlow } from "../demo/order-flow.ts";
import { type Client, signIn } from "../kit/api.ts";
import { graph } from "../kit/graph.ts";
import { payloads } from "../kit/payloads.ts";
import { OWNER, type Program, startProgram } from "../kit/process.ts";
import {
  type HttpTarget,
  type SmtpTarget,
  startHttpTarget,
  startSlackTarget,
  startSmtpTarget,
} from "../kit/targets.ts";

let program: Program;
let client: Client;
let warehouse: HttpTarget;
let slack: HttpTarget;
let smtp: SmtpTarget;

beforeAll(async () => {
  [warehouse, slack, smtp] = await Promise.all([startHttpTarget(), startSlackTarget(), startSmtpTarget()]);
  // Mail goes to mail ports only, unless the setting names another one.
  program = await startProgram({ ALLOW_NETWORKS: `127.0.0.0/8,127.0.0.1/32:${smtp.port}` });
  client = await signIn(program.url, OWNER.email, OWNER.password);
});
afterAll(async () => {
  await program?.close();
  await Promise.all([warehouse, slack, smtp].map((target) => target?.close()));
});
beforeEach(() => {
  warehouse.answer = () => ({ status: 201, body: '{"parcel":"PX-1"}' });
  for (const target of [warehouse, slack]) target.requests.length = 0;
  smtp.mails.length = 0;
});

async function publish(name: string, made: ReturnType<typeof graph>) {
  const { id } = await client("createFlow", { body: { name, graph: made } });
  return client("publishFlow", { params: { id }, body: {} });
}

async function send(
  url: string,
  { method, headers, body }: { method: string; headers: Record<string, string>; body: Uint8Array },
) {
  const answer = await fetch(url, { method, headers, body: Uint8Array.from(body) });
  return { status: answer.status, answer: (await answer.json()) as { runId: string; statusUrl: string } };
}

async function ended(runId: string): Promise<RunView> {
  for (let i = 0; i < 800; i++) {
    const run = await client("run", { params: { id: runId } });
    if (isFinal(run.status) || run.status === "asking") return run;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`run ${runId} never ends`);
}

const stepsOf = (run: RunView) => Object.fromEntries(run.steps.map((step) => [step.path, step]));

async function orderConnections() {
  const { host, port, user, password } = smtp;
  const email = await client("createConnection", {
    body: {
      connectorId: "email",
      name: "mailbox",
      fields: { host, port, security: "none", user, password, from: "Shop <shop@example.com>" },
    },
  });
  const team = await client("createConnection", {
    body: {
      connectorId: "slack",
      name: "team",
      fields: { kind: "webhook", webhookUrl: `${slack.url}/services/T0/B0/secret-part-of-url` },
    },
  });
  return { email: email.id, slack: team.id };
}

test("a Shopify order calls an API, sends an e-mail and posts to Slack, in sequence", async () => {
  const order = payloads.shopifyOrder;
  const sent = JSON.parse(new TextDecoder().decode(order.body));
  const flow = await publish("Order paid", orderFlow(warehouse.url, await orderConnections()));

  const { status, answer } = await send(flow.catchUrl, order);
  expect(status).toBe(202);
  const run = await ended(answer.runId);
  expect(run).toMatchObject({
    status: "succeeded",
    problem: null,
    event: { kind: "webhook", bytes: order.body.byteLength },
  });

  // What arrived on the other side.
  expect(warehouse.requests).toHaveLength(1);
  expect(warehouse.requests[0]).toMatchObject({
    method: "POST",
    path: "/orders",
    json: {
      order: sent.name,
      ship_to: sent.shipping_address,
      lines: sent.line_items.map((line: { sku: string }) => line.sku),
    },
    headers: {
      "idempotency-key": `${run.id}:warehouse`,
      "content-type": expect.stringContaining("application/json"),
    },
  });
  expect(smtp.mails).toHaveLength(1);
  expect(smtp.mails[0]).toMatchObject({ from: "shop@example.com", to: [sent.email] });
  expect(smtp.mails[0]?.mail.subject).toBe(`Thank you for your order ${sent.name}`);
  expect(smtp.mails[0]?.mail.text).toContain(
    `${sent.total_price} ${sent.currency}. Your parcel has the number PX-1.`,
  );
  expect(slack.requests).toHaveLength(1);
  expect(slack.requests[0]?.path).toBe("/services/T0/B0/secret-part-of-url");
  expect(slack.requests[0]?.json).toMatchObject({
    text: expect.stringContaining(`Order ${sent.name}: ${sent.total_price}`),
  });

  // In sequence: each was begun after the one before had ended, and the history shows what went in and came out.
  const { warehouse: first, email, large, slack: last } = stepsOf(run);
  expect(first).toMatchObject({
    status: "done",
    input: { json: { order: sent.name } },
    output: { status: 201, body: { parcel: "PX-1" } },
  });
  expect(email).toMatchObject({ status: "done", output: { accepted: [sent.email] } });
  expect(large).toMatchObject({ status: "done", port: "yes" });
  expect(last?.status).toBe("done");
  expect(first?.finishedAt ?? 0).toBeLessThanOrEqual(email?.startedAt ?? 0);
  expect(email?.finishedAt ?? 0).toBeLessThanOrEqual(last?.startedAt ?? 0);

  // The status address tells the sender how it went, and nothing of the data.
  const told = await (await fetch(answer.statusUrl)).json();
  expect(told).toMatchObject({ runId: run.id, status: "succeeded" });
  expect(JSON.stringify(told)).not.toContain(sent.email);

  // The Slack address is a secret: it is nowhere to be read.
  expect(JSON.stringify(run)).not.toContain("secret-part-of-url");
});

describe("every kind of body comes through", () => {
  const echo = (values: Record<string, string>) =>
    graph("trigger -> call", {
      call: {
        uses: "http.request",
        input: { method: "POST", url: `${warehouse.url}/echo`, bodyType: "json", json: values },
      },
    });

  test.each([
    [
      "stripePayment",
      {
        type: "{{trigger.body.type}}",
        amount: "{{trigger.body.data.object.amount}}",
        signed: "{{trigger.headers.stripe-signature | size}}",
      },
      { type: "payment_intent.succeeded" },
    ],
    [
      "githubPush",
      { commits: "{{trigger.body.commits | size}}", event: "{{trigger.headers.x-github-event}}" },
      { event: "push" },
    ],
    ["twilioSms", { from: "{{trigger.body.From}}", text: "{{trigger.body.Body}}" }, {}],
    ["hubspotContact", { first: "{{trigger.body[0].subscriptionType}}", n: "{{trigger.body | size}}" }, {}],
  ] as const)("%s", async (name, values, expected) => {
    const payload = payloads[name];
    const flow = await publish(name, echo(values));
    const { status, answer } = await send(flow.catchUrl, payload);
    expect(status).toBe(202);
    expect(await ended(answer.runId)).toMatchObject({ status: "succeeded" });
    expect(warehouse.requests[0]?.json).toMatchObject(expected);
    const body = new TextDecoder().decode(payload.body);
    const got = warehouse.requests[0]?.json as Record<string, unknown>;
    if (name === "twilioSms") {
      const form = new URLSearchParams(body);
      expect(got).toEqual({ from: form.get("From"), text: form.get("Body") });
    }
    if (name === "githubPush") expect(got.commits).toBe(JSON.parse(body).commits.length);
    if (name === "hubspotContact")
      expect(got).toEqual({ first: JSON.parse(body)[0].subscriptionType, n: JSON.parse(body).length });
    if (name === "stripePayment") expect(got.amount).toBe(JSON.parse(body).data.object.amount);
  });
});

test("a respond step answers the caller", async () => {
  const flow = await publish(
    "Answers",
    graph("trigger -> answer", {
      answer: {
        uses: "logic.respond",
        input: {
          status: 201,
          bodyType: "json",
          json: { hello: "{{trigger.body.name}}" },
          headers: [{ name: "x-shop", value: "yes" }],
        },
      },
    }),
  );
  const answer = await fetch(flow.catchUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"name":"Ada"}',
  });
  expect([answer.status, answer.headers.get("x-shop"), await answer.json()]).toEqual([
    201,
    "yes",
    { hello: "Ada" },
  ]);
  expect(answer.headers.get("content-security-policy")).toContain("sandbox");
});

test("what reaches a flow before it is published is kept as a sample, and the answer says so", async () => {
  const made = await client("createFlow", { body: { name: "Not yet" } });
  for (let i = 0; i < 22; i++) {
    const { status, answer } = await send(made.catchUrl, {
      ...payloads.shopifyOrder,
      body: new TextEncoder().encode(`{"n":${i}}`),
    });
    expect(status).toBe(202);
    expect(answer).toMatchObject({
      sampleId: expect.any(String),
      message: expect.stringContaining("not published"),
    });
  }
  const { items } = await client("samples", { params: { id: made.id } });
  expect(items).toHaveLength(20);
  expect(items[0]?.event.data).toMatchObject({ body: { n: 21 } });
  expect((await client("runs", { query: { flowId: made.id } })).items).toEqual([]);
});

test("names that objects inherit a meaning for break nothing", async () => {
  const flow = await publish(
    "Hostile",
    graph("trigger -> constructor -> toString", {
      constructor: {
        uses: "logic.setFields",
        input: { fields: [{ name: "value", value: "{{trigger.body}}" }] },
      },
      toString: {
        uses: "http.request",
        input: { method: "POST", url: `${warehouse.url}/x`, bodyType: "json", json: "{{constructor.value}}" },
      },
    }),
  );
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what an attacker sends
  const body = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}},"x":"{{7*7}} ${7*7}"}';
  const json = await send(flow.catchUrl, {
    method: "POST",
    headers: { "content-type": "application/json", constructor: "1" },
    body: new TextEncoder().encode(body),
  });
  expect(await ended(json.answer.runId)).toMatchObject({ status: "succeeded" });
  expect(warehouse.requests[0]?.body).toBe(body);
  const form = await send(`${flow.catchUrl}?__proto__=1&constructor=2`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new TextEncoder().encode("__proto__=a&constructor=b&__proto__=c"),
  });
  expect(await ended(form.answer.runId)).toMatchObject({ status: "succeeded" });
  expect(warehouse.requests[1]?.body).toBe('{"__proto__":["a","c"],"constructor":"b"}');
});

test("a failing target is tried again, and the run says so meanwhile", async () => {
  warehouse.answer = () => (warehouse.requests.length < 3 ? { status: 503, body: "busy" } : { body: "{}" });
  const flow = await publish(
    "Tries",
    graph("trigger -> call", {
      call: {
        uses: "http.request",
        retry: { attempts: 5, baseMs: 100, capMs: 200 },
        input: { method: "POST", url: `${warehouse.url}/x` },
      },
    }),
  );
  const { answer } = await send(flow.catchUrl, payloads.shopifyOrder);
  const run = await ended(answer.runId);
  expect(run.status).toBe("succeeded");
  expect(stepsOf(run).call).toMatchObject({
    attempt: 3,
    attempts: [{ problem: { code: "http-status" } }, {}],
  });
  expect(new Set(warehouse.requests.map((r) => r.headers["idempotency-key"])).size).toBe(1);
});
