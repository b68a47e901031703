// A payment comes in: accounting gets an entry, support knows of it.

import { flowTemplate, replaceAddress } from "./kit.ts";

const payment = "trigger.body.data.object";

export const paymentBooked = flowTemplate({
  id: "payment-booked",
  name: "Payment → accounting and support",
  description: "Books every successful Stripe payment in your accounting, and tells support on Slack.",
  story:
    "Nobody types payments off a list any more. Stripe counts in cents; the flow turns them into an amount. The entry " +
    "carries Stripe's id, by which your accounting can tell a payment that is reported twice.",
  sampleEventId: "stripe-payment",
  steps: {
    trigger: { uses: "webhook.catch", name: "Stripe event", at: [0.5, 0] },
    succeeded: {
      uses: "logic.filter",
      name: "A payment that succeeded?",
      input: {
        conditions: {
          match: "all",
          rules: [{ left: "{{trigger.body.type}}", op: "equals", right: "payment_intent.succeeded" }],
        },
      },
      at: [0.5, 1],
    },
    accounting: {
      uses: "http.request",
      name: "Book it",
      input: {
        method: "POST",
        url: "https://accounting.example.com/v1/entries",
        bodyType: "json",
        json: {
          reference: `{{${payment}.id}}`,
          amount: `{{${payment}.amount_received | divided_by: 100}}`,
          currency: `{{${payment}.currency | upper}}`,
          text: `{{${payment}.description | default: "Payment"}}`,
          date: "{{trigger.body.created | date: 'yyyy-MM-dd'}}",
        },
      },
      note: replaceAddress("your accounting software"),
      at: [0, 2],
    },
    support: {
      uses: "slack.sendMessage",
      name: "Tell support",
      input: {
        text:
          `Payment of {{${payment}.amount_received | divided_by: 100 | format_number: 2}} {{${payment}.currency | upper}} from ` +
          `{{${payment}.receipt_email | default: "somebody"}}: {{${payment}.description | default: "no description"}}`,
      },
      at: [1, 2],
    },
  },
  edges: "trigger -> succeeded -> accounting; succeeded -> support",
});
