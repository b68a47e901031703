// Webhook requests as real senders make them: whole bodies, and the headers that come with them.

import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";

export type PayloadName = "shopifyOrder" | "stripePayment" | "githubPush" | "twilioSms" | "hubspotContact";

export interface Payload {
  /** Who sends it and what it says, for the title of a test. */
  name: string;
  method: "POST";
  /**
   * Names in lower case, as an event keeps them. Left out is what belongs to the connection: host, content-length,
   * accept-encoding.
   */
  headers: Record<string, string>;
  /** The bytes of the file. The signatures are of these, so send them as they are. */
  body: Uint8Array<ArrayBuffer>;
}

/** What every signature here is made with. */
export const payloadSecret = "not-a-real-secret";

/** The address that Twilio and HubSpot sign along with the body. */
export const payloadUrl = "https://flowcatch.example.com/catch/not-a-real-key";

export const payloads: Record<PayloadName, Payload> = {
  shopifyOrder: shopifyOrder(read("shopify-order.json")),
  stripePayment: stripePayment(read("stripe-payment.json")),
  githubPush: githubPush(read("github-push.json")),
  twilioSms: twilioSms(read("twilio-sms.txt")),
  hubspotContact: hubspotContact(read("hubspot-contact.json")),
};

function shopifyOrder(body: Payload["body"]): Payload {
  return {
    name: "Shopify: an order was created",
    method: "POST",
    headers: {
      "content-type": "application/json",
      "user-agent": "Shopify-Captain-Hook",
      accept: "*/*",
      "x-shopify-topic": "orders/create",
      "x-shopify-shop-domain": "nordlicht-example.myshopify.com",
      "x-shopify-api-version": "2026-01",
      "x-shopify-order-id": "6127043182932",
      "x-shopify-test": "false",
      "x-shopify-webhook-id": "3c0d6f1e-58a7-4b92-8e14-d7a90c2b6f35",
      "x-shopify-event-id": "a81f4d27-0b6c-4e3d-95f2-1c7e8b04d963",
      "x-shopify-triggered-at": "2026-03-14T15:42:11.207318604Z",
      "x-shopify-hmac-sha256": sign("sha256", "base64", body),
    },
    body,
  };
}

function stripePayment(body: Payload["body"]): Payload {
  const sentAt = "1773506532";
  return {
    name: "Stripe: a payment succeeded",
    method: "POST",
    headers: {
      "content-type": "application/json; charset=utf-8",
      "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
      accept: "*/*; q=0.5, application/xml",
      "cache-control": "no-cache",
      "stripe-signature": `t=${sentAt},v1=${sign("sha256", "hex", `${sentAt}.`, body)}`,
    },
    body,
  };
}

function githubPush(body: Payload["body"]): Payload {
  return {
    name: "GitHub: two commits were pushed",
    method: "POST",
    headers: {
      "content-type": "application/json",
      "user-agent": "GitHub-Hookshot/7e4b0c1",
      accept: "*/*",
      "x-github-event": "push",
      "x-github-delivery": "5e2a7c40-1f88-11f1-9b3d-6c0f4e8d21a7",
      "x-github-hook-id": "990517406",
      "x-github-hook-installation-target-id": "990418277",
      "x-github-hook-installation-target-type": "repository",
      "x-hub-signature": `sha1=${sign("sha1", "hex", body)}`,
      "x-hub-signature-256": `sha256=${sign("sha256", "hex", body)}`,
    },
    body,
  };
}

/** Twilio signs the address and then every field, name and value, in the order of the names. */
function twilioSms(body: Payload["body"]): Payload {
  const fields = [...new URLSearchParams(text(body))];
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    name: "Twilio: a text message came in",
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      "user-agent": "TwilioProxy/1.1",
      accept: "*/*",
      "i-twilio-idempotency-token": "d2f7b6a0-93c4-4e51-8a0d-6b1f57e3c928",
      "x-twilio-signature": sign("sha1", "base64", payloadUrl + fields.flat().join("")),
    },
    body,
  };
}

/** HubSpot sends its oldest signature (a plain hash) and its newest one side by side. */
function hubspotContact(body: Payload["body"]): Payload {
  const sentAt = "1773507245907";
  return {
    name: "HubSpot: a contact was created",
    method: "POST",
    headers: {
      "content-type": "application/json",
      "user-agent":
        "HubSpot Connect 2.0 (http://dev.hubspot.com/) (namespace: webhooks-nio-http-client) - WebhooksExecutorDaemon-executor",
      accept: "*/*",
      "x-hubspot-timeout-millis": "10000",
      "x-hubspot-request-timestamp": sentAt,
      "x-hubspot-signature-version": "v1",
      "x-hubspot-signature": createHash("sha256").update(payloadSecret).update(body).digest("hex"),
      "x-hubspot-signature-v3": sign("sha256", "base64", `POST${payloadUrl}`, body, sentAt),
    },
    body,
  };
}

function sign(hash: "sha1" | "sha256", as: "hex" | "base64", ...parts: (string | Uint8Array)[]): string {
  const hmac = createHmac(hash, payloadSecret);
  for (const part of parts) hmac.update(part);
  return hmac.digest(as);
}

function read(file: string): Payload["body"] {
  return new Uint8Array(readFileSync(new URL(`payloads/${file}`, import.meta.url)));
}

function text(body: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(body);
}
