// An installation with a bit of everything in it, for tests that look at pages: flows, versions, runs of every kind.

import type { Client } from "./api.ts";
import { graph, type StepChange } from "./graph.ts";
import type { HttpTarget } from "./targets.ts";

export interface House {
  flowId: string;
  /** Runs by what became of them. */
  runs: { succeeded: string; failed: string; waiting: string; loop: string };
}

/** Fills an empty installation; `target` answers what the flows send, with 422 on /refuse. */
export async function furnish(api: Client, target: HttpTarget): Promise<House> {
  target.answer = ({ path }) =>
    path === "/refuse" ? { status: 422, body: '{"error":"no such product"}' } : { body: '{"ok":true}' };
  const call = (path: string, name: string): StepChange => ({
    uses: "http.request",
    name,
    input: { method: "POST", url: `${target.url}/${path}`, bodyType: "json", json: "{{trigger.body}}" },
  });
  await api("createConnection", {
    body: {
      connectorId: "discord",
      name: "The team's channel",
      fields: { webhookUrl: "https://discord.com/api/webhooks/1/not-a-secret" },
    },
  });
  await api("createToken", { body: { name: "deploy" } });
  await api("createFlow", { body: { name: "Only a draft" } });
  await api("createFlow", {
    body: {
      name: "Not ready",
      graph: graph("trigger -> a", { a: { uses: "slack.sendMessage", name: "Tell the team" } }),
    },
  });

  const publish = async (name: string, made: ReturnType<typeof graph>) => {
    const { id } = await api("createFlow", { body: { name, graph: made } });
    return api("publishFlow", { params: { id }, body: { note: "The first version" } });
  };
  const order = await publish(
    "Order paid → warehouse",
    graph("trigger -> check; check:yes -> tell; check:no -> rest -> refuse; refuse:error -> alert", {
      check: {
        uses: "logic.branch",
        name: "A large order?",
        input: {
          cases: [
            {
              id: "yes",
              name: "over 100",
              when: { match: "all", rules: [{ left: "{{trigger.body.total}}", op: "greater", right: 100 }] },
            },
          ],
        },
      },
      tell: call("orders", "Tell the warehouse"),
      rest: {
        uses: "logic.setFields",
        name: "Note it",
        input: { fields: [{ name: "small", value: "yes" }] },
      },
      refuse: { ...call("refuse", "Reserve the stock"), retry: { attempts: 1, baseMs: 100, capMs: 100 } },
      alert: call("alert", "Alert the team"),
    }),
  );
  const failing = await publish(
    "Always refused",
    graph("trigger -> refuse", { refuse: call("refuse", "Ask") }),
  );
  const slow = await publish(
    "Later",
    graph("trigger -> wait -> tell", {
      wait: {
        uses: "logic.wait",
        name: "Two days",
        input: { mode: "duration", duration: { amount: 2, unit: "days" } },
      },
      tell: call("orders", "Then tell"),
    }),
  );
  const lines = await publish(
    "Each line",
    graph("trigger -> each; each:each -> pack -> weigh; each:done -> report", {
      each: { uses: "logic.each", name: "Each line", input: { items: "{{trigger.body.lines}}" } },
      pack: call("pack", "Pack it"),
      weigh: call("weigh", "Weigh it"),
      report: call("report", "Report"),
    }),
  );
  const [succeeded, failed, waiting, loop] = await Promise.all([
    send(order.catchUrl, { name: "#1001", total: 180, customer: { name: "Ada" } }),
    send(failing.catchUrl, { name: "#1002" }),
    send(slow.catchUrl, { name: "#1003" }),
    send(lines.catchUrl, { lines: [1, 2, 3] }),
    send(order.catchUrl, { name: "#1004", total: 20 }),
  ]);
  await until(api, succeeded, "succeeded");
  await until(api, failed, "failed");
  await until(api, waiting, "waiting");
  await until(api, loop, "succeeded");
  return { flowId: order.id, runs: { succeeded, failed, waiting, loop } };
}

async function send(catchUrl: string, body: unknown): Promise<string> {
  const caught = await fetch(catchUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const { runId = "" }: { runId?: string } = JSON.parse(await caught.text());
  return runId;
}

async function until(api: Client, id: string, status: string): Promise<void> {
  for (let look = 0; look < 400; look++) {
    const run = await api("run", { params: { id } });
    if (run.status === status) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${id} never came to be ${status}`);
}
