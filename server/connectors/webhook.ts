// Starts a flow when somebody calls its catch URL.

import type { WebhookData } from "../../shared/event.ts";
import { connector, noFields, trigger } from "./kit.ts";

/** A new order as Shopify sends it, shortened to the fields that people map. */
const sample: WebhookData = {
  method: "POST",
  query: {},
  headers: {
    "content-type": "application/json",
    "user-agent": "Shopify-Captain-Hook",
    "x-shopify-topic": "orders/create",
    "x-shopify-shop-domain": "tea-and-kettle.myshopify.com",
    "x-shopify-webhook-id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
    "x-shopify-triggered-at": "2026-01-15T11:59:58.112Z",
  },
  body: {
    id: 5620418019487,
    name: "#1001",
    email: "ada@example.com",
    created_at: "2026-01-15T12:59:57+01:00",
    currency: "EUR",
    total_price: "59.80",
    subtotal_price: "49.90",
    total_tax: "9.90",
    financial_status: "paid",
    fulfillment_status: null,
    note: "Please leave it with the neighbours.",
    tags: "first-order, newsletter",
    customer: {
      id: 7042853187743,
      first_name: "Ada",
      last_name: "Lovelace",
      email: "ada@example.com",
      phone: "+441632960123",
    },
    shipping_address: {
      name: "Ada Lovelace",
      address1: "12 St James's Square",
      city: "London",
      zip: "SW1Y 4JH",
      country_code: "GB",
    },
    line_items: [
      {
        id: 14039784358047,
        sku: "TEA-DARJ-100",
        title: "Darjeeling, 100 g",
        quantity: 2,
        price: "12.45",
      },
      { id: 14039784390815, sku: "KETTLE-09", title: "Kettle", quantity: 1, price: "25.00" },
    ],
  },
  receivedAt: "2026-01-15T12:00:00.000Z",
};

const catchUrl = trigger({
  name: "Catch a webhook",
  description: "Starts when another service calls the address of this flow.",
  input: noFields,
  sample,
});

export const webhook = connector({
  id: "webhook",
  name: "Webhook",
  description: "Start a flow from any service that can call an address.",
  color: "#7048e8",
  icon: "webhook",
  triggers: { catch: catchUrl },
});
