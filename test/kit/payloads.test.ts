// The payloads themselves: what other tests and the bench take for granted about them.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseBody } from "../../shared/event.ts";
import { type Payload, payloads } from "./payloads.ts";

const all = Object.values(payloads).map((payload) => [payload.name, payload] as const);

/** The body as a flow would get it. */
function parsed({ headers, body }: Payload): unknown {
  const result = parseBody(body, headers["content-type"] ?? "");
  if (!result.ok) throw new Error(result.sentence);
  return result.body;
}

test.each(all)("%s: the body is UTF-8 and parses by its content type", (_name, payload) => {
  expect(() => new TextDecoder("utf-8", { fatal: true }).decode(payload.body)).not.toThrow();
  expect(parseBody(payload.body, payload.headers["content-type"] ?? "")).toMatchObject({ ok: true });
});

test.each(all)("%s: header names are in lower case and no value is empty", (_name, { headers }) => {
  for (const [name, value] of Object.entries(headers)) {
    expect(name).toBe(name.toLowerCase());
    expect(value).not.toBe("");
  }
});

test.each([
  ["shopify-order.json", payloads.shopifyOrder],
  ["stripe-payment.json", payloads.stripePayment],
  ["github-push.json", payloads.githubPush],
  ["hubspot-contact.json", payloads.hubspotContact],
])("%s is JSON, and is sent byte for byte", (file, { body }) => {
  const stored = readFileSync(new URL(`payloads/${file}`, import.meta.url));
  expect(() => JSON.parse(stored.toString("utf8"))).not.toThrow();
  expect(stored.equals(body)).toBe(true);
});

test("the signatures have the shape that each sender gives them", () => {
  const { shopifyOrder, stripePayment, githubPush, twilioSms, hubspotContact } = payloads;
  expect(shopifyOrder.headers["x-shopify-hmac-sha256"]).toMatch(/^[\w+/]{43}=$/);
  expect(stripePayment.headers["stripe-signature"]).toMatch(/^t=\d{10},v1=[0-9a-f]{64}$/);
  expect(githubPush.headers["x-hub-signature-256"]).toMatch(/^sha256=[0-9a-f]{64}$/);
  expect(twilioSms.headers["x-twilio-signature"]).toMatch(/^[\w+/]{27}=$/);
  expect(hubspotContact.headers["x-hubspot-signature"]).toMatch(/^[0-9a-f]{64}$/);
  expect(hubspotContact.headers["x-hubspot-signature-v3"]).toMatch(/^[\w+/]{43}=$/);
});

test("the Shopify order is of two items and 149.80 EUR", () => {
  expect(parsed(payloads.shopifyOrder)).toMatchObject({
    id: Number(payloads.shopifyOrder.headers["x-shopify-order-id"]),
    name: "#1042",
    currency: "EUR",
    total_price: "149.80",
    total_price_set: { shop_money: { amount: "149.80", currency_code: "EUR" } },
    line_items: [
      { price: "49.95", quantity: 2, properties: [{ name: "Gravur", value: "J & K" }, {}] },
      { price: "59.90", quantity: 1, properties: [] },
    ],
    shipping_lines: [{ price: "5.98" }],
    customer: { email: "joerdis.halvorsen@example.com", default_address: { city: "Berlin" } },
    discount_codes: [{ code: "WILLKOMMEN10", amount: "15.98", type: "percentage" }],
  });
});

test("the Stripe payment is of 129 EUR, in cents", () => {
  expect(parsed(payloads.stripePayment)).toMatchObject({
    type: "payment_intent.succeeded",
    data: { object: { amount_received: 12900, currency: "eur", status: "succeeded" } },
  });
});

test("the GitHub push has two commits and ends with the head commit", () => {
  const push = parsed(payloads.githubPush);
  expect(push).toMatchObject({ ref: "refs/heads/main", commits: [{}, {}] });
  expect(push).toHaveProperty("head_commit.message", expect.stringContaining("🚚"));
  expect(push).toHaveProperty("after", "91c3e7f2a6d845b0c8f1e3972b6d0a4fe587c921");
  expect(push).toHaveProperty("commits.1.id", "91c3e7f2a6d845b0c8f1e3972b6d0a4fe587c921");
});

test("the text message keeps its plus signs, its percent and its accents", () => {
  expect(parsed(payloads.twilioSms)).toMatchObject({
    From: "+12025550173",
    To: "+12025550142",
    Body: "Hi, it’s Zoë – can you move my 10 a.m. to 2:30? Café is fine too ☕ (50% sure & bringing +1)",
    NumMedia: "0",
    NumSegments: "2",
    ToCity: "",
    ApiVersion: "2010-04-01",
  });
});

test("the HubSpot events come as a list about one contact", () => {
  expect(parsed(payloads.hubspotContact)).toMatchObject([
    { subscriptionType: "contact.creation", objectId: 184402917733 },
    { subscriptionType: "contact.propertyChange", objectId: 184402917733, propertyName: "email" },
    { subscriptionType: "contact.propertyChange", objectId: 184402917733, propertyValue: "Suárez-Lindqvist" },
  ]);
});
