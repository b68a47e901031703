// Samples of those where people talk: Slack, Discord and Zoom.

import type { Occasion, SenderSample } from "./occasion.ts";

const slackHeaders = () => ({
  "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
  accept: "*/*",
});

const slackCallback = (o: Occasion, event: Record<string, unknown>) => ({
  token: "none",
  team_id: "T05QK7RWD3M",
  api_app_id: "A06BX2VNE9H",
  event,
  type: "event_callback",
  event_id: o.id("Ev", 10).toUpperCase().replace(/^EV/, "Ev"),
  event_time: o.seconds,
  authorizations: [{ enterprise_id: null, team_id: "T05QK7RWD3M", user_id: "U05PZ1H8C6T", is_bot: true }],
  is_ext_shared_channel: false,
});

const slackTime = (o: Occasion) => `${o.seconds}.${String(o.digits(6))}`;

export const SLACK: SenderSample[] = [
  {
    event: "message",
    name: "Somebody wrote in a channel",
    headers: slackHeaders,
    body: (o) =>
      slackCallback(o, {
        type: "message",
        user: "U05R2M4KX7B",
        text: "The delivery for the Hamburg office has arrived.",
        ts: slackTime(o),
        channel: "C05T8LQ9W1F",
        channel_type: "channel",
        team: "T05QK7RWD3M",
      }),
  },
  {
    event: "app_mention",
    name: "Somebody mentioned the app",
    headers: slackHeaders,
    body: (o) =>
      slackCallback(o, {
        type: "app_mention",
        user: "U05R2M4KX7B",
        text: "<@U05PZ1H8C6T> what is on the list for today?",
        ts: slackTime(o),
        channel: "C05T8LQ9W1F",
        team: "T05QK7RWD3M",
      }),
  },
  {
    event: "slash_command",
    name: "Somebody used a command",
    writes: "form",
    headers: slackHeaders,
    body: (o) => ({
      token: "none",
      team_id: "T05QK7RWD3M",
      team_domain: "fern-labs",
      channel_id: "C05T8LQ9W1F",
      channel_name: "logistics",
      user_id: "U05R2M4KX7B",
      user_name: "ana.moss",
      command: "/parcel",
      text: "track 00340434161094",
      api_app_id: "A06BX2VNE9H",
      response_url: "https://hooks.slack.example/commands/T05QK7RWD3M/none",
      trigger_id: `${o.digits(13)}.${o.digits(12)}.${o.hex(32)}`,
    }),
  },
  {
    event: "url_verification",
    name: "Slack asks whether somebody is there",
    headers: slackHeaders,
    body: (o) => ({ token: "none", challenge: o.id("", 52), type: "url_verification" }),
  },
];

const discordHeaders = () => ({ "user-agent": "Discord-Webhook/1.0 (+https://discord.com)" });
const DISCORD_APPLICATION = "1207734598812340225";
const DISCORD_USER = {
  id: "884210937745502218",
  username: "anamoss",
  discriminator: "0",
  global_name: "Ana",
};

export const DISCORD: SenderSample[] = [
  {
    event: "APPLICATION_AUTHORIZED",
    name: "Somebody added the app",
    headers: discordHeaders,
    body: (o) => ({
      version: 1,
      application_id: DISCORD_APPLICATION,
      type: 1,
      event: {
        type: "APPLICATION_AUTHORIZED",
        timestamp: o.iso,
        data: { integration_type: 1, scopes: ["applications.commands"], user: DISCORD_USER },
      },
    }),
  },
  {
    event: "command",
    name: "Somebody used a command",
    headers: discordHeaders,
    body: (o) => ({
      id: String(o.digits(18)),
      application_id: DISCORD_APPLICATION,
      type: 2,
      token: o.id("", 60),
      version: 1,
      guild_id: "1190034477120034866",
      channel_id: "1190034477981237301",
      locale: "en-GB",
      member: { user: DISCORD_USER, roles: [] },
      data: {
        id: "1207741230098877541",
        name: "stock",
        type: 1,
        options: [{ name: "item", type: 3, value: "mug" }],
      },
    }),
  },
  {
    event: "PING",
    name: "Discord asks whether somebody is there",
    headers: discordHeaders,
    body: (o) => ({
      id: String(o.digits(18)),
      application_id: DISCORD_APPLICATION,
      type: 1,
      token: o.id("", 60),
      version: 1,
    }),
  },
];

export const ZOOM: SenderSample[] = [
  {
    event: "meeting.ended",
    name: "A meeting ended",
    headers: () => ({ "user-agent": "Zoom Marketplace/1.0a", clientid: "0VnQ8r2ITmWc1bLrXz4pYA" }),
    body: (o) => ({
      event: "meeting.ended",
      event_ts: o.now,
      payload: {
        account_id: "kQm2T9vVRT2y1dGh8sXzLw",
        object: {
          uuid: `${o.id("", 22)}==`,
          id: "84120933475",
          host_id: "zP4wC1nKQ0mE7rVbHt5yJg",
          topic: "Weekly round",
          type: 8,
          start_time: new Date(o.now - 2_700_000).toISOString(),
          end_time: o.iso,
          duration: 45,
          timezone: "Europe/Berlin",
        },
      },
    }),
  },
  {
    event: "endpoint.url_validation",
    name: "Zoom asks whether somebody is there",
    headers: () => ({ "user-agent": "Zoom Marketplace/1.0a" }),
    body: (o) => ({
      event: "endpoint.url_validation",
      event_ts: o.now,
      payload: { plainToken: o.id("", 22) },
    }),
  },
];
