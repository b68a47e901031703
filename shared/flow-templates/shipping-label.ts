// An order is paid: its shipping label is made, lands at the packing table, and the shop knows the parcel's number.

import { flowTemplate, replaceAddress } from "./kit.ts";

export const shippingLabel = flowTemplate({
  id: "shipping-label",
  name: "Order → shipping label",
  description:
    "Makes a shipping label for every paid order, mails it to the packing table, and tells the shop the number.",
  story:
    "A paid order comes from Shopify. The carrier makes the label, the packing table gets it as a file it can print, " +
    "and the customer can follow the parcel because the shop knows its number.",
  sampleEventId: "shopify-order",
  steps: {
    trigger: { uses: "webhook.catch", name: "Order paid", at: [0.5, 0] },
    label: {
      uses: "http.request",
      name: "Make the label",
      input: {
        method: "POST",
        url: "https://carrier.example.com/v2/labels",
        bodyType: "json",
        json: {
          reference: "{{trigger.body.name}}",
          to: {
            name: "{{trigger.body.shipping_address.name}}",
            street: "{{trigger.body.shipping_address.address1}}",
            city: "{{trigger.body.shipping_address.city}}",
            postcode: "{{trigger.body.shipping_address.zip}}",
            country: "{{trigger.body.shipping_address.country_code}}",
          },
          items: "{{trigger.body.line_items | map: 'sku'}}",
        },
      },
      note: `${replaceAddress("your carrier")} It should answer { "tracking", "label_url" }.`,
      at: [0.5, 1],
    },
    file: {
      uses: "http.request",
      name: "Fetch the label's file",
      input: { method: "GET", url: "{{label.body.label_url}}", answerAs: "file" },
      at: [0, 2],
    },
    packing: {
      uses: "email.send",
      name: "Send it to the packing table",
      input: {
        to: ["packing@example.com"],
        subject: "Label for {{trigger.body.name}}",
        text: "To pack: {{trigger.body.line_items | map: 'title' | join: ', '}}\n\n{{trigger.body.note | default: ''}}\n",
        attachments: [{ filename: "label-{{label.body.tracking | slug}}.pdf", content: "{{file.body}}" }],
      },
      note: "Replace packing@example.com with the address of whoever packs.",
      at: [0, 3],
    },
    fulfil: {
      uses: "http.request",
      name: "Tell the shop the number",
      input: {
        method: "POST",
        url: "https://shop.example.com/api/orders/{{trigger.body.id}}/fulfilments",
        bodyType: "json",
        json: { tracking_number: "{{label.body.tracking}}", notify_customer: true },
      },
      note: replaceAddress("your shop's API"),
      at: [1, 2],
    },
  },
  edges: "trigger -> label -> file -> packing; label -> fulfil",
});
