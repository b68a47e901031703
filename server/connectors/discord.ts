// Posts messages to a Discord channel by its webhook.

import { z } from "zod";
import { field } from "../../shared/field.ts";
import { Refused } from "../../shared/problem.ts";
import { action, connection, connector, done } from "./kit.ts";

const channel = connection({
  help: "In Discord: settings of the channel, “Integrations”, “Webhooks”, “New Webhook”, “Copy Webhook URL”.",
  fields: z.object({
    webhookUrl: field
      .secret({
        label: "Webhook URL",
        help: "Whoever knows it can post to the channel, so it is kept like a password.",
        placeholder: "https://discord.com/api/webhooks/…",
      })
      .refine((url) => URL.canParse(url) && /^https?:/.test(url), "must be a full https:// address"),
  }),
  async check({ auth, http }) {
    const { data } = await http.json({ method: "GET", url: auth.webhookUrl });
    const found = z.looseObject({ name: z.string().nullish(), channel_id: z.string() }).safeParse(data);
    if (!found.success) {
      throw new Refused({
        code: "discord-answer",
        sentence: "The address answers, but not as a Discord webhook.",
        hint: "Copy the webhook URL again.",
      });
    }
    return `The webhook “${found.data.name ?? "without a name"}” is there.`;
  },
});

const MAX_CONTENT = 2_000;
const MAX_EMBEDS = 10;

const sendMessage = action({
  name: "Send a message",
  description: "Posts a message to the channel of the webhook.",
  connection: channel,
  input: z.object({
    content: field.longTextOptional({
      label: "Text",
      help: "**bold**, *italic*, links and line breaks work; 2,000 characters at most.",
      placeholder: "New order {{trigger.body.name}} over {{trigger.body.total_price}}",
    }),
    mentions: field.toggle({
      label: "Mentions notify people",
      help: "On, an @everyone in the text (or in the event that it comes from) rings for everyone.",
      default: false,
    }),
    username: field.textOptional({
      label: "Name shown",
      help: "Instead of the webhook's own name.",
      placeholder: "Orders",
      advanced: true,
    }),
    avatarUrl: field.textOptional({
      label: "Picture",
      help: "The address of a picture that is shown instead of the webhook's own.",
      placeholder: "https://example.com/orders.png",
      advanced: true,
    }),
    embeds: field.json({
      label: "Embeds",
      help: "Boxes below the text, as a list in Discord's form; 10 at most.",
      placeholder: '[{ "title": "Order #1001", "color": 5763719 }]',
      advanced: true,
    }),
    threadId: field.textOptional({
      label: "Thread",
      help: "The id of a thread of the channel, to post there.",
      placeholder: "1041063172023746590",
      advanced: true,
    }),
  }),
  // A webhook knows no idempotency key: a repeated message is a second message.
  repeat: "ask",
  async run({ input, auth, http }) {
    const { content, username, avatarUrl, mentions, threadId } = input;
    const embeds = embedsOf(input.embeds);
    if (content === undefined && embeds === undefined) {
      throw refuse("content", "The message is empty.", "Fill in the text, or the embeds.");
    }
    if (content !== undefined && content.length > MAX_CONTENT) {
      throw refuse(
        "content",
        `The text has ${content.length} characters, and Discord takes ${MAX_CONTENT}.`,
        `Add “| truncate: ${MAX_CONTENT}” to what comes out of the event.`,
      );
    }
    const url = new URL(auth.webhookUrl);
    // Without it Discord answers before it knows whether the message can be posted.
    url.searchParams.set("wait", "true");
    if (threadId !== undefined) url.searchParams.set("thread_id", threadId);
    const { data } = await http.json({
      method: "POST",
      url: url.href,
      json: {
        content,
        username,
        avatar_url: avatarUrl,
        embeds,
        ...(mentions ? {} : { allowed_mentions: { parse: [] } }),
      },
    });
    const message = Message.safeParse(data).data;
    return done({
      sent: true,
      messageId: message?.id ?? null,
      channelId: message?.channel_id ?? null,
      timestamp: message?.timestamp ?? null,
    });
  },
  examples: [
    {
      name: "posts a text, and an @everyone in it rings for nobody",
      input: { content: "**New order** #1001: @everyone look" },
      auth: { webhookUrl: "https://discord.com/api/webhooks/223704706495545344/3d89bb7572e0" },
      exchanges: [
        {
          request: {
            method: "POST",
            url: "https://discord.com/api/webhooks/223704706495545344/3d89bb7572e0?wait=true",
            headers: { "content-type": "application/json" },
            body: { content: "**New order** #1001: @everyone look", allowed_mentions: { parse: [] } },
          },
          response: {
            status: 200,
            body: {
              id: "1328742219032895538",
              type: 0,
              channel_id: "199737254929760256",
              content: "**New order** #1001: @everyone look",
              timestamp: "2026-01-15T12:00:00.412000+00:00",
              author: { id: "223704706495545344", username: "Orders", bot: true },
              embeds: [],
              mentions: [],
            },
          },
        },
      ],
      output: {
        sent: true,
        messageId: "1328742219032895538",
        channelId: "199737254929760256",
        timestamp: "2026-01-15T12:00:00.412000+00:00",
      },
    },
    {
      name: "posts an embed to a thread under another name",
      input: {
        content: "<@80351110224678912> paid",
        mentions: true,
        username: "Orders",
        avatarUrl: "https://example.com/orders.png",
        embeds: { title: "Order #1001", color: 5763719 },
        threadId: "1041063172023746590",
      },
      auth: { webhookUrl: "https://discord.com/api/webhooks/223704706495545344/3d89bb7572e0" },
      exchanges: [
        {
          request: {
            method: "POST",
            url: "https://discord.com/api/webhooks/223704706495545344/3d89bb7572e0?wait=true&thread_id=1041063172023746590",
            body: {
              content: "<@80351110224678912> paid",
              username: "Orders",
              avatar_url: "https://example.com/orders.png",
              embeds: [{ title: "Order #1001", color: 5763719 }],
            },
          },
          response: {
            status: 200,
            body: {
              id: "1328742219032895540",
              channel_id: "1041063172023746590",
              timestamp: "2026-01-15T12:00:01.020000+00:00",
            },
          },
        },
      ],
      output: {
        sent: true,
        messageId: "1328742219032895540",
        channelId: "1041063172023746590",
        timestamp: "2026-01-15T12:00:01.020000+00:00",
      },
    },
  ],
});

export const discord = connector({
  id: "discord",
  name: "Discord",
  description: "Post messages to a Discord channel.",
  color: "#5865f2",
  icon: "brand-discord",
  connection: channel,
  actions: { sendMessage },
});

const Message = z.looseObject({ id: z.string(), channel_id: z.string(), timestamp: z.string() });

/** A list of embeds; a single one is a list of one. */
function embedsOf(value: unknown): unknown[] | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const embeds: unknown[] = Array.isArray(value) ? value : [value];
  if (embeds.some((embed) => typeof embed !== "object" || embed === null)) {
    throw refuse("embeds", "The embeds are not a list of objects.", "Write them as [{ “title”: … }].");
  }
  if (embeds.length > MAX_EMBEDS) {
    throw refuse(
      "embeds",
      `The message has ${embeds.length} embeds, and Discord takes ${MAX_EMBEDS}.`,
      "Send several messages.",
    );
  }
  return embeds.length === 0 ? undefined : embeds;
}

function refuse(field: string, sentence: string, hint: string): Refused {
  return new Refused({ code: "input-invalid", sentence, hint, field });
}
