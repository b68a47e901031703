// A return arrives: what is as new goes back into stock, the money goes back to the customer.

import { flowTemplate, replaceAddress } from "./kit.ts";

export const returnRefunded = flowTemplate({
  id: "return-refunded",
  name: "Return → stock and refund",
  description:
    "Puts returned items back into stock, refunds the order through the shop's API, and tells the customer.",
  story:
    "Goods come back in parcels of several items. Each item that is as new is put back into stock, the others are " +
    "written off. When all are done, the shop refunds the order and the customer hears about it.",
  sampleEventId: "return-received",
  steps: {
    trigger: { uses: "webhook.catch", name: "Return arrived", at: [1, 0] },
    each: {
      uses: "logic.each",
      name: "For each item",
      input: { items: "{{trigger.body.items}}" },
      at: [1, 1],
    },
    condition: {
      uses: "logic.branch",
      name: "As new?",
      input: {
        cases: [
          {
            id: "good",
            name: "as new",
            when: {
              match: "all",
              rules: [{ left: "{{each.item.condition}}", op: "equals", right: "as new" }],
            },
          },
        ],
      },
      at: [0.5, 2],
    },
    restock: {
      uses: "http.request",
      name: "Back into stock",
      input: {
        method: "POST",
        url: "https://shop.example.com/api/inventory/adjust",
        bodyType: "json",
        json: {
          sku: "{{each.item.sku}}",
          by: "{{each.item.quantity}}",
          reason: "return {{trigger.body.return_id}}",
        },
      },
      note: replaceAddress("your shop's API"),
      at: [0, 3],
    },
    writeOff: {
      uses: "http.request",
      name: "Write it off",
      input: {
        method: "POST",
        url: "https://shop.example.com/api/inventory/write-offs",
        bodyType: "json",
        json: {
          sku: "{{each.item.sku}}",
          quantity: "{{each.item.quantity}}",
          reason: "{{each.item.condition}}",
        },
      },
      note: replaceAddress("your shop's API"),
      at: [1, 3],
    },
    refund: {
      uses: "http.request",
      name: "Refund the order",
      input: {
        method: "POST",
        url: "https://shop.example.com/api/orders/{{trigger.body.order.id | url_encode}}/refunds",
        bodyType: "json",
        json: {
          amount: "{{trigger.body.refund_total}}",
          currency: "{{trigger.body.order.currency}}",
          reason: "{{trigger.body.reason}}",
        },
      },
      note: replaceAddress("your shop's API"),
      at: [2, 2],
    },
    email: {
      uses: "email.send",
      name: "Tell the customer",
      input: {
        to: ["{{trigger.body.customer.email}}"],
        subject: "Your refund for order {{trigger.body.order.id}}",
        text:
          "Hello {{trigger.body.customer.name}},\n\nyour return has arrived. We refund " +
          "{{trigger.body.refund_total | format_number: 2}} {{trigger.body.order.currency}} to you.\n",
      },
      at: [2, 3],
    },
  },
  edges:
    "trigger -> each; each:each -> condition; condition:good -> restock; condition:no -> writeOff; " +
    "each:done -> refund -> email",
});
