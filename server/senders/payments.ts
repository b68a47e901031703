// Samples of those who tell about money: Stripe, Paddle, Square and PayPal.

import type { Occasion, SenderSample } from "./occasion.ts";

const stripeEvent = (o: Occasion, type: string, object: unknown) => ({
  id: o.id("evt_1"),
  object: "event",
  api_version: "2025-08-27.basil",
  created: o.seconds,
  data: { object },
  livemode: false,
  pending_webhooks: 1,
  request: { id: null, idempotency_key: null },
  type,
});

const stripeHeaders = () => ({
  "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
  accept: "*/*",
});

export const STRIPE: SenderSample[] = [
  {
    event: "invoice.paid",
    name: "An invoice was paid",
    writes: "indented-json",
    headers: stripeHeaders,
    body: (o) =>
      stripeEvent(o, "invoice.paid", {
        id: o.id("in_1"),
        object: "invoice",
        number: "C3A7F19B-0042",
        customer: "cus_T4kWq81nZyLmRd",
        customer_name: "Iris Holm",
        customer_email: "iris.holm@example.com",
        currency: "eur",
        amount_due: 4900,
        amount_paid: 4900,
        amount_remaining: 0,
        billing_reason: "subscription_cycle",
        status: "paid",
        hosted_invoice_url: "https://invoice.example.com/i/C3A7F19B-0042",
        period_start: o.seconds - 30 * 86_400,
        period_end: o.seconds,
        lines: {
          object: "list",
          data: [
            {
              id: o.id("il_1"),
              object: "line_item",
              amount: 4900,
              currency: "eur",
              description: "Team plan",
            },
          ],
          has_more: false,
        },
        metadata: {},
      }),
  },
  {
    event: "checkout.session.completed",
    name: "Somebody paid at the checkout",
    writes: "indented-json",
    headers: stripeHeaders,
    body: (o) =>
      stripeEvent(o, "checkout.session.completed", {
        id: o.id("cs_test_", 58),
        object: "checkout.session",
        amount_subtotal: 2400,
        amount_total: 2856,
        currency: "eur",
        client_reference_id: "cart-7713",
        customer_details: {
          name: "Tomas Reyes",
          email: "tomas.reyes@example.com",
          address: { country: "ES" },
        },
        mode: "payment",
        payment_intent: o.id("pi_3"),
        payment_status: "paid",
        status: "complete",
        metadata: { source: "spring-fair" },
      }),
  },
  {
    event: "customer.subscription.deleted",
    name: "A subscription ended",
    writes: "indented-json",
    headers: stripeHeaders,
    body: (o) =>
      stripeEvent(o, "customer.subscription.deleted", {
        id: o.id("sub_1"),
        object: "subscription",
        customer: "cus_T4kWq81nZyLmRd",
        status: "canceled",
        canceled_at: o.seconds,
        ended_at: o.seconds,
        cancellation_details: { reason: "cancellation_requested", feedback: "too_expensive", comment: null },
        metadata: {},
      }),
  },
];

export const PADDLE: SenderSample[] = [
  {
    event: "transaction.completed",
    name: "A transaction was completed",
    headers: () => ({ "user-agent": "Paddle", "paddle-version": "1" }),
    body: (o) => ({
      event_id: o.id("evt_01", 24).toLowerCase(),
      event_type: "transaction.completed",
      occurred_at: o.iso,
      notification_id: o.id("ntf_01", 24).toLowerCase(),
      data: {
        id: o.id("txn_01", 24).toLowerCase(),
        status: "completed",
        customer_id: "ctm_01k2m7c0w9r5q8h3n4b6v1x2y3",
        currency_code: "USD",
        invoice_number: "9120-10087",
        origin: "web",
        details: { totals: { subtotal: "2900", tax: "551", total: "3451", currency_code: "USD" } },
        items: [
          {
            quantity: 1,
            price: { description: "Monthly", unit_price: { amount: "2900", currency_code: "USD" } },
          },
        ],
      },
    }),
  },
];

export const SQUARE: SenderSample[] = [
  {
    event: "payment.updated",
    name: "A payment changed",
    headers: () => ({ "user-agent": "Square Connect v2", "square-environment": "Sandbox" }),
    body: (o) => ({
      merchant_id: "ML7QX0RKD2V4T",
      type: "payment.updated",
      event_id: o.uuid(),
      created_at: o.iso,
      data: {
        type: "payment",
        id: o.id("", 22),
        object: {
          payment: {
            amount_money: { amount: 1250, currency: "USD" },
            created_at: o.iso,
            location_id: "L3HQ9E5Z8W2KC",
            order_id: o.id("", 22),
            receipt_number: "fGq2",
            source_type: "CARD",
            status: "COMPLETED",
          },
        },
      },
    }),
  },
];

export const PAYPAL: SenderSample[] = [
  {
    event: "PAYMENT.CAPTURE.COMPLETED",
    name: "A payment was captured",
    headers: (o) => ({
      "user-agent": "PayPal/AUHR-214.0-58843722",
      "paypal-transmission-id": o.uuid(),
      "paypal-transmission-time": o.iso.replace(/\.\d+Z$/, "Z"),
      "paypal-auth-version": "v2",
      "paypal-auth-algo": "SHA256withRSA",
      "paypal-cert-url":
        "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-5a29e601",
      // No one but PayPal can write a signature here.
      "paypal-transmission-sig": "bm90IHNpZ25lZA==",
    }),
    body: (o) => ({
      id: `WH-${o.id("", 17).toUpperCase()}-${o.id("", 17).toUpperCase()}`,
      event_version: "1.0",
      create_time: o.iso,
      resource_type: "capture",
      resource_version: "2.0",
      event_type: "PAYMENT.CAPTURE.COMPLETED",
      summary: "Payment completed for EUR 18.0 EUR",
      resource: {
        id: o.id("", 17).toUpperCase(),
        status: "COMPLETED",
        amount: { currency_code: "EUR", value: "18.00" },
        final_capture: true,
        custom_id: "order-2231",
        create_time: o.iso,
        update_time: o.iso,
      },
    }),
  },
];
