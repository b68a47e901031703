// Every template of the gallery, for real: made a flow, given connections, published, sent its sample event, run to its end.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RunView } from "../../shared/api-views.ts";
import { FLOW_TEMPLATES } from "../../shared/flow-templates/gallery.ts";
import { type Graph, stepsOf } from "../../shared/graph.ts";
import { connectorOf } from "../../shared/manifest.ts";
import { isFinal } from "../../shared/run.ts";
import { findSampleEvent, type SampleEvent } from "../../shared/sample-events.ts";
import { type Client, signIn } from "../kit/api.ts";
import { OWNER, type Program, startProgram } from "../kit/process.ts";
import {
  type HttpTarget,
  type SmtpTarget,
  startHttpTarget,
  startSlackTarget,
  startSmtpTarget,
  type TargetAnswer,
} from "../kit/targets.ts";
import { type Arrived, STORIES, textWith } from "./template-stories.ts";

let program: Program;
let client: Client;
/** Stands for every example address: https://crm.example.com/x is /crm/x of it. */
let world: HttpTarget;
let slack: HttpTarget;
let discord: HttpTarget;
let smtp: SmtpTarget;
let connections: Record<string, string>;

beforeAll(async () => {
  [world, slack, discord, smtp] = await Promise.all([
    startHttpTarget(),
    startSlackTarget(),
    startHttpTarget(() => ({ body: '{"id":"1","channel_id":"2","timestamp":"2026-03-14T15:07:42Z"}' })),
    startSmtpTarget(),
  ]);
  program = await startProgram({ ALLOW_NETWORKS: `127.0.0.0/8,127.0.0.1/32:${smtp.port}` });
  client = await signIn(program.url, OWNER.email, OWNER.password);
  const { host, port, user, password } = smtp;
  connections = {
    email: await connect("email", { host, port, security: "none", user, password, from: "shop@example.com" }),
    slack: await connect("slack", { kind: "webhook", webhookUrl: `${slack.url}/services/T0/B0/x` }),
    discord: await connect("discord", { webhookUrl: `${discord.url}/api/webhooks/1/x` }),
  };
});
afterAll(async () => {
  await program?.close();
  await Promise.all([world, slack, discord, smtp].map((target) => target?.close()));
});
beforeEach(() => {
  for (const target of [world, slack, discord]) target.requests.length = 0;
  smtp.mails.length = 0;
});

async function connect(connectorId: string, fields: Record<string, unknown>): Promise<string> {
  const made = await client("createConnection", { body: { connectorId, name: connectorId, fields } });
  return made.id;
}

/** What a person does before publishing: choose connections and replace addresses. And nobody waits for an hour. */
function filledIn(graph: Graph): Graph {
  const text = JSON.stringify(graph).replaceAll(/https:\/\/(\w+)\.example\.com/g, `${world.url}/$1`);
  const mine: Graph = JSON.parse(text);
  for (const step of stepsOf(mine)) {
    const connectionId = connections[connectorOf(step.uses)];
    if (connectionId !== undefined) step.connectionId = connectionId;
    if (step.uses === "logic.wait") step.input.duration = { amount: 1, unit: "seconds" };
  }
  return mine;
}

async function tryOut(
  id: string,
  change: Partial<SampleEvent> = {},
): Promise<{ run: RunView; answer: string }> {
  const template = FLOW_TEMPLATES.find((one) => one.id === id);
  const event = template && findSampleEvent(template.sampleEventId);
  if (!template || !event) throw new Error(`there is no template ${id}, or it has no sample event`);
  const made = await client("createFlow", { body: { name: template.name, graph: filledIn(template.graph) } });
  expect(made.problems).toEqual([]);
  const flow = await client("publishFlow", { params: { id: made.id }, body: {} });
  const { contentType, headers, body } = { ...event, ...change };
  const sent = await fetch(flow.catchUrl, {
    method: "POST",
    headers: { ...headers, "content-type": contentType },
    body,
  });
  const answer = await sent.text();
  expect(sent.ok, answer).toBe(true);
  const { items } = await client("runs", { query: { flowId: flow.id } });
  expect(items).toHaveLength(1);
  return { run: await ended(items[0]?.id ?? ""), answer };
}

async function ended(id: string): Promise<RunView> {
  for (let i = 0; i < 800; i++) {
    const run = await client("run", { params: { id } });
    if (isFinal(run.status) || run.status === "asking") return run;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`run ${id} never ends`);
}

/** Answers by the beginning of the path; everything else is fine with anybody. */
function answering(answers: Record<string, unknown>): (request: { path: string }) => TargetAnswer {
  return ({ path }) => {
    const found = Object.keys(answers).find((start) => path.startsWith(start));
    return { body: JSON.stringify(found === undefined ? { ok: true } : answers[found]) };
  };
}

/** What arrived on the other side. */
function arrived(): Arrived {
  const posted = (target: HttpTarget) => target.requests.map(({ json }) => json);
  return {
    requests: world.requests.map(({ method, path, json }) => ({ method, path, json })),
    mails: smtp.mails.map(({ to, mail }) => ({
      to,
      subject: mail.subject,
      text: mail.text,
      files: mail.attachments.map(({ filename, content }) => ({ filename, content: content.toString() })),
    })),
    slack: posted(slack),
    discord: posted(discord),
  };
}

test("every template has its story here", () => {
  expect(Object.keys(STORIES).toSorted()).toEqual(FLOW_TEMPLATES.map(({ id }) => id).toSorted());
});

test.each(Object.entries(STORIES))("%s runs, and what it does arrives", async (id, story) => {
  world.answer = answering(story.answers?.(world.url) ?? {});
  const { run, answer } = await tryOut(id);
  expect(run).toMatchObject({ status: "succeeded", problem: null });
  story.check({ ...arrived(), run, answer });
});

describe("the other way through", () => {
  test.each([
    ["reserve", "/warehouse/", 1],
    ["invoice", "/accounting/", 2],
  ])("error-alert: what goes wrong at “%s” is told on both ways", async (_, broken, requests) => {
    world.answer = ({ path }) =>
      path.startsWith(broken) ? { status: 422, body: '{"error":"no such thing"}' } : { body: "{}" };
    const { run } = await tryOut("error-alert");
    expect(run.status).toBe("succeeded");
    expect(arrived().requests).toHaveLength(requests);
    expect(arrived().slack).toMatchObject([{ text: textWith("Order #1042 got stuck:", "422") }]);
    expect(arrived().mails).toMatchObject([
      {
        to: ["operations@example.com"],
        subject: "Order #1042 got stuck",
        text: textWith("422", "128.80 EUR"),
      },
    ]);
  });

  test("incoming-call: an unknown number is put through to the front desk, and nobody is asked anything", async () => {
    world.answer = answering({ "/crm/": { customers: [] } });
    const { run, answer } = await tryOut("incoming-call");
    expect(run.status).toBe("succeeded");
    expect(answer).toContain("<Dial>+4934155501099</Dial>");
    expect(arrived().mails).toEqual([]);
  });

  test("order-paid: a payment that is not paid yet bothers nobody", async () => {
    const { run } = await tryOut("order-paid", { body: "reference=TEE-2087&amount=45.00&status=Cancelled" });
    expect(run.status).toBe("succeeded");
    expect(arrived()).toEqual({ requests: [], mails: [], slack: [], discord: [] });
  });

  test("stock-low: a sale below the level does not order again", async () => {
    const body = JSON.parse(findSampleEvent("stock-level")?.body ?? "");
    const { run } = await tryOut("stock-low", { body: JSON.stringify({ ...body, before: 4, available: 3 }) });
    expect(run.status).toBe("succeeded");
    expect(arrived().mails).toEqual([]);
  });
});
