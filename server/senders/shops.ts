// Samples of those who tell about customers: Shopify, HubSpot, Intercom, Typeform and Calendly.

import type { Occasion, SenderSample } from "./occasion.ts";

const shopifyHeaders = (topic: string) => (o: Occasion) => ({
  "user-agent": "Shopify-Captain-Hook",
  "x-shopify-topic": topic,
  "x-shopify-shop-domain": "willow-and-clay.myshopify.com",
  "x-shopify-api-version": "2026-07",
  "x-shopify-webhook-id": o.uuid(),
  "x-shopify-event-id": o.uuid(),
  "x-shopify-triggered-at": o.iso,
});

const BUYER = {
  id: 7_740_215_963_008,
  first_name: "Noor",
  last_name: "Lindqvist",
  email: "noor.lindqvist@example.com",
};
const LINES = [
  { id: 15_903_447_720_128, sku: "MUG-SAGE", title: "Mug, sage", quantity: 2, price: "18.50", grams: 340 },
];

export const SHOPIFY: SenderSample[] = [
  {
    event: "orders/create",
    name: "An order came in",
    headers: shopifyHeaders("orders/create"),
    body: (o) => ({
      id: o.digits(13),
      name: "#2077",
      order_number: 2077,
      email: BUYER.email,
      created_at: o.iso,
      currency: "SEK",
      subtotal_price: "37.00",
      total_tax: "9.25",
      total_price: "46.25",
      financial_status: "paid",
      fulfillment_status: null,
      customer: BUYER,
      line_items: LINES,
      shipping_address: {
        name: "Noor Lindqvist",
        address1: "Björkgatan 3",
        city: "Uppsala",
        zip: "753 27",
        country_code: "SE",
      },
      note: null,
      tags: "",
    }),
  },
  {
    event: "refunds/create",
    name: "An order was refunded",
    headers: shopifyHeaders("refunds/create"),
    body: (o) => ({
      id: o.digits(12),
      order_id: o.digits(13),
      created_at: o.iso,
      note: "One mug was chipped",
      restock: false,
      refund_line_items: [{ id: o.digits(12), quantity: 1, subtotal: 18.5, line_item: LINES[0] }],
      transactions: [
        { id: o.digits(13), kind: "refund", status: "success", amount: "18.50", currency: "SEK" },
      ],
    }),
  },
  {
    event: "app/uninstalled",
    name: "The app was removed from a shop",
    headers: shopifyHeaders("app/uninstalled"),
    body: (o) => ({
      id: o.digits(11),
      name: "Willow & Clay",
      domain: "willow-and-clay.myshopify.com",
      email: "shop@example.com",
      plan_name: "basic",
    }),
  },
];

/** The older ways of signing say which one they are. */
export const hubspot = (version?: "v1" | "v2"): SenderSample[] => [
  {
    event: "contact.creation",
    name: "A contact was made",
    headers: () => ({
      "user-agent": "HubSpot Connect 2.0 (http://dev.hubspot.com/) - WebhooksExecutorDaemon-executor",
      ...(version && { "x-hubspot-signature-version": version }),
    }),
    body: (o) => [
      {
        eventId: o.digits(9),
        subscriptionId: 3_410_226,
        portalId: 46_102_881,
        appId: 1_908_455,
        occurredAt: o.now,
        subscriptionType: "contact.creation",
        attemptNumber: 0,
        objectId: o.digits(11),
        changeFlag: "CREATED",
        changeSource: "CRM_UI",
        sourceId: "userId:60317442",
      },
    ],
  },
];

export const INTERCOM: SenderSample[] = [
  {
    event: "conversation.user.created",
    name: "Somebody began a conversation",
    headers: () => ({ "user-agent": "intercom-webhook-notifications", accept: "application/json" }),
    body: (o) => ({
      type: "notification_event",
      app_id: "k3v9wq2t",
      id: o.id("notif_", 24),
      topic: "conversation.user.created",
      created_at: o.seconds,
      delivery_attempts: 1,
      data: {
        type: "notification_event_data",
        item: {
          type: "conversation",
          id: String(o.digits(15)),
          created_at: o.seconds,
          source: {
            type: "conversation",
            body: "<p>Do you ship to Iceland?</p>",
            author: { type: "user", name: "Jon Arnar" },
          },
          state: "open",
        },
      },
    }),
  },
];

export const TYPEFORM: SenderSample[] = [
  {
    event: "form_response",
    name: "A form was filled in",
    headers: () => ({ "user-agent": "Typeform Webhooks" }),
    body: (o) => ({
      event_id: o.id("01", 24).toUpperCase(),
      event_type: "form_response",
      form_response: {
        form_id: "mZ81kQpw",
        token: o.hex(32),
        landed_at: new Date(o.now - 95_000).toISOString(),
        submitted_at: o.iso,
        definition: {
          id: "mZ81kQpw",
          title: "Workshop sign-up",
          fields: [
            { id: "q1nAmE", ref: "name", type: "short_text", title: "What is your name?" },
            { id: "q2mAiL", ref: "email", type: "email", title: "Where can we write to you?" },
            { id: "q3sEaT", ref: "seats", type: "number", title: "How many seats?" },
          ],
        },
        answers: [
          { type: "text", text: "Paolo Ferri", field: { id: "q1nAmE", type: "short_text", ref: "name" } },
          {
            type: "email",
            email: "paolo.ferri@example.com",
            field: { id: "q2mAiL", type: "email", ref: "email" },
          },
          { type: "number", number: 2, field: { id: "q3sEaT", type: "number", ref: "seats" } },
        ],
      },
    }),
  },
];

export const CALENDLY: SenderSample[] = [
  {
    event: "invitee.created",
    name: "Somebody booked a meeting",
    headers: () => ({ "user-agent": "Calendly" }),
    body: (o) => ({
      event: "invitee.created",
      created_at: o.iso,
      created_by: "https://api.calendly.com/users/FDCA4711QWERTZ",
      payload: {
        uri: `https://api.calendly.com/scheduled_events/${o.uuid()}/invitees/${o.uuid()}`,
        name: "Mei Tanaka",
        email: "mei.tanaka@example.com",
        status: "active",
        timezone: "Asia/Tokyo",
        created_at: o.iso,
        rescheduled: false,
        scheduled_event: {
          name: "First call",
          start_time: new Date(o.now + 2 * 86_400_000).toISOString(),
          end_time: new Date(o.now + 2 * 86_400_000 + 1_800_000).toISOString(),
          location: { type: "google_conference", status: "pushed" },
        },
        questions_and_answers: [
          { question: "What is it about?", answer: "A website for our bakery", position: 0 },
        ],
      },
    }),
  },
];
