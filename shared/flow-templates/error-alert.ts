// Whatever fails on the way, somebody hears of it.

import { flowTemplate, replaceAddress } from "./kit.ts";

const PROBLEM = 'reserve.error.sentence | default: invoice.error.sentence | default: "unknown"';

export const errorAlert = flowTemplate({
  id: "error-alert",
  name: "Error anywhere → alert",
  description:
    "Carries an order through two systems; when either of them fails, alerts the team on Slack and by e-mail.",
  story:
    "Every step that talks to the outside has an “error” way out. Here they all lead to the same two alerts, which say " +
    "what went wrong. Draw the same edges in your own flows: steps are tried several times before they leave by “error”.",
  sampleEventId: "shopify-order",
  steps: {
    trigger: { uses: "webhook.catch", name: "New order", at: [0, 0] },
    reserve: {
      uses: "http.request",
      name: "Reserve the stock",
      input: {
        method: "POST",
        url: "https://warehouse.example.com/reservations",
        bodyType: "json",
        json: { order: "{{trigger.body.name}}", items: "{{trigger.body.line_items | map: 'sku'}}" },
      },
      note: replaceAddress("your warehouse"),
      at: [0, 1],
    },
    invoice: {
      uses: "http.request",
      name: "Write the invoice",
      input: {
        method: "POST",
        url: "https://accounting.example.com/v1/invoices",
        bodyType: "json",
        json: {
          order: "{{trigger.body.name}}",
          total: "{{trigger.body.total_price}}",
          to: "{{trigger.body.email}}",
        },
      },
      note: replaceAddress("your accounting software"),
      at: [0, 2],
    },
    slack: {
      uses: "slack.sendMessage",
      name: "Alert the team",
      input: { text: `:rotating_light: Order {{trigger.body.name}} got stuck: {{${PROBLEM}}}` },
      at: [1, 3],
    },
    email: {
      uses: "email.send",
      name: "Alert by e-mail",
      input: {
        to: ["operations@example.com"],
        subject: "Order {{trigger.body.name}} got stuck",
        text: `{{${PROBLEM}}}\n\nThe order is from {{trigger.body.email}}, over {{trigger.body.total_price}} {{trigger.body.currency}}.\n`,
      },
      note: "Replace operations@example.com with the address of whoever looks after it.",
      at: [2, 3],
    },
  },
  edges:
    "trigger -> reserve -> invoice; reserve:error -> slack; invoice:error -> slack; " +
    "reserve:error -> email; invoice:error -> email",
});
