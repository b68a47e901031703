// Posts messages to Slack, by an incoming webhook (one channel) or as a bot (any channel it is in).

import { z } from "zod";
import { field } from "../../shared/field.ts";
import { Refused, TryLater } from "../../shared/problem.ts";
import { type ActionContext, action, connection, connector, done, type World } from "./kit.ts";

const fields = z
  .object({
    kind: field.select(["webhook", "bot"], {
      label: "Kind",
      help: "A webhook posts to the one channel it was made for, a bot to every channel it was invited to.",
      labels: { webhook: "Incoming webhook", bot: "Bot token" },
      default: "webhook",
    }),
    webhookUrl: field.secretOptional({
      label: "Webhook URL",
      help: "Whoever knows it can post to the channel, so it is kept like a password.",
      placeholder: "https://hooks.slack.com/services/T000/B000/XXXX",
      showIf: { field: "kind", in: ["webhook"] },
      requiredIfShown: true,
    }),
    token: field.secretOptional({
      label: "Bot token",
      help: "Starts with xoxb-.",
      placeholder: "xoxb-…",
      showIf: { field: "kind", in: ["bot"] },
      requiredIfShown: true,
    }),
    apiUrl: field.textOptional({
      label: "API address",
      help: "Only for services that speak Slack's language. The token is sent there.",
      placeholder: "https://slack.com/api",
      showIf: { field: "kind", in: ["bot"] },
      advanced: true,
    }),
  })
  .superRefine((auth, ctx) => {
    const key = auth.kind === "bot" ? "token" : "webhookUrl";
    if (auth[key] === undefined) {
      ctx.addIssue({ code: "custom", path: [key], message: "is missing", input: auth });
    } else if (key === "webhookUrl" && !/^https?:\/\/[^\s/]+\/\S+$/.test(auth[key] ?? "")) {
      ctx.addIssue({
        code: "custom",
        path: [key],
        message: "must be a full https:// address",
        input: auth,
      });
    }
  });

type Auth = z.output<typeof fields>;

const workspace = connection({
  help:
    "Quickest: on api.slack.com/apps create an app, switch on “Incoming Webhooks”, add one for a channel, and copy its " +
    "URL. For messages to several channels: give the app the scope chat:write under “OAuth & Permissions”, install it, " +
    "copy the “Bot User OAuth Token”, and invite the bot to each channel.",
  fields,
  check: (context) => (context.auth.kind === "bot" ? checkBot(context) : checkWebhook(context)),
});

const input = z.object({
  channel: field.textOptional({
    label: "Channel",
    help: "For a bot: #general, or a channel's id such as C024BE91L. A webhook always posts to its own channel.",
    placeholder: "#orders",
  }),
  text: field.longTextOptional({
    label: "Text",
    help: "*bold*, _italic_ and line breaks work. With blocks, this is what notifications show.",
    placeholder: "New order {{trigger.body.name}} over {{trigger.body.total_price}}",
  }),
  literal: field.toggle({
    label: "Take the text literally",
    help:
      "On, nothing in the event can notify a channel or fake a link. Turn it off to write links such as " +
      "<https://example.com|click here> and mentions such as <@U024BE7LH> yourself.",
    default: true,
    advanced: true,
  }),
  blocks: field.json({
    label: "Blocks",
    help: "A message built with Slack's Block Kit Builder: paste its JSON.",
    placeholder: '[{ "type": "section", "text": { "type": "mrkdwn", "text": "Hello" } }]',
    advanced: true,
  }),
  threadTs: field.textOptional({
    label: "Answer in the thread of",
    help: "The “ts” of an earlier message, to post below it: {{slack.ts}}",
    placeholder: "1768478400.000100",
    advanced: true,
  }),
  username: field.textOptional({
    label: "Name shown",
    help: "Instead of the bot's own; the app needs the scope chat:write.customize. Webhooks ignore it.",
    placeholder: "Orders",
    advanced: true,
  }),
  iconEmoji: field.textOptional({
    label: "Icon",
    help: "An emoji instead of the bot's picture; the app needs the scope chat:write.customize. Webhooks ignore it.",
    placeholder: ":package:",
    advanced: true,
  }),
});

const sendMessage = action({
  name: "Send a message",
  description: "Posts a message to a channel.",
  connection: workspace,
  input,
  // Slack knows no idempotency key: a repeated message is a second message.
  repeat: "ask",
  run(context) {
    const { text, blocks, literal, threadTs } = context.input;
    if (text === undefined && blocksOf(blocks) === undefined) {
      throw new Refused({
        code: "input-invalid",
        sentence: "The message is empty.",
        hint: "Fill in the text, or the blocks.",
        field: "text",
      });
    }
    const message = {
      text: text === undefined ? undefined : literal ? escapeText(text) : text,
      blocks: blocksOf(blocks),
      thread_ts: threadTs,
    };
    return context.auth.kind === "bot" ? postAsBot(context, message) : postToWebhook(context, message);
  },
  examples: [
    {
      name: "posts as a bot",
      input: { channel: "#orders", text: "*New order* #1001 by Ada & Co <ada@example.com>" },
      auth: { kind: "bot", token: "xoxb-1-2-3" },
      exchanges: [
        {
          request: {
            method: "POST",
            url: "https://slack.com/api/chat.postMessage",
            headers: {
              authorization: "Bearer xoxb-1-2-3",
              "content-type": "application/json; charset=utf-8",
            },
            body: {
              channel: "#orders",
              text: "*New order* #1001 by Ada &amp; Co &lt;ada@example.com&gt;",
            },
          },
          response: {
            status: 200,
            body: {
              ok: true,
              channel: "C024BE91L",
              ts: "1768478400.000100",
              message: {
                type: "message",
                subtype: "bot_message",
                ts: "1768478400.000100",
                bot_id: "B19LU7CSY",
              },
            },
          },
        },
      ],
      output: { sent: true, channel: "C024BE91L", ts: "1768478400.000100" },
    },
    {
      name: "posts to a webhook",
      input: { text: "See <https://example.com/1001|order 1001>", literal: false, channel: "#ignored" },
      auth: { kind: "webhook", webhookUrl: "https://hooks.slack.com/services/T024/B024/s3cr3t" },
      exchanges: [
        {
          request: {
            method: "POST",
            url: "https://hooks.slack.com/services/T024/B024/s3cr3t",
            headers: { "content-type": "application/json; charset=utf-8" },
            body: { text: "See <https://example.com/1001|order 1001>" },
          },
          response: { status: 200, headers: { "content-type": "text/html" }, body: "ok" },
        },
      ],
      output: { sent: true, channel: null, ts: null },
    },
    {
      name: "answers in a thread with blocks out of the Block Kit Builder",
      input: {
        channel: "C024BE91L",
        text: "Paid",
        blocks: { blocks: [{ type: "section", text: { type: "mrkdwn", text: "*Paid*" } }] },
        threadTs: "1768478400.000100",
        username: "Orders",
        iconEmoji: ":package:",
      },
      auth: { kind: "bot", token: "xoxb-1-2-3", apiUrl: "https://chat.example/api/" },
      exchanges: [
        {
          request: {
            method: "POST",
            url: "https://chat.example/api/chat.postMessage",
            body: {
              channel: "C024BE91L",
              text: "Paid",
              blocks: [{ type: "section", text: { type: "mrkdwn", text: "*Paid*" } }],
              thread_ts: "1768478400.000100",
              username: "Orders",
              icon_emoji: ":package:",
            },
          },
          response: { status: 200, body: { ok: true, channel: "C024BE91L", ts: "1768478460.000200" } },
        },
      ],
      output: { sent: true, channel: "C024BE91L", ts: "1768478460.000200" },
    },
  ],
});

export const slack = connector({
  id: "slack",
  name: "Slack",
  description: "Post messages to Slack channels.",
  color: "#4a154b",
  icon: "brand-slack",
  connection: workspace,
  actions: { sendMessage },
});

type Context = ActionContext<z.output<typeof input>, Auth>;

async function postToWebhook({ auth, http }: Context, message: object) {
  await http.send(webhookRequest(auth, message)).catch(explainWebhook);
  return done({ sent: true, channel: null, ts: null });
}

async function postAsBot(context: Context, message: object) {
  const { channel, username, iconEmoji } = context.input;
  if (channel === undefined) {
    throw new Refused({
      code: "input-invalid",
      sentence: "The message has no channel.",
      hint: "A bot has to be told where to post: fill in “Channel”.",
      field: "channel",
    });
  }
  const answer = await callApi(context, "chat.postMessage", {
    channel,
    ...message,
    username,
    icon_emoji: iconEmoji,
  });
  return done({ sent: true, channel: answer.channel ?? null, ts: answer.ts ?? null });
}

/** Slack complains about JSON that does not name its character set. */
const JSON_TYPE = "application/json; charset=utf-8";

const Answer = z.looseObject({
  ok: z.boolean(),
  error: z.string().optional(),
  needed: z.string().optional(),
  channel: z.string().optional(),
  ts: z.string().optional(),
  team: z.string().optional(),
  user: z.string().optional(),
});

/** Slack says “200 OK” to everything; what came of it is in the answer. */
async function callApi(
  { auth, http }: World & { auth: Auth },
  method: string,
  json: object,
): Promise<z.output<typeof Answer>> {
  const base = (auth.apiUrl ?? "https://slack.com/api").replace(/\/+$/, "");
  const { data, headers } = await http.json({
    method: "POST",
    url: `${base}/${method}`,
    headers: { authorization: `Bearer ${auth.token}`, "content-type": JSON_TYPE },
    json,
  });
  const parsed = Answer.safeParse(data);
  if (!parsed.success) {
    throw new Refused({
      code: "slack-answer",
      sentence: "The answer does not look like one of Slack's.",
      hint: "Check the API address of the connection.",
    });
  }
  const { ok, error = "unknown", needed } = parsed.data;
  if (ok) return parsed.data;
  const problem = {
    code: "slack-refused",
    sentence: `Slack answered “${error}”.`,
    hint:
      needed === undefined
        ? HINTS[error]
        : `The app needs the scope “${needed}”: add it, and install the app again.`,
  };
  if (!TEMPORARY.has(error)) throw new Refused(problem);
  const seconds = Number(headers["retry-after"]);
  throw new TryLater(problem, seconds > 0 ? { retryAfterMs: seconds * 1_000 } : {});
}

const TEMPORARY = new Set(["ratelimited", "rate_limited", "service_unavailable", "team_added_to_org"]);

const HINTS: Record<string, string> = {
  // both ways
  channel_not_found:
    "Check the spelling, or use the channel's id. A private channel is found only by a bot that is in it.",
  is_archived: "The channel is archived: choose another one.",
  channel_is_archived: "The channel is archived: choose another one.",
  no_text: "The message is empty: fill in the text.",
  invalid_blocks: "The blocks are not as Slack wants them: try them in the Block Kit Builder.",
  // as a bot
  not_in_channel: "Invite the bot to the channel: type /invite and its name there.",
  invalid_auth: "The token is not valid: check the connection.",
  not_authed: "The token is not valid: check the connection.",
  token_revoked: "The token was revoked: install the app again, and renew the connection.",
  token_expired: "The token has expired: install the app again, and renew the connection.",
  account_inactive: "The app was removed from the workspace: install it again, and renew the connection.",
  missing_scope: "Add the scope chat:write to the app, and install it again.",
  msg_too_long: "The message is too long: Slack takes 40,000 characters.",
  restricted_action: "The workspace does not allow posting there: ask its admin.",
  ratelimited: "Too many messages in a short time.",
  fatal_error: "Slack had a problem. Look whether the message is there before you repeat this step.",
  internal_error: "Slack had a problem. Look whether the message is there before you repeat this step.",
  // to a webhook
  invalid_payload: "Slack can't read the message: look at the blocks.",
  invalid_token: "The webhook URL is not right: copy it again.",
  no_service: "The webhook was removed: make a new one, and renew the connection.",
  no_team: "The workspace is not there any more.",
  action_prohibited: "The workspace does not allow posting there: ask its admin.",
};

/** A webhook says what is wrong as a bare word, which arrives as the hint of the refusal. */
function explainWebhook(error: unknown): never {
  const word = error instanceof Refused ? (error.problem.hint ?? "").trim() : "";
  if (!Object.hasOwn(HINTS, word)) throw error;
  throw new Refused(
    { code: "slack-refused", sentence: `Slack answered “${word}”.`, hint: HINTS[word] },
    { cause: error },
  );
}

async function checkBot(context: World & { auth: Auth }): Promise<string> {
  const { team, user } = await callApi(context, "auth.test", {});
  return `Signed in to ${team ?? "Slack"} as ${user ?? "a bot"}.`;
}

/** An empty message is never posted, but only a webhook that exists says so. */
async function checkWebhook({ auth, http }: World & { auth: Auth }): Promise<string> {
  try {
    await http.send(webhookRequest(auth, { text: "" }));
  } catch (error) {
    const said = error instanceof Refused ? (error.problem.hint ?? "") : "";
    if (/no_text|invalid_payload/.test(said)) return "The webhook is there. Nothing was posted.";
    explainWebhook(error);
  }
  return "The address answers. Whether messages arrive, only a first one will show.";
}

function webhookRequest(auth: Auth, message: object) {
  return {
    method: "POST",
    url: auth.webhookUrl ?? "",
    headers: { "content-type": JSON_TYPE },
    body: JSON.stringify(message),
  };
}

/** The three characters that mean something to Slack, as its documentation says. */
function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A list of blocks, the Builder's { blocks: […] }, or either as text. */
function blocksOf(value: unknown): unknown[] | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const data = typeof value === "string" ? parseJson(value) : value;
  const blocks = typeof data === "object" && data !== null && "blocks" in data ? data.blocks : data;
  if (Array.isArray(blocks)) return blocks.length === 0 ? undefined : blocks;
  throw new Refused({
    code: "input-invalid",
    sentence: "The blocks are not a list.",
    hint: "Paste the JSON of the Block Kit Builder.",
    field: "blocks",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
