// Slack: what it answers when it says “200 OK” and means no, and what data in a message must not do.

import { describe, expect, test } from "vitest";
import { findConnector } from "../../../server/connectors/registry.ts";
import { Refused, TryLater } from "../../../shared/problem.ts";
import { actionOf, playAction, playBack } from "../../kit/playback.ts";

const action = actionOf("slack.sendMessage");
const bot = { kind: "bot", token: "xoxb-1" };
const hook = "https://hooks.slack.com/services/T/B/x";
const webhook = { kind: "webhook", webhookUrl: hook };
const api = (method: string) => ({
  method: "POST",
  url: `https://slack.com/api/${method}`,
  headers: { authorization: "Bearer xoxb-1" },
});

const post = (answer: object, headers: Record<string, string> = {}) =>
  playAction(action, {
    input: { channel: "C1", text: "Hi" },
    auth: bot,
    exchanges: [
      {
        request: { ...api("chat.postMessage"), body: { channel: "C1", text: "Hi" } },
        response: { status: 200, headers, body: answer },
      },
    ],
  });

const toWebhook = (
  input: Record<string, unknown>,
  body: unknown,
  response: { status: number; body?: unknown } = { status: 200, body: "ok" },
) =>
  playAction(action, {
    input,
    auth: webhook,
    exchanges: [{ request: { method: "POST", url: hook, body }, response }],
  });

const refuse = (input: Record<string, unknown>, auth: Record<string, unknown>) =>
  expect(playAction(action, { input, auth })).rejects;

describe("as a bot", () => {
  test.each([
    ["channel_not_found", "id"],
    ["not_in_channel", "/invite"],
    ["invalid_auth", "connection"],
    ["is_archived", "archived"],
  ])("%s is explained", async (error, hint) => {
    await expect(post({ ok: false, error })).rejects.toSatisfy(
      (thrown: unknown) =>
        thrown instanceof Refused &&
        thrown.message.includes(error) &&
        (thrown.problem.hint ?? "").includes(hint),
    );
  });

  test("an error that nobody has heard of is named", async () => {
    await expect(post({ ok: false, error: "moon_phase" })).rejects.toThrow("Slack answered “moon_phase”.");
    await expect(post({ ok: false })).rejects.toBeInstanceOf(Refused);
  });

  test("a missing scope is named", async () => {
    await expect(post({ ok: false, error: "missing_scope", needed: "chat:write" })).rejects.toSatisfy(
      (thrown: unknown) => thrown instanceof Refused && (thrown.problem.hint ?? "").includes("chat:write"),
    );
  });

  test("a rate limit is tried again when Slack says", async () => {
    const wait = async (headers: Record<string, string>) => {
      const error: unknown = await post({ ok: false, error: "ratelimited" }, headers).catch(
        (thrown: unknown) => thrown,
      );
      return error instanceof TryLater ? (error.retryAfterMs ?? "some time") : error;
    };
    expect(await wait({ "Retry-After": "30" })).toBe(30_000);
    expect(await wait({ "Retry-After": "soon" })).toBe("some time");
    expect(await wait({})).toBe("some time");
  });

  test.each([[[]], ["ok"], [{ result: true }]])("%j is not Slack's answer", async (answer) => {
    await expect(post(Object(answer))).rejects.toThrow("does not look like one of Slack's");
  });

  test("needs a channel", async () => {
    await refuse({ text: "Hi" }, bot).toThrow("no channel");
  });

  test("the check says who it is", async () => {
    const played = playBack({
      exchanges: [
        {
          request: { ...api("auth.test"), body: {} },
          response: { status: 200, body: { ok: true, team: "Tea", user: "orders" } },
        },
        {
          request: { ...api("auth.test"), body: {} },
          response: { status: 200, body: { ok: false, error: "invalid_auth" } },
        },
      ],
    });
    const kind = findConnector("slack")?.connection;
    expect(await kind?.check({ ...played.world, auth: bot })).toBe("Signed in to Tea as orders.");
    await expect(kind?.check({ ...played.world, auth: bot })).rejects.toThrow("invalid_auth");
    played.finish();
  });
});

describe("to a webhook", () => {
  test.each([
    [404, "no_service", "make a new one"],
    [400, "invalid_payload", "blocks"],
    [403, "action_prohibited", "admin"],
    [410, "channel_is_archived", "archived"],
  ])("%i %s is explained", async (status, word, hint) => {
    await expect(toWebhook({ text: "Hi" }, { text: "Hi" }, { status, body: word })).rejects.toSatisfy(
      (thrown: unknown) =>
        thrown instanceof Refused &&
        thrown.message.includes(word) &&
        (thrown.problem.hint ?? "").includes(hint),
    );
  });

  test("any other failure stays what it is", async () => {
    await expect(
      toWebhook({ text: "Hi" }, { text: "Hi" }, { status: 400, body: "constructor" }),
    ).rejects.toThrow("400");
    await expect(toWebhook({ text: "Hi" }, { text: "Hi" }, { status: 500 })).rejects.toBeInstanceOf(TryLater);
  });

  test("the check posts nothing, and knows a webhook that is gone", async () => {
    const request = { method: "POST", url: hook, body: { text: "" } };
    const played = playBack({
      exchanges: [
        { request, response: { status: 400, body: "no_text" } },
        { request, response: { status: 404, body: "no_service" } },
        { request, response: { status: 200, body: "ok" } },
      ],
    });
    const check = () => findConnector("slack")?.connection?.check({ ...played.world, auth: webhook });
    expect(await check()).toContain("Nothing was posted");
    await expect(check()).rejects.toThrow("no_service");
    expect(await check()).toContain("only a first one will show");
    played.finish();
  });

  test.each([
    "hooks.slack.com/x",
    "ftp://hooks.slack.com/x",
    "https://hooks.slack.com",
    "javascript:alert(1)//x",
  ])("“%s” is not a webhook", async (webhookUrl) => {
    await refuse({ text: "Hi" }, { kind: "webhook", webhookUrl }).toThrow("“Webhook URL” must be");
  });
});

describe("the message", () => {
  test("data can't ring for a channel or fake a link, unless the person says so", async () => {
    const text = "<!channel> <https://evil.example|bank> *bold* &amp;";
    await toWebhook(
      { text },
      { text: "&lt;!channel&gt; &lt;https://evil.example|bank&gt; *bold* &amp;amp;" },
    );
    await toWebhook({ text, literal: "false" }, { text });
  });

  test.each<[unknown, unknown]>([
    [[{ type: "divider" }], [{ type: "divider" }]],
    [{ blocks: [{ type: "divider" }] }, [{ type: "divider" }]],
    ['[{"type":"divider"}]', [{ type: "divider" }]],
    ['{"blocks":[{"type":"divider"}]}', [{ type: "divider" }]],
  ])("blocks as %j", async (blocks, sent) => {
    await toWebhook({ blocks }, { blocks: sent });
  });

  test.each([["{"], [{ type: "divider" }], [5]])("blocks as %j are refused", async (blocks) => {
    await refuse({ blocks }, webhook).toThrow("not a list");
  });

  test.each([[{}], [{ text: "" }], [{ blocks: [] }], [{ blocks: "" }]])("%j is empty", async (input) => {
    await refuse(input, webhook).toThrow("The message is empty");
  });

  test("a connection without its secret is refused", async () => {
    await refuse({ text: "Hi" }, { kind: "bot" }).toThrow("“Bot token” is missing");
    await refuse({ text: "Hi" }, { kind: "webhook" }).toThrow("“Webhook URL” is missing");
  });
});
