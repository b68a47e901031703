// Discord: its limits, and who may be rung for.

import { expect, test } from "vitest";
import { findConnector } from "../../../server/connectors/registry.ts";
import { TryLater } from "../../../shared/problem.ts";
import { actionOf, playAction, playBack } from "../../kit/playback.ts";

const action = actionOf("discord.sendMessage");
const hook = "https://discord.com/api/webhooks/1/x";
const auth = { webhookUrl: hook };
const quiet = { allowed_mentions: { parse: [] } };

const send = (
  input: object,
  body: unknown,
  response: { status: number; body?: unknown } = { status: 204 },
  own = auth,
) =>
  playAction(action, {
    input: { ...input },
    auth: own,
    exchanges: [
      {
        request: {
          method: "POST",
          url: `${own.webhookUrl}${own.webhookUrl.includes("?") ? "&" : "?"}wait=true`,
          body,
        },
        response,
      },
    ],
  });

const refuse = (input: object, own: Record<string, unknown> = auth) =>
  expect(playAction(action, { input: { ...input }, auth: own })).rejects;

test("2,000 characters go, one more does not", async () => {
  const content = "x".repeat(2_000);
  await send({ content }, { content, ...quiet });
  await refuse({ content: `${content}x` }).toThrow("2001 characters");
});

test("an empty message is refused", async () => {
  await refuse({}).toThrow("The message is empty");
  await refuse({ embeds: [] }).toThrow("The message is empty");
});

test.each([
  [["text"], "not a list of objects"],
  [5, "not a list of objects"],
  [Array(11).fill({}), "11 embeds"],
])("embeds such as %j are refused", async (embeds, why) => {
  await refuse({ embeds }).toThrow(why);
});

test("an address with a query keeps it", async () => {
  await send(
    { content: "Hi" },
    { content: "Hi", ...quiet },
    { status: 204 },
    { webhookUrl: `${hook}?thread_id=5` },
  );
});

test("an answer without a message is still a success", async () => {
  expect(await send({ content: "Hi" }, { content: "Hi", ...quiet })).toMatchObject({
    output: { sent: true, messageId: null },
  });
});

test("a rate limit is tried again", async () => {
  const limited = { status: 429, headers: { "Retry-After": "2" }, body: { retry_after: 1.4 } };
  await expect(send({ content: "Hi" }, { content: "Hi", ...quiet }, limited)).rejects.toSatisfy(
    (error: unknown) => error instanceof TryLater && error.retryAfterMs === 2_000,
  );
});

test.each(["discord.com/api/webhooks/1/x", "ftp://discord.com/x", ""])(
  "“%s” is not a webhook",
  async (webhookUrl) => {
    await refuse({ content: "Hi" }, { webhookUrl }).toThrow("“Webhook URL” must");
  },
);

test("the check names the webhook, and gives away nothing else", async () => {
  const request = { method: "GET", url: hook };
  const played = playBack({
    exchanges: [
      { request, response: { status: 200, body: { name: "Orders", channel_id: "2", token: "s3cr3t" } } },
      { request, response: { status: 200, body: { hello: "world" } } },
      { request, response: { status: 404, body: { message: "Unknown Webhook", code: 10015 } } },
    ],
  });
  const check = () => findConnector("discord")?.connection?.check({ ...played.world, auth });
  expect(await check()).toBe("The webhook “Orders” is there.");
  await expect(check()).rejects.toThrow("not as a Discord webhook");
  await expect(check()).rejects.toThrow("404");
  played.finish();
});
