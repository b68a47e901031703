// Ready-made requests of shops and payment services.

import type { SampleEvent } from "./sample-events.ts";

const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";

const json = (data: unknown) => JSON.stringify(data, null, 2);
const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();

export const SHOP_EVENTS: SampleEvent[] = [
  {
    id: "shopify-order",
    name: "An order was paid",
    from: "Shopify",
    contentType: JSON_TYPE,
    headers: {
      "user-agent": "Shopify-Captain-Hook",
      "x-shopify-topic": "orders/paid",
      "x-shopify-shop-domain": "cotton-and-ink.myshopify.com",
      "x-shopify-api-version": "2026-01",
      "x-shopify-webhook-id": "7d1c5be0-2a4f-4a8e-9f63-0c2d8e51b7aa",
    },
    body: json({
      id: 6127043182932,
      name: "#1042",
      email: "mira.okafor@example.com",
      created_at: "2026-03-14T16:42:09+01:00",
      currency: "EUR",
      total_price: "128.80",
      subtotal_price: "119.85",
      total_tax: "20.56",
      financial_status: "paid",
      fulfillment_status: null,
      note: "It is a present: please no invoice in the parcel.",
      customer: {
        id: 8230147722516,
        first_name: "Mira",
        last_name: "Okafor",
        email: "mira.okafor@example.com",
        phone: "+4915550123456",
      },
      shipping_address: {
        name: "Mira Okafor",
        address1: "Lindenstraße 7",
        address2: null,
        city: "Leipzig",
        zip: "04103",
        country_code: "DE",
        phone: "+4915550123456",
      },
      line_items: [
        {
          id: 1,
          sku: "TEE-FOX-M",
          title: "T-shirt “Fox”",
          variant_title: "M",
          quantity: 3,
          price: "29.95",
          grams: 180,
        },
        {
          id: 2,
          sku: "TOTE-INK",
          title: "Tote bag",
          variant_title: null,
          quantity: 2,
          price: "15.00",
          grams: 120,
        },
      ],
    }),
  },
  {
    id: "stripe-payment",
    name: "A payment succeeded",
    from: "Stripe",
    contentType: `${JSON_TYPE}; charset=utf-8`,
    headers: { "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)" },
    body: json({
      id: "evt_1SampleOfAPayment",
      object: "event",
      api_version: "2025-10-29.clover",
      created: 1773506531,
      type: "payment_intent.succeeded",
      livemode: false,
      data: {
        object: {
          id: "pi_1SampleOfAPayment",
          object: "payment_intent",
          amount: 12900,
          amount_received: 12900,
          currency: "eur",
          customer: "cus_SampleOne",
          description: "Workshop “Screen printing”, 1 seat",
          latest_charge: "ch_1SampleOfAPayment",
          metadata: { booking_id: "bk_20931", seats: "1" },
          receipt_email: "joris.vandam@example.com",
          status: "succeeded",
        },
      },
    }),
  },
  {
    id: "paynow-payment",
    name: "A payment for a T-shirt order",
    from: "PayNow",
    contentType: FORM_TYPE,
    headers: { "user-agent": "PaynowStatusUpdate/1.0" },
    body: form({
      reference: "TEE-2087",
      paynowreference: "48120957",
      amount: "45.00",
      status: "Paid",
      pollurl: "https://payments.example.com/poll/?guid=9b1c62f0-sample",
    }),
  },
  {
    id: "stock-level",
    name: "The stock of a product changed",
    from: "Shop",
    contentType: JSON_TYPE,
    headers: { "user-agent": "shop-inventory/4.2", "x-event": "inventory.changed" },
    body: json({
      event: "inventory.changed",
      product: { sku: "TEE-FOX-M", title: "T-shirt “Fox”, M", reorder_at: 10, reorder_quantity: 60 },
      location: "Main warehouse",
      before: 11,
      available: 4,
      supplier: { name: "Tiruppur Knits", email: "orders@knits.example.com" },
      changed_at: "2026-03-14T16:42:10Z",
    }),
  },
  {
    id: "return-received",
    name: "A return has arrived",
    from: "Shop",
    contentType: JSON_TYPE,
    headers: { "user-agent": "shop-returns/4.2", "x-event": "return.received" },
    body: json({
      event: "return.received",
      return_id: "RET-318",
      order: { id: "1042", currency: "EUR" },
      customer: { name: "Mira Okafor", email: "mira.okafor@example.com" },
      reason: "too small",
      items: [
        { sku: "TEE-FOX-M", quantity: 2, refund: 59.9, condition: "as new" },
        { sku: "TOTE-INK", quantity: 1, refund: 15, condition: "damaged" },
      ],
      refund_total: 74.9,
      received_at: "2026-03-21T09:15:00Z",
    }),
  },
  {
    id: "sale",
    name: "Something was sold",
    from: "Cash register",
    contentType: JSON_TYPE,
    headers: { "user-agent": "till/2.9" },
    body: json({
      sale: "S-90017",
      till: "market-stall",
      sold_at: "2026-03-14T11:03:27Z",
      currency: "EUR",
      total: 44.95,
      items: [
        { sku: "TEE-FOX-M", title: "T-shirt “Fox”, M", quantity: 1, price: 29.95 },
        { sku: "TOTE-INK", title: "Tote bag", quantity: 1, price: 15 },
      ],
      paid_with: "card",
      sold_today: { count: 17, total: 512.4 },
    }),
  },
];
