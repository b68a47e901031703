// A product runs low: its supplier gets an order, once.

import { flowTemplate } from "./kit.ts";

export const stockLow = flowTemplate({
  id: "stock-low",
  name: "Stock below a level → order from the supplier",
  description: "When a product falls below its reorder level, sends its supplier an order by e-mail.",
  story:
    "Your shop reports each change of its stock. The e-mail goes out at the moment when the level is crossed, and not " +
    "again with every further sale.",
  sampleEventId: "stock-level",
  steps: {
    trigger: { uses: "webhook.catch", name: "Stock changed", at: [0, 0] },
    low: {
      uses: "logic.filter",
      name: "Just fell below the level?",
      input: {
        conditions: {
          match: "all",
          rules: [
            { left: "{{trigger.body.available}}", op: "less", right: "{{trigger.body.product.reorder_at}}" },
            {
              left: "{{trigger.body.before}}",
              op: "greaterOrEqual",
              right: "{{trigger.body.product.reorder_at}}",
            },
          ],
        },
      },
      at: [0, 1],
    },
    supplier: {
      uses: "email.send",
      name: "Order from the supplier",
      input: {
        to: ["{{trigger.body.supplier.email}}"],
        subject: "Order: {{trigger.body.product.reorder_quantity}} × {{trigger.body.product.sku}}",
        text:
          "Dear {{trigger.body.supplier.name}},\n\nplease send us {{trigger.body.product.reorder_quantity}} pieces of " +
          "{{trigger.body.product.title}} ({{trigger.body.product.sku}}). We have {{trigger.body.available}} left.\n",
      },
      at: [0, 2],
    },
  },
  edges: "trigger -> low -> supplier",
});
