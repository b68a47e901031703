// A T-shirt store is paid through PayNow: the customer gets an e-mail, the team a message.

import { flowTemplate, replaceAddress } from "./kit.ts";

export const orderPaid = flowTemplate({
  id: "order-paid",
  name: "Order paid → e-mail and Slack",
  description: "When PayNow reports a payment, thanks the customer by e-mail and tells the team on Slack.",
  story:
    "You sell T-shirts and are paid through PayNow. It reports every change of a payment; only “Paid” counts. The flow " +
    "fetches the order from your store by its reference, so that the e-mail knows who bought what.",
  sampleEventId: "paynow-payment",
  steps: {
    trigger: { uses: "webhook.catch", name: "Payment changed", at: [0.5, 0] },
    paid: {
      uses: "logic.filter",
      name: "Is it paid?",
      input: {
        conditions: {
          match: "all",
          rules: [{ left: "{{trigger.body.status}}", op: "equals", right: "Paid" }],
        },
      },
      at: [0.5, 1],
    },
    order: {
      uses: "http.request",
      name: "Fetch the order",
      input: {
        method: "GET",
        url: "https://store.example.com/orders/{{trigger.body.reference | url_encode}}",
      },
      note: replaceAddress("your store"),
      at: [0.5, 2],
    },
    email: {
      uses: "email.send",
      name: "Thank the customer",
      input: {
        to: ["{{order.body.customer.email}}"],
        subject: "Your order {{trigger.body.reference}} is paid",
        text:
          "Hello {{order.body.customer.name}},\n\nthank you! We received {{trigger.body.amount}} for your order " +
          "{{trigger.body.reference}}:\n\n{{order.body.items | map: 'title' | join: '\\n'}}\n\nYour T-shirts are printed now.\n",
      },
      at: [0, 3],
    },
    slack: {
      uses: "slack.sendMessage",
      name: "Tell the team",
      input: {
        text: ":tshirt: {{trigger.body.reference}} is paid: {{trigger.body.amount}} from {{order.body.customer.name}} (PayNow {{trigger.body.paynowreference}})",
      },
      at: [1, 3],
    },
  },
  edges: "trigger -> paid -> order -> email; order -> slack",
});
