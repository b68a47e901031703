// The samples of every provider that is known by name.

import { DISCORD, SLACK, ZOOM } from "./chats.ts";
import { GITHUB, LINEAR } from "./code.ts";
import { DROPBOX, MICROSOFT_GRAPH, NOTION, STANDARD } from "./files.ts";
import { MAILGUN, META, SENDGRID, TWILIO } from "./messages.ts";
import type { SenderSample } from "./occasion.ts";
import { PADDLE, PAYPAL, SQUARE, STRIPE } from "./payments.ts";
import { CALENDLY, hubspot, INTERCOM, SHOPIFY, TYPEFORM } from "./shops.ts";

/** By the preset's id; the first one is what is sent when nobody says which. */
export const SENDER_SAMPLES: Readonly<Record<string, readonly SenderSample[]>> = {
  "standard-webhooks": STANDARD,
  calendly: CALENDLY,
  discord: DISCORD,
  dropbox: DROPBOX,
  github: GITHUB,
  "hubspot-v1": hubspot("v1"),
  "hubspot-v2": hubspot("v2"),
  "hubspot-v3": hubspot(),
  intercom: INTERCOM,
  linear: LINEAR,
  mailgun: MAILGUN,
  meta: META,
  "microsoft-graph": MICROSOFT_GRAPH,
  notion: NOTION,
  paddle: PADDLE,
  paypal: PAYPAL,
  sendgrid: SENDGRID,
  shopify: SHOPIFY,
  slack: SLACK,
  square: SQUARE,
  stripe: STRIPE,
  twilio: TWILIO,
  typeform: TYPEFORM,
  zoom: ZOOM,
};

/** What can be sent as that provider; nothing for one that is not known. */
export function samplesOf(presetId: string): readonly SenderSample[] {
  return Object.hasOwn(SENDER_SAMPLES, presetId) ? (SENDER_SAMPLES[presetId] ?? []) : [];
}
